"""C09 to C11 and G20 over a real store: what was proposed beside what was sent, staffed and busy hours, minutes without cover."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dispatch.assignment_rules import Step
from dispatch.kinds import override_reasons
from dispatch.model import UnitKind
from incidents.rulebook import shipped_tables
from indicators.catalogue import BY_ID
from indicators.frame import Frames
from indicators.measure import figure
from indicators.model import Figure, Window
from runtime.figures_book import FiguresBook
from runtime.figures_dispatching import Cover, Recommendations, Staffing
from runtime.rooms import Rooms
from storage.assignments import list_assignments
from storage.cover import note_gaps, note_look
from storage.journal import Journal
from storage.rebuild import rebuild
from storage.transaction import Transaction
from tests.clocks import ManualClock
from tests.county.road_maps import at
from tests.dispatch.centre import DAYTIME, Centre

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
REASON = next(iter(override_reasons()))


@pytest.fixture
def centre(journal: Journal, clock: ManualClock, tmp_path: Path) -> Centre:
    return Centre(journal, clock, tmp_path)


def rooms_of(centre: Centre) -> Rooms:
    town = SimpleNamespace(id="t1", name_zh="桥头镇")
    county = SimpleNamespace(towns=[town])
    return cast(
        "Rooms", SimpleNamespace(clock=centre.clock, tables=shipped_tables(), county=county)
    )


@pytest.fixture
def book(centre: Centre) -> FiguresBook:
    made = FiguresBook(centre.journal, sources=())
    rooms = rooms_of(centre)
    made.also(Recommendations(), Staffing(rooms), Cover(rooms))
    return made


async def told(book: FiguresBook, id: str, since: datetime, until: datetime) -> Figure:
    window = Window(since=since, until=until)

    def work(frames: Frames) -> Figure:
        return figure(BY_ID[id], frames, window, until.timestamp())

    return await book.ask(work)


async def all_told(book: FiguresBook, id: str, centre: Centre) -> Figure:
    now = centre.clock.now()
    return await told(book, id, now - timedelta(days=1), now + MINUTE)


async def engines(centre: Centre, *names: str) -> None:
    for n, name in enumerate(names):
        await centre.add_unit(name, at(200 * n, 0), UnitKind.ENGINE, "fire", roster=())


async def test_what_was_sent_is_counted_beside_what_was_proposed(
    centre: Centre, book: FiguresBook
) -> None:
    names = ("E1", "E2", "E3", "E4")
    await engines(centre, *names)
    empty = await all_told(book, "C10", centre)
    assert (empty.n, empty.value, empty.no_source) == (0, None, False)
    taken = await centre.opens("Y0201")
    shown = await centre.recommended(taken)
    gone = set(shown["proposed"])
    await centre.send(taken, shown)
    for exercise in (False, True):
        changed = await centre.opens("Y0201", exercise=exercise)
        shown = await centre.recommended(changed)
        other = next(one for one in names if one not in gone | set(shown["proposed"]))
        gone.add(other)
        await centre.send(changed, shown, other, reason=REASON)
    by_hand = await centre.open_case()
    await centre.dispatch(by_hand)

    found = await all_told(book, "C10", centre)
    assert (found.hits, found.n, found.left_out["exercise"]) == (1, 2, 1)
    found = await all_told(book, "G20", centre)
    assert (found.hits, found.n) == (1, 3)  # taken, of taken, changed and by_hand
    now = centre.clock.now()
    kept = await centre.recommending.recommendation_figures(
        cast("Any", None), now - HOUR, now + MINUTE
    )
    found = await all_told(book, "C10b", centre)
    assert (found.hits, found.n) == (kept["missing"], kept["places"])


async def test_a_book_opened_anew_and_tables_made_anew_tell_the_same(
    centre: Centre, book: FiguresBook
) -> None:
    await engines(centre, "E1")
    case = await centre.opens("Y0201")
    await centre.send(case, await centre.recommended(case))
    before = [await all_told(book, id, centre) for id in ("C09", "C10", "C10b", "G20")]
    rebuild(centre.journal)
    fresh = FiguresBook(centre.journal, sources=())
    fresh.also(Recommendations(), Staffing(rooms_of(centre)))
    assert [await all_told(fresh, id, centre) for id in ("C09", "C10", "C10b", "G20")] == before
    assert before[0].n + before[1].n > 0


async def go(centre: Centre, unit: str, step: Step) -> None:
    found = await centre.journal.read(
        lambda c: list_assignments(c, case_id=None, unit_id=unit, open=True)
    )
    await centre.step(found[0], step)


async def test_busy_hours_are_from_the_answer_to_the_end_and_staffed_ones_from_the_roster(
    centre: Centre, book: FiguresBook
) -> None:
    assert (await all_told(book, "C09", centre)).no_source
    begun = centre.clock.now()
    await engines(centre, "E1")
    centre.clock.advance(2 * HOUR)
    case = await centre.dispatch(await centre.open_case(), "E1")
    assert case.units
    centre.clock.advance(10 * MINUTE)  # asked, and not gone yet
    await go(centre, "E1", Step.ACK)
    centre.clock.advance(30 * MINUTE)
    half = await told(book, "C09", begun, centre.clock.now())
    assert half.value == pytest.approx(30 / 160)  # it goes on: busy up to now
    await go(centre, "E1", Step.ENROUTE)
    centre.clock.advance(30 * MINUTE)
    await go(centre, "E1", Step.ON_SCENE)
    await go(centre, "E1", Step.CLEAR)
    ended = centre.clock.now()
    centre.clock.advance(50 * MINUTE)
    whole = await told(book, "C09", begun, centre.clock.now())
    assert whole.value == pytest.approx(60 / 240)
    edge = await told(book, "C09", ended - 15 * MINUTE, ended + 15 * MINUTE)
    assert edge.value == pytest.approx(0.5)  # cut at both edges


async def test_a_roster_counts_from_when_it_was_made_and_the_one_before_until_then(
    centre: Centre, book: FiguresBook
) -> None:
    await engines(centre, "E1")  # without a roster: always
    midnight = centre.clock.now().replace(hour=16, minute=0, second=0, microsecond=0)
    if midnight <= centre.clock.now():
        midnight += timedelta(days=1)
    centre.clock.advance(midnight - centre.clock.now())
    await centre.add_unit("E1", at(0, 0), UnitKind.ENGINE, "fire", roster=DAYTIME)
    day = timedelta(days=1)
    centre.clock.advance(2 * day)
    before = await told(book, "C09", midnight - 2 * HOUR, midnight)
    after = await told(book, "C09", midnight, midnight + 2 * day)
    assert before.n == 2
    assert after.n == 20  # twice 08:00 to 18:00 by the county's clock


async def test_minutes_without_cover_are_those_somebody_saw(
    centre: Centre, book: FiguresBook
) -> None:
    begun = centre.clock.now()
    assert (await told(book, "C11", begun - HOUR, begun)).no_source

    async def look(*areas: str) -> None:
        now = centre.clock.now()

        def work(transaction: Transaction, /) -> None:
            note_look(transaction.connection, now)
            note_gaps(transaction.connection, {("fire", area): 500 for area in areas}, now)

        await centre.journal.write(work)

    await look()
    for _ in range(10):
        centre.clock.advance(MINUTE)
        await look("t1")
    centre.clock.advance(HOUR)  # the console was away
    await look()
    centre.clock.advance(2 * MINUTE)
    await look()
    found = await told(book, "C11", begun, centre.clock.now())
    assert (found.value, found.n, found.left_out["unwatched"]) == (9, 12, 60)
    away = await told(book, "C11", begun + 20 * MINUTE, begun + 50 * MINUTE)
    assert (away.value, away.left_out["unwatched"]) == (None, 30)
