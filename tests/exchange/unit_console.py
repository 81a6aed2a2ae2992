"""Units in memory behind the real API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.assignment_rules import Step
from dispatch.model import Declared
from exchange.ports import NewUnit, Once, PositionReport
from security.principal import Principal
from vocabulary.errors import Refused

Json = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    status: int
    body: Json
    replayed: bool = False


class UnitConsole:
    """The part of `exchange.ports.CaseService` about units."""

    def __init__(self) -> None:
        self.known_units: dict[str, NewUnit] = {}
        self.told_positions: dict[str, list[PositionReport]] = {}

    async def units(self, principal: Principal) -> list[Json]:
        return [{"id": unit.id, "name": unit.name} for unit in self.known_units.values()]

    async def unit(self, principal: Principal, unit_id: str) -> Json:
        if unit_id not in self.known_units:
            raise Refused("dispatch.unknown_unit", unit=unit_id)
        unit = self.known_units[unit_id]
        told = self.told_positions.get(unit_id)
        return {
            "id": unit.id,
            "name": unit.name,
            "kind": unit.kind.value,
            "department": unit.department,
            "status": "available",
            "position": {"lon": told[-1].place.lon_deg, "lat": told[-1].place.lat_deg}
            if told
            else None,
        }

    async def add_unit(self, principal: Principal, unit: NewUnit) -> Kept:
        known = unit.id in self.known_units
        self.known_units[unit.id] = unit
        return Kept(200 if known else 201, {"id": unit.id})

    async def unit_position(
        self, principal: Principal, unit_id: str, position: PositionReport
    ) -> Json:
        if unit_id not in self.known_units:
            raise Refused("dispatch.unknown_unit", unit=unit_id)
        self.told_positions.setdefault(unit_id, []).append(position)
        return {"accepted": True}

    async def assignments(
        self, principal: Principal, case_id: str | None, unit_id: str | None, open: bool | None
    ) -> list[Json]:
        return []

    async def assignment_step(
        self,
        principal: Principal,
        id: str,
        step: Step,
        reason: str,
        source_at: datetime | None,
        once: Once,
    ) -> Kept:
        raise Refused("dispatch.unknown_assignment", assignment=id)

    async def unit_status(
        self,
        principal: Principal,
        unit_id: str,
        status: Declared,
        until: datetime | None,
        note: str,
        source_at: datetime | None,
        once: Once,
    ) -> Kept:
        if unit_id not in self.known_units:
            raise Refused("dispatch.unknown_unit", unit=unit_id)
        unit = self.known_units[unit_id]
        view = {
            "id": unit.id,
            "name": unit.name,
            "kind": unit.kind.value,
            "department": unit.department,
            "status": status.value,
        }
        return Kept(200, {"unit": view, "warnings": [], "seq": 1})
