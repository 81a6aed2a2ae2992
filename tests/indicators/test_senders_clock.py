"""A call centre that tells its calls later than they were: its cases count from its own call, other cases from ours."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.assignment import AssignmentId
from dispatch.messages import AssignmentOffered
from incidents.messages import CaseDispatched, CaseOpened
from incidents.model import Lane, Priority, RunningClock, Stage
from indicators.fold import fold
from indicators.record import CaseRecord
from vocabulary.ids import CaseId, ReportId, UnitId
from vocabulary.message import SYSTEM, Event, Recorded
from vocabulary.place import Place

HEARD = datetime(2026, 11, 27, 14, tzinfo=UTC)  # when the console heard of the call
CALLED = HEARD - timedelta(hours=2)
CASE, CLOCK = CaseId("c1"), RunningClock(stage=Stage.FILE, started_at=HEARD, due_at=None)
OPENED = CaseOpened(
    case_id=CASE, number="1", report_id=ReportId("r1"), text="t", category="Y0301",
    place=Place(119.9, 30.5), address="", town="", source="911", reported_at=HEARD,
    lane=Lane.EMERGENCY, priority=Priority.P0, priority_rule="", clock=CLOCK, exercise=False,
)  # fmt: skip
SENT = CaseDispatched(case_id=CASE, lead="fire", assists=(), units=(), emergency=True, clock=CLOCK)
OFFERED = AssignmentOffered(
    assignment_id=AssignmentId("a1"), unit_id=UnitId("u1"), case_id=CASE,
    answer_by=None, attempt=1, follows=None,
)  # fmt: skip


def told(event: Event, source_at: datetime | None) -> Recorded[Event]:
    return Recorded(
        seq=1, event_id="e", stream="s", version=1, event=event, recorded_at=HEARD + timedelta(seconds=5),
        source_at=source_at, actor=SYSTEM, cause_id=None, chain="",
    )  # fmt: skip


def record_of(called: datetime | None, dispatch: Event, dispatched: datetime | None) -> CaseRecord:
    record = fold(fold(None, told(OPENED, called)), told(dispatch, dispatched))
    assert record is not None
    return record


@pytest.mark.parametrize("dispatch", [SENT, OFFERED])
def test_a_call_told_late_counts_from_the_call_where_its_dispatch_is_told_too(
    dispatch: Event,
) -> None:
    record = record_of(CALLED, dispatch, CALLED + timedelta(seconds=90))
    assert record.dispatched_at is not None
    assert record.dispatched_at - record.reported_at == timedelta(seconds=90)


@pytest.mark.parametrize("dispatch", [SENT, OFFERED])
def test_what_a_caller_saw_yesterday_counts_from_when_he_called_us(dispatch: Event) -> None:
    record = record_of(HEARD - timedelta(days=1), dispatch, None)
    assert record.reported_at == HEARD
    assert record.dispatched_at == HEARD + timedelta(seconds=5)


def test_a_dispatch_before_its_own_call_moves_nothing() -> None:
    record = record_of(CALLED, SENT, CALLED - timedelta(minutes=1))
    assert record.reported_at == HEARD
