"""The journal: gap-free, compare-and-set, append-only, durable, the same in every store."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from dispatch.messages import UnitAssigned, UnitRegistered
from dispatch.model import UnitKind
from storage.engine import Store, open_store, store_url
from storage.journal import Journal
from storage.links import link, sealed
from storage.tables import events, outbox, units
from storage.transaction import Transaction
from vocabulary.errors import Refused, Unavailable
from vocabulary.ids import CaseId, UnitId
from vocabulary.message import SYSTEM, Event, Recorded


def registered(unit: str) -> UnitRegistered:
    return UnitRegistered(
        unit_id=UnitId(unit), name=unit, unit_kind=UnitKind.TEAM, department="fire", home=None
    )


def adding(unit: str, expected: int, *more: Event) -> "Adding":
    return Adding(unit, expected, (registered(unit), *more))


class Adding:
    """A work that appends events to one unit's stream."""

    def __init__(self, unit: str, expected: int, new: tuple[Event, ...]) -> None:
        self.unit, self.expected, self.new = unit, expected, new

    def __call__(self, transaction: Transaction, /) -> list[Recorded[Event]]:
        return transaction.append(f"unit:{self.unit}", self.expected, self.new, actor=SYSTEM)


def kept_seqs(store: Store) -> list[int]:
    with store.reader.connect() as connection:
        return list(connection.execute(select(events.c.seq).order_by(events.c.seq)).scalars())


def test_events_are_numbered_from_one_without_a_gap(journal: Journal, store: Store) -> None:
    for number in range(5):
        journal.write_blocking(adding(f"u{number}", 0))
    assert kept_seqs(store) == [1, 2, 3, 4, 5]


def test_a_stale_version_is_refused_and_says_who_changed_it(journal: Journal) -> None:
    journal.write_blocking(adding("u", 0))
    with pytest.raises(Refused) as refused:
        journal.write_blocking(adding("u", 0))
    assert refused.value.code == "journal.stale"
    assert refused.value.status == 409
    assert refused.value.values["current_version"] == 1
    assert SYSTEM.name in refused.value.text("zh")


def test_a_refused_work_leaves_no_gap_and_does_not_hurt_its_neighbours(
    journal: Journal, store: Store
) -> None:
    gate = threading.Event()

    def hold(_transaction: Transaction, /) -> None:
        gate.wait(5)

    def half(transaction: Transaction, /) -> None:
        adding("half", 0)(transaction)
        raise Refused("place.not_a_number", field="lon", value="x")

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(journal.write_blocking, hold)
        good = threads.submit(journal.write_blocking, adding("good", 0))
        bad = threads.submit(journal.write_blocking, half)
        also = threads.submit(journal.write_blocking, adding("also", 0))
        gate.set()
        first.result()
        assert {good.result()[0].seq, also.result()[0].seq} == {1, 2}
        with pytest.raises(Refused):
            bad.result()
    assert kept_seqs(store) == [1, 2]
    with store.reader.connect() as connection:
        assert sorted(connection.execute(select(units.c.id)).scalars()) == ["also", "good"]


def test_of_twenty_who_race_for_one_version_exactly_one_wins(journal: Journal) -> None:
    journal.write_blocking(adding("u", 0))

    def race(number: int) -> bool:
        event = UnitAssigned(unit_id=UnitId("u"), case_id=CaseId(f"c{number}"))
        try:
            journal.write_blocking(Adding("u", 1, (event,)))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(race, range(20))) == 1


def test_each_event_waits_in_the_outbox_until_it_is_told(journal: Journal, store: Store) -> None:
    journal.write_blocking(adding("u", 0))
    with store.reader.connect() as connection:
        assert list(connection.execute(select(outbox.c.seq)).scalars()) == [1]


def test_what_is_kept_can_neither_be_changed_nor_deleted(journal: Journal, store: Store) -> None:
    journal.write_blocking(adding("u", 0))
    for change in (update(events).values(kind="x"), delete(events)):
        with pytest.raises(DBAPIError, match="append-only"), store.writer.begin() as connection:
            connection.execute(change)


