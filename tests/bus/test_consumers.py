"""What a consumer promises: every effect once, in spite of poison, silence and loss."""

import asyncio

import pytest

from bus.cloudevents import Heard
from bus.consumers import TRIES
from bus.effects import Outcome
from bus.memory import MemoryBus
from bus.port import Bus, Entry
from tests.bus.doubles import WRITER, a_note, a_rejection
from tests.bus.office import Office, working
from tests.bus.waiting import until
from vocabulary.errors import Unavailable


@pytest.fixture
def office(bus: Bus, stream: str) -> Office:
    return Office(bus, stream)


async def test_every_event_is_handled_once_in_order_and_acknowledged(office: Office) -> None:
    await office.tell(120)
    async with working(office.consumer()) as consumer:
        await until(lambda: len(office.heard) == 120)
        assert consumer.handled == 120
    assert office.heard == list(range(1, 121))
    assert await office.pending() == 0


async def test_an_event_whose_effect_is_known_is_not_handled_again(office: Office) -> None:
    await office.effects.begin("tester", from_now=False)
    await office.effects.record(2, "tester", "done")
    await office.tell(3)
    async with working(office.consumer()):
        await until(lambda: len(office.heard) == 2)
        await asyncio.sleep(0.1)
    assert office.heard == [1, 3]
    assert await office.pending() == 0


async def test_what_a_dead_worker_left_is_handled_by_another(office: Office) -> None:
    await office.bus.ensure_group(office.stream, "tester")
    await office.tell(3)
    await office.bus.read_group(office.stream, "tester", "dead", 2, 0)
    async with working(office.consumer()):
        await until(lambda: sorted(office.heard) == [1, 2, 3])


async def test_a_worker_that_comes_back_goes_on_with_what_it_had(office: Office) -> None:
    await office.bus.ensure_group(office.stream, "tester")
    await office.tell(60)
    await office.bus.read_group(office.stream, "tester", "1", 55, 0)
    async with working(office.consumer()):
        await until(lambda: len(office.heard) == 60)
    assert office.heard == list(range(1, 61))


async def test_a_failure_is_tried_again_while_the_others_go_on(office: Office) -> None:
    fails = iter([RuntimeError(), RuntimeError(), RuntimeError(), None])
    office.trouble = lambda heard: next(fails) if heard.seq == 2 else None
    await office.tell(4)
    async with working(office.consumer()):
        await until(lambda: len(office.heard) == 4)
    assert office.heard == [1, 3, 4, 2]
    assert not office.dead_letters.kept


async def test_poison_is_given_up_after_five_tries_and_kept_for_a_person(office: Office) -> None:
    tries: list[int] = []

    def poison(heard: Heard) -> Exception | None:
        if heard.seq == 2:
            tries.append(heard.seq)
            return ValueError("cannot")
        return None

    office.trouble = poison
    await office.tell(3)
    async with working(office.consumer()) as consumer:
        await until(lambda: consumer.dead == 1)
        await asyncio.sleep(0.3)
    assert len(tries) == TRIES == 5
    assert office.dead_letters.kept == {("tester", 2): ("ValueError: cannot", 5)}
    assert office.heard == [1, 3]
    assert await office.pending() == 0


async def test_bytes_that_are_no_event_are_given_up_too(office: Office) -> None:
    await office.bus.add(office.stream, 1, b"not an event")
    async with working(office.consumer()) as consumer:
        await until(lambda: consumer.dead == 1)
    assert "cannot be read" in office.dead_letters.kept["tester", 1][0]


async def test_a_message_that_kills_its_worker_is_given_up_and_its_neighbours_are_not(
    office: Office,
) -> None:
    await office.bus.ensure_group(office.stream, "tester")
    await office.tell(4)
    await office.bus.read_group(office.stream, "tester", "1", 4, 0)
    for _ in range(TRIES):  # each time the worker took the first and died of it
        (first,) = await office.bus.claim_stale(
            office.stream, "tester", "1", idle_ms=0, count=1, owner="1"
        )
        assert first.seq == 1
    async with working(office.consumer()) as consumer:
        await until(lambda: len(office.heard) == 3)
        assert consumer.dead == 1
    assert office.heard == [2, 3, 4]


async def test_a_handler_that_hangs_has_failed(office: Office) -> None:
    once = [1]

    async def hang(heard: Heard) -> None:
        if heard.seq == 1 and once:
            once.clear()
            await asyncio.sleep(60)
        office.heard.append(heard.seq)

    consumer = office.consumer()
    consumer._handler = hang
    await office.tell(2)
    async with working(consumer):
        await until(lambda: sorted(office.heard) == [1, 2])


async def test_what_is_outside_and_silent_does_not_make_a_message_poison(office: Office) -> None:
    silent = [True]
    office.trouble = lambda heard: (
        Unavailable("bus.unreachable", server="city", problem="down") if silent[0] else None
    )
    await office.tell(2)
    async with working(office.consumer()) as consumer:
        await until(lambda: consumer.waiting == 2)
        await asyncio.sleep(0.6)  # more tries than poison gets
        assert not office.dead_letters.kept
        silent[0] = False
        await until(lambda: sorted(office.heard) == [1, 2])


