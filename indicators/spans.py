"""Which span of time is asked for, in the county's own days, what it is compared with, and the spans of its trend."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from indicators.model import Window
from vocabulary.clock import to_utc
from vocabulary.errors import Refused

DAY: Final = timedelta(days=1)
TREND_SPANS: Final = 12
MOST_DAYS: Final = 1_100


class Range(StrEnum):
    """The spans that are asked for by name."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    LAST_WEEK = "last_week"
    MONTH = "month"
    LAST_MONTH = "last_month"
    DAYS_30 = "days_30"
    YEAR = "year"
    DAYS = "days"


class Compare(StrEnum):
    """What a span is compared with: the one before it, the same a year before, or nothing."""

    PREVIOUS = "previous"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What figures are asked for; `first` and `last` are days of the county, the last one included."""

    range: Range = Range.TODAY
    first: date | None = None
    last: date | None = None
    compare: Compare = Compare.PREVIOUS
    town: str = ""
    department: str = ""

    @property
    def only(self) -> dict[str, str]:
        """Return to what it is narrowed, by column."""
        wanted = {"town": self.town, "department": self.department}
        return {column: value for column, value in wanted.items() if value}


def days_of(asked: Asked, now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Return the first and the last day of a span; refused where they do not make one."""
    today = now.astimezone(zone).date()
    if asked.range is not Range.DAYS:
        return _named(asked.range, today)
    if asked.first is None or asked.last is None:
        raise Refused("figures.days_missing", field="first" if asked.first is None else "last")
    if asked.last < asked.first:
        raise Refused("figures.days_backwards", first=asked.first, last=asked.last)
    if (asked.last - asked.first).days >= MOST_DAYS:
        raise Refused("figures.too_many_days", first=asked.first, last=asked.last, most=MOST_DAYS)
    return asked.first, asked.last


def _named(name: Range, today: date) -> tuple[date, date]:
    monday, first = today - today.weekday() * DAY, today.replace(day=1)
    before = first - DAY
    return {
        Range.TODAY: (today, today),
        Range.YESTERDAY: (today - DAY, today - DAY),
        Range.WEEK: (monday, today),
        Range.LAST_WEEK: (monday - 7 * DAY, monday - DAY),
        Range.MONTH: (first, today),
        Range.LAST_MONTH: (before.replace(day=1), before),
        Range.DAYS_30: (today - 29 * DAY, today),
        Range.YEAR: (today.replace(month=1, day=1), today),
    }[name]


def window_of(first: date, last: date, zone: ZoneInfo) -> Window:
    """Return the window of whole days of the county, `last` included."""
    return Window(since=_midnight(first, zone), until=_midnight(last + DAY, zone))


def compared(asked: Asked, first: date, last: date, zone: ZoneInfo, now: datetime) -> Window | None:
    """Return the window that a span is compared with; one that still runs, with as much of the other as has run of it."""
    if asked.compare is Compare.NONE:
        return None
    length = last - first + DAY
    back = length if asked.compare is Compare.PREVIOUS else 364 * DAY  # the same days of the week
    whole, run = window_of(first - back, last - back, zone), now - _midnight(first, zone)
    return Window(since=whole.since, until=min(whole.until, whole.since + max(run, timedelta(0))))


def trend_edges(first: date, last: date, zone: ZoneInfo) -> list[datetime]:
    """Return the instants between the spans of a trend: twelve as long as the one asked for, which is the last of them."""
    length = last - first + DAY
    days = [first - (TREND_SPANS - 1 - i) * length for i in range(TREND_SPANS)]
    return [_midnight(day, zone) for day in [*days, last + DAY]]


def trend_windows(edges: list[datetime]) -> list[Window]:
    """Return the spans of a trend."""
    return [Window(since=since, until=until) for since, until in pairwise(edges)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return to_utc(datetime.combine(day, time(), zone))
