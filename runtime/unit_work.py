"""Units for the API and the map: made known, listed, and where they are."""

from typing import Any

from sqlalchemy import Connection

from dispatch.handlers import known_unit, register_unit
from dispatch.messages import UnitRegistered
from dispatch.model import Position, Unit
from exchange.avl import Fix
from exchange.ports import NewUnit, PositionReport
from runtime.position_door import PositionDoor
from runtime.positions import PositionTeller
from runtime.rooms import Rooms
from runtime.unit_views import unit_view
from security.audit import entry_of
from security.principal import Principal
from storage.answers import Answer
from storage.audit import append_audit
from storage.transaction import Transaction
from storage.units import (
    UnitsInTransaction,
    all_positions,
    all_units,
    load_position,
    load_unit,
)
from vocabulary.errors import Refused
from vocabulary.ids import UnitId

Json = dict[str, Any]
CREATED = 201
KNOWN = 200


class UnitWork:
    """The part of the API's service about units."""

    def __init__(self, rooms: Rooms, teller: PositionTeller, door: PositionDoor) -> None:
        self._rooms = rooms
        self._teller = teller
        self._door = door

    async def units(self, _principal: Principal) -> list[Json]:
        """Return every unit with its newest position."""

        def work(connection: Connection) -> tuple[list[Unit], list[Position]]:
            return all_units(connection), all_positions(connection)

        units, positions = await self._rooms.journal.read(work)
        places = {position.unit_id: position for position in positions}
        return [self._view(unit, places.get(unit.id)) for unit in units]

    async def unit(self, _principal: Principal, unit_id: str) -> Json:
        """Return one unit with its newest position."""

        def work(connection: Connection) -> tuple[Unit | None, Position | None]:
            return load_unit(connection, unit_id), load_position(connection, unit_id)

        unit, position = await self._rooms.journal.read(work)
        if unit is None:
            raise Refused("dispatch.unknown_unit", unit=unit_id)
        return self._view(unit, position)

    async def add_unit(self, principal: Principal, unit: NewUnit) -> Answer:
        """Make a unit known (201), or set its particulars anew (200)."""
        wanted = UnitRegistered(
            unit_id=UnitId(unit.id),
            name=unit.name,
            unit_kind=unit.kind,
            department=unit.department,
            home=unit.home,
        )
        self._rooms.tables.department(unit.department)
        if unit.home is not None:
            self._rooms.locator.require_inside(unit.home)

        def work(transaction: Transaction, /) -> Answer:
            units = UnitsInTransaction(transaction)
            known = units.load(wanted.unit_id) is not None
            register_unit(units, wanted, principal.actor)
            entry = entry_of(
                principal, "units.register", f"unit:{unit.id}", self._rooms.clock.now()
            )
            append_audit(transaction.connection, entry, self._rooms.audit_key)
            return Answer(KNOWN if known else CREATED, self._view(known_unit(units, unit.id), None))

        answer = await self._rooms.journal.write(work)
        self._teller.roster_changed()
        return answer

    async def unit_position(
        self, principal: Principal, unit_id: str, position: PositionReport
    ) -> Json:
        """Take a position; an older one than is known changes nothing but the unit's track."""
        fix = Fix(unit_id=unit_id, report=position, source="http")
        (taken,) = await self._door.take_fixes([fix], principal)
        if taken.refused:
            raise taken.refused
        return {"accepted": taken.newest}

    def _view(self, unit: Unit, position: Position | None) -> Json:
        return unit_view(unit, position, self._rooms.clock.now(), self._rooms.tables.calendar.zone)
