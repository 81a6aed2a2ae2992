"""A history as it is drawn: whole, however long ago its single readings were forgotten."""

from pathlib import Path

from runtime.sensing_history import drawn
from sensors.batch import batch_of, to_us
from storage.reading_rows import HOUR_US
from tests.sensors.office import an_office


async def test_the_month_of_a_slow_device_is_drawn_whole_though_its_single_readings_are_forgotten(
    tmp_path: Path,
) -> None:
    async with an_office(tmp_path) as office:
        await office.bring(("slow", "road_water", "depth", 0.0), period_s=3600, stale_s=10_800)
        (one,) = office.sensing.registry.channels_of("slow")
        until_us = to_us(office.clock.now())
        at = [until_us - n * HOUR_US for n in range(1, 30 * 24)]
        peak = 25 * 24  # long before the single readings that are kept
        values = [99.0 if n == peak else 3.0 for n in range(1, 30 * 24)]
        office.readings.keep(batch_of([one.number] * len(at), at, at, values))
        office.readings.lay_out()
        office.readings.roll_up(until_us)
        office.readings.forget(until_us - 14 * 24 * HOUR_US + HOUR_US // 2, until_us, until_us)
        month = (until_us - 30 * 24 * HOUR_US, until_us)
        _, shown = drawn(office.readings, one, month, 720)
        assert (len(shown), shown.most.max(), shown.good.sum()) == (719, 99.0, 719)
        assert (shown.at_us[1:] > shown.at_us[:-1]).all()
