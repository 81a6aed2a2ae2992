"""Pure rules of the assignment machine: what may follow what, and what each step makes of a unit: one open assignment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from dispatch.assignment import ONWARD, Assignment, AssignmentId, AssignmentState
from dispatch.messages import (
    AssignmentAcked,
    AssignmentCancelled,
    AssignmentCleared,
    AssignmentDeclined,
    AssignmentEnroute,
    AssignmentEscalated,
    AssignmentOffered,
    AssignmentOnScene,
    AssignmentReassigned,
    AssignmentTimedOut,
    UnitAssigned,
    UnitReleased,
)
from dispatch.model import Unit
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.ids import CaseId
from vocabulary.message import Event

ESCALATES_AT: Final = 2  # the second unit in a row without an answer is the supervisor's
REASON_LONGEST: Final = 200


class Step(StrEnum):
    """What may be said of an assignment, as the API names it."""

    ACK = "ack"
    ENROUTE = "enroute"
    ON_SCENE = "on_scene"
    CLEAR = "clear"
    DECLINE = "decline"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The wish to send a unit to a case."""

    id: AssignmentId
    case_id: CaseId
    answer_by: datetime | None = None
    attempt: int = 1
    follows: AssignmentId | None = None


_ONWARD_BY: Final = {
    Step.ACK: AssignmentState.ACKED,
    Step.ENROUTE: AssignmentState.ENROUTE,
    Step.ON_SCENE: AssignmentState.ON_SCENE,
    Step.CLEAR: AssignmentState.CLEARED,
}
_EVENTS: Final[dict[AssignmentState, Callable[..., Event]]] = {
    AssignmentState.ACKED: AssignmentAcked,
    AssignmentState.ENROUTE: AssignmentEnroute,
    AssignmentState.ON_SCENE: AssignmentOnScene,
    AssignmentState.CLEARED: AssignmentCleared,
}


def offer(unit: Unit, wanted: Offer) -> list[Event]:
    """Ask a unit; refused, with who has it, where it is taken. The same case twice is no second offer."""
    held = unit.open_assignment
    if held and held.case_id == wanted.case_id:
        return []
    if held:
        raise Refused(
            "dispatch.unit_taken",
            unit=unit.name,
            unit_id=unit.id,
            who=held.offered_by,
            at=to_text(held.offered_at),
            case=held.case_id,
            assignment=held.id,
            state=held.state.value,
        )
    offered = AssignmentOffered(
        assignment_id=wanted.id,
        unit_id=unit.id,
        case_id=wanted.case_id,
        answer_by=wanted.answer_by,
        attempt=wanted.attempt,
        follows=wanted.follows,
    )
    joins = UnitAssigned(unit_id=unit.id, case_id=wanted.case_id)
    return [offered] if wanted.case_id in unit.cases else [joins, offered]


def step(unit: Unit, id: AssignmentId, wanted: Step, reason: str = "") -> list[Event]:
    """Do one step of an assignment; a step it has passed already changes nothing, so that a phone may send it twice."""
    held = unit.assignment
    if held is None or held.id != id:
        raise Refused("dispatch.assignment_over", assignment=id, unit=unit.name)
    if wanted in (Step.DECLINE, Step.CANCEL):
        return _called_off(unit, held, wanted, reason)
    target = _ONWARD_BY[wanted]
    if held.state in ONWARD and ONWARD.index(held.state) >= ONWARD.index(target):
        return []
    if not held.open:
        raise _over(unit, held, wanted)
    return _onward(held, target)


def time_out(unit: Unit, id: AssignmentId, at: datetime) -> list[Event]:
    """Let an offer lapse that nobody answered in time; nothing where it was answered after all."""
    held = unit.open_assignment
    waiting = held and held.id == id and held.state is AssignmentState.OFFERED
    if not held or not waiting or held.answer_by is None or at < held.answer_by:
        return []
    return [AssignmentTimedOut(**_names(held)), _release(held)]


def escalate(unit: Unit, id: AssignmentId, *, nobody_left: bool) -> list[Event]:
    """Tell the supervisor where two units in a row did not come, or nobody is left to ask."""
    held = unit.assignment
    if held is None or held.id != id or held.open:
        return []
    if held.attempt < ESCALATES_AT and not nobody_left:
        return []
    names = _names(held)
    return [AssignmentEscalated(**names, attempt=held.attempt, nobody_left=nobody_left)]


def end_with_case(held: Assignment) -> list[Event]:
    """End an assignment because its case no longer needs the unit: one that goes is done, one only asked is called off."""
    if held.state is AssignmentState.OFFERED:
        return [AssignmentCancelled(**_names(held), reason="case_over"), _release(held)]
    return [AssignmentCleared(**_names(held)), _release(held)]


