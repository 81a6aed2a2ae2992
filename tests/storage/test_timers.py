"""Timers in the store: armed with their event, found when due, fired once; the same on every engine, and after a restart."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from bus.codec import Codec
from incidents import commands as c
from incidents.handlers import Outcome, command_case, fire_timer, receive_report
from incidents.model import Case
from incidents.rulebook import shipped_tables
from incidents.store import Located
from incidents.timers import Timer, TimerKind, timers_of
from runtime.kinds import EVENTS
from security.sealing import Keyring, SealingKey
from storage.alerts import AlertProjection, alerts_between, read_alerts
from storage.case_list import open_cases
from storage.case_work import CasesInTransaction
from storage.cases import CaseProjection, load_case
from storage.engine import open_store, store_url
from storage.journal import Journal
from storage.rebuild import rebuild
from storage.schema import prepare_schema
from storage.tables import alerts, timers
from storage.timers import any_timer, arm_again, due_timers, timer_stands
from storage.transaction import Transaction
from tests.clocks import ManualClock
from tests.incidents.stories import DUTY, KEY, a_report
from vocabulary.message import Actor, Command

TABLES = shipped_tables()
RING = Keyring((SealingKey("a", "sm4-gcm", b"s" * 16),))
LONG = timedelta(days=400)


class Office:
    """Cases behind a real journal, and the clock that is moved by hand."""

    def __init__(self, journal: Journal, clock: ManualClock) -> None:
        self.journal, self.clock = journal, clock

    def report(self, **changes: object) -> Case:
        def work(transaction: Transaction, /) -> Outcome:
            return receive_report(
                CasesInTransaction(transaction, RING),
                a_report(**changes),
                actor=DUTY,
                at=self.clock.now(),
                tables=TABLES,
                locate=lambda place: Located(division="330481"),
            )

        return self.journal.write_blocking(work).case

    def does(self, case: Case, command: Command, by: Actor = DUTY) -> Case:
        def work(transaction: Transaction, /) -> Outcome:
            cases = CasesInTransaction(transaction, RING)
            return command_case(
                cases,
                case.id,
                case.version,
                command,
                actor=by,
                at=self.clock.now(),
                tables=TABLES,
            )

        return self.journal.write_blocking(work).case

    def kept(self) -> set[Timer]:
        return set(self.due(LONG))

    def due(self, later: timedelta = timedelta(0)) -> list[Timer]:
        at = self.clock.now() + later
        return self.journal.write_blocking(lambda tx: due_timers(tx.connection, at, 100))

    def fires(self, timer: Timer) -> bool:
        def work(transaction: Transaction, /) -> bool:
            if not timer_stands(transaction.connection, timer):
                return False
            cases = CasesInTransaction(transaction, RING)
            return fire_timer(cases, timer, at=self.clock.now(), tables=TABLES) is not None

        return self.journal.write_blocking(work)

    def case(self, case: Case) -> Case:
        found = self.journal.write_blocking(lambda tx: load_case(tx.connection, case.id))
        assert found is not None
        return found


@pytest.fixture
def office(journal: Journal, clock: ManualClock) -> Office:
    return Office(journal, clock)


def test_a_timer_is_armed_in_the_transaction_of_its_event_and_moved_with_its_case(
    office: Office,
) -> None:
    case = office.report()
    assert office.kept() == set(timers_of(case, TABLES))
    assert {timer.kind for timer in office.kept()} == {
        *(TimerKind.WARN, TimerKind.OVERDUE, TimerKind.ACKNOWLEDGE, TimerKind.ESCALATE)
    }
    filed = office.does(case, c.File())
    assert office.kept() == set(timers_of(filed, TABLES))
    assert {timer.part for timer in office.kept()} == {"dispatch"}
    office.does(filed, c.Void(reason="误报"))
    assert office.kept() == set()


def test_a_refused_command_leaves_the_timers_as_they_were(office: Office) -> None:
    case = office.report()
    before = office.kept()

    def work(transaction: Transaction, /) -> None:
        cases = CasesInTransaction(transaction, RING)
        at = office.clock.now()
        command_case(cases, case.id, case.version, c.File(), actor=DUTY, at=at, tables=TABLES)
        raise RuntimeError("afterwards")

    with pytest.raises(RuntimeError):
        office.journal.write_blocking(work)
    assert office.kept() == before


def test_what_is_due_is_found_the_longest_overdue_first_and_fired_once(office: Office) -> None:
    case = office.report(category="Y0201")
    office.clock.advance(timedelta(minutes=5))
    due = office.due()
    assert [timer.due_at for timer in due] == sorted(timer.due_at for timer in due)
    assert {timer.kind for timer in due} >= {TimerKind.ESCALATE, TimerKind.OVERDUE}
    version = case.version
    for timer in due:
        assert office.fires(timer)
        assert not office.fires(timer)
    fired = office.case(case)
    assert fired.version == version + len(due)
    assert office.due() == []


def test_a_hold_ends_by_itself_when_it_was_to_end(office: Office) -> None:
    case = office.does(office.report(), c.File())
    until = office.clock.now() + timedelta(days=2)
    case = office.does(case, c.Suspend(until=until, reason="待材料"))
    approved = case
    for role in ("supervisor", "leader"):
        who = Actor(id=role, name=role, kind="person", roles=frozenset({role}))
        approved = office.does(approved, c.Approve(), who)
    assert office.kept() == {Timer(case_id=case.id, kind=TimerKind.RESUME, part="", due_at=until)}
    office.clock.advance(timedelta(days=3))
    [timer] = office.due()
    assert office.fires(timer)
    assert not office.case(case).suspended


def test_a_rebuild_arms_the_very_same_timers_and_alerts(office: Office) -> None:
    case = office.report(category="Y0201")
    office.report()
    office.clock.advance(timedelta(seconds=40))
    for timer in office.due():
        office.fires(timer)
    office.does(office.case(case), c.Acknowledge(desk="1 号席"))
    before = office.kept(), _alert_rows(office)
    rebuild(office.journal)
    assert (office.kept(), _alert_rows(office)) == before


def _alert_rows(office: Office) -> list[tuple[object, ...]]:
    query = select(alerts).order_by(alerts.c.offered_seq)
    return office.journal.write_blocking(
        lambda tx: [tuple(row) for row in tx.connection.execute(query)]
    )


def test_a_store_of_a_release_without_timers_is_armed_from_its_cases(office: Office) -> None:
    office.report()
    before = office.kept()

    def work(transaction: Transaction, /) -> int:
        transaction.connection.execute(delete(timers))
        assert not any_timer(transaction.connection)
        return arm_again(transaction.connection, open_cases(transaction.connection), TABLES)

    assert office.journal.write_blocking(work) == len(before)
    assert office.kept() == before


def test_alerts_are_listed_the_waiting_first_with_who_acknowledged_them(office: Office) -> None:
    seen, waits = office.report(), office.report(category="Y0201", exercise=True)
    office.clock.advance(timedelta(seconds=20))
    office.does(seen, c.Acknowledge(desk="1 号席"))
    start = office.clock.now() - timedelta(hours=1)
    first, second = office.journal.write_blocking(
        lambda tx: read_alerts(tx.connection, waiting=None, limit=10)
    )
    assert (first.case_id, first.waiting, first.exercise) == (waits.id, True, True)
    assert (second.acknowledged_by, second.desk, second.latency_s) == (DUTY.name, "1 号席", 20)
    assert second.in_time
    found = office.journal.write_blocking(
        lambda tx: alerts_between(tx.connection, start, office.clock.now())
    )
    assert {one.case_id for one in found} == {seen.id, waits.id}


def test_an_alert_ends_with_its_case_and_waits_again_when_it_is_parted(office: Office) -> None:
    master, case = office.report(), office.report()
    master = office.does(master, c.Acknowledge())

    # A program merges: nobody at the centre has looked at it.
    merged = office.does(case, c.Merge(master=master.id), KEY)
    assert _waiting(office) == 0
    office.does(merged, c.Unmerge(), KEY)
    assert _waiting(office) == 1


def _waiting(office: Office) -> int:
    query = select(func.count()).select_from(alerts).where(alerts.c.open.is_(True))
    return int(office.journal.write_blocking(lambda tx: tx.connection.execute(query).scalar_one()))


@pytest.fixture
def twice(tmp_path: Path, clock: ManualClock) -> Iterator[tuple[Office, Office]]:
    """Two journals over one SQLite file, as two processes would have it."""
    opened = []
    for _ in range(2):
        store = open_store(store_url("", tmp_path))
        prepare_schema(store)
        made = Journal(store, Codec(EVENTS), clock, (CaseProjection(), AlertProjection()))
        made.start()
        opened.append(made)
    yield Office(opened[0], clock), Office(opened[1], clock)
    for made in opened:
        made.stop()
        made.store.close()


def test_of_two_processes_one_fires(twice: tuple[Office, Office]) -> None:
    one, other = twice
    one.report(category="Y0201")
    one.clock.advance(timedelta(seconds=31))
    for timer in one.due():
        assert [one.fires(timer), other.fires(timer)].count(True) == 1
