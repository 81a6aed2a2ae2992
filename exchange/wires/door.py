"""The one door behind every wire: addresses looked up, readings gathered into batches, answered when they are kept; bounded."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog

from exchange.wires.model import WireReading
from exchange.wires.refused import WireBook
from exchange.wires.unreadable import Unreadable
from sensors.batch import Batch, batch_of, to_us
from sensors.model import Quality, RefusedReading, Taken
from sensors.port import Addresses, ReadingSink
from vocabulary.clock import Clock
from vocabulary.errors import Refused, Unavailable

log = structlog.get_logger()

MOST_WAITING: Final = 200_000
# While one batch is being kept the next gathers; one that is larger than this is taken in parts.
MOST_IN_A_BATCH: Final = 20_000
# Where many send at once the next batch gathers so long more: four tenths less processor, and one sender alone never waits.
GATHER_S: Final = 0.02
MS_US: Final = 1000
_UNKNOWN_REMEMBERED: Final = 5000


@dataclass(slots=True)
class _Gathering:
    """Readings of many senders that will be kept together."""

    done: "asyncio.Future[Taken]"
    channel: list[int] = field(default_factory=list)
    observed_us: list[int] = field(default_factory=list)
    received_us: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    senders: list[tuple[int, str, str]] = field(default_factory=list)  # first row, wire, source

    def batch(self) -> Batch:
        return batch_of(self.channel, self.observed_us, self.received_us, self.value, self.quality)


class Door:
    """What a wire calls with what it read. A wire acknowledges its sender only after `take` has returned."""

    def __init__(
        self, addresses: Callable[[], Addresses], sink: ReadingSink, clock: Clock, book: WireBook
    ) -> None:
        self._addresses, self._sink, self._clock, self.book = addresses, sink, clock, book
        self._gathered: deque[_Gathering] = deque()
        self._wake = asyncio.Event()
        self._unknown: set[tuple[str, str, str]] = set()
        self.waiting = 0
        self.batches = 0

    async def take(self, wire: str, source: str, readings: Sequence[WireReading]) -> None:
        """Return once the readings are kept, or refused and counted.

        Raises Unavailable when too many wait already, or the store does not take them: then nothing may be acknowledged.
        """
        if self.waiting + len(readings) > MOST_WAITING:
            raise Unavailable("wires.busy", waiting=self.waiting)
        if not self._gathered or len(self._gathered[-1].channel) >= MOST_IN_A_BATCH:
            self._gathered.append(_Gathering(asyncio.get_running_loop().create_future()))
        gathering = self._gathered[-1]
        if self._add(gathering, wire, source, readings):
            self._wake.set()
            await asyncio.shield(gathering.done)

    def _add(
        self, into: _Gathering, wire: str, source: str, readings: Sequence[WireReading]
    ) -> int:
        now = self._clock.now()
        received_us = to_us(now)
        find = self._addresses().find
        first = len(into.channel)
        for reading in readings:
            number = find(wire, reading.station, reading.factor)
            if number is None:
                self._refuse_unknown(wire, source, reading)
                continue
            into.channel.append(number)
            into.observed_us.append(reading.at_ms * MS_US)
            into.value.append(reading.value)
            into.quality.append(reading.quality)
        count = len(into.channel) - first
        into.received_us += [received_us] * count
        if count:
            into.senders.append((first, wire, source))
        tally = self.book.tally(wire, source)
        tally.frames += 1
        tally.readings += len(readings)
        tally.newest_at = now
        self.waiting += count
        return count

    def _refuse_unknown(self, wire: str, source: str, reading: WireReading) -> None:
        self.book.tally(wire, source).unknown += 1
        address = (wire, reading.station, reading.factor)
        if address in self._unknown:
            return
        if len(self._unknown) >= _UNKNOWN_REMEMBERED:
            self._unknown.clear()
        self._unknown.add(address)
        self.book.refuse(wire, source, unknown_channel(wire, reading), _written(reading))

    async def run(self) -> None:
        """Keep what has gathered, batch after batch, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._gathered:
                gathered = self._gathered.popleft()
                if gathered.channel:
                    await self._keep(gathered)
                    if len(gathered.senders) > 1:
                        await asyncio.sleep(GATHER_S)

    async def _keep(self, gathered: _Gathering) -> None:
        self.batches += 1
        try:
            taken = await self._sink.take_batch(gathered.batch())
        except Unavailable as failure:
            _fail(gathered.done, failure)
        except Exception:  # the guard around one feed: a fault of ours ends no wire
            log.exception("readings_not_taken", readings=len(gathered.channel))
            _fail(gathered.done, Unavailable("wires.not_taken"))
        else:
            self._count(gathered, taken)
            gathered.done.set_result(taken)
        finally:
            self.waiting -= len(gathered.channel)

    def _count(self, gathered: _Gathering, taken: Taken) -> None:
        refused = sorted(taken.refused, key=lambda one: one.at)
        ends = [first for first, _, _ in gathered.senders[1:]] + [len(gathered.channel)]
        following = 0
        for (first, wire, source), end in zip(gathered.senders, ends, strict=True):
            mine = 0
            while following < len(refused) and refused[following].at < end:
                self._tell(wire, source, refused[following])
                following += 1
                mine += 1
            self.book.tally(wire, source).accepted += end - first - mine
        if taken.late or taken.duplicate:
            self._count_late(gathered, taken)

    def _count_late(self, gathered: _Gathering, taken: Taken) -> None:
        """Late and doubled ones are told for a batch; where several senders are in it, they go to their wire as a whole."""
        wires = {wire for _, wire, _ in gathered.senders}
        sources = {source for _, _, source in gathered.senders}
        source = sources.pop() if len(sources) == 1 else "*"
        tally = self.book.tally(wires.pop() if len(wires) == 1 else "*", source)
        tally.late += taken.late
        tally.duplicate += taken.duplicate

    def _tell(self, wire: str, source: str, refused: RefusedReading) -> None:
        self.book.refuse(wire, source, self._named(refused.reason))

    def _named(self, reason: Refused) -> Refused:
        """Name a channel as people know it, by its device, instead of by our number."""
        number = reason.values.get("channel")
        channel = self._addresses().channel(number) if isinstance(number, int) else None
        if channel is None:
            return reason
        return Refused(
            reason.code, **reason.values | {"channel": f"{channel.device} {channel.name}"}
        )

    async def take_apart(
        self, wire: str, source: str, readings: Sequence[WireReading]
    ) -> tuple[Taken, list[tuple[int, Refused]]]:
        """Keep readings as a batch of their own; return what became of it, and each refusal by its place in what was given."""
        apart = _Gathering(asyncio.get_running_loop().create_future())
        find = self._addresses().find
        places: list[int] = []
        refused: list[tuple[int, Refused]] = []
        for place, reading in enumerate(readings):
            if find(wire, reading.station, reading.factor) is None:
                refused.append((place, unknown_channel(wire, reading)))
            else:
                places.append(place)
        self._add(apart, wire, source, readings)
        try:
            taken = await self._sink.take_batch(apart.batch()) if places else Taken()
        finally:
            self.waiting -= len(apart.channel)
        apart.done.cancel()
        if places:
            self._count(apart, taken)
        refused += [(places[one.at], self._named(one.reason)) for one in taken.refused]
        return taken, sorted(refused, key=lambda pair: pair[0])


def _written(reading: WireReading) -> bytes:
    """Return a reading as people read it."""
    at = datetime.fromtimestamp(reading.at_ms / 1000, UTC).isoformat(timespec="seconds")
    value = "null" if reading.quality is Quality.MISSING else f"{reading.value:g}"
    return f"{reading.station} {reading.factor} = {value}  {at}".encode()


def unknown_channel(wire: str, reading: WireReading) -> Unreadable:
    """Return the refusal of a reading whose channel nobody registered."""
    return Unreadable(
        "wires.unknown_channel",
        wire=wire,
        element=reading.factor,
        value=reading.station,
        wanted="app.py devices import",
    )


def _fail(done: "asyncio.Future[Taken]", failure: Unavailable) -> None:
    done.set_exception(failure)
    done.exception()  # those who wait hear it; where nobody waits any more it is no fault
