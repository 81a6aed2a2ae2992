"""How the case changes while departments handle it."""

from dataclasses import replace
from datetime import datetime

from incidents import messages as m
from incidents.fold_parts import assisting, union, with_task
from incidents.model import Case, State, Task


def dispatched(case: Case, event: m.CaseDispatched, at: datetime) -> Case:
    """New tasks for a lead and its assistants."""
    lead = Task(department=event.lead, lead=True, offered_at=at)
    return replace(
        case,
        state=State.DISPATCHED,
        tasks=(lead, *assisting(event.assists, at, event.clock)),
        units=event.units,
        dispatched_at=at,
        clock=event.clock,
    )


def reinforced(case: Case, event: m.CaseReinforced, at: datetime) -> Case:
    """More of them."""
    return replace(
        case,
        tasks=case.tasks + assisting(event.assists, at, event.clock),
        units=union(case.units, event.units),
    )


def accepted(case: Case, event: m.CaseAccepted, at: datetime) -> Case:
    """Sign a task; the lead's starts the handling clock of the case, an assistant's its own."""
    if not event.lead:
        return with_task(case, event.department, accepted_at=at, clock=event.clock)
    signed = with_task(case, event.department, accepted_at=at)
    return replace(
        signed,
        state=State.ACCEPTED,
        accepted_at=at,
        clock=event.clock,
        handling=event.clock,
    )


def returned(case: Case, event: m.CaseReturned, at: datetime) -> Case:
    """Release every task; remember who sent it back."""
    tasks = (replace(task, released_at=at) if task.live else task for task in case.tasks)
    return replace(
        case,
        state=State.FILED,
        tasks=tuple(tasks),
        units=(),
        clock=event.clock,
        returned_n=case.returned_n + 1,
        returned_from=case.returned_from | {event.department},
    )


def assist_returned(case: Case, event: m.AssistReturned, at: datetime) -> Case:
    """Release one assistant; remember that it sent its part back."""
    return replace(
        with_task(case, event.department, released_at=at, note=event.reason),
        returned_n=case.returned_n + 1,
        returned_from=case.returned_from | {event.department},
    )


def arrived(case: Case, event: m.FirstArrived, at: datetime) -> Case:
    """A department is there."""
    there = with_task(case, event.department, arrived_at=at)
    state = State.ON_SCENE if case.state is State.ACCEPTED else case.state
    return replace(there, state=state, arrived_at=case.arrived_at or at)


def controlled(case: Case, event: m.CaseControlled, at: datetime) -> Case:
    """Under control; a second limit may begin."""
    return replace(
        case,
        state=State.CONTROLLED,
        controlled_at=at,
        clock=event.clock or case.clock,
        handling=event.clock or case.handling,
    )


def assist_cleared(case: Case, event: m.AssistCleared, at: datetime) -> Case:
    """An assistant is done."""
    return with_task(case, event.department, cleared_at=at, note=event.note)


def assist_released(case: Case, event: m.AssistReleased, at: datetime) -> Case:
    """An assistant may go."""
    return with_task(case, event.department, released_at=at)


def resolved(case: Case, event: m.CaseResolved, at: datetime) -> Case:
    """The lead is done."""
    return replace(
        with_task(case, event.department, cleared_at=at, note=event.note),
        state=State.RESOLVED,
        resolved_at=at,
        handled_by=event.handled_by,
        clock=event.clock,
    )
