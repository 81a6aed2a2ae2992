"""Rules of the handling departments: accept (签收), return (退回), arrive, control, clear, resolve (处置反馈)."""

from dataclasses import replace

from incidents.commands import (
    Accept,
    Arrive,
    ClearAssist,
    Control,
    ReleaseAssist,
    Resolve,
    Return,
)
from incidents.messages import (
    AssistCleared,
    AssistReleased,
    AssistReturned,
    CaseAccepted,
    CaseControlled,
    CaseResolved,
    CaseReturned,
    CaseSupervised,
    FirstArrived,
)
from incidents.model import Case, RunningClock, Stage, State
from incidents.priority import Trigger
from incidents.situation import Situation, fitting_text, needed_text
from incidents.stage_clocks import raising, stage_clock
from incidents.task_checks import acting_department, live_assists, live_tasks
from vocabulary.errors import Refused
from vocabulary.message import Event

THIRD_RETURN = "third_return"


def accept(case: Case, command: Accept, situation: Situation) -> list[Event]:
    """Sign for the task; the lead's signature starts the handling clock."""
    department = acting_department(case, Accept, command.department, situation.actor)
    return [_accepted(case, department, situation)]


def _accepted(case: Case, department: str, situation: Situation) -> CaseAccepted:
    lead = department == case.lead and case.state is State.DISPATCHED
    return CaseAccepted(
        case_id=case.id,
        department=department,
        lead=lead,
        clock=_handling_clock(case, situation) if lead else _own_clock(case, situation),
        by_radio=_by_radio(situation),
    )


def _handling_clock(case: Case, situation: Situation) -> RunningClock:
    """Return the deadline of handling: the first one stays (返工); one filed by rule counts from the report."""
    if case.handling is not None:
        return case.handling
    condition = situation.condition(case)
    since = case.reported_at if case.filed_by_rule else situation.at
    return situation.clock(Stage.HANDLE, condition.control or condition.limit, since)


def _own_clock(case: Case, situation: Situation) -> RunningClock | None:
    """Return an assistant's own deadline: its part has as long as the case's condition gives, from its own signature."""
    condition = situation.condition(case)
    return situation.clock(Stage.HANDLE, condition.control or condition.limit)


def give_back(case: Case, command: Return, situation: Situation) -> list[Event]:
    """Take a task back before it is signed for; the third return puts the case under supervision."""
    department = acting_department(case, Return, command.department, situation.actor)
    reason = needed_text("reason", command.reason, situation)
    returned: CaseReturned | AssistReturned = AssistReturned(
        case_id=case.id, department=department, reason=reason, by_radio=_by_radio(situation)
    )
    after = case
    if department == case.lead:
        clock = stage_clock(Stage.DISPATCH, case, situation)
        after = replace(case, clock=clock)
        returned = CaseReturned(
            case_id=case.id,
            department=department,
            reason=reason,
            clock=clock,
            by_radio=_by_radio(situation),
        )
    enough = situation.tables.quotas["returns_to_supervision"]
    if case.supervised or case.returned_n + 1 < enough:
        return [returned]
    supervised = CaseSupervised(case_id=case.id, reason=reason, by_rule=THIRD_RETURN)
    return [returned, supervised, *raising(after, situation, [(Trigger.SUPERVISED, None)])]


def arrive(case: Case, command: Arrive, situation: Situation) -> list[Event]:
    """Note who is on scene. Who arrives has signed: a crew at the fire is not sent back to press a button."""
    department = acting_department(case, Arrive, command.department, situation.actor)
    arrived = FirstArrived(case_id=case.id, department=department, by_radio=_by_radio(situation))
    if live_tasks(case)[department].accepted_at is None:
        return [_accepted(case, department, situation), arrived]
    return [arrived]


def control(case: Case, command: Control, situation: Situation) -> list[Event]:
    """Note that the danger is under control; where the limit has two stages, the second begins."""
    department = acting_department(case, Control, command.department, situation.actor)
    condition = situation.condition(case)
    clock = situation.clock(Stage.HANDLE, condition.limit) if condition.control else None
    return [
        CaseControlled(
            case_id=case.id,
            department=department,
            note=fitting_text("note", command.note, situation),
            clock=clock,
            by_radio=_by_radio(situation),
        )
    ]


def clear_assist(case: Case, command: ClearAssist, situation: Situation) -> list[Event]:
    """Note that an assistant is done."""
    department = acting_department(case, ClearAssist, command.department, situation.actor)
    note = fitting_text("note", command.note, situation)
    return [
        AssistCleared(
            case_id=case.id, department=department, note=note, by_radio=_by_radio(situation)
        )
    ]


def release_assist(case: Case, command: ReleaseAssist, situation: Situation) -> list[Event]:
    """Let an assistant go."""
    assists = live_assists(case)
    if command.department is None and len(assists) > 1:
        raise Refused("incidents.which_assist", departments=", ".join(assists))
    department = command.department or assists[0]
    if department not in assists:
        involved = ", ".join(assists)
        raise Refused("incidents.not_assisting", department=department, involved=involved)
    return [AssistReleased(case_id=case.id, department=department)]


def resolve(case: Case, command: Resolve, situation: Situation) -> list[Event]:
    """Take the lead's word that it is done, with what the closing conditions want to see."""
    department = acting_department(case, Resolve, command.department, situation.actor)
    note = fitting_text("note", command.note, situation)
    wanted = {want for c in situation.category(case).closing_conditions for want in c.wants}
    for want, given in (("photo", bool(command.photos)), ("note", bool(note))):
        if want in wanted and not given:
            raise Refused("incidents.proof_wanted", category=case.category, want=want)
    actor = situation.actor
    return [
        CaseResolved(
            case_id=case.id,
            department=department,
            handled_by=actor.id if actor.department else f"dept:{department}",
            note=note,
            clock=stage_clock(Stage.CHECK, case, situation),
            photos=command.photos,
            by_radio=_by_radio(situation),
        )
    ]


def _by_radio(situation: Situation) -> bool:
    return situation.actor.department is None
