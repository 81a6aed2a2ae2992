"""The records that figures are counted from are the fold of the journal, whatever happened, and made anew they are the same."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bus.codec import Codec
from dispatch.messages import AssignmentEnroute, AssignmentOffered, AssignmentOnScene
from indicators.fold import APPLIERS, fold
from indicators.record import CaseRecord
from runtime.kinds import EVENTS
from security.sealing import open_keyring
from storage.cases import CaseProjection
from storage.figures import FigureProjection, changed_records, figure_records
from storage.journal import Journal
from storage.rebuild import fill_figures, rebuild
from storage.tables import events
from storage.transaction import Transaction, read_recorded
from storage.units import UnitProjection
from tests.clocks import ManualClock
from tests.storage.stores import fresh_store
from tests.storage.test_rebuild import OFFICER, play


def folded(journal: Journal) -> dict[str, CaseRecord]:
    """Return every case's record by folding the journal from its first event, with nothing kept between."""
    found: dict[str, CaseRecord] = {}
    with journal.store.reader.connect() as connection:
        rows = connection.execute(select(events).order_by(events.c.seq)).all()
    for row in rows:
        recorded = read_recorded(row, journal.codec)
        case_id = getattr(recorded.event, "case_id", None)
        if case_id is not None and (record := fold(found.get(case_id), recorded)) is not None:
            found[case_id] = record
    return found


def ride(journal: Journal, clock: ManualClock, case_id: str, number: int) -> None:
    """Let a unit be asked, set off and arrive."""
    said = {"assignment_id": f"a{number}", "unit_id": f"u{number}", "case_id": case_id}
    steps = (
        AssignmentOffered(**said, answer_by=None, attempt=1, follows=None),  # type: ignore[arg-type]
        AssignmentEnroute(**said),  # type: ignore[arg-type]
        AssignmentOnScene(**said),  # type: ignore[arg-type]
    )
    for version, event in enumerate(steps):
        clock.advance(timedelta(minutes=2))

        def work(
            transaction: Transaction, /, version: int = version, event: object = event
        ) -> None:
            stream = f"test-unit:u{number}"
            transaction.append(stream, version, [event], actor=OFFICER)  # type: ignore[list-item]

        journal.write_blocking(work)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 99)), max_size=40))
def test_the_records_are_the_fold_of_the_journal(choices: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, fresh_store("sqlite", Path(folder)) as store:
        clock = ManualClock()
        figures = (CaseProjection(), UnitProjection(), FigureProjection())
        journal = Journal(store, Codec(EVENTS), clock, figures)
        journal.start()
        try:
            play(journal, clock, open_keyring(Path(folder) / "secrets" / "sealing"), choices)
            first = next(iter(folded(journal)))
            ride(journal, clock, first, 1)
            kept = dict_of(journal)
            assert kept == folded(journal)
            assert kept[first].rides[-1].on_scene_at is not None
            before = rows(journal)
            rebuild(journal)
            assert rows(journal) == before
            journal.write_blocking(lambda tx: FigureProjection().clear(tx.connection))
            assert fill_figures(journal) > 0
            assert rows(journal) == before
            assert fill_figures(journal) == 0
        finally:
            journal.stop()


def dict_of(journal: Journal) -> dict[str, CaseRecord]:
    with journal.store.reader.connect() as connection:
        return {record.id: record for _, record in changed_records(connection, 0, 10_000)}


def rows(journal: Journal) -> list[tuple[object, ...]]:
    query = select(figure_records).order_by(figure_records.c.case_id)
    with journal.store.reader.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_every_event_a_record_rests_on_names_its_case() -> None:
    assert all("case_id" in event.__annotations__ for event in APPLIERS)
