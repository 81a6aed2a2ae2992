"""What an event costs in a store of a thousand, ten thousand, a hundred thousand cases. `python -m bench.growth [--quick]`."""

import argparse
import asyncio
import gc
import os
import random
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final

import orjson

from bench.growth_store import MARK, Pattern, fill, pattern_of, somewhere
from bus.cloudevents import CloudEventWriter
from bus.codec import Codec
from county.model import County
from county.sample.make import ensure_sample
from county.sample.size import SMALL
from exchange.ports import CaseCommand, Once
from incidents.command_table import COMMANDS
from incidents.commands import ReceiveReport
from incidents.filters import CaseFilter
from incidents.rulebook import shipped_tables
from live.deltas import Board, replay
from runtime.case_reading import CaseReading
from runtime.case_writing import CaseWriting
from runtime.home import open_journal, open_prepared_store
from runtime.kinds import EVENTS
from runtime.live_source import JournalSource
from runtime.living_county import LivingCounty
from runtime.living_tables import LivingTables
from runtime.people import open_secrets
from runtime.rooms import Rooms
from runtime.settings import Settings
from security.policy import permissions_of
from security.principal import Principal
from storage.outbox import StoredOutbox
from vocabulary.clock import SystemClock
from vocabulary.ids import new_id
from vocabulary.message import Actor

Json = dict[str, Any]
SIZES: Final = (1_000, 10_000, 100_000)
QUICK: Final = (100, 1_000, 10_000)
LIVES, QUICK_LIVES, WARM_UP = 60, 30, 8
FLAT: Final = 0.20
BAR: Final = "cost per event within 20 % of the smallest store's"
SEED: Final = 20261122
CATEGORY, LEAD = "E0506", "drainage"
OPEN_SHARE, PATTERNS = 0.1, 20
STEPS: Final[tuple[tuple[str, Json], ...]] = (
    ("file", {}),
    ("dispatch", {"lead": LEAD}),
    ("accept", {"department": LEAD}),
    ("arrive", {"department": LEAD}),
    ("resolve", {"department": LEAD, "note": "已抽排"}),
    ("close", {}),
)
WHO: Final = Principal(
    actor=Actor(id="bench", name="值班长", kind="person", roles=frozenset({"supervisor"})),
    permissions=permissions_of(["supervisor"]),
)


class Office:
    """One store with what keeps, tells and shows its cases."""

    def __init__(self, home: Path, county: County) -> None:
        clock, codec, secrets = SystemClock(), Codec(EVENTS), open_secrets(home)
        self.journal = open_journal(open_prepared_store(Settings(home=home)))
        self.rooms = Rooms(
            clock=clock,
            journal=self.journal,
            codec=codec,
            cloudevents=CloudEventWriter("/onenet/bench", codec.to_dict),
            keyring=secrets.keyring,
            audit_key=secrets.audit_key,
            ground=LivingCounty(home, county),
            living_tables=LivingTables(shipped_tables(), self.journal),
        )
        self.writing, self.reading = CaseWriting(self.rooms), CaseReading(self.rooms)
        self.outbox = StoredOutbox(self.journal)
        self.board = Board()

    async def age(self, count: int) -> int:
        """Let it have `count` cases, a tenth of them open; return its events."""
        patterns = [await self._pattern(number) for number in range(PATTERNS)]
        events = fill(self.journal, patterns, count, self.rooms.audit_key, self.rooms.county.box)
        standing = await JournalSource(self.journal).standing()
        self.board = Board(standing.seq, standing.cases)
        await self.writing.watch.open()
        return events

    async def _pattern(self, number: int) -> Pattern:
        mark = MARK.format(f"pattern{number}")
        steps = STEPS[:1] if number < PATTERNS * OPEN_SHARE else STEPS
        case_id = await self.live(mark, steps)
        return self.journal.read_blocking(lambda connection: pattern_of(connection, case_id, mark))

    async def live(
        self, mark: str, steps: tuple[tuple[str, Json], ...] = STEPS, category: str = CATEGORY
    ) -> str:
        """Take a report and lead its case through these steps; return the case's id."""
        place = somewhere(self.rooms.county.box, 0.4, 0.6)  # inside the county whatever its shape
        report = ReceiveReport(text=f"道路积水 {mark}", category=category, place=place)
        told = (await self.writing.receive_report(WHO, report, _once())).body
        for name, arguments in steps:
            command = CaseCommand(
                case_id=told["case"]["id"],
                name=name,
                version=told["case"]["version"],
                command=COMMANDS[name].command(**arguments),
                source_at=None,
            )
            told = (await self.writing.command(WHO, command, _once())).body
        return str(told["case"]["id"])

    async def tell(self) -> int:
        """Do what follows a commit: the screens' board, and the outbox; return how many events there were."""
        page = await self.journal.events_after(self.board.seq)
        for recorded in page:
            before = None
            if self.board.lacks(recorded):
                history = await self.journal.stream(recorded.stream)
                before = replay(history, recorded.version - 1)
            self.board.hear(recorded, before)
        pending = await self.outbox.pending(500)
        await self.outbox.done([recorded.seq for recorded in pending])
        return len(page)

    async def look(self) -> None:
        """Look at the queue, as an officer does."""
        await self.reading.list_cases(WHO, CaseFilter(open=True), 50, None)


