"""What the relay promises: everything kept is told once, in order, whatever happens to Redis meanwhile."""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress

import orjson
import pytest

from bus.memory import MemoryBus
from bus.port import Bus, Item
from bus.relay import CLEAR_EVERY_S, Relay
from tests.bus.doubles import WRITER, JournalDouble, a_note
from tests.bus.waiting import until
from vocabulary.errors import Unavailable


def a_relay(journal: JournalDouble, bus: Bus, stream: str, kept: int = 10_000) -> Relay:
    return Relay(journal, journal, bus, WRITER, stream=stream, kept=kept, tick_s=0.05)


async def told(bus: Bus, stream: str) -> list[int]:
    """Return the numbers in the stream, by a group of its own."""
    group = f"look{await bus.last_seq(stream)}-{len(await bus.groups(stream))}"
    await bus.ensure_group(stream, group)
    seqs: list[int] = []
    while batch := await bus.read_group(stream, group, "1", 500, 0):
        seqs += [entry.seq for entry in batch]
        await bus.ack(stream, group, [entry.seq for entry in batch])
    return seqs


async def test_what_is_kept_is_told_in_order_and_leaves_the_outbox(bus: Bus, stream: str) -> None:
    journal = JournalDouble()
    journal.keep(450)
    relay = a_relay(journal, bus, stream)
    assert await relay.drain() == 450
    assert await told(bus, stream) == list(range(1, 451))
    assert not journal.outbox


async def test_each_event_is_announced_on_the_channel_of_its_room_without_personal_data(
    bus: Bus, stream: str
) -> None:
    journal = JournalDouble()
    listener = bus.subscribe("onenet.cases")
    await listener.ready()
    journal.keep(event=a_note("请回电 13812345678"))
    await a_relay(journal, bus, stream).drain()
    channel, payload = await anext(listener)
    assert channel == "onenet.cases"
    members = orjson.loads(payload)
    assert (members["sequence"], members["specversion"]) == ("1", "1.0")
    assert members["data"]["text"] == "请回电 138****5678"
    await listener.aclose()


async def test_what_was_told_but_not_taken_out_is_not_told_twice(bus: Bus, stream: str) -> None:
    journal = JournalDouble()
    journal.keep(5)
    await a_relay(journal, bus, stream).drain()
    journal.outbox.update({3, 4, 5})  # as if the process had died before it took them out
    journal.keep(2)
    await a_relay(journal, bus, stream).drain()
    assert await told(bus, stream) == list(range(1, 8))
    assert not journal.outbox


async def test_a_lost_tail_is_told_again_before_anything_newer(bus: Bus, stream: str) -> None:
    journal = JournalDouble()
    journal.keep(10)
    relay = a_relay(journal, bus, stream)
    await relay.drain()
    await bus.drop(stream)
    for seq in (1, 2, 3):
        await bus.add(stream, seq, b"")
    journal.keep(2)
    relay = a_relay(journal, bus, stream)
    assert await relay.drain() == 2
    assert await told(bus, stream) == list(range(1, 13))


async def test_a_server_that_lost_everything_is_noticed_though_nothing_new_happens(
    bus: Bus, stream: str
) -> None:
    journal = JournalDouble()
    journal.keep(300)
    relay = a_relay(journal, bus, stream)
    await relay.drain()
    await bus.drop(stream)
    assert await relay.reconcile() == 300
    assert await told(bus, stream) == list(range(1, 301))
    assert await relay.reconcile() == 0


async def test_of_a_long_loss_only_the_newest_are_told_again(bus: Bus, stream: str) -> None:
    journal = JournalDouble()
    journal.keep(1000)
    journal.outbox.clear()
    assert await a_relay(journal, bus, stream, kept=100).reconcile() == 100
    assert await told(bus, stream) == list(range(901, 1001))


async def test_the_stream_of_another_journal_is_begun_anew(bus: Bus, stream: str) -> None:
    """A store put back from a backup gives numbers again that the stream already has."""
    await bus.add(stream, 500, b"of the former journal")
    journal = JournalDouble()
    journal.keep(3)
    relay = a_relay(journal, bus, stream)
    await relay.reconcile()
    await relay.drain()
    assert await told(bus, stream) == [1, 2, 3]


