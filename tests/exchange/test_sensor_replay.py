"""Real measurements read as they are: counts that a second reading confirms, their defects, and playing in their rhythm."""

import csv
from collections import Counter
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path

import pytest

from exchange.replay.sensors import beijing_air, metr_la, usgs
from exchange.replay.sensors.catalogue import READERS, devices_table
from exchange.replay.sensors.model import DataSet, Sample
from exchange.replay.sensors.player import play
from exchange.wires.digits import instant_ms
from exchange.wires.unreadable import Unreadable


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return instant_ms(datetime(year, month, day, hour, minute, tzinfo=UTC))


class Heard:
    """A broker that answers at once."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self.unanswered = 0

    def publish(self, topic: str, payload: bytes) -> None:
        self.messages.append((topic, payload))


async def test_playing_keeps_order_and_rhythm() -> None:
    samples = [Sample(1000 * n, "a", {"level": float(n)}) for n in range(120)]
    heard = Heard()
    played = await play(
        DataSet("water", [], iter(samples)), heard, county="330521", speed=600, shift_ms=5
    )
    assert (played.messages, played.readings) == (120, 120)
    assert heard.messages[1] == (
        "ov1/330521/water/replay/a/obs",
        b'{"ts":1005,"v":{"level":1.0}}',
    )


def test_what_is_no_waterml_and_no_rdb_is_refused() -> None:
    for text in ("", "[]", '{"value":{}}'):
        with pytest.raises(Unreadable):
            usgs.read_waterml(text)
    with pytest.raises(Unreadable):
        usgs.read_rdb("a\tb\n5s\t5s\nonly one\n")


@pytest.mark.realdata
def test_beijing_gives_every_hour_with_its_gaps_in_place(real_data: Path) -> None:
    folder = real_data / "sensors" / "beijing_air"
    data = beijing_air.read(folder)
    assert len(data.stations) == 12
    assert all(115 < one.lon_deg < 118 and 39 < one.lat_deg < 41 for one in data.stations)
    days = 45
    samples = list(islice(data.samples, 12 * days * 24))
    assert {one.device for one in samples[-12:]} == {one.device for one in data.stations}
    assert samples[-1].at_ms - samples[0].at_ms == (days * 24 - 1) * 3_600_000
    assert samples[0].at_ms == at(2015, 12, 31, 16)  # midnight in Beijing
    assert all(a.at_ms <= b.at_ms for a, b in pairwise(samples))
    with (folder / "Gucheng.csv").open() as stream:
        rows = list(islice(csv.DictReader(stream), days * 24))
    missing = sum(row["PM2.5"] == "NA" for row in rows)
    mine = [one for one in samples if one.device == "beijing-air-gucheng"]
    assert sum(one.values["pm25"] is None for one in mine) == missing > 0
    assert not data.refused


@pytest.mark.realdata
def test_metr_la_counts_its_own_clock_and_turns_miles_into_kilometres(real_data: Path) -> None:
    folder = real_data / "sensors" / "metr_la"
    data = metr_la.read(folder)
    assert len({one.device for one in data.stations}) == 207
    first = list(islice(data.samples, 208))
    assert first[0].at_ms == at(2012, 3, 1, 8)
    assert first[207].at_ms - first[0].at_ms == 300_000
    with (folder / "los_speed.csv").open() as stream:
        head, row = next(stream), next(stream)
    assert first[0].device == f"metr-la-{head.split(',')[0]}"
    assert first[0].values["speed"] == pytest.approx(float(row.split(",")[0]) * 1.609344, abs=0.05)
    assert Counter(len(one.values) for one in first) == {1: 208}


@pytest.mark.realdata
def test_gauges_give_metres(real_data: Path) -> None:
    data = usgs.read(real_data / "sensors" / "usgs")
    samples = list(data.samples)
    assert [one.device for one in data.stations] == ["usgs-01491000", "usgs-01645000"]
    assert data.stations[0].name == "CHOPTANK RIVER NEAR GREENSBORO, MD"
    assert samples[0] == Sample(at(2019, 2, 14, 5), "usgs-01491000", {"level": 1.9751})
    peaks = usgs.read_peaks((real_data / "sensors/usgs/waterservices_peaks.txt").read_text())
    assert Sample(at(2001, 6, 8, 10, 30), "usgs-01594440", {"level": 3.6728}) in peaks
    assert len(usgs.read_rdb((real_data / "sensors/usgs/waterservices_site.txt").read_text())) > 0


@pytest.mark.realdata
@pytest.mark.parametrize("name", READERS)
def test_every_data_set_makes_a_table_of_devices(real_data: Path, name: str) -> None:
    folder = real_data / "sensors" / name.replace("-", "_")
    data = READERS[name](folder)
    assert len(devices_table(data.stations).splitlines()) == len(data.stations) + 1
