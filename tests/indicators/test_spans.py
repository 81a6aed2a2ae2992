"""A span is whole days of the county, and what it is compared with has run as long."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from indicators.spans import Asked, Compare, Range, compared, days_of, trend_edges, window_of
from vocabulary.errors import Refused

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)  # 04:00 on Friday the 27th in the county


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (Range.TODAY, "2026-11-27", "2026-11-27"),
        (Range.YESTERDAY, "2026-11-26", "2026-11-26"),
        (Range.WEEK, "2026-11-23", "2026-11-27"),
        (Range.LAST_WEEK, "2026-11-16", "2026-11-22"),
        (Range.MONTH, "2026-11-01", "2026-11-27"),
        (Range.LAST_MONTH, "2026-10-01", "2026-10-31"),
        (Range.DAYS_30, "2026-10-29", "2026-11-27"),
        (Range.YEAR, "2026-01-01", "2026-11-27"),
    ],
)
def test_named_spans_are_days_of_the_county(name: Range, first: str, last: str) -> None:
    assert [day.isoformat() for day in days_of(Asked(range=name), NOW, ZONE)] == [first, last]


def test_a_day_begins_at_midnight_in_the_county() -> None:
    day = window_of(date(2026, 11, 27), date(2026, 11, 27), ZONE)
    assert day.since == datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    assert day.until - day.since == timedelta(days=1)


def test_four_hours_of_today_are_compared_with_four_hours_of_yesterday() -> None:
    today = date(2026, 11, 27)
    before = compared(Asked(), today, today, ZONE, NOW)
    assert before is not None
    assert before.until - before.since == timedelta(hours=4)
    assert compared(Asked(compare=Compare.NONE), today, today, ZONE, NOW) is None
    year = compared(Asked(compare=Compare.YEAR), today, today, ZONE, NOW)
    assert year is not None
    assert year.since.astimezone(ZONE).weekday() == today.weekday()


def test_a_trend_ends_with_the_span_itself() -> None:
    edges = trend_edges(date(2026, 11, 16), date(2026, 11, 22), ZONE)
    assert len(edges) == 13
    assert edges[-1] == window_of(date(2026, 11, 16), date(2026, 11, 22), ZONE).until
    assert {b - a for a, b in pairwise(edges)} == {timedelta(days=7)}


def test_days_that_make_no_span_are_refused() -> None:
    with pytest.raises(Refused):
        days_of(Asked(range=Range.DAYS, first=date(2026, 11, 2), last=date(2026, 11, 1)), NOW, ZONE)
