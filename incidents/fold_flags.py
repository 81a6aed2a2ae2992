"""How the flags change: hold, extension, supervision, level, lane, priority, category."""

from dataclasses import replace
from datetime import datetime

from incidents import messages as m
from incidents.fold_parts import with_clock
from incidents.model import Case, Lane, Stage


def suspended(case: Case, event: m.CaseSuspended, at: datetime) -> Case:
    """On hold."""
    return replace(
        case, suspended_at=at, suspended_until=event.until, suspended_n=case.suspended_n + 1
    )


def resumed(case: Case, event: m.CaseResumed, at: datetime) -> Case:
    """The hold ended."""
    tasks = tuple(
        replace(task, clock=event.tasks.get(task.department, task.clock)) if task.live else task
        for task in case.tasks
    )
    resumed = replace(case, suspended_at=None, suspended_until=None, tasks=tasks)
    return with_clock(resumed, event.clock)


def extended(case: Case, event: m.DeadlineExtended, at: datetime) -> Case:
    """The deadline moved."""
    return replace(with_clock(case, event.clock), extended_n=case.extended_n + 1)


def supervised(case: Case, event: m.CaseSupervised, at: datetime) -> Case:
    """Under supervision."""
    return replace(case, supervised=True)


def level_changed(case: Case, event: m.LevelChanged, at: datetime) -> Case:
    """Another level."""
    return replace(case, level=event.level)


def lane_changed(case: Case, event: m.LaneChanged, at: datetime) -> Case:
    """Another lane."""
    return replace(with_clock(case, event.clock), lane=Lane(event.lane))


def priority_changed(case: Case, event: m.PriorityChanged, at: datetime) -> Case:
    """Another priority."""
    changed = replace(case, priority=event.priority, priority_rule=event.rule or "person")
    return with_clock(changed, event.clock)


def category_corrected(case: Case, event: m.CategoryCorrected, at: datetime) -> Case:
    """Another category; where it changes the handling limit, that clock too."""
    condition = event.condition or case.filing_condition
    corrected = replace(case, category=event.category, filing_condition=condition)
    running = case.clock is not None and case.clock.stage is Stage.HANDLE
    if running or event.clock is None:
        return with_clock(corrected, event.clock)
    return replace(corrected, handling=event.clock)


def unchanged(case: Case, event: m.NoteAdded, at: datetime) -> Case:
    """The fact is in the timeline; the case stays as it is."""
    return case
