"""Applying events: a case is the fold of its events, and nothing else changes one. Every event class has a row in `APPLIERS`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, overload

from incidents import fold_alerts as alerts
from incidents import fold_approval as approval
from incidents import fold_closing as closing
from incidents import fold_filing as filing
from incidents import fold_flags as flags
from incidents import fold_handling as handling
from incidents import messages as m
from incidents.fold_parts import lapsed
from incidents.model import Case, State
from vocabulary.message import Event

Applier = Callable[[Case, Any, datetime], Case]


@overload
def apply(case: Case, event: Event, *, version: int, at: datetime, by: str = "") -> Case: ...
@overload
def apply(
    case: Case | None, event: Event, *, version: int, at: datetime, by: str = ""
) -> Case | None: ...
def apply(
    case: Case | None, event: Event, *, version: int, at: datetime, by: str = ""
) -> Case | None:
    """Return the case after `event`; None after a report whose case has not opened yet. `by` is the actor's name."""
    if isinstance(event, m.CaseOpened):
        after = _opened(event, version, at)
    elif case is None:
        if isinstance(event, m.ReportReceived):
            return None
        raise ValueError(f"{type(event).__name__} before the case opened")
    else:
        # Another room may tell a fact in a case's stream (an alarm cleared): a version of it, but no change.
        after = lapsed(APPLIERS.get(type(event), flags.unchanged)(case, event, at))
        if type(event) in BYSTANDERS:
            return replace(after, version=version, updated_at=at)
    return replace(
        after,
        version=version,
        updated_at=at,
        decided_version=version,
        decided_at=at,
        updated_by=by,
    )


def _opened(event: m.CaseOpened, version: int, at: datetime) -> Case:
    return Case(
        id=event.case_id,
        number=event.number,
        version=version,
        state=State.NEW,
        lane=event.lane,
        priority=event.priority,
        priority_rule=event.priority_rule,
        category=event.category,
        text=event.text,
        place=event.place,
        address=event.address,
        town=event.town,
        cell=event.cell,
        source=event.source,
        reported_at=event.reported_at,
        opened_at=at,
        updated_at=at,
        reports=(event.report_id,),
        clock=event.clock,
        exercise=event.exercise,
    )


APPLIERS: Final[dict[type[Event], Applier]] = {
    m.ReportReceived: filing.reported,
    m.VerifyRequested: filing.verifying,
    m.CaseFiled: filing.filed,
    m.CaseRejected: filing.rejected,
    m.CaseMerged: filing.merged,
    m.CaseUnmerged: filing.unmerged,
    m.CaseJoined: filing.joined,
    m.CaseParted: filing.parted,
    m.CaseDispatched: handling.dispatched,
    m.CaseReinforced: handling.reinforced,
    m.CaseAccepted: handling.accepted,
    m.CaseReturned: handling.returned,
    m.FirstArrived: handling.arrived,
    m.CaseControlled: handling.controlled,
    m.AssistCleared: handling.assist_cleared,
    m.AssistReleased: handling.assist_released,
    m.CaseResolved: handling.resolved,
    m.CheckAssigned: closing.checking,
    m.CaseClosed: closing.closed,
    m.ReworkOrdered: closing.reworked,
    m.CaseReopened: closing.reopened,
    m.CaseVoided: closing.voided,
    m.CaseSuspended: flags.suspended,
    m.CaseResumed: flags.resumed,
    m.DeadlineExtended: flags.extended,
    m.CaseSupervised: flags.supervised,
    m.LevelChanged: flags.level_changed,
    m.LaneChanged: flags.lane_changed,
    m.PriorityChanged: flags.priority_changed,
    m.CategoryCorrected: flags.category_corrected,
    m.NoteAdded: flags.unchanged,
    m.ReportAttached: flags.unchanged,
    m.AssistReturned: handling.assist_returned,
    m.ApprovalRequested: approval.requested,
    m.ApprovalGiven: approval.given,
    m.ApprovalRefused: approval.ended,
    m.ApprovalWithdrawn: approval.ended,
    m.AlertOffered: alerts.offered,
    m.AlertAcknowledged: alerts.acknowledged,
    m.AcknowledgementMissed: alerts.missed,
    m.AlertEscalated: alerts.escalated,
    m.LimitWarned: alerts.warned,
    m.LimitPassed: alerts.passed,
    m.AllClearGiven: closing.all_clear,
    m.ClosingCancelled: closing.kept_open,
}

# Bells, clocks and further reports: they change what is shown of a case, but no decision about it rests on them.
BYSTANDERS: Final = frozenset(
    {
        m.ReportReceived,
        m.ReportAttached,
        m.AlertOffered,
        m.AlertAcknowledged,
        m.AcknowledgementMissed,
        m.AlertEscalated,
        m.LimitWarned,
        m.LimitPassed,
    }
)
