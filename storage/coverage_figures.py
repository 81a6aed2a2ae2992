"""Snapshots of what coverage comes to, one after each change; the oldest leave when there are very many."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from storage.radio_tables import coverage_figures as table

MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Kept:
    """One snapshot."""

    at: datetime
    content: str
    reason: str
    document: str


def keep_figures(
    connection: Connection, at: datetime, content: str, reason: str, document: str
) -> bool:
    """Keep a snapshot unless the newest one says the same; return whether it was kept."""
    newest = select(table.c.number, table.c.document).order_by(table.c.number.desc()).limit(1)
    last = connection.execute(newest).first()
    if last is not None and last.document == document:
        return False
    number = 1 if last is None else last.number + 1
    row = {"number": number, "at": at, "content": content, "reason": reason}
    connection.execute(insert(table).values(document=document, **row))
    connection.execute(delete(table).where(table.c.number <= number - MOST))
    return True


def all_figures(connection: Connection) -> list[Kept]:
    """Return the snapshots, oldest first."""
    query = select(table).order_by(table.c.number)
    return [
        Kept(row.at, row.content, row.reason, row.document) for row in connection.execute(query)
    ]


def count_figures(connection: Connection) -> int:
    """Return how many snapshots are kept."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
