"""The room's effects: units made known, what crews say, and cases followed so that every unit's status is derived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.assignment import AssignmentId
from dispatch.assignment_rules import Offer
from dispatch.duty import doubts
from dispatch.kinds import kinds
from dispatch.messages import UnitEquipped, UnitRegistered, UnitRostered, UnitStatusSaid
from dispatch.model import Declared, Shift, Unit
from dispatch.rules import called_to, ended_by, follow, told_by
from dispatch.store import Units
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, UnitId, new_id
from vocabulary.message import SYSTEM, Actor, Event

CALLED_IN_FOR: Final = timedelta(
    hours=12
)  # who reports in outside the roster is counted on this long


def register_unit(units: Units, wanted: UnitRegistered, actor: Actor) -> bool:
    """Make a unit known, or set its particulars anew; return whether that changed anything."""
    unit = units.load(wanted.unit_id)
    if unit and (unit.name, unit.kind, unit.department, unit.home) == (
        wanted.name,
        wanted.unit_kind,
        wanted.department,
        wanted.home,
    ):
        return False
    units.append(wanted.unit_id, unit.version if unit else 0, [wanted], actor, None)
    return True


def equip_unit(units: Units, wanted: UnitEquipped, actor: Actor) -> bool:
    """Set what a unit can do; return whether that changed anything."""
    unit = known_unit(units, wanted.unit_id)
    if (unit.name_en, unit.skills, unit.crew, unit.vehicle, unit.radio) == (
        wanted.name_en,
        wanted.skills,
        wanted.crew,
        wanted.vehicle,
        wanted.radio,
    ):
        return False
    units.append(unit.id, unit.version, [wanted], actor, None)
    return True


def roster_unit(units: Units, unit_id: UnitId, roster: Sequence[Shift], actor: Actor) -> bool:
    """Set when a unit is on duty; return whether that changed anything."""
    unit = known_unit(units, unit_id)
    if unit.roster == tuple(roster):
        return False
    told = UnitRostered(unit_id=unit.id, roster=tuple(roster))
    units.append(unit.id, unit.version, [told], actor, None)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a crew says of itself, when by its own clock, and until when."""

    status: Declared
    said_at: datetime
    until: datetime | None = None
    note: str = ""


def say_status(
    units: Units, unit_id: str, saying: Saying, zone: ZoneInfo, actor: Actor
) -> UnitStatusSaid:
    """Take a crew's word. What speaks against it is kept beside it as warnings; it is never refused for that."""
    unit = known_unit(units, unit_id)
    told = UnitStatusSaid(
        unit_id=unit.id,
        status=saying.status,
        said_at=saying.said_at,
        until=saying.until or _until(unit, saying),
        note=saying.note,
        warnings=doubts(unit, saying.status, saying.said_at, zone),
        by_radio=actor.department is None,
    )
    units.append(unit.id, unit.version, [told], actor, None)
    return told


def _until(unit: Unit, saying: Saying) -> datetime | None:
    lasts = {
        Declared.AVAILABLE: CALLED_IN_FOR,
        Declared.BREAK: kinds()[unit.kind].rest,
        Declared.OUT_OF_SERVICE: None,
    }[saying.status]
    return None if lasts is None else saying.said_at + lasts


def follow_case(units: Units, event: Event, cause_id: str, at: datetime) -> None:
    """Assign and release units as a case's event says; a unit nobody registered is passed over."""
    concerned = _concerned(units, event)
    for unit in concerned:
        alone = sum(other.department == unit.department for other in concerned) == 1
        wanted = Offer(id=_new_assignment(), case_id=CaseId(""))  # follow() knows to which case
        events = follow(unit, event, wanted, at=at, alone=alone)
        if events:
            units.append(unit.id, unit.version, events, SYSTEM, cause_id)


def _new_assignment() -> AssignmentId:
    return AssignmentId(new_id())


def _concerned(units: Units, event: Event) -> list[Unit]:
    call, end, told = called_to(event), ended_by(event), told_by(event)
    found: dict[str, Unit] = {}
    for case_id in {*(part.case_id for part in (call, end) if part), *([told] if told else [])}:
        found |= {unit.id: unit for unit in units.on_case(case_id)}
    for unit_id in call.units if call else ():
        unit = found.get(unit_id) or units.load(unit_id)
        if unit:
            found[unit.id] = unit
    return list(found.values())


def known_unit(units: Units, unit_id: str) -> Unit:
    """Return a unit, or refuse with the id that is not known."""
    unit = units.load(UnitId(unit_id))
    if unit is None:
        raise Refused("dispatch.unknown_unit", unit=unit_id)
    return unit
