"""A sink in memory with a registry of a few devices: keeps by channel and instant, refuses what the real one would."""

from collections.abc import Sequence
from datetime import timedelta

from sensors.batch import Batch, batch_of_readings, to_us
from sensors.model import Channel, Device, Quality, Reading, RefusedReading, Taken
from sensors.registry import Address, Registry
from tests.clocks import ManualClock
from vocabulary.errors import Refused, Unavailable
from vocabulary.place import Place

FUTURE = timedelta(days=2)


def registry() -> Registry:
    """Return three devices: a river gauge, an air station known by its MN, a meter known by a register."""
    devices = [
        Device(id=id, name=id, kind=kind, place=Place(119.9, 30.6), department="water_affairs")
        for id, kind in (("river-1", "river_level"), ("air-1", "air"), ("meter-1", "water_flow"))
    ]
    names = [("river-1", "level"), ("air-1", "pm25"), ("air-1", "pm10"), ("meter-1", "flow")]
    channels = [
        Channel(
            number=number,
            device=device,
            name=name,
            unit="1",
            period=timedelta(minutes=5),
            stale_after=timedelta(minutes=15),
        )
        for number, (device, name) in enumerate(names)
    ]
    addresses = [
        Address("hj212", "010000A8900016F000169DC0", "a34004", 1),
        Address("hj212", "010000A8900016F000169DC0", "a34002", 2),
        Address("sl651", "0012345678", "39", 0),
    ]
    return Registry(devices, channels, addresses)


class MemorySink:
    """`sensors.port.ReadingSink`."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.kept: dict[tuple[int, int], tuple[float, Quality]] = {}
        self.away = False
        self.batches: list[int] = []

    async def take(self, readings: Sequence[Reading]) -> Taken:
        return await self.take_batch(batch_of_readings(readings))

    async def take_batch(self, batch: Batch) -> Taken:
        if self.away:
            raise Unavailable("wires.not_taken")
        self.batches.append(len(batch))
        last_us = to_us(self.clock.now() + FUTURE)
        refused, duplicate = [], 0
        for row in range(len(batch)):
            key = (int(batch.channel[row]), int(batch.observed_us[row]))
            if key[1] > last_us:
                told = {"channel": key[0], "value": key[1], "received": last_us}
                reason = Refused("sensors.from_the_future", **told)
                refused.append(RefusedReading(at=row, reason=reason))
            elif key in self.kept:
                duplicate += 1
            else:
                self.kept[key] = (float(batch.value[row]), Quality(int(batch.quality[row])))
        accepted = len(batch) - len(refused) - duplicate
        return Taken(accepted=accepted, duplicate=duplicate, refused=tuple(refused))