@dataclass
class Row:
    """What was measured in one store: processor and clock per event, and a look at the queue, in milliseconds."""

    cases: int
    events: int
    cpu_ms: list[float] = field(default_factory=list)
    clock_ms: list[float] = field(default_factory=list)
    queue_ms: list[float] = field(default_factory=list)

    @property
    def cost_ms(self) -> float:
        """Return the median processor time of an event."""
        return statistics.median(self.cpu_ms)

    def __str__(self) -> str:
        clock, queue = statistics.median(self.clock_ms), statistics.median(self.queue_ms)
        head = f"  {self.cases:>7} cases {self.events:>8} events   processor {self.cost_ms:6.3f} ms per event"
        return f"{head}   clock {clock:7.2f} ms   queue page {queue:6.2f} ms of processor"


def _once() -> Once:
    return Once(key=new_id(), fingerprint="bench")


@contextmanager
def office(home: Path, county: County) -> Iterator[Office]:
    """Yield an office and close it."""
    made = Office(home, county)
    try:
        yield made
    finally:
        made.journal.stop()
        made.journal.store.close()


async def measure(offices: list[Office], rows: list[Row], lives: int) -> None:
    """Lead a case through its life in each store in turn, so that what the machine does meanwhile strikes all alike."""
    gc.collect()
    gc.freeze()  # as the console does when it has started
    for number in range(-WARM_UP, lives):
        for where, row in zip(offices, rows, strict=True):
            cpu, clock = process_time(), perf_counter()
            await where.live(MARK.format(f"life{number}"))
            count = await where.tell()
            spent = (process_time() - cpu) * 1000 / count, (perf_counter() - clock) * 1000 / count
            cpu = process_time()
            await where.look()
            if number >= 0:
                row.cpu_ms.append(spent[0])
                row.clock_ms.append(spent[1])
                row.queue_ms.append((process_time() - cpu) * 1000)


async def run(folder: Path, county: County, sizes: tuple[int, ...], lives: int) -> list[Row]:
    """Age the stores, measure, and return a row for each."""
    rows = []
    with ExitStack() as stack:
        offices = [stack.enter_context(office(folder / str(size), county)) for size in sizes]
        for size, one in zip(sizes, offices, strict=True):
            started = perf_counter()
            rows.append(Row(size, await one.age(size)))
            print(f"  {size} cases made in {perf_counter() - started:.1f} s", flush=True)
        await measure(offices, rows, lives)
    return rows


def main() -> int:
    """Measure and print one line of JSON."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true", help="a tenth of the cases")
    words.add_argument("--home", type=Path, help="use the county of this home, not a sample county")
    asked = words.parse_args()
    random.seed(SEED)
    sizes, lives = (QUICK, QUICK_LIVES) if asked.quick else (SIZES, LIVES)
    with TemporaryDirectory(prefix="onenet-growth-") as folder:
        county = ensure_sample(asked.home or Path(folder), SMALL)
        rows = asyncio.run(run(Path(folder), county, sizes, lives))
    print(*rows, sep="\n")
    base = rows[0].cost_ms
    ratios = [round(row.cost_ms / base, 3) for row in rows]
    ok = all(abs(ratio - 1) <= FLAT for ratio in ratios)
    line = {
        "name": "growth", "bar": BAR, "value": {str(row.cases): round(row.cost_ms, 3) for row in rows},
        "baseline": round(base, 3), "ratio": max(ratios), "lost": 0, "load": round(os.getloadavg()[0], 1), "ok": ok,
    }  # fmt: skip
    print(orjson.dumps(line).decode())
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
