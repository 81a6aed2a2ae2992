"""Bringing call logs and 12345 orders (C01, H01): read row by row, kept in one transaction, repeatable without doubling."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from exchange.hotline_sheets import ReadRow, read_calls, read_orders
from exchange.sheet import Sheet
from indicators.columns import Column, seconds
from indicators.frame import Frame, Frames
from indicators.hotline import Call, Order
from runtime.rooms import Rooms
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.hotline import keep_rows, known_rows
from storage.transaction import Transaction

Json = dict[str, Any]
KINDS: Final[dict[str, type[Any]]] = {"calls": Call, "hotline": Order}
READERS: Final[dict[str, Any]] = {"calls": read_calls, "hotline": read_orders}
TOLD_MOST: Final = 1_000  # rows of a report; what was refused comes first


class HotlineImport:
    """The part of the API's service that takes call logs and 12345 orders, and brings both to the figures."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._brought = 0
        self._shown: int | None = None

    async def bring(self, principal: Principal, what: str, sheet: Sheet, *, dry_run: bool) -> Json:
        """Keep the rows of a sheet of `calls` or `hotline` that can be kept; return the report, refusals by row and by reason."""
        rooms, kind = self._rooms, KINDS[what]
        zone = rooms.tables.calendar.zone
        read = await asyncio.to_thread(READERS[what], sheet, zone)
        rows = [self._ours(row) for row in read]

        def work(transaction: Transaction, /) -> Json:
            connection = transaction.connection
            fresh = {row.value.key: row.value for row in rows if row.value}
            known = known_rows(connection, kind, fresh)
            added = [value for key, value in fresh.items() if known.get(key) != value]
            if added and not dry_run:
                at = rooms.clock.now()
                keep_rows(connection, kind, added, at)
                after = {"added": len(added)}
                entry = entry_of(principal, f"figures.import_{what}", sheet.name, at, after=after)
                append_audit(connection, entry, rooms.audit_key)
            return report(rows, known, principal.language, dry_run=dry_run)

        told = await rooms.journal.write(work, timeout_s=30)
        self._brought += 0 if dry_run else 1
        return told

    def _ours(self, row: ReadRow[Any]) -> ReadRow[Any]:
        """Return a row with the department by our own id, where its name is one of ours."""
        if not isinstance(row.value, Order):
            return row
        known = self._rooms.tables.departments.values()
        ids = {name: one.id for one in known for name in (one.zh, one.en, one.id)}
        named = row.value.department
        return replace(row, value=replace(row.value, department=ids.get(named, named)))

    @property
    def mark(self) -> str:
        """Return what changes when something was brought."""
        return str(self._brought)

    def bring_frames(self, connection: Connection, frames: Frames) -> None:
        """Bring the frames `calls` and `hotline`, each where anything was ever brought."""
        if self._shown == self._brought:
            return
        self._shown = self._brought
        for name, columns in (("calls", CALL_COLUMNS), ("hotline", ORDER_COLUMNS)):
            rows = list(known_rows(connection, KINDS[name]).values())
            if rows:
                frame = Frame(columns)
                frame.put("all", rows)
                frames.bring(name, frame)


class HotlineFrames:
    """The import as a source of the figures' book."""

    def __init__(self, hotline: HotlineImport) -> None:
        self._hotline = hotline

    @property
    def mark(self) -> str:
        """Return what changes when something was brought."""
        return self._hotline.mark

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frames."""
        self._hotline.bring_frames(connection, frames)


def report(
    rows: Sequence[ReadRow[Any]], known: Mapping[str, Any], language: str, *, dry_run: bool
) -> Json:
    """Return what became of the rows: how many were added, unchanged, refused, and for which reasons."""
    outcomes = [_outcome(row, known) for row in rows]
    counted = Counter(outcomes)
    reasons = Counter(row.refusal.code for row in rows if row.refusal)
    told = [
        {
            "row": row.row,
            "outcome": outcome,
            "code": "",
            "reason": row.refusal.text(language) if row.refusal else "",
            "problem": row.refusal.code if row.refusal else None,
        }
        for row, outcome in sorted(
            zip(rows, outcomes, strict=True), key=lambda one: (one[1] != "refused", one[0].row)
        )[:TOLD_MOST]
    ]
    counts = {name: counted[name] for name in ("added", "unchanged", "refused")}
    return {"dry_run": dry_run, **counts, "rows": told, "reasons": dict(reasons.most_common())}


def _outcome(row: ReadRow[Any], known: Mapping[str, Any]) -> str:
    if row.value is None:
        return "refused"
    return "unchanged" if known.get(row.value.key) == row.value else "added"


def _said(name: str) -> Column:
    """Return a column of what a citizen said when asked: 1 yes, 0 no, none where nobody asked."""

    def read(order: Order) -> float:
        told = getattr(order, name)
        return np.nan if told is None else float(told)

    return Column(name, "number", read)


def _when(name: str) -> Column:
    return Column(name.removesuffix("_at"), "number", lambda row: seconds(getattr(row, name)))


CALL_COLUMNS: Final = (
    Column("id", "text", lambda _row: ""),
    Column("line", "word", lambda row: row.line),
    _when("rang_at"),
    Column("answer_s", "number", lambda row: np.nan if row.answer_s is None else row.answer_s),
)
ORDER_COLUMNS: Final = (
    Column("id", "text", lambda _row: ""),
    Column("department", "word", lambda row: row.department),
    Column("town", "word", lambda row: row.town),
    *map(_when, ("received_at", "sign_due_at", "signed_at", "due_at", "closed_at", "visited_at")),
    *map(_said, ("responded", "solved", "satisfied")),
    Column("redone", "flag", lambda row: row.redone),
    Column("exempt", "flag", lambda row: row.exempt),
)
