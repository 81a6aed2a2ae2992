"""What the Redis bus promises when Redis is dead, hung, or not ours: an answer within a second, in plain words."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from redis import Redis

from bus.port import Item
from bus.redis import RedisBus
from bus.relay import Relay
from runtime.embedded import EmbeddedValkey
from tests.bus.doubles import WRITER, JournalDouble
from tests.bus.waiting import until
from vocabulary.errors import Refused, Unavailable

pytestmark = pytest.mark.server

CALLS: dict[str, Callable[[RedisBus], Coroutine[Any, Any, object]]] = {
    "publish": lambda bus: bus.publish("onenet.cases", b"1"),
    "add": lambda bus: bus.add("s", 1, b"1"),
    "extend": lambda bus: bus.extend("s", 0, [Item(1, b"", "onenet.cases")]),
    "last_seq": lambda bus: bus.last_seq("s"),
    "trim": lambda bus: bus.trim("s", 1),
    "ensure_group": lambda bus: bus.ensure_group("s", "g"),
    "read_group": lambda bus: bus.read_group("s", "g", "1", 10, 50),
    "ack": lambda bus: bus.ack("s", "g", [1]),
    "claim_stale": lambda bus: bus.claim_stale("s", "g", "1", idle_ms=0, count=1),
    "groups": lambda bus: bus.groups("s"),
    "check": lambda bus: bus.check(),
}


def server_pid(valkey: EmbeddedValkey) -> int:
    with Redis.from_url(valkey.url) as link:
        return int(link.info("server")["process_id"])


@contextmanager
def hung(valkey: EmbeddedValkey) -> Iterator[None]:
    """Stop the server without ending it."""
    pid = server_pid(valkey)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def timed(bus: RedisBus, call: str) -> tuple[float, str, bool]:
    """Return how long a call took, the code it failed with, and whether the bus calls itself up."""
    began = monotonic()
    with pytest.raises(Unavailable) as told:
        await CALLS[call](bus)
    return monotonic() - began, told.value.code, bus.up


@pytest.mark.parametrize("connected", [True, False])
async def test_a_hung_server_costs_a_call_less_than_a_second_and_the_next_nothing(
    own_valkey: EmbeddedValkey, connected: bool
) -> None:
    buses = {call: RedisBus(own_valkey.url) for call in CALLS}
    if connected:
        for bus in buses.values():
            await bus.check()
    with hung(own_valkey):
        first = await asyncio.gather(*(timed(bus, call) for call, bus in buses.items()))
        second = await asyncio.gather(*(timed(bus, call) for call, bus in buses.items()))
    for took_s, code, up in first:
        assert took_s < 1.1
        assert (code, up) == ("bus.unreachable", False)
    assert all(took_s < 0.1 for took_s, _, _ in second)
    for bus in buses.values():
        await bus.close()


async def test_after_a_hang_the_bus_is_up_again_by_itself(own_valkey: EmbeddedValkey) -> None:
    bus = RedisBus(own_valkey.url)
    with hung(own_valkey), pytest.raises(Unavailable):
        await bus.publish("onenet.cases", b"1")

    async def answers() -> bool:
        with suppress(Unavailable):
            await bus.publish("onenet.cases", b"2")
        return bus.up

    await until(answers, within_s=3)
    await bus.close()


async def test_a_command_that_reached_the_hung_server_is_not_doubled(
    own_valkey: EmbeddedValkey,
) -> None:
    bus = RedisBus(own_valkey.url)
    await bus.check()
    with hung(own_valkey), pytest.raises(Unavailable):
        await bus.add("s", 1, b"1")
    await asyncio.sleep(0.6)
    await bus.add("s", 1, b"1")
    await bus.ensure_group("s", "g")
    assert [entry.seq for entry in await bus.read_group("s", "g", "1", 9, 0)] == [1]
    await bus.close()


@pytest.mark.parametrize("url", ["redis://me:s3cr3t@127.0.0.1:1/0", "redis://:s3cr3t@localhost:1"])
async def test_a_server_that_is_not_there_is_named_without_its_password(url: str) -> None:
    bus = RedisBus(url)
    began = monotonic()
    with pytest.raises(Unavailable) as told:
        await bus.check()
    assert monotonic() - began < 1.1
    for text in (told.value.text("zh"), told.value.text("en"), repr(told.value.values)):
        assert ":1" in text
        assert "s3cr3t" not in text
    assert "host" in told.value.text("en") or "127.0.0.1" in told.value.text("en")
    await bus.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost",
        "http://localhost:6379",
        "redis://:s3cr3t/x@host:6379",
        "redis://me:s3cr3t@host:port",
    ],
)
def test_an_address_that_is_none_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(Refused) as told:
        RedisBus(url)
    assert told.value.code == "bus.bad_address"
    assert "s3cr3t" not in told.value.text("zh") + repr(told.value.values)
    assert told.value.__cause__ is None


async def test_a_wrong_password_is_told_as_such(own_valkey: EmbeddedValkey) -> None:
    bus = RedisBus(own_valkey.url.replace(own_valkey.password, "wr0ng"))
    with pytest.raises(Unavailable) as told:
        await bus.check()
    assert told.value.code == "bus.sign_in_refused"
    assert "wr0ng" not in str(told.value)
    await bus.close()


async def test_what_our_user_may_not_do_is_told(own_valkey: EmbeddedValkey) -> None:
    bus = RedisBus(f"unix://{own_valkey.socket_path}")
    with pytest.raises(Unavailable) as told:
        await bus.publish("onenet.cases", b"1")
    assert told.value.code == "bus.command_refused"
    await bus.close()


async def test_a_task_that_is_cancelled_while_it_talks_ends(own_valkey: EmbeddedValkey) -> None:
    """On Python 3.11 `asyncio.wait_for` loses a cancellation that comes as its inner work completes."""
    bus = RedisBus(own_valkey.url)

    async def talk() -> None:
        while True:
            await bus.publish("onenet.cases", b"1")

    for number in range(300):
        talking = asyncio.create_task(talk())
        await asyncio.sleep(number * 0.00001)
        talking.cancel()
        done, _ = await asyncio.wait([talking], timeout=2)
        assert talking in done
        assert talking.cancelled()
    await bus.close()


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_listener_hears_again_after_the_server_was_away(
    own_valkey: EmbeddedValkey, fault: signal.Signals
) -> None:
    bus = RedisBus(own_valkey.url)
    listener = bus.subscribe("onenet.*")
    await listener.ready()
    heard: list[bytes] = []

    async def listen() -> None:
        async for _, payload in listener:
            heard.append(payload)

    listening = asyncio.create_task(listen())
    pid = server_pid(own_valkey)
    os.kill(pid, fault)
    await asyncio.sleep(6 if fault == signal.SIGSTOP else 0.3)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)

    async def tells() -> bool:
        with suppress(Unavailable):
            await bus.publish("onenet.cases", b"again")
        return bool(heard)

    await until(tells, within_s=8)
    await listener.aclose()
    await listening
    await bus.close()


async def test_a_backlog_is_drained_soon_after_a_hang(own_valkey: EmbeddedValkey) -> None:
    bus = RedisBus(own_valkey.url)
    journal = JournalDouble()
    relay = Relay(journal, journal, bus, WRITER, tick_s=0.05)
    running = asyncio.create_task(relay.run())
    with hung(own_valkey):
        for _ in range(30):
            journal.keep(100)
            relay.wake()
            await asyncio.sleep(0.05)
        assert journal.outbox
    began = monotonic()
    await until(lambda: not journal.outbox, within_s=5)
    assert monotonic() - began < 5
    assert await bus.last_seq("onenet.events") == 3000
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await bus.close()


async def test_bytes_with_any_content_pass_through_a_unix_socket_with_spaces(
    tmp_path: Path,
) -> None:
    valkey = EmbeddedValkey(tmp_path / "a home")
    valkey.start()
    bus = RedisBus(valkey.url)
    assert await bus.add("s", 1, bytes(range(256)))
    await bus.ensure_group("s", "g")
    assert (await bus.read_group("s", "g", "1", 1, 0))[0].payload == bytes(range(256))
    await bus.close()
    valkey.stop()
