"""The door behind every wire: what many send within a moment is kept together, and one who sends alone is answered at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from exchange.wires.digits import instant_ms
from exchange.wires.door import Door
from exchange.wires.model import WireReading
from exchange.wires.refused import WireBook
from tests.clocks import ManualClock
from tests.exchange.wires.sinks import MemorySink, registry

STATION = "0012345678"


class Doorway:
    """A door, the sink behind it, and readings of one gauge a second apart."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.sink = MemorySink(self.clock)
        registered = registry()
        self.door = Door(lambda: registered, self.sink, self.clock, WireBook(self.clock))
        self._sent = 0

    async def send(self, source: str) -> None:
        at_ms = instant_ms(self.clock.now()) + self._sent * 1000
        self._sent += 1
        await self.door.take("sl651", source, [WireReading(STATION, "39", at_ms, 3.5)])


@pytest.fixture
async def doorway() -> AsyncIterator[Doorway]:
    doorway = Doorway()
    running = asyncio.create_task(doorway.door.run())
    yield doorway
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_one_who_sends_alone_is_answered_before_the_next_is_gathered(
    doorway: Doorway,
) -> None:
    for _ in range(5):
        await doorway.send("10.0.0.1")
    assert doorway.sink.batches == [1, 1, 1, 1, 1]


async def test_what_comes_just_after_many_sent_at_once_is_kept_together(doorway: Doorway) -> None:
    await asyncio.gather(*(doorway.send(f"10.0.0.{number}") for number in range(3)))
    later = list[asyncio.Task[None]]()
    for number in range(4):
        later.append(asyncio.create_task(doorway.send(f"10.0.0.{number}")))
        await asyncio.sleep(0)  # the door has its turn between them
    await asyncio.gather(*later)
    assert doorway.sink.batches == [3, 4]
