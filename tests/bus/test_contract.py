"""What both buses promise."""

import asyncio
from time import monotonic

import pytest

from bus.port import Bus, Entry, Item


async def added(bus: Bus, stream: str, *seqs: int) -> None:
    for seq in seqs:
        assert await bus.add(stream, seq, b"%d" % seq)


def seqs_of(entries: list[Entry]) -> list[int]:
    return [entry.seq for entry in entries]


async def test_a_bus_that_was_asked_and_answered_is_up(bus: Bus) -> None:
    await bus.publish("onenet.cases", b"1")
    assert bus.up


async def test_an_entry_is_refused_the_second_time(bus: Bus, stream: str) -> None:
    assert await bus.add(stream, 7, b"a")
    assert not await bus.add(stream, 7, b"b")
    await bus.ensure_group(stream, "g")
    assert await bus.read_group(stream, "g", "1", 10, 0) == [Entry(7, b"a", 1)]


async def test_an_entry_below_the_last_one_is_refused(bus: Bus, stream: str) -> None:
    await added(bus, stream, 7)
    assert not await bus.add(stream, 6, b"late")


async def test_the_last_number_is_told_and_zero_of_an_empty_stream(bus: Bus, stream: str) -> None:
    assert await bus.last_seq(stream) == 0
    await added(bus, stream, 3, 9)
    assert await bus.last_seq(stream) == 9


async def test_a_batch_is_added_and_announced_only_after_the_entry_it_follows(
    bus: Bus, stream: str
) -> None:
    listener = bus.subscribe("onenet.cases")
    await listener.ready()
    items = [Item(seq, b"%d" % seq, "onenet.cases") for seq in (5, 6)]
    await added(bus, stream, 4)
    assert not await bus.extend(stream, 3, items)
    assert await bus.last_seq(stream) == 4
    assert await bus.extend(stream, 4, items)
    assert await bus.last_seq(stream) == 6
    heard = [await anext(listener), await anext(listener)]
    assert heard == [("onenet.cases", b"5"), ("onenet.cases", b"6")]
    await listener.aclose()


async def test_of_two_who_add_the_same_batch_at_once_one_does(bus: Bus, stream: str) -> None:
    items = [Item(seq, b"", "onenet.cases") for seq in range(1, 50)]
    done = await asyncio.gather(*(bus.extend(stream, 0, items) for _ in range(8)))
    assert sum(done) == 1


async def test_a_group_gives_entries_in_the_order_of_their_numbers(bus: Bus, stream: str) -> None:
    await bus.ensure_group(stream, "g")
    await added(bus, stream, *range(1, 101))
    given: list[int] = []
    while batch := await bus.read_group(stream, "g", "1", 7, 0):
        given += seqs_of(batch)
    assert given == list(range(1, 101))


async def test_a_group_begins_with_what_was_there_before_it(bus: Bus, stream: str) -> None:
    await added(bus, stream, 1, 2)
    await bus.ensure_group(stream, "g")
    await bus.ensure_group(stream, "g")
    assert seqs_of(await bus.read_group(stream, "g", "1", 10, 0)) == [1, 2]


async def test_two_groups_each_hear_everything_and_two_members_share(bus: Bus, stream: str) -> None:
    await bus.ensure_group(stream, "a")
    await bus.ensure_group(stream, "b")
    await added(bus, stream, 1, 2, 3)
    first = await bus.read_group(stream, "a", "1", 2, 0)
    second = await bus.read_group(stream, "a", "2", 2, 0)
    assert seqs_of(first) + seqs_of(second) == [1, 2, 3]
    assert seqs_of(await bus.read_group(stream, "b", "1", 9, 0)) == [1, 2, 3]


async def test_a_reader_waits_for_an_entry_and_gets_it_at_once(bus: Bus, stream: str) -> None:
    await bus.ensure_group(stream, "g")
    reading = asyncio.create_task(bus.read_group(stream, "g", "1", 10, 3000))
    await asyncio.sleep(0.1)
    began = monotonic()
    await added(bus, stream, 1)
    assert seqs_of(await reading) == [1]
    assert monotonic() - began < 1.0


async def test_a_reader_of_a_quiet_stream_returns_with_nothing(bus: Bus, stream: str) -> None:
    await bus.ensure_group(stream, "g")
    assert await bus.read_group(stream, "g", "1", 10, 50) == []


