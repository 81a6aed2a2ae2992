"""The hub: the journal tells, everything else only wakes; nobody's slowness costs anybody."""

import asyncio
import threading
from collections.abc import AsyncIterator

import orjson
import pytest

from bus.memory import MemoryBus
from dispatch.messages import UnitAssigned
from incidents.messages import NoteAdded
from live.audience import FULL, MASKED, of_department
from live.hub import Hub
from live.listeners import Listener
from live.ports import Pace
from tests.clocks import ManualClock
from tests.live.doubles import MemoryJournal
from tests.live.histories import County
from tests.live.wire import Frame, frames_of
from vocabulary.ids import CaseId, UnitId

SLOW_TICK = Pace(tick_s=60, tick_alone_s=60)


def listener(hub: Hub, seq: int, lanes: str = "e") -> Listener:
    made = Listener(
        audience=FULL, person_id="p", lanes=frozenset(lanes), seq=seq, lifetime_s=3600, beat=0
    )
    hub.listeners.join(made)
    return made


def told(hub: Hub, one: Listener, event: str = "e") -> list[Frame]:
    return [frame for frame in frames_of(hub.take(one)) if frame.event == event]


async def soon(one: Listener) -> None:
    one.ready.clear()
    await asyncio.wait_for(one.ready.wait(), 2)


@pytest.fixture
async def bus() -> MemoryBus:
    return MemoryBus()


@pytest.fixture
async def hub(bus: MemoryBus) -> AsyncIterator[Hub]:
    made = Hub(MemoryJournal(), ManualClock(), bus=bus, pace=SLOW_TICK)
    await made.start()
    await asyncio.sleep(0.01)  # its subscription stands
    yield made
    await made.stop()


def county_of(hub: Hub) -> County:
    journal = hub.follower._source
    assert isinstance(journal, MemoryJournal)
    return journal.county


async def test_a_commit_in_this_process_is_told_without_the_bus(hub: Hub) -> None:
    one = listener(hub, 0)
    county_of(hub).report()
    threading.Thread(target=hub.wake, args=(2,)).start()
    await soon(one)
    assert [frame.id for frame in told(hub, one)][-1] == 2


async def test_an_announcement_on_the_bus_wakes_and_the_journal_tells(
    hub: Hub, bus: MemoryBus
) -> None:
    one = listener(hub, 0)
    case_id = county_of(hub).report()
    await bus.publish("onenet.cases", b"what is said here does not matter")
    await soon(one)
    frames = told(hub, one)
    assert frames[-1].data["changes"][0]["row"]["id"] == case_id


async def test_twice_woken_is_told_once_and_never_woken_is_told_at_the_tick() -> None:
    journal = MemoryJournal()
    hub = Hub(journal, ManualClock(), pace=Pace(tick_alone_s=0.05))
    await hub.start()
    one = listener(hub, 0)
    journal.county.report()
    await soon(one)
    hub.wake()
    hub.wake()
    await asyncio.sleep(0.15)
    numbers = [
        n for f in told(hub, one) for n in range(f.data.get("from", f.id), f.data["seq"] + 1)
    ]
    assert numbers == [1, 2]
    await hub.stop()


async def test_a_journal_that_does_not_answer_is_asked_again_and_nothing_is_lost() -> None:
    journal = MemoryJournal()
    hub = Hub(journal, ManualClock(), pace=Pace(tick_alone_s=0.05))
    await hub.start()
    journal.down = True
    journal.county.report()
    await asyncio.sleep(0.12)
    one = listener(hub, 0)
    assert told(hub, one) == []
    journal.down = False
    await soon(one)
    assert told(hub, one)[-1].id == 2
    await hub.stop()


async def test_an_event_nobody_can_apply_does_not_silence_those_after_it(hub: Hub) -> None:
    county = county_of(hub)
    county.tell("case:unheard-of", NoteAdded(case_id=CaseId("unheard-of"), text="-"))
    second = county.report()
    one = listener(hub, 0)
    await hub.follower.catch_up()
    rows = [change["id"] for frame in told(hub, one) for change in frame.data["changes"]]
    assert rows[-1] == second
    assert hub.follower.unheard == 1


async def test_a_listener_a_whole_ring_behind_is_told_to_start_over() -> None:
    journal = MemoryJournal()
    hub = Hub(journal, ManualClock(), pace=Pace(ring_size=64))
    await hub.start()
    one = listener(hub, 0)
    for _ in range(40):
        journal.county.report()
    await hub.follower.catch_up()
    frames = frames_of(hub.take(one))
    assert [frame.event for frame in frames] == ["reset"]
    assert one.seq == 80
    assert hub.resets == 1
    await hub.stop()


async def test_a_restarted_hub_goes_on_where_its_listeners_were() -> None:
    journal = MemoryJournal()
    first = Hub(journal, ManualClock())
    await first.start()
    for _ in range(10):
        journal.county.report()
    await first.follower.catch_up()
    one = listener(first, 0)
    before = told(first, one)
    await first.stop()
    for _ in range(10):
        journal.county.report()
    second = Hub(journal, ManualClock())
    await second.start()
    journal.county.report()
    await second.follower.catch_up()
    again = listener(second, one.seq)
    numbers = [
        n
        for frame in before + told(second, again)
        for n in range(frame.data.get("from", frame.id), frame.data["seq"] + 1)
    ]
    assert numbers == list(range(1, 43))
    assert second.resets == 0
    await second.stop()


