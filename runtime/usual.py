"""What is usual of a channel at an hour of the week: learnt from four weeks of its hours, again and again."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from sensors.batch import to_us
from sensors.hours import hour_of_week
from storage.readings import StoredReadings
from vocabulary.clock import Clock

WEEKS: Final = 4
SEEN_NEEDED: Final = 3  # so many of the same hours, or nothing is usual yet


class Usual:
    """Means and spreads by channel and hour of the week, `sensors.conditions.Usual`."""

    def __init__(self, readings: StoredReadings, clock: Clock, zone: ZoneInfo) -> None:
        self._readings, self._clock, self._zone = readings, clock, zone
        self._known: dict[int, dict[int, tuple[float, float]]] = {}

    def __call__(self, channel: int, at_us: int) -> tuple[float, float] | None:
        """Return mean and spread at the hour of an instant, None where nothing is usual yet."""
        hours = self._known.get(channel)
        return hours.get(hour_of_week(at_us, self._zone)) if hours else None

    def before(self, channels: Iterable[int], until: datetime) -> "Usual":
        """Return one of its own that knows what was usual before an instant: what a rule is tried on must not be its measure."""
        apart = Usual(self._readings, self._clock, self._zone)
        apart._known = {channel: self.of(channel, until) for channel in channels}
        return apart

    async def learn(self, channels: Iterable[int]) -> None:
        """Learn of channels anew."""
        for channel in channels:
            self._known[channel] = await asyncio.to_thread(self.of, channel)

    def of(self, channel: int, until: datetime | None = None) -> dict[int, tuple[float, float]]:
        """Return what is usual of a channel by hour of the week."""
        last = until or self._clock.now()
        first_us, last_us = to_us(last - timedelta(weeks=WEEKS)), to_us(last)
        found = self._readings.buckets(60, channel, first_us, last_us)
        by_hour: dict[int, list[float]] = {}
        for at_us, mean in zip(found.at_us.tolist(), found.mean.tolist(), strict=True):
            if np.isfinite(mean):
                by_hour.setdefault(hour_of_week(at_us, self._zone), []).append(mean)
        return {
            hour: (float(np.mean(means)), float(np.std(means)))
            for hour, means in by_hour.items()
            if len(means) >= SEEN_NEEDED
        }
