"""The sample county's feed: it makes up what the sample's own devices say, and nothing for a device that an office added."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from exchange.wires.model import WireReading
from runtime.sample_feed import SampleFeeder
from tests.sensors.office import an_office


class Ear:
    """A door that keeps who was spoken for."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    async def take(self, _wire: str, _source: str, readings: Sequence[WireReading]) -> None:
        self.heard |= {one.station for one in readings}


async def test_a_device_that_an_office_added_speaks_for_itself_alone(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        ground, door = office.rooms.ground, Ear()
        table = ground.county.folder / "tables" / "devices.csv"
        with table.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            sample = next(row["device_id"] for row in rows if row["kind"] == "road_water")
        await office.bring(*((name, "road_water", "depth", 0.0) for name in (sample, "our-own")))
        stands_in: Any = door
        feeder = SampleFeeder(ground, office.sensing, stands_in, office.clock)
        for _ in range(4):
            office.clock.advance(timedelta(minutes=1))
            await feeder.turn()
        assert door.heard == {sample}