async def test_only_what_every_group_is_done_with_is_forgotten(bus: Bus, stream: str) -> None:
    journal = JournalDouble()
    journal.keep(100)
    await bus.ensure_group(stream, "slow")
    relay = a_relay(journal, bus, stream, kept=10)
    await relay.drain()
    await relay.trim()
    given = await bus.read_group(stream, "slow", "1", 50, 0)
    assert [entry.seq for entry in given] == list(range(1, 51))
    assert await relay.trim() == 0, "given, but not done"
    await bus.ack(stream, "slow", [entry.seq for entry in given if entry.seq != 30])
    assert await relay.trim() == 29
    await bus.ack(stream, "slow", [30])
    assert await relay.trim() == 21
    assert await told(bus, stream) == list(range(51, 101))


async def test_a_group_that_stays_behind_for_ever_does_not_fill_the_server(
    bus: Bus, stream: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bus.relay.KEPT_FOR_THE_SLOWEST", 40)
    journal = JournalDouble()
    journal.keep(100)
    await bus.ensure_group(stream, "gone")
    relay = a_relay(journal, bus, stream, kept=10)
    await relay.drain()
    await relay.trim()
    assert await told(bus, stream) == list(range(61, 101))


async def test_two_relays_at_once_tell_everything_once(bus: Bus, stream: str) -> None:
    journal = JournalDouble()
    journal.keep(600)
    await asyncio.gather(*(a_relay(journal, bus, stream).drain() for _ in range(3)))
    assert await told(bus, stream) == list(range(1, 601))


async def test_a_commit_in_another_thread_wakes_the_relay(bus: Bus, stream: str) -> None:
    journal = JournalDouble()
    relay = Relay(journal, journal, bus, WRITER, stream=stream, tick_s=30)
    running = asyncio.create_task(relay.run())
    await asyncio.sleep(0.1)
    journal.keep(1)
    thread = threading.Thread(target=relay.wake, args=(1,))
    thread.start()
    thread.join()
    await until(lambda: not journal.outbox, within_s=2)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    relay.wake(2)  # after the end it does not matter


async def test_what_is_told_at_once_leaves_the_outbox_a_little_later(bus: Bus, stream: str) -> None:
    journal = JournalDouble()
    relay = a_relay(journal, bus, stream)
    await relay.step()
    journal.keep(3)
    await relay.step()
    assert await told(bus, stream) == [1, 2, 3]
    assert journal.outbox == {1, 2, 3}, "one transaction for many"
    await asyncio.sleep(CLEAR_EVERY_S)
    await relay.step()
    assert not journal.outbox


class BusThatLosesAnswers(MemoryBus):
    """Does what it is asked, then breaks the link before it says so: every second time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def extend(self, stream: str, after: int, items: Sequence[Item]) -> bool:
        done = await super().extend(stream, after, items)
        self.asked += 1
        if self.asked % 2:
            raise Unavailable("bus.unreachable", server="memory", problem="reply lost")
        return done


class BusWithNumbersOfItsOwn(BusThatLosesAnswers):
    """The mutant: takes every entry under the next free number, as XADD with * does, and so cannot know it again."""

    answered = 0

    async def extend(self, stream: str, after: int, items: Sequence[Item]) -> bool:
        last = await super().last_seq(stream)
        numbered = [Item(last + n, item.payload, item.channel) for n, item in enumerate(items, 1)]
        await super().extend(stream, last, numbered)
        self.answered = items[-1].seq
        return True

    async def last_seq(self, stream: str) -> int:
        return self.answered


async def events_told_over(bus: MemoryBus) -> list[int]:
    """Tell 2000 events in bursts over a bad link; return the sequence numbers that stand in the stream."""
    journal = JournalDouble()
    relay = a_relay(journal, bus, "s")
    for _ in range(20):
        journal.keep(100)
        while journal.outbox:
            with suppress(Unavailable):
                await relay.drain()
    await bus.ensure_group("s", "look")
    given = await bus.read_group("s", "look", "1", 100_000, 0)
    return [int(orjson.loads(entry.payload)["sequence"]) for entry in given]


async def test_lost_answers_double_nothing() -> None:
    assert await events_told_over(BusThatLosesAnswers()) == list(range(1, 2001))


async def test_the_check_for_doubles_fails_without_explicit_numbers() -> None:
    """The test of the test: with numbers given by the server a lost answer doubles events."""
    assert await events_told_over(BusWithNumbersOfItsOwn()) != list(range(1, 2001))