async def test_a_restarted_hub_tells_the_same_snapshot_news_included() -> None:
    journal = MemoryJournal()
    first = Hub(journal, ManualClock())
    await first.start()
    for _ in range(40):
        journal.county.report()
    await first.follower.catch_up()
    second = Hub(journal, ManualClock())
    await second.start()
    board, again = first.follower.board, second.follower.board
    assert (again.seq, again.cases) == (board.seq, board.cases)
    assert again.news_of(MASKED) == board.news_of(MASKED)
    assert again.news_of(of_department("water")) == board.news_of(of_department("water"))
    await first.stop()
    await second.stop()


async def test_readings_and_units_come_over_the_bus_and_are_told_coalesced() -> None:
    bus = MemoryBus()
    hub = Hub(MemoryJournal(), ManualClock(), bus=bus, pace=Pace(units_s=0.05, readings_s=0.05))
    await hub.start()
    await asyncio.sleep(0.01)
    one = listener(hub, 0, "us")
    for n in range(5):
        await bus.publish("onenet.readings.gas", orjson.dumps({"at": n, "v": [["G1", n, n]]}))
    await bus.publish(
        "onenet.units", orjson.dumps({"at": 1, "u": [["U1", 104.1, 30.1, 1, "free"]]})
    )
    await asyncio.sleep(0.3)
    frames = frames_of(hub.take(one))
    assert [row for f in frames if f.event == "s" for row in f.data["v"]] == [["G1", 4, 4]]
    assert [row[0] for f in frames if f.event == "u" for row in f.data["u"]] == ["U1"]
    await hub.stop()


@pytest.mark.parametrize("payload", [b"{", b"[]", b'{"v": 1}', b'{"v": [1]}', b"{}"])
async def test_an_unreadable_message_is_counted_and_the_next_one_heard(
    hub: Hub, bus: MemoryBus, payload: bytes
) -> None:
    await bus.publish("onenet.readings.gas", payload)
    await bus.publish("onenet.readings.gas", orjson.dumps({"v": [["G1", 1, 1]]}))
    await asyncio.sleep(0.05)
    assert hub.unreadable == 1
    assert "G1" in hub.readings.latest


async def test_a_heartbeat_says_how_old_everything_is(hub: Hub, bus: MemoryBus) -> None:
    one = listener(hub, 0)
    one.beat = -1
    hub.hear_units([["U1", 104.1, 30.1, 1, "free"]])
    (beat,) = told(hub, one, "hb")
    assert beat.data["bus"] == "up"
    assert beat.data["ages"]["units"] < 1000
    assert beat.data["ages"]["readings"] is None
    assert beat.data["seq"] == 0
    bus.up = False
    one.beat = -1
    assert told(hub, one, "hb")[0].data["bus"] == "down"


async def test_who_is_signed_out_hears_no_more(hub: Hub) -> None:
    one = listener(hub, 0)
    assert hub.listeners.part("p") == 1
    assert one.done


class TwoUnits:
    """A roster whose first unit has just been sent."""

    status = "free"

    async def units(self) -> list[list[object]]:
        return [
            ["E1", 104.1, 30.1, 1000, self.status, "engine", "一号车"],
            ["E2", None, None, None, "free", "engine", "二号车"],
        ]

    async def points(self) -> list[list[object]]:
        return []


async def test_a_unit_that_is_sent_shows_its_new_status_before_it_moves() -> None:
    roster = TwoUnits()
    hub = Hub(MemoryJournal(), ManualClock(), roster=roster, pace=SLOW_TICK)
    await hub.start()
    one = listener(hub, 0, "u")
    await soon(one)
    assert told(hub, one, "u")[0].data["u"] == [
        ["E1", 104.1, 30.1, 1000, "free", "engine", "一号车"]
    ]
    roster.status = "assigned"
    county_of(hub).tell("unit:E1", UnitAssigned(unit_id=UnitId("E1"), case_id=CaseId("C")))
    hub.wake()
    while not (frames := told(hub, one, "u")):
        await soon(one)
    assert frames[0].data["u"][0][4] == "assigned"
    await hub.stop()


async def test_large_frames_are_taken_in_turns_so_that_events_need_not_wait_for_all(
    hub: Hub,
) -> None:
    ears = [listener(hub, 0, "s") for _ in range(20)]
    for one in ears:
        one.due.clear()
    taken = []
    for beat in range(10):
        hub.listeners.give_turns("s", 1, beat, 10)
        taken.append(sum("s" in one.due for one in ears))
    assert taken == list(range(2, 21, 2))


@pytest.mark.parametrize("turns", range(5))
async def test_a_hub_stopped_in_the_moment_it_is_woken_stops(turns: int) -> None:
    hub = Hub(MemoryJournal(), ManualClock())
    await hub.start()
    await asyncio.sleep(0.01)
    hub.follower.wake()
    hub.rosters.stir()
    for _ in range(turns):  # what they wait for has come, and they have not gone on yet
        await asyncio.sleep(0)
    stopping = asyncio.create_task(hub.stop())
    _, waiting = await asyncio.wait([stopping], timeout=2)
    assert not waiting
