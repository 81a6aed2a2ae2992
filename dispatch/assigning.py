"""The assignments' effects: units asked, their answers told to the case, and who does not come replaced by the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dispatch.assignment import Assignment, AssignmentId
from dispatch.assignment_rules import Offer, Step, escalate, offer, step, time_out
from dispatch.handlers import known_unit
from dispatch.kinds import Waits, answer_within
from dispatch.model import Unit
from dispatch.next_unit import next_unit
from dispatch.store import Units
from incidents.commands import Accept, AddNote, Arrive, Dispatch
from incidents.handlers import command_case
from incidents.messages import CaseDispatched, CaseReinforced
from incidents.model import Case
from incidents.rulebook import Tables
from incidents.store import CaseStore
from incidents.task_checks import willing_departments
from vocabulary.errors import Refused, sentence
from vocabulary.ids import new_id
from vocabulary.message import SYSTEM, Actor, Command, Event

# What a unit's step says for its whole department.
_TELLS: Final[dict[Step, type[Accept | Arrive]]] = {
    Step.ACK: Accept,
    Step.ENROUTE: Accept,
    Step.ON_SCENE: Arrive,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the effects work on: both rooms' stores in one transaction, the tables, now, and how long an offer waits."""

    units: Units
    cases: CaseStore
    tables: Tables
    at: datetime
    waits: Waits = field(default_factory=answer_within)


def call_units(desk: Desk, case: Case, events: Iterable[Event], actor: Actor) -> None:
    """Offer a case to the units that its events call, in the very transaction that calls them.

    Refused, with who was faster, where one of them is on another assignment; one that nobody registered is passed over.
    """
    _offer_all(desk, case, events, actor, attempt=1, follows=None)


def _offer_all(
    desk: Desk,
    case: Case,
    events: Iterable[Event],
    actor: Actor,
    *,
    attempt: int,
    follows: AssignmentId | None,
) -> None:
    calls = [event for event in events if isinstance(event, CaseDispatched | CaseReinforced)]
    for unit_id in dict.fromkeys(unit_id for call in calls for unit_id in call.units):
        unit = desk.units.load(unit_id)
        if unit is None:
            continue
        wanted = Offer(
            id=AssignmentId(new_id()),
            case_id=case.id,
            answer_by=desk.at + desk.waits[case.priority],
            attempt=attempt,
            follows=follows,
        )
        desk.units.append(unit.id, unit.version, offer(unit, wanted), actor, None)


def take_step(
    desk: Desk,
    held: Assignment,
    wanted: Step,
    reason: str,
    actor: Actor,
    source_at: datetime | None = None,
) -> Unit:
    """Do one step of an assignment and tell its case; who declines is replaced at once. Return the unit as it stands then."""
    unit = known_unit(desk.units, held.unit_id)
    events = step(unit, held.id, wanted, reason)
    desk.units.append(unit.id, unit.version, events, actor, None, source_at)
    if events and wanted in _TELLS:
        _tell_case(desk, unit, held, _TELLS[wanted], actor, source_at)
    if events and wanted is Step.DECLINE:
        _ask_next(desk, held)
    return known_unit(desk.units, held.unit_id)


def lapse(desk: Desk, held: Assignment) -> bool:
    """Let an offer lapse where its time is over, and ask the next unit; return whether it had to."""
    unit = known_unit(desk.units, held.unit_id)
    events = time_out(unit, held.id, desk.at)
    desk.units.append(unit.id, unit.version, events, SYSTEM, None)
    if events:
        _ask_next(desk, held)
    return bool(events)


def _tell_case(
    desk: Desk,
    unit: Unit,
    held: Assignment,
    command: type[Accept | Arrive],
    actor: Actor,
    source_at: datetime | None,
) -> None:
    """Say for the department what its unit said, where nobody said it before: its first arrival is the case's."""
    case = desk.cases.load(held.case_id)
    if case and unit.department in willing_departments(case, command, actor):
        _command(desk, case, command(department=unit.department), actor, source_at)


def _ask_next(desk: Desk, held: Assignment) -> None:
    case = desk.cases.load(held.case_id)
    if case is None or not case.open:
        return
    lost = known_unit(desk.units, held.unit_id)
    asked = desk.units.asked_for(case.id)
    chosen = next_unit(
        lost,
        desk.units.everyone(),
        desk.units.seen(),
        to=case.place,
        asked=asked,
        at=desk.at,
        zone=desk.tables.calendar.zone,
    )
    told = _command(desk, case, Dispatch(units=(chosen.id,)), SYSTEM) if chosen else []
    if chosen and told:
        follows, attempt = held.id, held.attempt + 1
        _offer_all(desk, case, told, SYSTEM, attempt=attempt, follows=follows)
    _tell_supervisor(desk, lost, held, nobody_left=not told)


def _tell_supervisor(desk: Desk, lost: Unit, held: Assignment, *, nobody_left: bool) -> None:
    events = escalate(lost, held.id, nobody_left=nobody_left)
    if not events:
        return
    desk.units.append(lost.id, lost.version, events, SYSTEM, None)
    case = desk.cases.load(held.case_id)
    text = sentence("dispatch.escalated_note", "zh").format(attempt=held.attempt, unit=lost.name)
    if case:
        _command(desk, case, AddNote(text=text), SYSTEM)


def _command(
    desk: Desk, case: Case, command: Command, actor: Actor, source_at: datetime | None = None
) -> list[Event]:
    """Command the case; where its rules do not let it happen now, the unit's own step stands all the same."""
    try:
        outcome = command_case(
            desk.cases,
            case.id,
            case.version,
            command,
            actor=actor,
            at=desk.at,
            tables=desk.tables,
            source_at=source_at,
        )
    except Refused:
        return []
    return [recorded.event for recorded in outcome.recorded]
