"""Calls and 12345 orders that were brought: one row each, the last one brought stands; no personal data."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Boolean, Column, Connection, Float, String, Table, delete, insert, select

from indicators.hotline import Call, Order
from storage.instants import Instant
from storage.lots import lots
from storage.metadata import metadata

AT_ONCE: Final = 500

calls = Table(
    "calls",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("line", String(80), nullable=False),
    Column("rang_at", Instant, nullable=False),
    Column("answer_s", Float),
    Column("added_at", Instant, nullable=False),
)
hotline_orders = Table(
    "hotline_orders",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("department", String(80), nullable=False),
    Column("town", String(80), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("sign_due_at", Instant),
    Column("signed_at", Instant),
    Column("due_at", Instant),
    Column("closed_at", Instant),
    Column("visited_at", Instant),
    Column("responded", Boolean),
    Column("solved", Boolean),
    Column("satisfied", Boolean),
    Column("redone", Boolean, nullable=False),
    Column("exempt", Boolean, nullable=False),
    Column("added_at", Instant, nullable=False),
)
_TABLES: Final[dict[type[Any], Table]] = {Call: calls, Order: hotline_orders}


def known_rows(
    connection: Connection, kind: type[Any], keys: Iterable[str] | None = None
) -> dict[str, Any]:
    """Return the calls or orders of some keys, of all where none are given, by key."""
    table = _TABLES[kind]
    names = [field.name for field in fields(kind)]
    columns = [table.c[name] for name in names]
    if keys is None:
        return _by_key(kind, names, connection.execute(select(*columns)))
    found: dict[str, Any] = {}
    for some in lots(sorted(keys), AT_ONCE):
        query = select(*columns).where(table.c.key.in_(some))
        found |= _by_key(kind, names, connection.execute(query))
    return found


def keep_rows(connection: Connection, kind: type[Any], rows: Sequence[Any], at: datetime) -> None:
    """Keep calls or orders, each in the place of what its key held."""
    table = _TABLES[kind]
    for some in lots(rows, AT_ONCE):
        connection.execute(delete(table).where(table.c.key.in_([row.key for row in some])))
        connection.execute(insert(table), [{**asdict(row), "added_at": at} for row in some])


def _by_key(kind: type[Any], names: list[str], rows: Iterable[Any]) -> dict[str, Any]:
    return {row.key: kind(**dict(zip(names, row, strict=True))) for row in rows}