async def test_events_the_stream_lost_are_handled_from_the_journal(office: Office) -> None:
    """Redis without its file: the stream goes on behind a hole that nobody will fill."""
    await office.tell(5)
    office.journal.keep(5)
    office.journal.outbox.clear()
    await office.bus.add(office.stream, 10, WRITER.write(office.journal.kept[9]))
    async with working(office.consumer()):
        await until(lambda: len(office.heard) == 10)
        await asyncio.sleep(0.2)
    assert sorted(office.heard) == list(range(1, 11))


async def test_what_is_settled_is_not_remembered_one_by_one(office: Office) -> None:
    await office.tell(30)
    async with working(office.consumer()):
        await until(lambda: office.effects.floors.get("tester") == 30)
    assert not office.effects.records


async def test_a_new_consumer_may_begin_with_now(office: Office) -> None:
    await office.tell(5)
    consumer = office.consumer(from_now=True)
    async with working(consumer):
        await until(lambda: "tester" in office.effects.floors)
        await office.tell(2)
        await until(lambda: len(office.heard) == 2)
        await asyncio.sleep(0.2)
    assert office.heard == [6, 7]


class BusThatIsDown(MemoryBus):
    """Answers nothing while it is down."""

    async def read_group(
        self, stream: str, group: str, consumer: str, count: int, block_ms: int
    ) -> list[Entry]:
        if not self.up:
            raise Unavailable("bus.unreachable", server="memory", problem="down")
        return await super().read_group(stream, group, consumer, count, block_ms)


async def test_while_redis_is_down_effects_go_on_from_the_journal_and_none_is_done_twice() -> None:
    bus = BusThatIsDown()
    office = Office(bus, "s")
    async with working(office.consumer()):
        await office.tell(3)
        await until(lambda: len(office.heard) == 3)
        bus.up = False
        office.journal.keep(200)
        await until(lambda: len(office.heard) == 203)
        bus.up = True
        await office.relay.drain()
        await office.tell(2)
        await until(lambda: len(office.heard) == 205)
        await asyncio.sleep(0.2)
    assert office.heard == list(range(1, 206))


async def test_a_store_that_is_down_is_waited_for_and_nothing_becomes_poison(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = [True]
    seen = office.effects.seen

    async def seen_if_up(seq: int, consumer: str) -> bool:
        if down[0]:
            raise Unavailable("bus.unreachable", server="store", problem="down")
        return await seen(seq, consumer)

    monkeypatch.setattr(office.effects, "seen", seen_if_up)
    await office.tell(5)
    async with working(office.consumer()):
        await asyncio.sleep(0.5)
        down[0] = False
        await until(lambda: len(office.heard) == 5)
    assert not office.dead_letters.kept


async def test_an_effect_that_could_not_be_recorded_is_not_done_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [True]
    record = office.effects.record

    async def record_if_room(seq: int, consumer: str, outcome: Outcome) -> None:
        if full[0]:
            raise Unavailable("bus.unreachable", server="store", problem="disk full")
        await record(seq, consumer, outcome)

    monkeypatch.setattr(office.effects, "record", record_if_room)
    await office.tell(5)
    async with working(office.consumer()):
        await asyncio.sleep(0.3)
        full[0] = False
        await until(lambda: len(office.heard) == 5)
        await asyncio.sleep(0.2)
    assert office.heard == [1, 2, 3, 4, 5]


async def test_two_workers_share_the_work(office: Office) -> None:
    async with working(office.consumer(worker="a")), working(office.consumer(worker="b")):
        await office.tell(300)
        await until(lambda: len(office.heard) == 300)
        await asyncio.sleep(0.4)
    assert sorted(office.heard) == list(range(1, 301))


async def test_the_handler_hears_what_was_told_without_personal_data() -> None:
    bus = MemoryBus()
    office = Office(bus, "s")
    texts: list[str] = []
    consumer = office.consumer()

    async def hear(heard: Heard) -> None:
        texts.append(heard.event.text)  # type: ignore[attr-defined]

    consumer._handler = hear
    office.journal.keep(event=a_note("回电 13812345678"))
    await office.relay.drain()
    office.journal.keep(event=a_note("再回电 13812345678"))
    async with working(consumer):
        await until(lambda: len(texts) == 1)
        await bus.add("s", 3, b"beyond")  # the second came by no stream, only by the journal
        await until(lambda: len(texts) == 2)
    assert texts == ["回电 138****5678", "再回电 138****5678"]


async def test_what_a_consumer_does_not_care_for_is_acknowledged_and_leaves_no_record(
    office: Office,
) -> None:
    office.interest = frozenset({a_rejection().kind})
    office.journal.keep(1, a_rejection())
    await office.tell(3)
    async with working(office.consumer()):
        await until(lambda: office.heard == [1])
        await until(lambda: office.effects.floors["tester"] == 4)
    assert await office.pending() == 0
    assert office.effects.ever == {1}


async def test_while_redis_is_down_only_what_it_cares_for_is_taken_from_the_journal() -> None:
    bus = BusThatIsDown()
    office = Office(bus, "s")
    office.interest = frozenset({a_rejection().kind})
    office.journal.keep(3)
    office.journal.keep(1, a_rejection())
    bus.up = False
    async with working(office.consumer()):
        await until(lambda: office.heard == [4])
        await asyncio.sleep(0.1)
    assert office.effects.ever == {4}