def move(held: Assignment, to_case: CaseId) -> list[Event]:
    """End an assignment because the unit goes to another case (a merged case's master)."""
    return [AssignmentReassigned(**_names(held), to_case=to_case), _release(held)]


def carried(last: Assignment, wanted: Offer) -> list[Event]:
    """Return what a unit had answered before it was moved, for its new assignment: nobody is asked twice."""
    new = Assignment(
        id=wanted.id,
        unit_id=last.unit_id,
        case_id=wanted.case_id,
        state=AssignmentState.OFFERED,
        offered_at=last.offered_at,
        offered_by="",
    )
    reached = [
        state
        for state, when in (
            (AssignmentState.ACKED, last.acked_at),
            (AssignmentState.ENROUTE, last.enroute_at),
            (AssignmentState.ON_SCENE, last.on_scene_at),
        )
        if when
    ]
    return [_EVENTS[state](**_names(new)) for state in reached]


def fold(held: Assignment | None, event: Event, at: datetime, by: str) -> Assignment | None:
    """Return a unit's newest assignment after one event of its stream."""
    if isinstance(event, AssignmentOffered):
        return Assignment(
            id=event.assignment_id,
            unit_id=event.unit_id,
            case_id=event.case_id,
            state=AssignmentState.OFFERED,
            offered_at=at,
            offered_by=by,
            answer_by=event.answer_by,
            attempt=event.attempt,
            follows=event.follows,
        )
    return held if held is None else _after(held, event, at)


def _after(held: Assignment, event: Event, at: datetime) -> Assignment:
    if type(event) in _REACHED:
        state, when = _REACHED[type(event)]
        reached: dict[str, Any] = {when: at}
        return replace(held, state=state, answer_by=None, **reached)
    match event:
        case AssignmentDeclined():
            ended = AssignmentState.DECLINED
            return replace(held, state=ended, ended_at=at, answer_by=None, reason=event.reason)
        case AssignmentCancelled():
            ended = AssignmentState.CANCELLED
            return replace(held, state=ended, ended_at=at, answer_by=None, reason=event.reason)
        case AssignmentReassigned():
            ended = AssignmentState.REASSIGNED
            return replace(held, state=ended, ended_at=at, answer_by=None, moved_to=event.to_case)
        case _:
            return held


_REACHED: Final[dict[type[Event], tuple[AssignmentState, str]]] = {
    AssignmentAcked: (AssignmentState.ACKED, "acked_at"),
    AssignmentEnroute: (AssignmentState.ENROUTE, "enroute_at"),
    AssignmentOnScene: (AssignmentState.ON_SCENE, "on_scene_at"),
    AssignmentCleared: (AssignmentState.CLEARED, "ended_at"),
    AssignmentTimedOut: (AssignmentState.TIMED_OUT, "ended_at"),
}


def _onward(held: Assignment, target: AssignmentState) -> list[Event]:
    # Who rolls or arrives has answered: a crew at the fire is not sent back to press a button.
    first = [AssignmentState.ACKED] if held.state is AssignmentState.OFFERED else []
    reached = dict.fromkeys([*first, target])
    events = [_EVENTS[state](**_names(held)) for state in reached]
    return [*events, _release(held)] if target is AssignmentState.CLEARED else events


def _called_off(unit: Unit, held: Assignment, wanted: Step, reason: str) -> list[Event]:
    declines = wanted is Step.DECLINE
    ended = AssignmentState.DECLINED if declines else AssignmentState.CANCELLED
    if held.state is ended:
        return []
    if not held.open or (declines and held.state is AssignmentState.ON_SCENE):
        raise _over(unit, held, wanted)
    said = reason.strip()
    if not said or len(said) > REASON_LONGEST:
        raise Refused("dispatch.reason_needed", step=wanted.value, longest=REASON_LONGEST)
    made = AssignmentDeclined if declines else AssignmentCancelled
    return [made(**_names(held), reason=said), _release(held)]


def _over(unit: Unit, held: Assignment, wanted: Step) -> Refused:
    return Refused(
        "dispatch.step_too_late", step=wanted.value, unit=unit.name, state=held.state.value
    )


def _release(held: Assignment) -> UnitReleased:
    return UnitReleased(unit_id=held.unit_id, case_id=held.case_id)


def _names(held: Assignment) -> dict[str, Any]:
    return {"assignment_id": held.id, "unit_id": held.unit_id, "case_id": held.case_id}
