"""Trial dispatches go the way of a dispatch and are kept whether they arrived; painted dispatches are kept to the millisecond."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bus.memory import MemoryBus
from bus.relay import Relay
from indicators.catalogue import BY_ID
from indicators.frame import Frames
from indicators.measure import figure
from indicators.model import Figure, Window
from live.hub import Hub
from runtime import trials as room
from runtime.figures_book import FiguresBook
from runtime.figures_platform import platform_sources
from runtime.live_source import JournalSource
from runtime.painted import PaintedDispatches
from runtime.trials import Trials
from storage.journal import select_last_seq
from storage.outbox import StoredOutbox
from storage.painted import painted_since
from storage.trials import trials_since
from tests.bus.doubles import WRITER
from tests.clocks import ManualClock
from tests.sensors.office import Office
from vocabulary.errors import Unavailable


class Way:
    """The way of a dispatch in one process: journal, relay, bus, hub."""

    def __init__(self, office: Office) -> None:
        self.office, self.bus = office, MemoryBus()
        self.hub = Hub(JournalSource(office.journal), office.clock, bus=self.bus)
        self.relay = Relay(
            StoredOutbox(office.journal), office.journal, self.bus, WRITER, tick_s=60
        )
        self.trials = Trials(office.journal, office.clock, self.relay, self.hub)

    async def open(self) -> None:
        await self.hub.start()
        self.running = asyncio.create_task(self.relay.run())
        await self.trials.turn()  # a console that has just started only listens

    async def close(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self.hub.stop()


@pytest.fixture
async def way(tmp_path: Path) -> AsyncIterator[Way]:
    office = Office(tmp_path, ManualClock())
    made = Way(office)
    await made.open()
    yield made
    await made.close()
    office.close()


def book_of(office: Office, *, tries: bool = True) -> FiguresBook:
    book = FiguresBook(office.journal, sources=())
    book.also(*platform_sources(office.clock, tries=tries))
    return book


async def told(office: Office, id: str, book: FiguresBook) -> Figure:
    now = office.clock.now()
    window = Window(since=now - timedelta(hours=6), until=now + timedelta(minutes=1))

    def work(frames: Frames) -> Figure:
        return figure(BY_ID[id], frames, window, now.timestamp() + 1)

    return await book.ask(work)


async def test_a_trial_that_is_heard_leaves_no_event_and_reaches_no_other_program(way: Way) -> None:
    others = way.bus.subscribe("onenet.*")
    await others.ready()
    before = await way.office.journal.read(select_last_seq)
    await way.trials.turn()
    kept = await way.office.journal.read(lambda c: trials_since(c, way.office.clock.now()))
    assert [(one.problem, one.took_ms is not None) for one in kept] == [("", True)]
    assert await way.office.journal.read(select_last_seq) == before
    assert await StoredOutbox(way.office.journal).pending(10) == []
    await way.bus.publish("onenet.cases", b"the next word others hear")
    assert await anext(others) == ("onenet.cases", b"the next word others hear")
    await others.aclose()


async def test_a_trial_nobody_hears_in_time_has_failed_and_says_what_it_waited_for(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "BUDGET_S", 0.05)
    way.hub.tried = lambda _marker: None
    await way.trials.turn()
    (kept,) = await way.office.journal.read(lambda c: trials_since(c, way.office.clock.now()))
    assert (kept.problem, kept.took_ms) == ("bus", None)


async def test_trials_of_a_store_that_was_away_are_kept_when_it_is_back(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_given: object) -> None:
        raise Unavailable("storage.unavailable", problem="away")

    begun = way.office.clock.now()
    with monkeypatch.context() as patch:
        patch.setattr(way.office.journal, "write", away)
        with pytest.raises(Unavailable):
            await way.trials.turn()
    way.office.clock.advance(timedelta(minutes=1))
    await way.trials.turn()
    kept = await way.office.journal.read(lambda c: trials_since(c, begun))
    assert [one.problem for one in kept] == ["store", ""]
    way.office.clock.advance(timedelta(minutes=1))
    found = await told(way.office, "P04", book_of(way.office))
    assert (found.hits, found.n) == (1, 2)


async def test_a_console_that_tries_nothing_has_no_figure_of_it(way: Way) -> None:
    await way.trials.turn()
    assert (await told(way.office, "P04", book_of(way.office, tries=False))).no_source


async def test_painted_dispatches_are_kept_over_a_restart_and_counted_with_the_next(
    way: Way,
) -> None:
    office = way.office
    empty = await told(office, "P01", book_of(office))
    assert (empty.n, empty.value, empty.no_source) == (0, None, False)
    first = PaintedDispatches(office.journal, office.clock)
    first.take([12.4, 11.6, 30])
    await first.keep()
    again = PaintedDispatches(office.journal, office.clock)  # after a restart
    again.take([12, 1200])
    await again.keep()
    office.clock.advance(timedelta(minutes=20))
    again.take([12])
    await again.keep()
    rows = await office.journal.read(
        lambda c: painted_since(c, office.clock.now() - timedelta(days=1))
    )
    assert [(one.ms, one.times) for one in rows] == [(12, 3), (30, 1), (1200, 1), (12, 1)]
    found = await told(office, "P01", book_of(office))
    assert (found.n, found.hits, found.percentiles["p50"], found.percentiles["p99"]) == (
        6, 5, 0.012, 1.2,
    )  # fmt: skip


async def test_what_could_not_be_kept_is_kept_the_next_time(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_given: object) -> None:
        raise Unavailable("storage.unavailable", problem="away")

    painted = PaintedDispatches(way.office.journal, way.office.clock)
    painted.take([5, 5])
    with monkeypatch.context() as patch:
        patch.setattr(way.office.journal, "write", away)
        with pytest.raises(Unavailable):
            await painted.keep()
    await painted.keep()
    await painted.keep()
    found = await told(way.office, "P01", book_of(way.office))
    assert found.n == 2


async def test_what_is_older_than_anybody_compares_is_forgotten(way: Way) -> None:
    office = way.office
    painted = PaintedDispatches(office.journal, office.clock)
    painted.take([5])
    await painted.keep()
    await way.trials.turn()
    begun = office.clock.now()
    office.clock.advance(room.KEPT + timedelta(hours=1))
    await painted.forget()
    await way.trials.forget()
    since = begun - timedelta(days=1)
    assert await office.journal.read(lambda c: [*painted_since(c, since), *trials_since(c, since)]) == []  # fmt: skip
