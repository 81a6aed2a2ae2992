"""Readings kept: once each, found at once, rolled up, and still there after a kill."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pytest

from sensors.batch import Batch, batch_of, joined
from sensors.history import rolled, thinned
from sensors.model import Quality
from storage.archive import Archive
from storage.engine import Store
from storage.reading_databases import open_readings
from storage.reading_rows import HOUR_US, MINUTE_US, QUARTER_US
from storage.readings import StoredReadings
from tests.sensors.builders import SECOND, START, START_US, readings

LATER_US = START_US + 40 * 24 * HOUR_US


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Iterator[StoredReadings]:
    opened = open_readings(store, tmp_path)
    yield opened
    opened.close()


def values(batch: Batch) -> list[tuple[float, float]]:
    return list(
        zip(((batch.observed_us - START_US) / SECOND).tolist(), batch.value.tolist(), strict=True)
    )


def test_a_reading_is_found_before_and_after_it_is_laid_out(kept: StoredReadings) -> None:
    kept.keep(readings((60, 2), (0, 1)))
    assert values(kept.raw(1, START_US, LATER_US)) == [(0, 1), (60, 2)]
    assert kept.waiting == 2
    assert kept.lay_out() == 2
    assert kept.waiting == 0
    assert values(kept.raw(1, START_US, LATER_US)) == [(0, 1), (60, 2)]
    assert len(kept.raw(1, START_US, START_US + SECOND)) == 1


def test_the_same_again_is_one_reading_and_a_correction_stands(kept: StoredReadings) -> None:
    kept.keep(readings((0, 1)))
    kept.lay_out()
    kept.keep(readings((0, 1)))
    assert kept.known(readings((0, 1), (0, 2), (9, 1))).tolist() == [True, False, False]
    kept.keep(readings((0, 7)))
    kept.lay_out()
    assert values(kept.raw(1, START_US, LATER_US)) == [(0, 7)]


def test_what_waits_survives_a_restart(store: Store, tmp_path: Path) -> None:
    first = open_readings(store, tmp_path)
    first.keep(readings((0, 1), (60, float("nan")), quality=Quality.MISSING))
    again = open_readings(store, tmp_path)  # the first was killed: it is never closed
    found = again.raw(1, START_US, LATER_US)
    assert len(found) == 2
    again.lay_out()
    again.keep(readings((120, 3)))
    newest = again.newest()
    assert (newest.channel.tolist(), newest.value.tolist()) == ([1], [3.0])
    assert np.isnan(again.raw(1, START_US, LATER_US).value[1])
    again.close()
    first.close()


@pytest.mark.parametrize("level", [1, 15, 60])
def test_roll_ups_are_what_the_readings_say_late_ones_too(kept: StoredReadings, level: int) -> None:
    drawn = np.random.default_rng(level)
    seconds = np.arange(0, 3 * 3600, 20)
    rows = readings(*zip(seconds.tolist(), drawn.normal(5, 2, len(seconds)), strict=True))
    late = readings((605, 99.0), (615, 50.0))
    kept.keep(rows)
    kept.lay_out()
    kept.roll_up(START_US + 4 * HOUR_US)
    kept.keep(late)  # an hour that was rolled up already
    every = joined([rows, late])
    wanted = rolled(every.at(np.argsort(every.observed_us)), level * MINUTE_US)
    for _ in range(2):
        found = kept.buckets(level, 1, START_US, LATER_US)
        assert found.at_us.tolist() == wanted.at_us.tolist()
        assert found.most.tolist() == wanted.most.tolist()
        assert np.allclose(found.mean, wanted.mean)
        assert found.good.tolist() == wanted.good.tolist()
        kept.lay_out()
        kept.roll_up(LATER_US)


def test_what_was_filled_back_is_drawn_in_one_read_before_it_is_rolled_up(
    kept: StoredReadings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = range(0, 48 * 3600, 900)
    rows = readings(*((second, float(second % 7)) for second in seconds))
    kept.keep(rows)
    kept.lay_out()
    reads = []

    def counted(channel: int, from_us: int, to_us: int) -> Batch:
        reads.append((from_us, to_us))
        return StoredReadings.raw(kept, channel, from_us, to_us)

    monkeypatch.setattr(kept, "raw", counted)
    found = kept.buckets(60, 1, START_US, LATER_US)
    wanted = rolled(rows, HOUR_US)
    assert found.at_us.tolist() == wanted.at_us.tolist()
    assert found.most.tolist() == wanted.most.tolist()
    assert reads == [(START_US, START_US + 48 * HOUR_US)]


def test_age_takes_the_readings_and_leaves_their_hours(kept: StoredReadings) -> None:
    kept.keep(readings((0, 1), (3600, 2)))
    kept.lay_out()
    kept.roll_up(LATER_US)
    assert kept.forget(START_US + 60 * SECOND, LATER_US, LATER_US) == 1
    assert values(kept.raw(1, START_US, LATER_US)) == [(3600, 2)]
    assert len(kept.buckets(1, 1, START_US, LATER_US)) == 0
    assert kept.buckets(60, 1, START_US, LATER_US).most.tolist() == [1, 2]


def test_a_day_goes_to_the_archive_whole_and_is_read_there(
    kept: StoredReadings, tmp_path: Path
) -> None:
    rows = [readings((60 * n, n % 50), channel=c) for c in (1, 2) for n in range(0, 1000, 5)]
    kept.keep(joined(rows))
    kept.keep(readings((7, float("nan")), quality=Quality.MISSING))
    kept.lay_out()
    kept.roll_up(LATER_US)
    archive = Archive(tmp_path / "archive")
    day = START.date()
    assert archive.write(day, kept) == archive.write(day, kept) == 401
    assert archive.days() == [day]
    kept.forget(LATER_US, LATER_US, LATER_US)
    found = archive.read(1, START_US, START_US + 600 * SECOND)
    assert values(found)[0] == (0, 0)
    assert np.isnan(found.value[1])
    assert len(found) == 3
    assert len(archive.read(3, START_US, LATER_US)) == 0


def test_a_year_of_one_sensor_is_read_within_300_ms(kept: StoredReadings) -> None:
    quarters = 365 * 96
    observed = START_US + np.arange(quarters) * QUARTER_US
    value = np.sin(np.arange(quarters) / 50.0)
    value[12_345] = 77.0
    for channel in (1, 2, 3):
        kept.keep(batch_of([channel] * quarters, observed, observed, value))  # type: ignore[arg-type]
    kept.lay_out()
    kept.roll_up(START_US + 366 * 24 * HOUR_US)
    wall, cpu = perf_counter(), process_time()
    drawn = thinned(kept.buckets(60, 2, START_US, START_US + quarters * QUARTER_US), 1500)
    took, used = perf_counter() - wall, process_time() - cpu
    assert drawn.most.max() == 77.0
    assert 700 < len(drawn) <= 1500
    assert used < 0.3, f"{took * 1000:.0f} ms wall, {used * 1000:.0f} ms CPU"
