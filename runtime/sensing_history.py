"""A channel's history as it is drawn: single readings, roll-ups where there are many, hours where the finer are forgotten."""

from sensors.history import Buckets, concatenated, rolled, thinned
from sensors.model import Channel
from storage.reading_rows import HOUR_US, LEVELS
from storage.readings import StoredReadings


def drawn(
    readings: StoredReadings, one: Channel, span_us: tuple[int, int], points: int
) -> tuple[int, Buckets]:
    """Return the width of a bucket in µs and at most so many of them, by the finest level that need not be thinned much."""
    from_us, until_us = span_us
    period_us = int(one.period.total_seconds() * 1e6)
    if (until_us - from_us) / period_us <= 4 * points:
        width_us, found = period_us, rolled(readings.raw(one.number, from_us, until_us), 1)
    else:
        level = next((n for n in LEVELS if (until_us - from_us) / LEVELS[n] <= 4 * points), 60)
        width_us = LEVELS[level]
        found = readings.buckets(level, one.number, from_us, until_us)
    return width_us, thinned(_with_hours(readings, one, found, span_us), points)


def _with_hours(
    readings: StoredReadings, one: Channel, found: Buckets, span_us: tuple[int, int]
) -> Buckets:
    """Put the hours, which stay for ever, before what is kept more finely; the one in which that begins is one of them."""
    first = int(found.at_us[0]) if len(found) else span_us[1]
    begins, whole = (-(-at // HOUR_US) * HOUR_US for at in (span_us[0], first))
    hours = readings.buckets(60, one.number, begins, whole)
    if not (hours.at_us < first - first % HOUR_US).any():
        return found  # it was never older
    return concatenated([hours, found.where(found.at_us >= whole)])
