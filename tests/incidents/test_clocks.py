"""Limits over a working calendar: examples a duty officer can check by hand, and properties that hold for all."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.clocks import (
    WORKING,
    Limit,
    colour,
    due,
    forward,
    parse_limit,
    remaining,
    resume,
    span,
    start,
)
from incidents.model import LimitKind, RunningClock, Stage
from incidents.rulebook import shipped_tables
from incidents.work_calendar import WorkCalendar

CALENDAR = WorkCalendar(
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5)}),
    extra_workdays=frozenset({date(2026, 10, 10)}),
)
KINDS = st.sampled_from(LimitKind)
INSTANTS = st.datetimes(
    min_value=datetime(2026, 9, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2026, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20))


def county(text: str) -> datetime:
    """Return an instant written in the county's own time."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone)


@pytest.mark.parametrize(
    ("started", "limit", "expected"),
    [
        ("2026-11-23T10:00", "2 紧急工作时", "2026-11-23T12:00"),
        ("2026-11-21T23:30", "2 紧急工作时", "2026-11-22T01:30"),  # Saturday night counts
        ("2026-11-23T10:00", "4 工作时", "2026-11-23T16:30"),  # over the noon break
        ("2026-11-23T17:00", "4 工作时", "2026-11-24T11:30"),
        ("2026-11-20T17:30", "1 工作时", "2026-11-23T09:00"),  # over the weekend
        ("2026-11-23T10:00", "1 工作日", "2026-11-24T10:00"),
        ("2026-11-20T10:00", "2 工作日", "2026-11-24T10:00"),
        ("2026-11-21T03:00", "1 工作日", "2026-11-23T18:00"),  # Saturday: Monday whole
        ("2026-09-30T10:00", "1 工作日", "2026-10-06T10:00"),  # over the holidays
        ("2026-10-09T17:00", "1 工作日", "2026-10-10T17:00"),  # a make-up Saturday (调休)
        ("2026-11-20T10:00", "5 自然日", "2026-11-25T10:00"),
        ("2026-11-23T10:00", "30 min", "2026-11-23T10:30"),
        ("2026-11-23T10:00", "15 s", "2026-11-23T10:00:15"),
    ],
)
def test_a_limit_ends_when_a_person_would_say(started: str, limit: str, expected: str) -> None:
    assert due(county(started), parse_limit(limit), CALENDAR) == county(expected)


@pytest.mark.parametrize(
    "text", ["尽快", "", "2", "工作日", "0 工作日", "-1 工作时", "2 紧急工作日", "二 工作日", "2 d"]
)
def test_what_is_no_limit_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"limit"):
        parse_limit(text)


def test_a_limit_lets_time_pass() -> None:
    with pytest.raises(ValueError, match="finite"):
        Limit(float("nan"), LimitKind.WORK_DAYS)


@pytest.mark.parametrize(
    "broken",
    [
        {"hours": ()},
        {"weekdays": frozenset()},
        {"hours": ((time(12), time(8)),)},
        {"hours": ((time(8), time(12)), (time(11), time(18)))},
    ],
)
def test_a_calendar_without_working_time_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no working time"):
        WorkCalendar(**broken)  # type: ignore[arg-type]


def test_the_shipped_calendar_rests_on_the_national_day() -> None:
    calendar = shipped_tables().calendar
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_workday(date(2026, 11, 23))
    assert calendar.day_length == timedelta(hours=7)


@settings(deadline=None)
@given(INSTANTS, SPANS, SPANS, KINDS)
def test_adding_in_pieces_is_adding_at_once(
    at: datetime, a: timedelta, b: timedelta, kind: LimitKind
) -> None:
    pieces = forward(forward(at, a, kind, CALENDAR), b, kind, CALENDAR)
    assert pieces == forward(at, a + b, kind, CALENDAR)


@given(INSTANTS, INSTANTS, SPANS, KINDS)
def test_who_starts_later_is_not_due_earlier(
    one: datetime, other: datetime, by: timedelta, kind: LimitKind
) -> None:
    earlier, later = sorted((one, other))
    assert forward(earlier, by, kind, CALENDAR) <= forward(later, by, kind, CALENDAR)


