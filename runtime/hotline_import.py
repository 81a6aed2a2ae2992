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
from runtime.import_report import tally, told_row
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
    """The part of the API's service that takes call logs and 12345 orders; `brought` counts the sheets taken."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.brought = 0

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
        self.brought += 0 if dry_run else 1
        return told

    def _ours(self, row: ReadRow[Any]) -> ReadRow[Any]:
        """Return a row with the department by our own id, where its name is one of ours."""
        if not isinstance(row.value, Order):
            return row
        known = self._rooms.tables.departments.values()
        ids = {name: one.id for one in known for name in (one.zh, one.en, one.id)}
        named = row.value.department
        return replace(row, value=replace(row.value, department=ids.get(named, named)))


class HotlineFrames:
    """What was brought as a source of the figures' book: the frames `calls` and `hotline`, each where there ever was any."""

    def __init__(self, hotline: HotlineImport) -> None:
        self._hotline = hotline
        self._shown = ""

    @property
    def mark(self) -> str:
        """Return what changes when something was brought."""
        return str(self._hotline.brought)

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frames anew where something was brought."""
        if self._shown == self.mark:
            return
        self._shown = self.mark
        for name, columns in (("calls", CALL_COLUMNS), ("hotline", ORDER_COLUMNS)):
            rows = list(known_rows(connection, KINDS[name]).values())
            if rows:
                frame = Frame(columns)
                frame.put("all", rows)
                frames.bring(name, frame)


def report(
    rows: Sequence[ReadRow[Any]], known: Mapping[str, Any], language: str, *, dry_run: bool
) -> Json:
    """Return what became of the rows: how many were added, unchanged, refused, and for which reasons."""
    told = [told_row(row.row, "", row.value, row.refusal, known, language) for row in rows]
    reasons = Counter(row.refusal.code for row in rows if row.refusal)
    shown = sorted(told, key=lambda one: (one["outcome"] != "refused", one["row"]))[:TOLD_MOST]
    counts = tally(told)
    return {"dry_run": dry_run, **counts, "rows": shown, "reasons": dict(reasons.most_common())}


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
