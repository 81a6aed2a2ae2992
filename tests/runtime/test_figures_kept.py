"""A book of figures that was kept is the one that would be read anew, or it is passed over."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, update

from bus.codec import Codec
from indicators import fold, percentiles
from indicators.frame import Frames
from indicators.spans import Asked, Range, compared, days_of, trend_edges, window_of
from indicators.summary import View, summary
from runtime import figures_kept
from runtime.figures_book import FiguresBook
from runtime.kinds import EVENTS
from security.sealing import open_keyring
from storage.cases import CaseProjection
from storage.figures import FigureProjection, figure_records
from storage.journal import Journal
from storage.rebuild import rebuild
from storage.units import UnitProjection
from tests.clocks import ManualClock
from tests.storage.stores import fresh_store
from tests.storage.test_figures import dict_of, ride
from tests.storage.test_rebuild import TABLES, play

pytestmark = pytest.mark.slow

Past = Callable[[int], Journal]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def past(tmp_path: Path, clock: ManualClock) -> Iterator[Past]:
    """Yield what makes journals of some cases, a different one for each seed."""
    opened: list[Any] = []

    def made(seed: int) -> Journal:
        folder = tmp_path / f"store{seed}"
        folder.mkdir()
        store = fresh_store("sqlite", folder)
        projections = (CaseProjection(), UnitProjection(), FigureProjection())
        journal = Journal(store.__enter__(), Codec(EVENTS), clock, projections)
        journal.start()
        opened.extend([lambda: store.__exit__(None, None, None), journal.stop])
        happen(journal, clock, seed)
        return journal

    yield made
    for end in reversed(opened):
        end()


def happen(journal: Journal, clock: ManualClock, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same past every time
    choices = [(chance.randrange(4), chance.randrange(100)) for _ in range(40)]
    folder = Path(str(journal.store.writer.url.database)).parent
    play(journal, clock, open_keyring(folder / "secrets" / "sealing"), choices)


def told(book: FiguresBook, clock: ManualClock) -> dict[str, Any]:
    """Return the whole summary of a year, and every row of every case."""
    asked, now, zone = Asked(range=Range.YEAR), clock.now(), TABLES.calendar.zone
    first, last = days_of(asked, now, zone)
    view = View(
        window=window_of(first, last, zone),
        before=compared(asked, first, last, zone, now),
        edges=tuple(trend_edges(first, last, zone)),
        now=now,
        only={},
    )

    def work(frames: Frames) -> dict[str, Any]:
        return {"summary": summary(frames, view), "rows": rows_of(frames)}

    return book.ask_blocking(work)


def rows_of(frames: Frames) -> dict[str, list[str]]:
    found = {}
    for name in ("cases", "visits", "rides"):
        frame = frames[name]
        columns = [
            [frame.words[column][code] for code in frame[column][frame.alive]]
            if column in frame.words
            else frame[column][frame.alive].tolist()
            for column in ("id", "town", "state", "reported", "source", "by")
        ]
        found[name] = sorted(repr(row) for row in zip(*columns, strict=True))
    return found


def book_in(home: Path, journal: Journal) -> FiguresBook:
    book = FiguresBook(journal)
    book.keep_in(home)
    return book


def read_and_closed(home: Path, journal: Journal) -> None:
    book = book_in(home, journal)
    book.ask_blocking(lambda _frames: None)
    book.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_book_that_was_kept_is_the_book_read_anew(
    tmp_path: Path, past: Past, clock: ManualClock, seed: int
) -> None:
    journal = past(seed)
    ride(journal, clock, next(iter(dict_of(journal))), 1)
    read_and_closed(tmp_path, journal)
    assert told(book_in(tmp_path, journal), clock) == told(FiguresBook(journal), clock)


def test_what_happened_since_is_read_into_it(
    tmp_path: Path, past: Past, clock: ManualClock
) -> None:
    journal = past(1)
    read_and_closed(tmp_path, journal)
    before = told(FiguresBook(journal), clock)
    happen(journal, clock, 7)
    again = told(book_in(tmp_path, journal), clock)
    assert again == told(FiguresBook(journal), clock) != before


def test_nothing_that_it_knows_is_read_again(
    tmp_path: Path, past: Past, clock: ManualClock
) -> None:
    journal = past(1)
    read_and_closed(tmp_path, journal)
    known = told(FiguresBook(journal), clock)
    take_away(journal)
    assert told(book_in(tmp_path, journal), clock) == known


def take_away(journal: Journal) -> None:
    """Take the records away, so that who reads them finds nothing."""
    journal.write_blocking(lambda tx: tx.connection.execute(delete(figure_records)).rowcount)


def emptied(home: Path, journal: Journal, clock: ManualClock) -> bool:
    """Say whether a book opened now reads its past, which has been taken away."""
    take_away(journal)
    return not told(book_in(home, journal), clock)["rows"]["cases"]


def spoil(journal: Journal) -> None:
    """Let the records say what the journal does not."""
    wrong = func.replace(figure_records.c.document, "桥头镇", "无此镇")
    journal.write_blocking(
        lambda tx: tx.connection.execute(update(figure_records).values(document=wrong)).rowcount
    )


def test_a_running_console_reads_anew_what_a_rebuild_beside_it_made(
    tmp_path: Path, past: Past, clock: ManualClock
) -> None:
    journal = past(1)
    right = told(FiguresBook(journal), clock)
    spoil(journal)
    running = book_in(tmp_path, journal)
    assert told(running, clock) != right
    rebuild(journal)
    assert told(running, clock) == right


def test_a_book_read_before_a_rebuild_does_not_undo_it_at_the_next_start(
    tmp_path: Path, past: Past, clock: ManualClock
) -> None:
    journal = past(1)
    right = told(FiguresBook(journal), clock)
    spoil(journal)
    running = book_in(tmp_path, journal)
    told(running, clock)
    rebuild(journal)
    running.close()  # it writes down what it knows, which no longer stands
    assert told(book_in(tmp_path, journal), clock) == right


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda data: data[: len(data) // 2],
    "empty": lambda _data: b"",
    "overwritten": lambda data: data[:400] + bytes(64) + data[464:],
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_torn_one_is_passed_over(
    tmp_path: Path, past: Past, clock: ManualClock, harm: Callable[[bytes], bytes]
) -> None:
    journal = past(1)
    read_and_closed(tmp_path, journal)
    file = tmp_path / figures_kept.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(harm(file.read_bytes()))
    assert emptied(tmp_path, journal, clock)


def test_one_of_another_journal_is_passed_over(
    tmp_path: Path, past: Past, clock: ManualClock
) -> None:
    read_and_closed(tmp_path, past(1))
    assert emptied(tmp_path, past(2), clock)


def test_one_made_by_other_code_is_passed_over(
    tmp_path: Path, past: Past, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = past(1)
    read_and_closed(tmp_path, journal)
    monkeypatch.setattr(figures_kept, "_MADE_BY", (fold, percentiles))
    assert emptied(tmp_path, journal, clock)


def test_one_is_forgotten_when_the_tables_are_made_anew(
    tmp_path: Path, past: Past, clock: ManualClock
) -> None:
    journal = past(1)
    read_and_closed(tmp_path, journal)
    figures_kept.forget_kept(tmp_path)
    assert emptied(tmp_path, journal, clock)


def test_a_folder_that_takes_nothing_costs_only_haste(
    tmp_path: Path, past: Past, clock: ManualClock
) -> None:
    journal = past(1)
    (tmp_path / "figures.new").mkdir()
    read_and_closed(tmp_path, journal)
    assert told(book_in(tmp_path, journal), clock) == told(FiguresBook(journal), clock)
