"""Each consumer does its effect of each event once, whoever brings the event and however often."""

import pytest

from storage.effects import StoredDeadLetters, StoredEffects, do_once
from storage.journal import Journal
from storage.outbox import StoredOutbox
from storage.transaction import Transaction
from tests.storage.test_journal import adding
from vocabulary.errors import Refused


async def fill(journal: Journal, count: int) -> None:
    for number in range(count):
        await journal.write(adding(f"u{number}", 0))


async def test_an_effect_is_done_once_in_its_own_transaction(journal: Journal) -> None:
    await fill(journal, 1)
    done: list[int] = []

    def work(transaction: Transaction, /) -> None:
        if do_once(transaction, 1, "c"):
            done.append(1)

    await journal.write(work)
    await journal.write(work)
    assert done == [1]
    assert await StoredEffects(journal).seen(1, "c")


async def test_an_effect_that_fails_is_not_recorded(journal: Journal) -> None:
    await fill(journal, 1)

    def work(transaction: Transaction, /) -> None:
        do_once(transaction, 1, "c")
        raise Refused("place.not_a_number", field="lon", value="x")

    with pytest.raises(Refused):
        await journal.write(work)
    assert not await StoredEffects(journal).seen(1, "c")


async def test_what_is_missing_is_found_above_the_floor(journal: Journal) -> None:
    effects = StoredEffects(journal)
    await effects.begin("c", from_now=False)
    await fill(journal, 5)
    await effects.record(2, "c", "done")
    await effects.record(4, "c", "dead")
    assert [one.seq for one in await effects.missing("c", 6, 10)] == [1, 3, 5]
    await effects.record(1, "c", "done")
    await effects.settle("c", 2)
    await effects.settle("c", 1)
    assert [one.seq for one in await effects.missing("c", 6, 10)] == [3, 5]
    assert await effects.seen(1, "c")


async def test_a_consumer_that_begins_now_does_not_hear_the_past(journal: Journal) -> None:
    await fill(journal, 3)
    effects = StoredEffects(journal)
    assert await effects.begin("late", from_now=True) == 3
    assert await effects.begin("late", from_now=True) == 3
    assert await effects.missing("late", 100, 10) == []


async def test_dead_letters_are_kept_once_each_and_counted(journal: Journal) -> None:
    letters = StoredDeadLetters(journal)
    await letters.keep(7, "c", "boom", 5)
    await letters.keep(7, "c", "boom again", 6)
    assert await letters.count() == 1


async def test_the_outbox_gives_events_in_order_until_they_are_told(journal: Journal) -> None:
    await fill(journal, 5)
    outbox = StoredOutbox(journal)
    assert [one.seq for one in await outbox.pending(3)] == [1, 2, 3]
    await outbox.done([1, 2, 99])
    assert [one.seq for one in await outbox.pending(10)] == [3, 4, 5]
