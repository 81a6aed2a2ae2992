"""Warnings over the store: kept once, ended whichever order messages come in, expired by time, and made anew by rebuild."""

from datetime import timedelta

from incidents.warnings.handlers import Taken, expire_due, take
from incidents.warnings.model import Act, HazardWarning, State, Status, WarningMessage
from incidents.warnings.reach import reach_of
from storage.journal import Journal
from storage.rebuild import rebuild
from storage.transaction import Transaction
from storage.warnings import (
    WarningsInTransaction,
    load_warning,
    open_warnings,
    past_warnings,
    warnings_sent_between,
)
from tests.clocks import ManualClock
from tests.incidents.warned import COUNTY, NOW, a_message, name_of
from vocabulary.message import Actor

BRINGER = Actor(id="k1", name="预警平台", kind="key")


async def bring(journal: Journal, *messages: WarningMessage) -> list[Taken]:
    taken = []
    for message in messages:

        def work(transaction: Transaction, /, m: WarningMessage = message) -> Taken:
            kept = WarningsInTransaction(transaction)
            return take(kept, m, reach_of(m.areas, COUNTY), actor=BRINGER, at=NOW)

        taken.append(await journal.write(work))
    return taken


async def ids(journal: Journal) -> list[str]:
    return [one.id for one in await journal.read(open_warnings)]


async def load(journal: Journal, number: int) -> HazardWarning:
    found = await journal.read(lambda c: load_warning(c, name_of(number)))
    assert found is not None
    return found


async def test_a_message_is_kept_once_and_found_again_word_for_word(
    journal: Journal, clock: ManualClock
) -> None:
    first, again = await bring(journal, a_message(1), a_message(1))
    assert first.seq is not None
    assert again.seq is None
    kept = await load(journal, 1)
    assert (kept.message, kept.kept_by) == (a_message(1), "预警平台")
    assert kept == again.warning
    assert await ids(journal) == [name_of(1)]


async def test_updates_and_cancellations_before_their_alert_end_it_when_it_comes(
    journal: Journal, clock: ManualClock
) -> None:
    await bring(
        journal,
        a_message(3, Act.CANCEL, refers=[2], minutes=9),
        a_message(2, Act.UPDATE, refers=[1], minutes=5),
        a_message(1),
    )
    assert await ids(journal) == []
    assert (await load(journal, 1)).state_at(NOW) is State.UPDATED
    assert (await load(journal, 2)).state_at(NOW) is State.CANCELLED
    assert [one.id for one in await journal.read(lambda c: past_warnings(c, 9))] == [
        name_of(2),
        name_of(1),
    ]


async def test_time_ends_what_is_due_and_only_once(journal: Journal, clock: ManualClock) -> None:
    await bring(journal, a_message(1), a_message(2, expires_at=NOW + timedelta(hours=9)))
    later = NOW + timedelta(hours=5)
    for due in (1, 0):
        told = await journal.write(lambda t: expire_due(WarningsInTransaction(t), later))
        assert told == due
    assert await ids(journal) == [name_of(2)]


async def test_only_actual_alerts_of_the_county_are_counted(
    journal: Journal, clock: ManualClock
) -> None:
    await bring(
        journal,
        a_message(1),
        a_message(2, Act.UPDATE, refers=[1], minutes=5),
        a_message(3, status=Status.EXERCISE),
        a_message(4, minutes=-60),
    )
    since, until = NOW - timedelta(minutes=90), NOW
    counted = await journal.read(lambda c: warnings_sent_between(c, since, until))
    assert [one.id for one in counted] == [name_of(1)]


async def test_warnings_made_anew_from_the_journal_are_the_same(
    journal: Journal, clock: ManualClock
) -> None:
    await bring(
        journal,
        a_message(2, Act.UPDATE, refers=[1], minutes=5),
        a_message(1),
        a_message(5, expires_at=NOW + timedelta(minutes=1)),
    )
    later = NOW + timedelta(minutes=2)
    await journal.write(lambda t: expire_due(WarningsInTransaction(t), later))

    async def kept() -> object:
        return [await load(journal, number) for number in (1, 2, 5)], await ids(journal)

    before = await kept()
    rebuild(journal)
    assert await kept() == before
    await bring(journal, a_message(6, Act.CANCEL, refers=[1], minutes=8))
    assert await ids(journal) == []
