"""The tables as they stand now: the shipped ones with the versions that the office brought, live without a restart."""

from dataclasses import replace

import structlog
from sqlalchemy import Connection

from incidents.categories import Category, CategoryTable
from incidents.rulebook import Tables
from storage.categories import count_categories, load_categories
from storage.journal import Journal

log = structlog.get_logger()


def merged(shipped: CategoryTable, brought: list[Category]) -> CategoryTable:
    """Return both; a version that was brought stays as cases were filed under it, whatever a later program ships."""
    rows = {row.full_code: row for row in shipped.rows}
    rows |= {row.full_code: row for row in brought}
    return CategoryTable(rows.values())


class LivingTables:
    """`now` is a whole value: who took it works with one and the same table to the end."""

    def __init__(self, shipped: Tables, journal: Journal) -> None:
        self.now = shipped
        self._shipped = shipped
        self._journal = journal
        self._count = 0

    async def refresh(self) -> None:
        """Read again where something was added, by this process or another."""
        await self._journal.read(self.read)

    def read(self, connection: Connection) -> None:
        """Do as `refresh` does on a connection."""
        count = count_categories(connection)
        if count == self._count:
            return
        brought = load_categories(connection, self._shipped)
        self.now = replace(self._shipped, categories=merged(self._shipped.categories, brought))
        self._count = count
        log.info("categories_read", brought=count)
