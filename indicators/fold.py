"""A case's record is the fold of the events that name the case, in the order of the journal: its own and its units'."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from dispatch import messages as d
from incidents import messages as m
from incidents.model import RunningClock, Stage, State
from indicators import fold_rides as rides
from indicators.fold_rides import told_at
from indicators.record import CaseRecord, Visit
from vocabulary.message import Event, Recorded

Applier = Callable[[CaseRecord, Any, Recorded[Event]], CaseRecord]


def fold(record: CaseRecord | None, recorded: Recorded[Event]) -> CaseRecord | None:
    """Return the record after one event; None before its case opened."""
    event = recorded.event
    if isinstance(event, m.CaseOpened):
        return _opened(event, recorded)
    if record is None:
        return None
    applier = APPLIERS.get(type(event))
    return record if applier is None else applier(record, event, recorded)


def _opened(event: m.CaseOpened, recorded: Recorded[Event]) -> CaseRecord:
    record = CaseRecord(
        id=event.case_id,
        number=event.number,
        town=event.town,
        category=event.category,
        source=event.source,
        lane=event.lane,
        priority=event.priority.value,
        exercise=event.exercise,
        lon_deg=event.place.lon_deg,
        lat_deg=event.place.lat_deg,
        reported_at=event.reported_at,
        said_at=recorded.source_at,
        opened_at=recorded.recorded_at,
        opened_by=recorded.actor.name,
    )
    return _begin(record, event.clock, recorded)


def _begin(
    record: CaseRecord, clock: RunningClock | None, at: Recorded[Event], *, by: str = ""
) -> CaseRecord:
    if clock is None:
        return record
    visit = Visit(
        stage=clock.stage,
        lane=record.lane,
        department=record.lead,
        started_at=clock.started_at,
        due_at=clock.due_at,
        by=by,
        begun_by=at.actor.name,
    )
    return _due(replace(record, visits=(*record.visits, visit)), clock)


def _due(record: CaseRecord, clock: RunningClock) -> CaseRecord:
    return replace(record, close_due_at=clock.due_at) if clock.stage is Stage.HANDLE else record


def _end(record: CaseRecord, how: str, recorded: Recorded[Event]) -> CaseRecord:
    if not record.visits or record.visits[-1].ended:
        return record
    last = record.visits[-1]
    by = last.by or recorded.actor.name
    ended = replace(last, done_at=recorded.recorded_at, ended=how, by=by)
    return replace(record, visits=(*record.visits[:-1], ended))


def _move(record: CaseRecord, clock: RunningClock | None) -> CaseRecord:
    if clock is None:
        return record
    if not record.visits or record.visits[-1].stage is not clock.stage or record.visits[-1].ended:
        return _due(record, clock)
    last = replace(record.visits[-1], due_at=clock.due_at)
    return _due(replace(record, visits=(*record.visits[:-1], last)), clock)


def _verifying(record: CaseRecord, event: m.VerifyRequested, at: Recorded[Event]) -> CaseRecord:
    passed = _end(replace(record, verified=True), "passed_on", at)
    return _begin(passed, event.clock, at, by=event.collector or "")


def _filed(record: CaseRecord, event: m.CaseFiled, at: Recorded[Event]) -> CaseRecord:
    filed = replace(record, category=event.category, filed_at=at.recorded_at, state=State.FILED)
    return _begin(_end(filed, "done", at), event.clock, at)


def _finished(record: CaseRecord, state: State, how: str, at: Recorded[Event]) -> CaseRecord:
    return replace(_end(record, how, at), state=state, ended_at=at.recorded_at, held_at=None)


def _rejected(record: CaseRecord, _event: m.CaseRejected, at: Recorded[Event]) -> CaseRecord:
    return _finished(record, State.REJECTED, "done", at)


def _merged(record: CaseRecord, _event: m.CaseMerged, at: Recorded[Event]) -> CaseRecord:
    return _finished(record, State.MERGED, "dropped", at)


def _voided(record: CaseRecord, _event: m.CaseVoided, at: Recorded[Event]) -> CaseRecord:
    return _finished(record, State.VOID, "dropped", at)


def _closed(record: CaseRecord, event: m.CaseClosed, at: Recorded[Event]) -> CaseRecord:
    return replace(_finished(record, State.CLOSED, "done", at), disposition=event.disposition)


def _unmerged(record: CaseRecord, event: m.CaseUnmerged, at: Recorded[Event]) -> CaseRecord:
    ended_at = None if event.state not in {State.CLOSED, State.REJECTED} else record.ended_at
    return _begin(replace(record, state=event.state, ended_at=ended_at), event.clock, at)


def _dispatched(record: CaseRecord, event: m.CaseDispatched, at: Recorded[Event]) -> CaseRecord:
    gone = replace(
        _end(record, "done", at),
        state=State.DISPATCHED,
        lead=event.lead,
        dispatched_at=record.dispatched_at or told_at(at),
    )
    return _begin(rides.by_its_senders_clock(gone, told_at(at)), event.clock, at)


def _accepted(record: CaseRecord, event: m.CaseAccepted, at: Recorded[Event]) -> CaseRecord:
    if not event.lead:
        return record
    return _begin(_end(replace(record, state=State.ACCEPTED), "done", at), event.clock, at)


def _returned(record: CaseRecord, event: m.CaseReturned, at: Recorded[Event]) -> CaseRecord:
    back = replace(_end(record, "returned", at), state=State.FILED, lead="")
    return _begin(replace(back, returned_n=record.returned_n + 1), event.clock, at)


def _arrived(record: CaseRecord, _event: m.FirstArrived, at: Recorded[Event]) -> CaseRecord:
    state = State.ON_SCENE if record.state is State.ACCEPTED else record.state
    return rides.arrived(replace(record, state=state), told_at(at))


def _controlled(record: CaseRecord, event: m.CaseControlled, at: Recorded[Event]) -> CaseRecord:
    held = replace(record, state=State.CONTROLLED, controlled_at=told_at(at))
    # The first of two limits is met; the second is the repair's.
    return held if event.clock is None else _begin(_end(held, "done", at), event.clock, at)


def _resolved(record: CaseRecord, event: m.CaseResolved, at: Recorded[Event]) -> CaseRecord:
    done = replace(_end(record, "done", at), state=State.RESOLVED, resolved_at=told_at(at))
    return _begin(done, event.clock, at)


def _checking(record: CaseRecord, event: m.CheckAssigned, at: Recorded[Event]) -> CaseRecord:
    moved = _move(replace(record, state=State.CHECKING), event.clock)
    last = moved.visits[-1] if moved.visits else None
    if last is None or last.stage is not Stage.CHECK or last.ended:
        return moved
    checker = replace(last, by=event.checker, begun_by=at.actor.name)
    return replace(moved, visits=(*moved.visits[:-1], checker))


def _reworked(record: CaseRecord, event: m.ReworkOrdered, at: Recorded[Event]) -> CaseRecord:
    again = _end(replace(record, state=State.DISPATCHED, rework_n=record.rework_n + 1), "done", at)
    handled = [i for i, visit in enumerate(again.visits) if visit.stage is Stage.HANDLE]
    if not handled:
        return _begin(again, event.clock, at)
    visits = list(again.visits)
    redone = replace(
        visits.pop(handled[-1]), done_at=None, ended="", by="", due_at=event.clock.due_at
    )
    return _due(replace(again, visits=(*visits, redone), resolved_at=None), event.clock)


def _reopened(record: CaseRecord, event: m.CaseReopened, at: Recorded[Event]) -> CaseRecord:
    alive = replace(
        record,
        state=State.DISPATCHED,
        ended_at=None,
        resolved_at=None,
        lead=event.lead or record.lead,
        episode=record.episode + 1,
    )
    return _begin(alive, event.clock, at)


def _suspended(record: CaseRecord, _event: m.CaseSuspended, at: Recorded[Event]) -> CaseRecord:
    return replace(record, held_at=at.recorded_at, resumed_at=None)


def _resumed(record: CaseRecord, event: m.CaseResumed, at: Recorded[Event]) -> CaseRecord:
    return _move(replace(record, resumed_at=at.recorded_at), event.clock)


def _extended(record: CaseRecord, event: m.DeadlineExtended, _at: Recorded[Event]) -> CaseRecord:
    return _move(replace(record, extended_n=record.extended_n + 1), event.clock)


def _other_lane(record: CaseRecord, event: m.LaneChanged, _at: Recorded[Event]) -> CaseRecord:
    return _move(replace(record, lane=event.lane), event.clock)


def _other_priority(record: CaseRecord, event: m.PriorityChanged, _: Recorded[Event]) -> CaseRecord:
    return _move(replace(record, priority=event.priority.value), event.clock)


def _other_category(
    record: CaseRecord, event: m.CategoryCorrected, _: Recorded[Event]
) -> CaseRecord:
    return _move(replace(record, category=event.category), event.clock)


APPLIERS: Final[dict[type[Event], Applier]] = {
    m.VerifyRequested: _verifying,
    m.CaseFiled: _filed,
    m.CaseRejected: _rejected,
    m.CaseMerged: _merged,
    m.CaseUnmerged: _unmerged,
    m.CaseDispatched: _dispatched,
    m.CaseAccepted: _accepted,
    m.CaseReturned: _returned,
    m.FirstArrived: _arrived,
    m.CaseControlled: _controlled,
    m.CaseResolved: _resolved,
    m.CheckAssigned: _checking,
    m.CaseClosed: _closed,
    m.ReworkOrdered: _reworked,
    m.CaseReopened: _reopened,
    m.CaseVoided: _voided,
    m.CaseSuspended: _suspended,
    m.CaseResumed: _resumed,
    m.DeadlineExtended: _extended,
    m.LaneChanged: _other_lane,
    m.PriorityChanged: _other_priority,
    m.CategoryCorrected: _other_category,
    d.AssignmentOffered: rides.offered,
    d.AssignmentAcked: rides.acked,
    d.AssignmentEnroute: rides.enroute,
    d.AssignmentOnScene: rides.on_scene,
    d.AssignmentCleared: rides.ended,
    d.AssignmentDeclined: rides.ended,
    d.AssignmentTimedOut: rides.ended,
    d.AssignmentCancelled: rides.ended,
    d.AssignmentReassigned: rides.ended,
}