def test_a_streams_hash_chain_holds(journal: Journal, store: Store) -> None:
    journal.write_blocking(adding("u", 0))
    journal.write_blocking(
        Adding("u", 1, (UnitAssigned(unit_id=UnitId("u"), case_id=CaseId("c")),))
    )
    previous = ""
    with store.reader.connect() as connection:
        for row in connection.execute(select(events).order_by(events.c.version)):
            assert row.chain == link(previous, sealed(dict(row._mapping)))
            previous = row.chain


async def test_events_after_a_seq_come_in_order_and_whole(journal: Journal) -> None:
    written = [registered(f"u{number}") for number in range(7)]
    for event in written:
        await journal.write(Adding(event.unit_id, 0, (event,)))
    first = await journal.events_after(0, limit=4)
    rest = await journal.events_after(first[-1].seq)
    assert [recorded.event for recorded in (*first, *rest)] == written
    assert await journal.last_seq() == 7


async def test_commits_are_announced_with_the_newest_seq(journal: Journal) -> None:
    heard: list[int] = []
    journal.on_commit(heard.append)
    await asyncio.gather(*(journal.write(adding(f"u{number}", 0)) for number in range(10)))
    assert heard[-1] == 10
    assert heard == sorted(heard)


async def test_what_is_told_from_memory_is_what_the_store_keeps(
    journal: Journal, store: Store
) -> None:
    for number in range(3):
        await journal.write(adding(f"u{number}", 0))
    with pytest.raises(Refused):
        await journal.write(adding("u0", 7))
    held = await journal.events_after(0)
    assert held == journal.newest.after(0, 10)
    assert held == await Journal(store, journal.codec, journal.clock).events_after(0)


async def test_what_another_process_wrote_in_between_is_read_from_the_store(
    journal: Journal, store: Store
) -> None:
    other = Journal(store, journal.codec, journal.clock, journal.projections)
    other.start()
    for number, writer in enumerate((journal, other, journal)):
        writer.write_blocking(adding(f"u{number}", 0))
    other.stop()
    assert [recorded.seq for recorded in journal.newest.after(2, 10)] == [3]
    assert [recorded.seq for recorded in await journal.events_after(0)] == [1, 2, 3]


def test_a_commit_is_forced_to_the_disk(store: Store) -> None:
    with store.writer.connect() as connection:
        if store.embedded:
            assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        else:
            assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
            assert connection.execute(text("SHOW fsync")).scalar_one() == "on"


async def test_a_store_that_hangs_is_unavailable_within_its_time(journal: Journal) -> None:
    gate = threading.Event()
    blocked = asyncio.create_task(journal.write(lambda _t, /: gate.wait(10), timeout_s=5))
    await asyncio.sleep(0.05)
    with pytest.raises(Unavailable) as unavailable:
        await journal.write(adding("late", 0), timeout_s=0.1)
    assert unavailable.value.status == 503
    gate.set()
    await blocked
    assert await journal.last_seq() == 0, "a work given up before it began is never done"


@pytest.mark.server
@pytest.mark.parametrize("url", ["postgresql://nobody:secret@127.0.0.1:9/none"])
def test_an_unreachable_store_is_named_without_its_password(
    url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(Unavailable) as unavailable:
        open_store(store_url(url, tmp_path_factory.mktemp("home")))
    sentence = unavailable.value.text("zh") + unavailable.value.text("en")
    assert "127.0.0.1:9" in sentence
    assert "secret" not in sentence


def test_two_journals_on_one_store_share_one_numbering(journal: Journal, store: Store) -> None:
    other = Journal(store, journal.codec, journal.clock, journal.projections)
    other.start()
    with ThreadPoolExecutor(8) as threads:
        works = [adding(f"u{number}", 0) for number in range(40)]
        journals = [journal, other] * 20
        list(
            threads.map(
                lambda pair: pair[0].write_blocking(pair[1]), zip(journals, works, strict=True)
            )
        )
    other.stop()
    assert kept_seqs(store) == list(range(1, 41))
    with store.reader.connect() as connection:
        assert connection.execute(select(func.count()).select_from(units)).scalar_one() == 40
