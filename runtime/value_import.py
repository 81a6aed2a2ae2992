"""Bringing values of the evaluation sheet, of industry and of the supply chain: read row by row, kept in one transaction."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from indicators.catalogue import BY_ID
from indicators.frame import Frames
from indicators.imported import ReadRow, Value, check_head, completeness, read_values
from indicators.measure import figure
from indicators.model import Measure
from indicators.spans import Asked, Range
from runtime.figures_work import FiguresWork
from runtime.import_report import tally, told_row
from runtime.rooms import Rooms
from security.administration import SYSTEM_PRINCIPAL
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.imported_values import keep_values, load_values
from storage.transaction import Transaction
from vocabulary.clock import to_text

Json = dict[str, Any]
HUNDRED: Final = 100.0


class ValueImport:
    """The part of the API's service that takes and gives values which are not counted here."""

    def __init__(self, rooms: Rooms, figures: FiguresWork) -> None:
        self._rooms, self._figures = rooms, figures

    async def bring(self, principal: Principal, name: str, text: str, *, dry_run: bool) -> Json:
        """Keep the rows of a CSV that can be kept; return the report, row by row."""
        rooms = self._rooms
        reader = csv.DictReader(io.StringIO(text))
        check_head(reader.fieldnames or ())
        rows = read_values(reader)

        def work(transaction: Transaction, /) -> Json:
            connection = transaction.connection
            known = {value.key: value for value, _ in load_values(connection)}
            fresh = {row.value.key: row.value for row in rows if row.value}
            added = [value for key, value in fresh.items() if known.get(key) != value]
            if added and not dry_run:
                at = rooms.clock.now()
                keep_values(connection, added, at, principal.actor.name)
                entry = entry_of(principal, "figures.import", name, at, after={"added": len(added)})
                append_audit(connection, entry, rooms.audit_key)
            return report(rows, known, principal.language, dry_run=dry_run)

        return await rooms.journal.write(work, timeout_s=30)

    async def values(self) -> Json:
        """Return every value, the counted ones counted over the last 30 days, and how much of the sheet stands."""
        found = await self._rooms.journal.read(load_values)
        counted = await self._counted({value.indicator for value, _ in found if value.indicator})
        items = [
            {
                **{name: getattr(value, name) for name in Value.__slots__},
                "value": counted.get(value.indicator, value.value),
                "counted": value.indicator in counted,
                "added_at": to_text(at),
            }
            for value, at in found
        ]
        return {"items": items, "sheet": completeness(value for value, _ in found)}

    async def _counted(self, wanted: set[str]) -> dict[str, float | None]:
        if not wanted:
            return {}
        view = self._figures.view_of(SYSTEM_PRINCIPAL, Asked(range=Range.DAYS_30))

        def work(frames: Frames) -> dict[str, float | None]:
            found = {}
            for id in wanted:
                one = figure(BY_ID[id], frames, view.window, view.now.timestamp())
                share = BY_ID[id].measure is Measure.SHARE and one.value is not None
                found[id] = one.value * HUNDRED if share and one.value is not None else one.value
            return found

        return await self._figures.book.ask(work)


def report(
    rows: list[ReadRow], known: Mapping[str, Value], language: str, *, dry_run: bool
) -> Json:
    """Return what became of each row, and how many were added, unchanged, refused."""
    told = [told_row(row.row, row.code, row.value, row.refusal, known, language) for row in rows]
    return {"dry_run": dry_run, **tally(told), "rows": told}
