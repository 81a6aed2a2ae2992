"""Closures over the store: kept, ended once, ended by time even after a restart, and made anew by rebuild."""

from datetime import timedelta

import pytest

from county.closing.handlers import Changed, close_road, end_due, reopen_road
from county.closures import Cause, Ground
from county.messages import CloseRoad, ReopenRoad
from storage.closures import ClosuresInTransaction, ended_closures, load_closure, open_closures
from storage.journal import Journal
from storage.rebuild import rebuild
from storage.transaction import Transaction
from tests.clocks import ManualClock
from vocabulary.errors import Refused
from vocabulary.ids import new_id
from vocabulary.message import Actor

OFFICER = Actor(id="p1", name="陈静", kind="person", roles=frozenset({"dispatcher"}))
STRETCH = Ground("line", ((120.0, 29.0), (120.01, 29.0)))


async def close(journal: Journal, clock: ManualClock, minutes: int) -> Changed:
    until = clock.now() + timedelta(minutes=minutes)
    wish = CloseRoad(ground=STRETCH, until_at=until, cause=Cause.FLOOD, road="滨河路", note="积水")

    def work(transaction: Transaction, /) -> Changed:
        closures = ClosuresInTransaction(transaction)
        return close_road(closures, wish, closure_id=new_id(), actor=OFFICER, at=clock.now())

    return await journal.write(work)


async def end(journal: Journal, closure_id: str) -> Changed:
    def work(transaction: Transaction, /) -> Changed:
        closures = ClosuresInTransaction(transaction)
        return reopen_road(closures, ReopenRoad(closure_id=closure_id, note=""), actor=OFFICER)

    return await journal.write(work)


async def time_passes(journal: Journal, clock: ManualClock) -> int:
    return await journal.write(lambda t: end_due(ClosuresInTransaction(t), clock.now()))


async def test_a_closure_is_kept_and_ended_by_a_person_once(
    journal: Journal, clock: ManualClock
) -> None:
    made = await close(journal, clock, 30)
    assert [one.id for one in await journal.read(open_closures)] == [made.closure.id]
    over = await end(journal, made.closure.id)
    assert (over.closure.ended_by, over.closure.by_time, over.seq) == ("陈静", False, made.seq + 1)
    with pytest.raises(Refused) as again:
        await end(journal, made.closure.id)
    assert again.value.code == "roads.closure_over"
    assert await journal.read(open_closures) == []
    assert await journal.read(lambda c: ended_closures(c, 5)) == [over.closure]


async def test_time_ends_what_is_due_whoever_was_away_and_only_once(
    journal: Journal, clock: ManualClock
) -> None:
    first, second = await close(journal, clock, 10), await close(journal, clock, 60)
    assert await time_passes(journal, clock) == 0
    clock.advance(timedelta(minutes=10))
    assert await time_passes(journal, clock) == 1
    assert await time_passes(journal, clock) == 0
    assert [one.id for one in await journal.read(open_closures)] == [second.closure.id]
    ended = await journal.read(lambda c: load_closure(c, first.closure.id))
    assert ended is not None
    assert (ended.by_time, ended.ended_at) == (True, clock.now())


async def test_closures_made_anew_from_the_journal_are_the_same(
    journal: Journal, clock: ManualClock
) -> None:
    made = [await close(journal, clock, minutes) for minutes in (5, 50, 500)]
    await end(journal, made[2].closure.id)
    clock.advance(timedelta(minutes=6))
    await time_passes(journal, clock)

    async def kept() -> tuple[object, object]:
        return await journal.read(open_closures), await journal.read(
            lambda c: ended_closures(c, 10)
        )

    before = await kept()
    rebuild(journal)
    assert await kept() == before
    assert [len(part) for part in before] == [1, 2]  # type: ignore[arg-type]
