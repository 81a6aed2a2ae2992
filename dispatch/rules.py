"""Pure rules of units: what their events make of them, and what a case's event means for them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dispatch.assignment_rules import Offer, Step, carried, end_with_case, fold, move, offer, step
from dispatch.messages import (
    UnitAssigned,
    UnitEquipped,
    UnitRegistered,
    UnitReleased,
    UnitRostered,
    UnitStatusSaid,
)
from dispatch.model import Unit, Word
from incidents.messages import (
    CaseAccepted,
    CaseClosed,
    CaseDispatched,
    CaseJoined,
    CaseMerged,
    CaseParted,
    CaseReinforced,
    CaseRejected,
    CaseResolved,
    CaseReturned,
    CaseVoided,
    FirstArrived,
)
from vocabulary.ids import CaseId, UnitId
from vocabulary.message import Event

ENDS_THE_RUN = (CaseResolved, CaseReturned, CaseClosed, CaseMerged, CaseRejected, CaseVoided)


def apply(
    unit: Unit | None, event: Event, *, version: int, at: datetime, by: str = ""
) -> Unit | None:
    """Return the unit after one event of its stream; None while it was never registered."""
    if isinstance(event, UnitRegistered):
        known = unit or Unit(
            id=event.unit_id, version=0, name="", kind=event.unit_kind, department=""
        )
        return replace(
            known,
            version=version,
            name=event.name,
            kind=event.unit_kind,
            department=event.department,
            home=event.home,
        )
    if unit is None:
        return None
    held = fold(unit.assignment, event, at, by)
    return replace(_after(unit, event, at), version=version, assignment=held)


def _after(unit: Unit, event: Event, at: datetime) -> Unit:
    match event:
        case UnitAssigned():
            return unit.assigned(event.case_id, at)
        case UnitReleased():
            return unit.released(event.case_id, at)
        case UnitEquipped():
            return replace(
                unit,
                name_en=event.name_en,
                skills=event.skills,
                crew=event.crew,
                vehicle=event.vehicle,
                radio=event.radio,
            )
        case UnitRostered():
            return replace(unit, roster=event.roster)
        case UnitStatusSaid():
            return replace(unit, word=_word(event))
        case _:
            return unit


def _word(event: UnitStatusSaid) -> Word:
    return Word(
        status=event.status,
        said_at=event.said_at,
        until=event.until,
        note=event.note,
        warnings=event.warnings,
    )


@dataclass(frozen=True, slots=True)
class Call:
    """Units that a case has from now on; `alone`: and no others."""

    case_id: CaseId
    units: tuple[UnitId, ...]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """Units that a case has no more; None means all of them."""

    case_id: CaseId
    units: tuple[UnitId, ...] | None = None


# Every event of a case that may concern a unit: nobody need hear of the others.
FOLLOWED: Final = (
    *(CaseDispatched, CaseReinforced, CaseJoined, CaseParted, CaseAccepted, FirstArrived),
    *ENDS_THE_RUN,
)


def called_to(event: Event) -> Call | None:
    """Return which units a case's event sends where, None for any other event."""
    match event:
        case CaseDispatched():
            return Call(event.case_id, event.units, alone=True)
        case CaseReinforced() | CaseJoined():
            return Call(event.case_id, event.units)
        case CaseParted():
            return Call(event.parted, event.units)
        case _:
            return None


def ended_by(event: Event) -> End | None:
    """Return whose run a case's event ends, None for any other event."""
    if isinstance(event, CaseParted):
        return End(event.case_id, event.units)
    return End(event.case_id) if isinstance(event, ENDS_THE_RUN) else None


def told_by(event: Event) -> CaseId | None:
    """Return the case at which a whole department says what its units do, None for any other event."""
    return event.case_id if isinstance(event, CaseAccepted | FirstArrived) else None


def follow(
    unit: Unit, event: Event, wanted: Offer, *, at: datetime, alone: bool = False
) -> list[Event]:
    """Return what a case's event does to one unit; nothing when that is already so.

    `wanted` is the offer to make where one is due; `alone`: no other unit of its department is on the case.
    """
    call, end = called_to(event), ended_by(event)
    left = set()
    if call and call.alone and unit.id not in call.units:
        left.add(call.case_id)
    if end and (end.units is None or unit.id in end.units):
        left.add(end.case_id)
    events: list[Event] = []
    for case_id in unit.cases:
        if case_id in left:
            events += _leave(unit, case_id, event, call)
    after = _fold_all(unit, events, at)
    if call and unit.id in call.units and call.case_id not in unit.cases:
        events += _join(after, replace(wanted, case_id=call.case_id))
    return events or _told(unit, event, alone=alone)


def _leave(unit: Unit, case_id: CaseId, event: Event, call: Call | None) -> list[Event]:
    held = unit.open_assignment
    if held is None or held.case_id != case_id:
        return [UnitReleased(unit_id=unit.id, case_id=case_id)]
    if isinstance(event, CaseMerged):
        return move(held, event.master)
    if call and unit.id in call.units:
        return move(held, call.case_id)
    return end_with_case(held)


def _join(unit: Unit, wanted: Offer) -> list[Event]:
    """Join a case. Who is still on another assignment keeps it: a second one never resets the first."""
    if unit.open_assignment:
        return [UnitAssigned(unit_id=unit.id, case_id=wanted.case_id)]
    last = unit.assignment
    if last and last.moved_to == wanted.case_id:
        moved = replace(wanted, answer_by=None, attempt=last.attempt, follows=last.id)
        return [*offer(unit, moved), *carried(last, moved)]
    return offer(unit, wanted)


def _told(unit: Unit, event: Event, *, alone: bool) -> list[Event]:
    """Take a department's signature for that of its units, and its arrival for that of its only one."""
    held = unit.open_assignment
    if held is None or held.case_id != told_by(event):
        return []
    if isinstance(event, CaseAccepted) and event.department == unit.department:
        return step(unit, held.id, Step.ACK)
    if isinstance(event, FirstArrived) and event.department == unit.department:
        return step(unit, held.id, Step.ON_SCENE if alone else Step.ACK)
    return []


def _fold_all(unit: Unit, events: list[Event], at: datetime) -> Unit:
    for event in events:
        unit = apply(unit, event, version=unit.version + 1, at=at) or unit
    return unit
