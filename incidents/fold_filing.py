"""How the case changes before it is dispatched, and when it is merged."""

from dataclasses import replace
from datetime import datetime

from incidents import messages as m
from incidents.fold_parts import ended, union
from incidents.model import Case, State, Task


def reported(case: Case, event: m.ReportReceived, at: datetime) -> Case:
    """Add a report."""
    return replace(case, reports=union(case.reports, (event.report_id,)))


def verifying(case: Case, event: m.VerifyRequested, at: datetime) -> Case:
    """Somebody verifies."""
    return replace(case, state=State.VERIFYING, clock=event.clock, collector=event.collector)


def filed(case: Case, event: m.CaseFiled, at: datetime) -> Case:
    """Filed."""
    return replace(
        case,
        state=State.FILED,
        category=event.category,
        filing_condition=event.condition,
        filed_at=at,
        filed_by_rule=event.filed_by_rule,
        clock=event.clock,
    )


def rejected(case: Case, event: m.CaseRejected, at: datetime) -> Case:
    """Not filed."""
    return replace(ended(case, State.REJECTED), reject_reason=event.reason)


def merged(case: Case, event: m.CaseMerged, at: datetime) -> Case:
    """Remember where it stood, and stand still."""
    return replace(
        case,
        state=State.MERGED,
        merged_into=event.master,
        state_before_merge=case.state,
        clock_before_merge=case.clock,
        clock=None,
    )


def unmerged(case: Case, event: m.CaseUnmerged, at: datetime) -> Case:
    """Stand where it stood."""
    return replace(
        case,
        state=event.state,
        merged_into=None,
        state_before_merge=None,
        clock_before_merge=None,
        clock=event.clock,
    )


def joined(case: Case, event: m.CaseJoined, at: datetime) -> Case:
    """Take over another case's reports, departments and units."""
    tasks = tuple(
        Task(
            department=name,
            lead=False,
            offered_at=at,
            joined_from=event.joined,
            clock=event.clock,
        )
        for name in event.assists
    )
    return replace(
        case,
        merged_from=(*case.merged_from, event.joined),
        reports=union(case.reports, event.reports),
        tasks=case.tasks + tasks,
        units=union(case.units, event.units),
    )


def parted(case: Case, event: m.CaseParted, at: datetime) -> Case:
    """Give them back."""
    tasks = (
        replace(task, released_at=at) if task.live and task.joined_from == event.parted else task
        for task in case.tasks
    )
    return replace(
        case,
        merged_from=tuple(other for other in case.merged_from if other != event.parted),
        reports=tuple(report for report in case.reports if report not in event.reports),
        tasks=tuple(tasks),
        units=tuple(unit for unit in case.units if unit not in event.units),
    )
