"""Whatever happened, the projections made anew from the journal are the rows that were there."""

import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bus.codec import Codec
from incidents import handlers
from incidents.command_table import COMMANDS
from incidents.commands import ReceiveReport
from incidents.model import Case, Lane, Level, Priority
from incidents.rulebook import shipped_tables
from incidents.rules import allowed
from incidents.store import Located
from runtime.kinds import EVENTS
from security.permissions import PERMISSIONS
from security.sealing import Keyring, open_keyring
from storage.case_work import CasesInTransaction
from storage.cases import CaseProjection
from storage.engine import Store
from storage.journal import Journal
from storage.rebuild import rebuild
from storage.tables import cases, reports, units
from storage.transaction import Transaction
from storage.units import UnitProjection
from tests.clocks import ManualClock
from tests.storage.stores import fresh_store
from vocabulary.errors import Refused
from vocabulary.ids import CaseId
from vocabulary.message import Actor, Command
from vocabulary.place import Place

pytestmark = pytest.mark.slow

TABLES = shipped_tables()
ARGUMENTS: dict[str, dict[str, Any]] = {
    "reject": {"reason": "not_true"},
    "return": {"reason": "not ours"},
    "rework": {"reason": "not done"},
    "reopen": {"reason": "again"},
    "void": {"reason": "test"},
    "suspend": {"until": datetime(2026, 12, 1, tzinfo=UTC), "reason": "parts"},
    "extend": {"reason": "rain"},
    "supervise": {"reason": "mayor"},
    "change_level": {"level": Level.III},
    "change_lane": {"lane": Lane.ROUTINE},
    "change_priority": {"priority": Priority.P0, "reason": "people"},
    "correct_category": {"category": "E0502", "reason": "gas"},
    "add_note": {"text": "seen"},
}
ENDS_A_STORY = frozenset({"reject", "void", "merge", "add_note", "change_priority"})
OFFICER = Actor(id="p1", name="陈静", kind="person", roles=frozenset({"supervisor"}))


def rows(store: Store) -> dict[str, list[Any]]:
    with store.reader.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by("id"))]
            for table in (cases, reports, units)
        }


def take_report(cases_: CasesInTransaction, number: int, clock: ManualClock) -> CaseId:
    report = ReceiveReport(text=f"积水 {number}", category="E0506", place=Place(116.0, 30.0))
    outcome = handlers.receive_report(
        cases_,
        report,
        actor=OFFICER,
        at=clock.now(),
        tables=TABLES,
        locate=lambda _place: Located(division="990101", town="桥头镇"),
    )
    return outcome.case.id


def a_wish(case: Case, master: CaseId, choice: int) -> Command:
    names = allowed(case, frozenset(PERMISSIONS), None, at=case.updated_at, tables=TABLES)
    # What ends a case for good is rare, or every story would be short.
    going_on = [name for name in names if choice % 9 == 0 or name not in ENDS_A_STORY]
    name = going_on[choice % len(going_on)] if going_on else "add_note"
    given = {"master": master} if name == "merge" else ARGUMENTS.get(name, {})
    return COMMANDS[name].command(**given)


def play(
    journal: Journal, clock: ManualClock, keyring: Keyring, choices: list[tuple[int, int]]
) -> int:
    known: list[CaseId] = []
    done = 0

    def report(transaction: Transaction, /) -> None:
        known.append(take_report(CasesInTransaction(transaction, keyring), len(known), clock))

    def act(transaction: Transaction, /, case_id: CaseId, choice: int) -> None:
        tx = CasesInTransaction(transaction, keyring)
        case = tx.load(case_id)
        assert case is not None
        wish = a_wish(case, known[0], choice)
        handlers.command_case(
            tx, case_id, case.version, wish, actor=OFFICER, at=clock.now(), tables=TABLES
        )

    journal.write_blocking(report)
    for which, choice in choices:
        clock.advance(timedelta(minutes=7))
        try:
            if choice == 0:
                journal.write_blocking(report)
            else:
                case_id = known[which % len(known)]
                journal.write_blocking(partial(act, case_id=case_id, choice=choice))
            done += 1
        except Refused:
            continue
    return done


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 99)), max_size=40))
def test_rebuilding_gives_the_same_rows(choices: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, fresh_store("sqlite", Path(folder)) as store:
        clock = ManualClock()
        projections = (CaseProjection(), UnitProjection())
        journal = Journal(store, Codec(EVENTS), clock, projections)
        journal.start()
        try:
            play(journal, clock, open_keyring(Path(folder) / "secrets" / "sealing"), choices)
            before = rows(store)
            rebuild(journal)
            assert rows(store) == before
        finally:
            journal.stop()
