"""Stores of any age: some cases are lived through by the rules, and copied with ids, places and chains of their own."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Table, delete, func, insert, select

from county.model import Box
from incidents.store import case_stream
from security.audit import AuditEntry, AuditKey, row_of, seal_row
from storage.audit import audit, audit_head
from storage.journal import Journal, select_last_seq
from storage.links import link, sealed
from storage.tables import alerts, cases, events, outbox, reports, timers
from vocabulary.clock import SystemClock
from vocabulary.ids import new_id
from vocabulary.message import SYSTEM
from vocabulary.place import Place

AT_ONCE: Final = 1000
MARK: Final = "№{}#"  # stands in a pattern's text, so that no two texts are alike
Rows = list[dict[str, Any]]
PLACED: Final = {"reports": reports, "timers": timers, "alerts": alerts}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One case as it is kept in every table."""

    case: dict[str, Any]
    history: Rows
    beside: dict[str, Rows]
    mark: str

    @property
    def first_seq(self) -> int:
        """Return where its history begins."""
        return int(self.history[0]["seq"])


def pattern_of(connection: Connection, case_id: str, mark: str) -> Pattern:
    """Return everything that is kept about a case."""
    case = _rows(connection, cases, cases.c.id == case_id)[0]
    history = _rows(connection, events, events.c.stream == case_stream(case_id))
    history.sort(key=lambda row: row["version"])
    beside = {
        name: _rows(connection, table, table.c.case_id == case_id) for name, table in PLACED.items()
    }
    return Pattern(case, history, beside, mark)


def _rows(connection: Connection, table: Table, which: Any) -> Rows:
    return [dict(row) for row in connection.execute(select(table).where(which)).mappings()]


def fill(journal: Journal, patterns: list[Pattern], count: int, key: AuditKey,
         box: Box) -> int:  # fmt: skip
    """Copy patterns in turn until the store holds `count` cases; return how many events it has then."""
    with journal.store.writer.begin() as connection:
        held = connection.execute(select(func.count()).select_from(cases)).scalar_one()
    numbers = iter(range(held, count))
    while batch := [number for _, number in zip(range(AT_ONCE), numbers, strict=False)]:
        with journal.store.writer.begin() as connection:
            seq = select_last_seq(connection)
            tables: dict[str, Rows] = {}
            for number in batch:
                copied = _copy(patterns[number % len(patterns)], number, seq, box)
                for name, row in copied:
                    tables.setdefault(name, []).append(row)
                seq = max(seq, tables["events"][-1]["seq"])
            for table in (events, cases, *PLACED.values()):
                if rows := tables.get(table.name):
                    connection.execute(insert(table), rows)
            _audit(connection, len(batch), key)
            connection.execute(delete(outbox))  # told long ago
    return journal.read_blocking(select_last_seq)


def _copy(pattern: Pattern, number: int, seq: int,
          box: Box) -> Iterator[tuple[str, dict[str, Any]]]:  # fmt: skip
    case = pattern.case
    place = somewhere(box)
    case_id, shift = new_id(), seq + 1 - pattern.first_seq
    swaps = [
        (case["id"], case_id),
        (case["number"], f"N{number:018d}"),
        (pattern.mark, MARK.format(number)),
    ]
    swaps += [(row["id"], new_id()) for row in pattern.beside["reports"]]
    swaps += [
        (orjson.dumps(was).decode(), orjson.dumps(now).decode())
        for was, now in ((case["lon_deg"], place.lon_deg), (case["lat_deg"], place.lat_deg))
    ]
    chain = ""
    for at, row in enumerate(pattern.history):
        new = _swapped(row, swaps) | {"seq": seq + 1 + at, "event_id": new_id()}
        chain = link(chain, sealed(new))
        yield "events", new | {"chain": chain}
    seqs = {"opened_seq": case["opened_seq"] + shift, "last_seq": seq + len(pattern.history)}
    yield (
        "cases",
        _swapped(case, swaps) | seqs | {"lon_deg": place.lon_deg, "lat_deg": place.lat_deg},
    )
    for name, rows in pattern.beside.items():
        for row in rows:
            moved = {
                column: row[column] + shift for column in ("seq", "offered_seq") if column in row
            }
            yield name, _swapped(row, swaps) | moved


def somewhere(box: Box, low: float = 0.0, high: float = 1.0) -> Place:
    """Return a place in a box, between these shares of its width and height."""
    east, north = random.uniform(low, high), random.uniform(low, high)  # noqa: S311
    return Place(
        box.west_deg + (box.east_deg - box.west_deg) * east,
        box.south_deg + (box.north_deg - box.south_deg) * north,
    )


def _swapped(row: dict[str, Any], swaps: list[tuple[str, str]]) -> dict[str, Any]:
    new = dict(row)
    for name, value in row.items():
        if isinstance(value, str):
            for was, now in swaps:
                value = value.replace(was, now)
            new[name] = value
    return new


def _audit(connection: Connection, count: int, key: AuditKey) -> None:
    head, at = audit_head(connection), SystemClock().now()
    rows, previous = [], head.hash
    for seq in range(head.seq + 1, head.seq + 1 + count):
        entry = AuditEntry(at=at, actor=SYSTEM, action="case.close", object=new_id())
        row = row_of(entry, seq)
        sealed = seal_row(key, row, previous)
        rows.append({**row, "at": at, "scheme": key.scheme, "prev_hash": previous, "hash": sealed})
        previous = sealed
    connection.execute(insert(audit), rows)
