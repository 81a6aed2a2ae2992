"""What the incidents' handlers are promised of a store of cases, held by each: memory, SQLite, PostgreSQL."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bus.codec import Codec
from incidents import commands as c
from incidents.handlers import command_case
from incidents.model import State
from incidents.store import CaseStore, case_stream
from runtime.kinds import EVENTS
from security.sealing import Keyring, SealingKey
from storage.alerts import AlertProjection
from storage.case_work import CasesInTransaction
from storage.cases import CaseProjection
from storage.journal import Journal
from tests.clocks import ManualClock
from tests.incidents.memory import MemoryStore
from tests.incidents.stories import DUTY, MONDAY_10, OLD_MILL, TABLES
from tests.storage.case_stores import give_reports
from tests.storage.conftest import KINDS
from tests.storage.stores import fresh_store
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, new_id

RING = Keyring((SealingKey("a", "sm4-gcm", b"s" * 16),))
MINUTE = timedelta(minutes=1)
Work = Callable[[CaseStore], Any]
Does = Callable[[Work], Any]


@pytest.fixture(params=["memory", *KINDS])
def does(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Does]:
    """Yield what does a work in a store of its own kind."""
    if request.param == "memory":
        memory = MemoryStore()
        yield lambda work: work(memory)
        return
    with fresh_store(request.param, tmp_path) as store:
        projections = (CaseProjection(), AlertProjection())
        journal = Journal(store, Codec(EVENTS), ManualClock(), projections)
        journal.start()
        yield lambda work: journal.write_blocking(
            lambda transaction: work(CasesInTransaction(transaction, RING))
        )
        journal.stop()


def step(cases: CaseStore, case_id: CaseId, version: int, command: Any) -> Any:
    return command_case(
        cases, case_id, version, command, actor=DUTY, at=MONDAY_10 + MINUTE, tables=TABLES
    )


def test_a_case_is_read_as_it_was_kept_and_nobody_elses(does: Does) -> None:
    [outcome] = does(lambda cases: give_reports(cases, [OLD_MILL]))
    loaded = does(lambda cases: cases.load(outcome.case.id))
    assert loaded == outcome.case
    assert does(lambda cases: cases.load(CaseId(new_id()))) is None


def test_a_command_is_seen_at_once_in_its_own_work_and_in_the_next(does: Does) -> None:
    [outcome] = does(lambda cases: give_reports(cases, [OLD_MILL]))
    case = outcome.case

    def work(cases: CaseStore) -> State:
        step(cases, case.id, case.version, c.File(condition="01"))
        seen = cases.load(case.id)
        assert seen is not None
        return seen.state

    assert does(work) is State.FILED
    after = does(lambda cases: cases.load(case.id))
    assert after.state is State.FILED
    assert after.version > case.version


def test_who_looked_at_an_older_version_is_refused_and_nothing_is_kept(does: Does) -> None:
    [outcome] = does(lambda cases: give_reports(cases, [OLD_MILL]))
    case = outcome.case
    does(lambda cases: step(cases, case.id, case.version, c.File(condition="01")))
    before = does(lambda cases: cases.load(case.id))
    events = [one.event for one in outcome.recorded]
    with pytest.raises(Refused) as refused:
        does(lambda cases: cases.append(case_stream(case.id), case.version, events, actor=DUTY))
    assert (refused.value.code, refused.value.status) == ("journal.stale", 409)
    assert does(lambda cases: cases.load(case.id)) == before


def test_events_are_numbered_without_a_gap_and_say_who_and_why(does: Does) -> None:
    outcomes = does(lambda cases: give_reports(cases, [OLD_MILL, OLD_MILL]))
    kept = [one for outcome in outcomes for one in outcome.recorded]
    assert [one.seq for one in kept] == list(range(1, len(kept) + 1))
    assert {one.actor for one in kept} == {DUTY}
    for outcome in outcomes:
        own = [one for one in kept if one.stream == case_stream(outcome.case.id)]
        assert [one.version for one in own] == list(range(1, len(own) + 1))


def test_numbers_are_given_once_for_each_prefix(does: Does) -> None:
    given = [does(lambda cases: cases.next_number("3304812026112")) for _ in range(3)]
    assert given == [1, 2, 3]
    assert does(lambda cases: cases.next_number("3304822026112")) == 1
    assert does(lambda cases: cases.next_number("3304812026112")) == 4