@given(INSTANTS, SPANS, SPANS, KINDS)
def test_a_longer_limit_is_not_due_earlier(
    at: datetime, a: timedelta, b: timedelta, kind: LimitKind
) -> None:
    shorter, longer = sorted((a, b))
    assert at <= forward(at, shorter, kind, CALENDAR) <= forward(at, longer, kind, CALENDAR)


@given(INSTANTS, SPANS)
def test_what_is_due_in_working_time_is_due_while_somebody_works(
    at: datetime, by: timedelta
) -> None:
    due_at = CALENDAR.add(at, by).astimezone(CALENDAR.zone)
    assert CALENDAR.is_workday(due_at.date())
    assert any(opens <= due_at.time() <= closes for opens, closes in CALENDAR.hours)


@given(INSTANTS, SPANS)
def test_the_working_time_between_start_and_due_is_the_limit(at: datetime, by: timedelta) -> None:
    assert CALENDAR.between(at, CALENDAR.add(at, by)) == by


@given(INSTANTS, st.floats(0.25, 15), KINDS, SPANS, SPANS)
def test_a_paused_clock_resumes_with_exactly_what_it_had_left(
    at: datetime, value: float, kind: LimitKind, before: timedelta, pause: timedelta
) -> None:
    clock = start(Stage.HANDLE, at, Limit(value, kind), CALENDAR)
    paused_at = at + before
    resumed = resume(clock, paused_at, paused_at + pause, CALENDAR)
    left = remaining(clock, paused_at, CALENDAR)
    assert left is not None
    if left > timedelta():
        assert remaining(resumed, paused_at + pause, CALENDAR) == left
    else:
        assert resumed == clock


@given(INSTANTS, INSTANTS, KINDS)
def test_what_is_left_is_negative_only_after_the_deadline(
    due_at: datetime, at: datetime, kind: LimitKind
) -> None:
    clock = RunningClock(stage=Stage.HANDLE, started_at=at, due_at=due_at, kind=kind)
    left = remaining(clock, at, CALENDAR)
    assert left is not None
    assert left >= timedelta() if at <= due_at else left <= timedelta()


def test_no_limit_no_deadline() -> None:
    at = county("2026-11-23T10:00")
    clock = start(Stage.DISPATCH, at, None, CALENDAR)
    assert clock.due_at is None
    assert remaining(clock, at, CALENDAR) is None
    assert resume(clock, at, at, CALENDAR) == clock


def test_a_working_day_is_as_long_as_the_county_works() -> None:
    assert span(Limit(2, LimitKind.WORK_DAYS), CALENDAR) == timedelta(hours=14)
    assert LimitKind.WORK_DAYS in WORKING


def test_a_clock_warns_when_four_fifths_of_its_limit_have_passed_in_the_time_that_counts() -> None:
    calendar = shipped_tables().calendar
    monday = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 at the county
    clock = start(Stage.HANDLE, monday, Limit(5, LimitKind.WORK_HOURS), calendar)
    assert clock.warn_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # 16:30, past the noon rest
    assert clock.due_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    edges = (monday, clock.warn_at, clock.due_at)
    assert [colour(clock, at) for at in edges] == ["green", "amber", "red"]
    assert colour(clock, clock.warn_at - timedelta(microseconds=1)) == "green"


@settings(deadline=None)
@given(INSTANTS, st.integers(1, 200), KINDS, SPANS, SPANS)
def test_a_pause_moves_the_warning_as_it_moves_the_deadline(
    started_at: datetime, value: int, kind: LimitKind, until_pause: timedelta, pause: timedelta
) -> None:
    """However long the hold: as much counted time is left to both, so amber is 80 % of the limit and not of the calendar."""
    calendar = shipped_tables().calendar
    clock = start(Stage.HANDLE, started_at, Limit(value, kind), calendar)
    paused_at = started_at + until_pause
    resumed = resume(clock, paused_at, paused_at + pause, calendar)
    for before, after in ((clock.warn_at, resumed.warn_at), (clock.due_at, resumed.due_at)):
        left = remaining(replace(clock, due_at=before), paused_at, calendar)
        still = remaining(replace(clock, due_at=after), paused_at + pause, calendar)
        assert left is not None
        if left > timedelta():
            assert still == left
