"""What measures, and which channel a wire means."""

from datetime import timedelta

import pytest

from county.sample.tables.devices import KINDS as SAMPLE_KINDS
from incidents.rulebook import shipped_tables
from sensors.batch import batch_of_readings, from_us, joined
from sensors.kinds import kinds
from sensors.model import HJ212_FLAGS, MEASURED, Quality
from sensors.registry import Address, Registry
from tests.sensors.builders import START, START_US, a_channel, a_device, a_registry, readings


def test_every_kind_of_the_sample_county_is_in_the_table_with_its_unit() -> None:
    for row in SAMPLE_KINDS:
        measured = kinds()[row.kind].channel(row.channel)
        assert measured is not None
        assert measured.unit == row.unit
        assert (measured.least or 0) <= (row.high or 0) <= (measured.most or 0)


def test_every_kind_names_a_category_of_alarms() -> None:
    known = {category.code for category in shipped_tables().categories.current()}
    assert {kind.category for kind in kinds().values()} <= known


def test_a_device_and_a_channel_are_one_on_every_wire_until_an_address_says_otherwise() -> None:
    registry = Registry(
        [a_device(), a_device("air-0001", "air")],
        [a_channel(), a_channel(2, "air-0001", "pm25")],
        [Address("hj212", "010000A8900016F000169DC0", "a34004", 2)],
    )
    assert registry.find("mqtt", "road-water-0001", "depth") == 1
    assert registry.find("hj212", "010000A8900016F000169DC0", "a34004") == 2
    assert registry.find("sl651", "010000A8900016F000169DC0", "a34004") is None
    found = registry.station("hj212", "010000A8900016F000169DC0")
    assert found is not None
    assert found.id == "air-0001"
    assert registry.find("mqtt", "road-water-0001", "rain") is None


def test_what_was_not_measured_raises_no_alarm() -> None:
    assert {flag for flag, quality in HJ212_FLAGS.items() if quality in MEASURED} == {"N", "T"}
    assert not Quality.MISSING.measured


def test_readings_are_the_same_as_objects_and_as_columns() -> None:
    batch = readings((0, 1.0), (60, 2.5))
    again = batch_of_readings(batch.readings())
    assert again.readings() == batch.readings()
    assert from_us(START_US) == START
    assert len(joined([batch, again])) == 4
    assert len(joined([])) == 0


@pytest.mark.parametrize(("period_s", "stale_s"), [(60, 180), (3600, 10_800)])
def test_three_periods_without_a_word_are_stale(period_s: int, stale_s: int) -> None:
    registry = a_registry(period_s=period_s)
    assert registry.channels[1].stale_after == timedelta(seconds=stale_s)
    assert registry.stale_us[1] == stale_s * 1_000_000
