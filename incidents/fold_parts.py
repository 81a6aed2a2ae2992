"""Changes of a case that several events share."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from incidents.model import Approval, ApprovalKind, Case, RunningClock, Stage, State, Task


def ended(case: Case, state: State) -> Case:
    """Return the case in an end state: no clock, no hold."""
    return replace(case, state=state, clock=None, suspended_at=None, suspended_until=None)


def lapsed(case: Case) -> Case:
    """Return the case without what no longer holds: a wish of a stage that is over, an all-clear for a case that moved."""
    wish = case.approval
    if wish is not None and not (case.open and _still_asked(case, wish)):
        case = replace(case, approval=None)
    if case.closing is not None and case.state is not State.RESOLVED:
        case = replace(case, closing=None)
    return case


def _still_asked(case: Case, wish: Approval) -> bool:
    stage = case.clock.stage if case.clock else None
    return wish.what is ApprovalKind.SUSPENSION or wish.stage is stage


def again(case: Case, lead: str | None, clock: RunningClock, at: datetime) -> Case:
    """Return the case with its lead, to be handled anew."""
    tasks = (Task(department=lead, lead=True, offered_at=at),) if lead else ()
    return replace(
        case,
        state=State.DISPATCHED,
        tasks=tasks,
        units=(),
        dispatched_at=at,
        resolved_at=None,
        handled_by=None,
        checker=None,
        clock=clock,
    )


def with_task(case: Case, department: str, **changes: Any) -> Case:
    """Return the case with a department's running task changed."""
    tasks = (
        replace(task, **changes) if task.live and task.department == department else task
        for task in case.tasks
    )
    return replace(case, tasks=tuple(tasks))


def with_clock(case: Case, clock: RunningClock | None) -> Case:
    """Return the case with another clock for its stage; a handling clock is remembered."""
    if clock is None:
        return case
    handling = clock if clock.stage is Stage.HANDLE else case.handling
    return replace(case, clock=clock, handling=handling)


def assisting(
    departments: tuple[str, ...], at: datetime, clock: RunningClock | None
) -> tuple[Task, ...]:
    """Return tasks for assisting departments; the clock is for their signatures."""
    return tuple(
        Task(department=name, lead=False, offered_at=at, clock=clock) for name in departments
    )


def union(known: tuple[Any, ...], more: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return both without doubles, in order."""
    return (*known, *(item for item in dict.fromkeys(more) if item not in known))
