"""A consumer with everything around it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bus.cloudevents import Heard
from bus.consumers import Consumer, Pace
from bus.port import Bus
from bus.relay import Relay
from tests.bus.doubles import CODEC, WRITER, DeadLettersDouble, EffectsDouble, JournalDouble

QUICK = Pace(
    retry_s=(0.01,),
    outside_s=0.05,
    handler_s=0.3,
    block_s=0.05,
    poll_s=0.02,
    stale_s=0.2,
    reconcile_s=0.05,
)


@dataclass
class Office:
    """A consumer with everything around it."""

    bus: Bus
    stream: str
    journal: JournalDouble = field(default_factory=JournalDouble)
    heard: list[int] = field(default_factory=list)
    dead_letters: DeadLettersDouble = field(default_factory=DeadLettersDouble)
    trouble: Callable[[Heard], Exception | None] = lambda _: None
    interest: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.effects = EffectsDouble(self.journal)
        self.relay = Relay(self.journal, self.journal, self.bus, WRITER, stream=self.stream)

    async def hear(self, heard: Heard) -> None:
        if trouble := self.trouble(heard):
            raise trouble
        self.heard.append(heard.seq)

    def consumer(self, *, from_now: bool = False, worker: str = "1") -> Consumer:
        return Consumer(
            "tester",
            self.hear,
            bus=self.bus,
            codec=CODEC,
            writer=WRITER,
            effects=self.effects,
            dead_letters=self.dead_letters,
            stream=self.stream,
            pace=QUICK,
            from_now=from_now,
            worker=worker,
            interest=self.interest,
        )

    async def tell(self, count: int) -> None:
        self.journal.keep(count)
        await self.relay.drain()

    async def pending(self) -> int:
        return len(
            await self.bus.claim_stale(self.stream, "tester", "nobody", idle_ms=0, count=999)
        )


@asynccontextmanager
async def working(consumer: Consumer) -> AsyncIterator[Consumer]:
    task = asyncio.create_task(consumer.run())
    yield consumer
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
