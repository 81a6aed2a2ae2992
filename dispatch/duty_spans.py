"""When a roster has a unit on duty, as spans of time rather than one instant at a time (`dispatch.duty.on_duty`). Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from dispatch.model import Shift

Numbers = npt.NDArray[np.float64]
DAY = timedelta(days=1)


class RosterDays:
    """The county's days from one to another, with the instants of the times of day that shifts begin and end at."""

    def __init__(self, first: date, last: date, zone: ZoneInfo) -> None:
        # A shift of the day before may reach in, and one of the last day may end on the day after.
        begin, self._zone = first - DAY, zone
        self._days = [begin + n * DAY for n in range((last - begin).days + 2)]
        self._weekday = np.array([day.isoweekday() for day in self._days])
        self._known: dict[int, Numbers] = {}

    def spans(
        self, roster: Sequence[Shift], since_s: float, until_s: float
    ) -> tuple[Numbers, Numbers]:
        """Return begins and ends (seconds since 1970) of duty within a span; without a roster a unit always is on duty."""
        if not roster:
            return np.array([since_s]), np.array([until_s])
        begins, ends = zip(*(self._shift(shift) for shift in roster), strict=True)
        begin, end = np.concatenate(begins), np.concatenate(ends)
        begin, end = np.maximum(begin, since_s), np.minimum(end, until_s)
        lasts = end > begin
        return begin[lasts], end[lasts]

    def _shift(self, shift: Shift) -> tuple[Numbers, Numbers]:
        overnight = shift.ends_min <= shift.begins_min
        days = np.flatnonzero(self._weekday[:-1] == shift.weekday)
        begins, ends = self._instants(shift.begins_min), self._instants(shift.ends_min)
        return begins[days], ends[days + 1 if overnight else days]

    def _instants(self, minute: int) -> Numbers:
        if minute not in self._known:
            at = time(minute // 60 % 24, minute % 60)
            days = self._days if minute < 24 * 60 else [day + DAY for day in self._days]
            local = (datetime.combine(day, at, self._zone) for day in days)
            self._known[minute] = np.array([one.astimezone(UTC).timestamp() for one in local])
        return self._known[minute]
