"""A burst while Valkey is killed again and again: no event is lost, none is doubled, and the check has teeth."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from bus.channels import EVENTS
from bus.cloudevents import Heard
from bus.consumers import Consumer, Pace
from bus.port import Item
from bus.redis import RedisBus
from bus.relay import Relay
from runtime.embedded import EmbeddedValkey
from tests.bus.doubles import CODEC, WRITER, DeadLettersDouble, EffectsDouble, JournalDouble
from tests.bus.test_redis_faults import server_pid
from tests.bus.waiting import until
from vocabulary.errors import Unavailable

pytestmark = [pytest.mark.server, pytest.mark.slow]
KILLS = 12
QUICK = Pace(retry_s=(0.05,), block_s=0.1, poll_s=0.1, stale_s=1.0, reconcile_s=0.3)


class BusWithNumbersOfItsOwn(RedisBus):
    """The mutant: `XADD *`, and so no way to know an entry again."""

    answered = 0

    async def extend(self, stream: str, after: int, items: Sequence[Item]) -> bool:
        for item in items:
            async with self._asking():
                await self._client.xadd(stream, {b"e": item.payload})
        self.answered = items[-1].seq
        return True

    async def last_seq(self, stream: str) -> int:
        return self.answered


@dataclass
class Burst:
    """What was kept and what came of it."""

    journal: JournalDouble = field(default_factory=JournalDouble)
    handled: list[int] = field(default_factory=list)
    in_stream: list[int] = field(default_factory=list)

    @property
    def kept(self) -> list[int]:
        return list(range(1, len(self.journal.kept) + 1))

    async def hear(self, heard: Heard) -> None:
        self.handled.append(heard.seq)


@asynccontextmanager
async def running(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for work in works]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def kill_again_and_again(valkey: EmbeddedValkey, times: int = KILLS) -> None:
    chance = random.Random(2026)  # noqa: S311 - when to kill is no secret
    for _ in range(times):
        await asyncio.sleep(chance.uniform(0.1, 0.5))
        with suppress(ProcessLookupError):
            os.kill(await asyncio.to_thread(server_pid, valkey), signal.SIGKILL)
        await until(lambda: asyncio.to_thread(valkey.alive))


async def burst(valkey: EmbeddedValkey, bus: RedisBus, kept: int = 1_000_000) -> Burst:
    """Keep events all the time, tell and handle them, kill the server twelve times; return when all is told."""
    one = Burst()
    relay = Relay(one.journal, one.journal, bus, WRITER, kept=kept, tick_s=0.05)
    consumer = Consumer(
        "tester",
        one.hear,
        bus=bus,
        codec=CODEC,
        writer=WRITER,
        effects=EffectsDouble(one.journal),
        dead_letters=DeadLettersDouble(),
        pace=QUICK,
    )

    async def keep() -> None:
        while True:
            one.journal.keep(20)
            relay.wake()
            await asyncio.sleep(0.005)

    async with running(relay.run(), consumer.run()):
        async with running(keep()):
            await kill_again_and_again(valkey)
        await until(lambda: not one.journal.outbox, within_s=10)
        await until(lambda: len(set(one.handled)) == len(one.kept), within_s=20)
        await relay.reconcile()
    one.in_stream = await whole_stream(bus)
    return one


async def whole_stream(bus: RedisBus) -> list[int]:
    await bus.ensure_group(EVENTS, "look")
    seqs: list[int] = []
    while batch := await bus.read_group(EVENTS, "look", "1", 1000, 0):
        seqs += [int(orjson.loads(entry.payload)["sequence"]) for entry in batch]
    return seqs


async def test_a_burst_with_kills_loses_no_event_and_doubles_none(
    own_valkey: EmbeddedValkey,
) -> None:
    bus = RedisBus(own_valkey.url)
    result = await burst(own_valkey, bus)
    await bus.close()
    assert len(result.kept) > 1000
    assert result.in_stream == result.kept
    assert sorted(result.handled) == result.kept


async def test_a_server_without_its_file_loses_no_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AOF off: what the stream loses is told again, and what cannot be is handled from the journal."""
    from runtime import embedded_files

    without = embedded_files.CONFIG.replace("appendonly yes", "appendonly no")
    monkeypatch.setattr(embedded_files, "CONFIG", without)
    valkey = EmbeddedValkey(tmp_path)
    valkey.start()
    bus = RedisBus(valkey.url)
    result = await burst(valkey, bus, kept=1000)
    await bus.close()
    valkey.stop()
    assert sorted(result.handled) == result.kept
    assert result.in_stream == sorted(set(result.in_stream))


async def test_the_check_fails_when_the_server_gives_the_numbers(
    own_valkey: EmbeddedValkey,
) -> None:
    """The test of the test: the same burst with `XADD *` doubles events in the stream."""
    bus = BusWithNumbersOfItsOwn(own_valkey.url)
    journal = JournalDouble()
    relay = Relay(journal, journal, bus, WRITER)

    async def tell() -> None:
        while True:
            if not journal.outbox:
                journal.keep(1000)
            with suppress(Unavailable):
                await relay.drain()
            await asyncio.sleep(0.005)

    async with running(tell()):
        await kill_again_and_again(own_valkey, times=5)
    in_stream = await whole_stream(bus)
    await bus.close()
    assert len(in_stream) > len(set(in_stream))
