"""Which hours count as working time, in the county's own zone; holidays and make-up working days are data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from vocabulary.clock import to_utc

DAY = timedelta(days=1)
MONDAY_TO_FRIDAY = frozenset(range(5))
OFFICE_HOURS = ((time(8, 30), time(12)), (time(14, 30), time(18)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Working hours of every working day (ordered, not overlapping), weekdays (Monday 0), holidays, make-up days (调休)."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Hold that time goes forward in it, or an addition would never end."""
        edges = [edge for opening in self.hours for edge in opening]
        if not edges or not self.weekdays or any(a >= b for a, b in pairwise(edges)):
            raise ValueError(f"no working time in {self.hours} on {sorted(self.weekdays)}")

    @property
    def day_length(self) -> timedelta:
        """Return how much working time one working day has."""
        return sum((_clock_span(a, b) for a, b in self.hours), timedelta())

    def is_workday(self, day: date) -> bool:
        """Say whether the county works on `day`."""
        if day in self.extra_workdays:
            return True
        return day.weekday() in self.weekdays and day not in self.holidays

    def add(self, start: datetime, span: timedelta) -> datetime:
        """Return the instant when `span` of working time has passed since `start`; it lies in working time."""
        left = span
        for opens, closes in self._openings(to_utc(start)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("unreachable: openings never end")  # pragma: no cover

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from `start` to `end` (zero where it ends before it starts)."""
        total = timedelta()
        for opens, closes in self._openings(to_utc(start)):
            if opens >= end:
                return total
            total += min(closes, end) - opens
        raise AssertionError("unreachable: openings never end")  # pragma: no cover

    def _openings(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = start.astimezone(self.zone).date()
        while True:
            for opens, closes in self.hours if self.is_workday(day) else ():
                opens_at, closes_at = (self._instant(day, edge) for edge in (opens, closes))
                if closes_at >= start:
                    yield max(opens_at, start), closes_at
            day += DAY

    def _instant(self, day: date, edge: time) -> datetime:
        return datetime.combine(day, edge, self.zone).astimezone(UTC)


def _clock_span(opens: time, closes: time) -> timedelta:
    return datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
