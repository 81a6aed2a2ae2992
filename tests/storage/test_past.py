"""The time machine: the state at any moment is the fold of the journal up to it, and a reel leads from there to what followed."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bus.codec import Codec
from incidents.commands import Void
from incidents.model import Case
from live.audience import FULL
from live.clip import clip_of
from live.deltas import Board, fold, replay, snapshot
from live.recall import recall
from live.reel import wind
from runtime.kinds import EVENTS
from runtime.past_source import PastSource
from storage.cases import CaseProjection
from storage.closures import ClosureProjection
from storage.journal import Journal
from storage.past import instant_of, seq_at
from storage.transaction import Transaction
from storage.warnings import WarningProjection
from tests.clocks import ManualClock
from tests.live.doubles import board_of
from tests.live.histories import County, histories
from tests.storage.stores import fresh_store
from vocabulary.clock import to_text
from vocabulary.message import Event, Recorded

History = list[Recorded[Event]]


def keep(journal: Journal, clock: ManualClock, history: History) -> None:
    """Put a history into a real store, each event at its own instant."""

    def work(transaction: Transaction, /) -> None:
        for recorded in history:
            clock.at = recorded.recorded_at
            transaction.append(
                recorded.stream, recorded.version - 1, [recorded.event], actor=recorded.actor
            )

    journal.write_blocking(work)


@settings(max_examples=12, deadline=None)
@given(history=histories, k=st.integers(0, 60))
async def test_the_state_at_any_moment_is_the_fold_of_the_journal_up_to_it(
    history: History, k: int
) -> None:
    k = min(k, len(history))
    with tempfile.TemporaryDirectory() as folder, fresh_store("sqlite", Path(folder)) as store:
        clock = ManualClock()
        kept = (CaseProjection(), ClosureProjection(), WarningProjection())
        journal = Journal(store, Codec(EVENTS), clock, kept)
        journal.start()
        keep(journal, clock, history)
        board, _ = await recall(PastSource(journal, k), 50)
        assert snapshot(board, FULL) == snapshot(board_of(history[:k]), FULL)
        rest = await journal.events_after(k)

        def before(recorded: Recorded[Event]) -> Case | None:
            own = [one for one in history if one.stream == recorded.stream]
            return replay(own, recorded.version - 1)

        reel = wind(board, rest, before, FULL)
        told = [{name: each[name] for name in each if name != "at"} for each in reel.deltas]
        assert fold(reel.start, told) == snapshot(board_of(history), FULL)
        journal.stop()


def test_an_instant_finds_the_newest_number_recorded_by_then(
    journal: Journal, clock: ManualClock
) -> None:
    county = County()
    for _ in range(9):
        county.report()
    keep(journal, clock, county.events)
    with journal.store.reader.connect() as connection:
        for seq in (1, 7, len(county.events)):
            at = instant_of(connection, seq)
            assert at is not None
            assert seq_at(connection, at) >= seq
            assert instant_of(connection, seq_at(connection, at)) == at
        first = instant_of(connection, 1)
        assert first is not None
        assert seq_at(connection, first - timedelta(seconds=1)) == 0


def test_a_clip_tells_each_case_once_with_its_steps_and_the_timeline_in_order() -> None:
    county = County()
    one, other = county.report(), county.report()
    reel = wind(Board(), county.events, lambda _recorded: None, FULL)
    clip = clip_of(reel, {"since": "-"})
    assert len(clip["features"]) == len({one, other})
    assert [entry["seq"] for entry in clip["timeline"]] == sorted(
        entry["seq"] for entry in clip["timeline"]
    )
    assert all(feature["properties"]["steps"] for feature in clip["features"])


def test_a_clip_tells_how_a_case_ended_and_which_warnings_stood_until_when() -> None:
    county = County()
    ended, _open = county.report(), county.report()
    county.do(ended, Void(reason="误报"))
    over, standing = county.warn(), county.warn()
    county.end_warning(over)
    clip = clip_of(wind(Board(), county.events, lambda _recorded: None, FULL), {"since": "-"})
    states = sorted(feature["properties"]["state"] for feature in clip["features"])
    assert states == ["NEW", "VOID"]
    told = {warning["id"]: warning["over_at"] for warning in clip["warnings"]}
    assert told[standing] is None
    assert told[over] == to_text(county.events[-1].recorded_at)
