"""A year of one sensor out of the console's own store of readings: how long a chart of it takes."""

from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np

from runtime.sensing_history import drawn
from sensors.batch import batch_of
from sensors.model import Channel
from storage.engine import open_store, store_url
from storage.reading_databases import open_readings
from storage.reading_rows import HOUR_US, MINUTE_US
from storage.readings import StoredReadings

YEAR_US: Final = 365 * 24 * HOUR_US
UNTIL_US: Final = 1_795_780_800_000_000  # 2026-11-27, on the hour
BAR_MS: Final = 300.0
POINTS: Final = 700  # what the drawer asks for
TRIES: Final = 25


def year_ms(home: Path, channels: int, every_min: int) -> tuple[float, float]:
    """Return the median and the worst time in ms to draw a year of one of so many channels."""
    home.mkdir()
    readings = open_readings(open_store(store_url("", home)), home)
    known = [_channel(number, every_min) for number in range(1, channels + 1)]
    for one in known:
        _fill(readings, one, every_min)
    readings.roll_up(UNTIL_US)
    took = []
    for turn in range(TRIES):
        began = perf_counter()
        drawn(readings, known[turn % channels], (UNTIL_US - YEAR_US, UNTIL_US), POINTS)
        took.append((perf_counter() - began) * 1000)
    readings.close()
    return median(took), max(took)


def _channel(number: int, every_min: int) -> Channel:
    period = timedelta(minutes=every_min)
    return Channel(
        number=number,
        device=f"sensor-{number}",
        name="level",
        unit="m",
        period=period,
        stale_after=3 * period,
    )


def _fill(readings: StoredReadings, one: Channel, every_min: int) -> None:
    at = np.arange(UNTIL_US - YEAR_US, UNTIL_US, every_min * MINUTE_US)
    value = np.sin(np.arange(len(at)) / 50.0)
    for part in np.array_split(np.arange(len(at)), 20):
        number = np.full(len(part), one.number)
        readings.keep(batch_of(number, at[part], at[part], value[part]))  # type: ignore[arg-type]
    readings.lay_out()
