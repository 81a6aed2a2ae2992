"""The sample county's devices speak: a made-up reading for each that is due, with a few faults a day, through the wires' door."""

import csv
from datetime import timedelta
from typing import Final

from county.sample.names import CODE
from exchange.sample_feed.faults import plan
from exchange.sample_feed.feed import SampleFeed, channels_with_signal
from exchange.wires.door import Door
from exchange.wires.model import WireReading
from runtime.living_county import LivingCounty
from runtime.sensing import Sensing
from sensors.registry import Registry
from vocabulary.clock import Clock
from vocabulary.errors import Unavailable

WIRE: Final = "feed"
SEED: Final = 20261127
DAY_S: Final = 86_400
FAULTS_A_DAY: Final = 4  # of each kind
# After a pause the feed goes on; it does not make up what it would have said meanwhile.
CATCH_UP_S: Final = 120
FIRST_S: Final = 5


class SampleFeeder:
    """Sends what is due since the last turn; quiet in every county but the sample's."""

    def __init__(self, ground: LivingCounty, sensing: Sensing, door: Door, clock: Clock) -> None:
        self._ground, self._sensing, self._door, self._clock = ground, sensing, door, clock
        self._registry: Registry | None = None
        self._day = -1
        self._feed: SampleFeed | None = None
        self._until_s: int | None = None

    async def turn(self) -> None:
        """Send what became due; what the door cannot take now is sent with the next turn."""
        if self._ground.county.code != CODE:
            return
        now_s = int(self._clock.now().timestamp())
        last_s = now_s - FIRST_S if self._until_s is None else self._until_s
        said = self._feed_of(now_s).between(max(last_s, now_s - CATCH_UP_S), now_s)
        readings = [
            WireReading(one.channel.device, one.channel.name, one.at_s * 1000, round(one.value, 3))
            for one in said
        ]
        try:
            if readings:
                await self._door.take(WIRE, "sample", readings)
        except Unavailable:
            return
        self._until_s = now_s

    def _spoken_for(self, registry: Registry) -> Registry:
        """Return the devices that the sample county brought: one that an office added speaks for itself alone."""
        table = self._ground.county.folder / "tables" / "devices.csv"
        with table.open(encoding="utf-8", newline="") as stream:
            ours = {row["device_id"] for row in csv.DictReader(stream)}
        return Registry(
            [one for one in registry.devices.values() if one.id in ours],
            [one for one in registry.channels.values() if one.device in ours],
        )

    def _feed_of(self, now_s: int) -> SampleFeed:
        """Return the feed over the devices as they stand, with this day's faults."""
        day, registry = now_s // DAY_S, self._sensing.registry
        if self._feed is None or day != self._day or registry is not self._registry:
            self._day, self._registry = day, registry
            from_s = day * DAY_S
            until_s = from_s + int(timedelta(days=1).total_seconds())
            spoken_for = self._spoken_for(registry)
            channels = channels_with_signal(spoken_for)
            faults = plan(SEED + day, channels, from_s, until_s, FAULTS_A_DAY)
            self._feed = SampleFeed(SEED, spoken_for, faults)
        return self._feed
