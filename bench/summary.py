"""How fast the leaders' summary is reckoned over a county's year of cases. `python -m bench.summary [--quick]`.

The baseline is the same closing rates and response percentiles by town, made by pandas from the same records in the same run.
"""

import argparse
import statistics
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final, NamedTuple

import orjson
import pandas as pd

from bench.summary_home import Year, fill
from county.sample.make import ensure_sample
from county.sample.size import SMALL
from incidents.rulebook import shipped_tables
from indicators.record import CaseRecord
from indicators.spans import Asked, Range, compared, days_of, trend_edges, window_of
from indicators.summary import View, summary
from runtime.figures_book import FiguresBook
from runtime.home import open_journal, open_prepared_store
from runtime.settings import read_settings
from storage.figures import changed_records
from storage.journal import Journal
from vocabulary.clock import SystemClock

BAR_S: Final = 1.5
CASES, QUICK = 100_000, 10_000
TURNS: Final = 7


class Opened(NamedTuple):
    """A book and how long it took until it answered."""

    book: FiguresBook
    seconds: float
    cpu_s: float


def main(arguments: list[str]) -> int:
    """Fill a store, reckon the year's summary several times, and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    count = QUICK if parser.parse_args(arguments).quick else CASES
    with tempfile.TemporaryDirectory() as folder:
        told = measured(Path(folder), count)
    print(orjson.dumps(told).decode())
    return 0 if told["ok"] else 1


def measured(folder: Path, count: int) -> dict[str, Any]:
    """Return what was measured: seconds of a whole summary of the year, wall clock and of one core."""
    county = ensure_sample(folder, size=SMALL)
    journal = open_journal(open_prepared_store(read_settings(home=str(folder))))
    tables = shipped_tables()
    fill(journal, Year(county, tables, SystemClock().now(), 365), count)
    read, again = opened(journal, folder), opened(journal, folder)
    book = again.book
    view = _view(tables.calendar.zone)
    walls: list[float] = []
    cpus: list[float] = []
    told: dict[str, Any] = {}
    for _ in range(TURNS):
        began, cpu = perf_counter(), process_time()
        told = book.ask_blocking(lambda frames: summary(frames, view))
        walls.append(perf_counter() - began)
        cpus.append(process_time() - cpu)
    records = journal.read_blocking(lambda connection: changed_records(connection, 0, count))
    began, cpu = perf_counter(), process_time()
    by_pandas([record for _, record in records], view)
    baseline, baseline_cpu = perf_counter() - began, process_time() - cpu
    journal.stop()
    value = statistics.median(walls)
    closed = next(row for row in told["figures"] if row["id"] == "G12")
    return {
        "name": "summary",
        "bar": f"the year's summary of {count} cases ≤ {BAR_S} s",
        "value": round(value, 3),
        "value_cpu_s": round(statistics.median(cpus), 3),
        "baseline": round(baseline, 3),
        "baseline_cpu_s": round(baseline_cpu, 3),
        "ratio": round(baseline / value, 1),
        "load_s": round(read.seconds, 2),
        "load_cpu_s": round(read.cpu_s, 2),
        "reload_s": round(again.seconds, 2),
        "reload_cpu_s": round(again.cpu_s, 2),
        "lost": count - len(records),
        "closed_n": closed["n"],
        "ok": value <= BAR_S and len(records) == count,
    }


def opened(journal: Journal, folder: Path) -> Opened:
    """Return the book of a console that starts now: the first reads its past, the second what the first has kept."""
    book = FiguresBook(journal)
    book.keep_in(folder)
    began, cpu = perf_counter(), process_time()
    book.ask_blocking(lambda _frames: None)
    return Opened(book, perf_counter() - began, process_time() - cpu)


def _view(zone: Any) -> View:
    now, asked = SystemClock().now(), Asked(range=Range.YEAR)
    first, last = days_of(asked, now, zone)
    return View(
        window=window_of(first, last, zone),
        before=compared(asked, first, last, zone, now),
        edges=tuple(trend_edges(first, last, zone)),
        now=now + timedelta(seconds=1),
        only={},
    )


def by_pandas(records: list[CaseRecord], view: View) -> Any:
    """Return closing rates and response percentiles by town: two of the summary's fifty figures, from the records as objects."""
    table = pd.DataFrame(
        {
            "town": record.town,
            "state": record.state.value,
            "exercise": record.exercise,
            "due": record.close_due_at,
            "ended": record.ended_at,
            "reported": record.reported_at,
            "arrived": record.arrived_at,
        }
        for record in records
    )
    due = pd.to_datetime(table["due"], utc=True)
    inside = table[(due >= view.window.since) & (due < view.now) & ~table["exercise"]]
    closed = inside.assign(closed=inside["state"] == "CLOSED").groupby("town")["closed"].mean()
    answer = pd.to_datetime(table["arrived"], utc=True) - pd.to_datetime(
        table["reported"], utc=True
    )
    ranks = answer.dropna().groupby(table["town"]).quantile(0.9, interpolation="higher")
    return closed, ranks


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
