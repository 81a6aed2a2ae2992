"""Values that were brought for figures that are not counted here: one row per indicator and period, the last one stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Float, String, Table, delete, insert, select

from indicators.imported import COLUMNS, Value
from storage.instants import Instant
from storage.metadata import metadata

imported_values = Table(
    "imported_values",
    metadata,
    Column("set", String(20), primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("parent", String(20), nullable=False),
    Column("name_zh", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    Column("value", Float),
    Column("unit", String(200), nullable=False),
    Column("source", String(200), nullable=False),
    Column("indicator", String(8), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(80), nullable=False),
)


def keep_values(connection: Connection, values: Sequence[Value], at: datetime, by: str) -> None:
    """Keep values, each in the place of what its key held."""
    c = imported_values.c
    for value in values:
        this = (c.set == value.set) & (c.code == value.code) & (c.period == value.period)
        connection.execute(delete(imported_values).where(this))
        cells: dict[str, Any] = {name: getattr(value, name) for name in COLUMNS}
        connection.execute(insert(imported_values).values(**cells, added_at=at, added_by=by))


def load_values(connection: Connection) -> list[tuple[Value, datetime]]:
    """Return every value with when it was brought, by set, code and period."""
    c = imported_values.c
    query = select(imported_values).order_by(c.set, c.code, c.period)
    return [
        (Value(**{name: getattr(row, name) for name in COLUMNS}), row.added_at)
        for row in connection.execute(query)
    ]
