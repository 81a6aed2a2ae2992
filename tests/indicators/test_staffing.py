"""Duty and work of units are merged and cut as a minute-by-minute reckoning would do it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.duty import on_duty
from dispatch.duty_spans import RosterDays
from dispatch.model import Shift, Unit, UnitKind
from indicators.staffing import Spans, pieces
from vocabulary.ids import UnitId

A_SPAN = st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 30))
SHIFTS = st.builds(
    Shift,
    weekday=st.integers(1, 7),
    begins_min=st.integers(0, 1439),
    ends_min=st.integers(0, 1440),
)


def spans(told: list[tuple[int, int, int]]) -> Spans:
    unit, begin, length = (np.array([one[i] for one in told], dtype=float) for i in range(3))
    return Spans(unit.astype(np.intp), begin, begin + length)


@settings(deadline=None)
@given(st.lists(A_SPAN, max_size=10), st.lists(A_SPAN, max_size=10))
def test_a_minute_is_staffed_once_and_busy_once(
    duty: list[tuple[int, int, int]], work: list[tuple[int, int, int]]
) -> None:
    def minutes(told: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
        return {(unit, at + n) for unit, at, length in told for n in range(length)}

    cut = pieces(spans(duty), spans(work))
    told = list(zip(cut.spans.unit, cut.spans.begin, cut.spans.end, cut.busy, strict=True))
    found = [
        (int(unit), minute, bool(busy))
        for unit, begin, end, busy in told
        for minute in range(int(begin), int(end))
    ]
    assert len(found) == len({(unit, minute) for unit, minute, _ in found})
    assert {(u, m) for u, m, _ in found} == minutes(duty) | minutes(work)
    assert {(u, m) for u, m, busy in found if busy} == minutes(work)


def test_work_that_goes_on_has_no_end() -> None:
    zero, endless = np.array([0], dtype=np.intp), np.array([np.inf])
    cut = pieces(Spans(zero, np.array([0.0]), endless), Spans(zero, np.array([5.0]), endless))
    assert cut.spans.begin.tolist() == [0.0, 5.0]
    assert cut.spans.end.tolist() == [5.0, np.inf]
    assert cut.busy.tolist() == [False, True]


@settings(deadline=None)
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
@given(
    roster=st.lists(SHIFTS, min_size=1, max_size=4),
    minute=st.integers(0, 8 * 24 * 60 - 1),
)
def test_spans_of_duty_say_what_the_roster_says_at_any_minute(
    zone: str, roster: list[Shift], minute: int
) -> None:
    # The week in which Berlin puts its clocks back.
    first = datetime(2026, 10, 20, tzinfo=UTC)
    at = first + timedelta(minutes=minute)
    days = RosterDays(date(2026, 10, 19), date(2026, 10, 29), ZoneInfo(zone))
    begin, end = days.spans(roster, first.timestamp(), np.inf)
    unit = Unit(
        id=UnitId("u"), version=1, name="u", kind=UnitKind.ENGINE, department="", roster=tuple(roster)
    )  # fmt: skip
    local = at.astimezone(ZoneInfo(zone))
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        inside = bool(((begin <= at.timestamp()) & (at.timestamp() < end)).any())
        assert inside == on_duty(unit, at, ZoneInfo(zone))
