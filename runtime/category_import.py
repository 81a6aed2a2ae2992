"""Bringing categories: a sheet is read row by row, what can be kept is kept in one transaction, the report says the rest."""

import asyncio
from datetime import datetime
from typing import Any

from exchange.sheet import Sheet
from incidents.categories import Category
from incidents.category_sheet import SheetRow, csv_rows, read_sheet, yaml_rows
from incidents.labels import LIMIT_KINDS, Label
from incidents.rulebook import Department
from runtime.living_tables import merged
from runtime.rooms import Rooms
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.categories import brought_categories, keep_categories, load_categories
from storage.transaction import Transaction
from vocabulary.clock import to_text
from vocabulary.errors import Refused

Json = dict[str, Any]
READERS = {"csv": csv_rows, "yaml": yaml_rows}


class CategoryImport:
    """The part of the API's service that adds versions of categories."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def bring(self, principal: Principal, sheet: Sheet, *, dry_run: bool) -> Json:
        """Keep the rows that can be kept; return the report, row by row."""
        rooms = self._rooms
        if sheet.form not in READERS:
            raise Refused("exchange.unknown_form", value=sheet.form, known=", ".join(READERS))
        # Not in the writer's thread: nobody else is to wait while a large file is taken apart.
        found = await asyncio.to_thread(lambda: list(READERS[sheet.form](sheet.text())))

        def work(transaction: Transaction, /) -> list[SheetRow]:
            connection = transaction.connection
            brought = load_categories(connection, rooms.tables)
            known = merged(rooms.tables.categories, brought)
            told = read_sheet(found, rooms.tables.departments, known)
            added = [(row.code, row.cells) for row in told if row.outcome == "added" and row.cells]
            if dry_run or not added:
                return told
            at = rooms.clock.now()
            keep_categories(connection, added, at, principal.actor.id)
            codes = [code for code, _ in added]
            entry = entry_of(principal, "category.import", sheet.name, at, after={"added": codes})
            append_audit(connection, entry, rooms.audit_key)
            return told

        told = await rooms.journal.write(work, timeout_s=30)
        if not dry_run:
            await rooms.living_tables.refresh()
        return _report(told, principal.language, dry_run=dry_run)

    async def versions(self, language: str) -> list[Json]:
        """Return every version: what came with the program, and what was brought, when and by whom."""
        rooms = self._rooms
        brought = await rooms.journal.read(brought_categories)
        table = rooms.tables.categories
        today = rooms.clock.now().astimezone(rooms.tables.calendar.zone).date()
        departments = rooms.tables.departments
        in_force = {row.full_code for row in table.current(today)}
        return [
            _version(row, language, brought.get(row.full_code))
            | {
                "in_force": row.full_code in in_force,
                "lead": _named(departments[row.lead_dept], language),
            }
            for row in table.rows
        ]


def _named(label: Department, language: str) -> str:
    return label.en if language == "en" else label.zh


def _version(category: Category, language: str, brought: tuple[datetime, str] | None) -> Json:
    at, by = brought or (None, None)
    kind = LIMIT_KINDS[category.limit.kind]
    return {
        "full_code": category.full_code,
        "code": category.code,
        "scheme": category.scheme,
        "version": category.version,
        "valid_from": category.valid_from.isoformat(),
        "name_zh": category.name_zh,
        "name_en": category.name_en,
        "default_priority": category.default_priority.value,
        "limit": _limit(category.limit.value, kind, language),
        "origin": "brought" if brought else "shipped",
        "added_at": to_text(at) if at else None,
        "added_by": by,
    }


def _limit(value: float, kind: Label, language: str) -> str:
    if language != "en":
        return f"{value:g} {kind.zh}"
    return f"{value:g} {kind.en.removesuffix('s') if value == 1 else kind.en}"


def _report(told: list[SheetRow], language: str, *, dry_run: bool) -> Json:
    counts = dict.fromkeys(("added", "unchanged", "refused"), 0)
    for row in told:
        counts[row.outcome] += 1
    return {
        "dry_run": dry_run,
        **counts,
        "rows": [
            {
                "row": row.row,
                "outcome": row.outcome,
                "code": row.code,
                "reason": row.refusal.text(language) if row.refusal else "",
                "problem": row.refusal.code if row.refusal else None,
            }
            for row in told
        ],
    }