async def test_what_was_never_acknowledged_is_given_again_and_counted(
    bus: Bus, stream: str
) -> None:
    await bus.ensure_group(stream, "g")
    await added(bus, stream, 1, 2, 3)
    await bus.read_group(stream, "g", "dead", 10, 0)
    await bus.ack(stream, "g", [2])
    claimed = await bus.claim_stale(stream, "g", "alive", idle_ms=0, count=10)
    assert claimed == [Entry(1, b"1", 2), Entry(3, b"3", 2)]
    assert (await bus.claim_stale(stream, "g", "alive", idle_ms=0, count=1))[0].deliveries == 3


async def test_what_is_still_fresh_or_another_members_or_skipped_is_not_claimed(
    bus: Bus, stream: str
) -> None:
    await bus.ensure_group(stream, "g")
    await added(bus, stream, 1, 2, 3)
    await bus.read_group(stream, "g", "1", 10, 0)
    assert await bus.claim_stale(stream, "g", "2", idle_ms=60_000, count=9) == []
    assert await bus.claim_stale(stream, "g", "2", idle_ms=0, count=9, owner="2") == []
    claimed = await bus.claim_stale(
        stream, "g", "2", idle_ms=0, count=1, owner="1", skip=frozenset({1, 2})
    )
    assert seqs_of(claimed) == [3]


async def test_what_was_trimmed_away_is_not_claimed(bus: Bus, stream: str) -> None:
    await bus.ensure_group(stream, "g")
    await added(bus, stream, 1, 2, 3)
    await bus.read_group(stream, "g", "1", 10, 0)
    assert await bus.trim(stream, 3) == 2
    assert seqs_of(await bus.claim_stale(stream, "g", "2", idle_ms=0, count=9)) == [3]


async def test_a_group_tells_how_far_it_is(bus: Bus, stream: str) -> None:
    assert await bus.groups(stream) == []
    await bus.ensure_group(stream, "g")
    await added(bus, stream, 1, 2, 3, 4)
    await bus.read_group(stream, "g", "1", 3, 0)
    await bus.ack(stream, "g", [1, 3])
    (state,) = await bus.groups(stream)
    assert (state.name, state.given_seq, state.acked_seq) == ("g", 3, 1)
    await bus.ack(stream, "g", [2])
    assert (await bus.groups(stream))[0].acked_seq == 3


async def test_a_group_that_is_gone_is_made_again(bus: Bus, stream: str) -> None:
    await bus.ensure_group(stream, "g")
    await added(bus, stream, 1)
    await bus.drop(stream)
    assert await bus.last_seq(stream) == 0
    assert await bus.read_group(stream, "g", "1", 10, 0) == []
    assert await bus.claim_stale(stream, "g", "1", idle_ms=0, count=10) == []
    await added(bus, stream, 1)
    assert seqs_of(await bus.read_group(stream, "g", "1", 10, 0)) == [1]


@pytest.mark.parametrize(
    ("pattern", "heard"),
    [
        ("onenet.cases", ["onenet.cases"]),
        ("onenet.readings.*", ["onenet.readings.gas", "onenet.readings.wind"]),
        ("onenet.?ases", ["onenet.cases"]),
    ],
)
async def test_a_listener_hears_the_channels_of_its_pattern(
    bus: Bus, pattern: str, heard: list[str]
) -> None:
    listener = bus.subscribe(pattern, "onenet.last")
    await listener.ready()
    told = (
        "onenet.cases",
        "onenet.readings.gas",
        "onenet.readings.wind",
        "onenet.unit",
        "onenet.last",
    )
    for channel in told:
        await bus.publish(channel, b"\x00payload")
    got = []
    async for channel, payload in listener:
        assert payload == b"\x00payload"
        if channel == "onenet.last":
            break
        got.append(channel)
    assert got == heard
    await listener.aclose()


async def test_a_closed_listener_ends(bus: Bus) -> None:
    listener = bus.subscribe("onenet.*")
    await listener.ready()
    waiting = asyncio.create_task(anext(listener, None))
    await asyncio.sleep(0.05)
    await listener.aclose()
    async with asyncio.timeout(3):
        assert await waiting is None
