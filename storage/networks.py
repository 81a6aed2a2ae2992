"""Layers of the fixed network as they were brought, each replaced whole by its import."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, func, insert, select

from layers.coverage.networks import Community, Part
from storage.radio_tables import network_features as table

_community = TypeAdapter(Community)
_part = TypeAdapter(Part)


def communities(connection: Connection) -> list[Community]:
    """Return broadband by village and community."""
    return [_community.validate_json(one) for one in _documents(connection, "broadband")]


def parts(connection: Connection) -> list[Part]:
    """Return the backbone's nodes and links."""
    return [_part.validate_json(one) for one in _documents(connection, "backbone")]


def imported_at(connection: Connection, layer: str) -> datetime | None:
    """Return when a layer was brought, None where it never was."""
    newest = select(func.max(table.c.imported_at)).where(table.c.layer == layer)
    return connection.execute(newest).scalar_one_or_none()


def replace_layer(
    connection: Connection, layer: str, rows: Sequence[Community | Part], at: datetime
) -> None:
    """Keep a layer in place of the former one."""
    connection.execute(delete(table).where(table.c.layer == layer))
    values = [
        {"layer": layer, "id": row.id, "document": _written(row), "imported_at": at} for row in rows
    ]
    if values:
        connection.execute(insert(table), values)


def _written(row: Community | Part) -> str:
    if isinstance(row, Community):
        return _community.dump_json(row).decode()
    return _part.dump_json(row).decode()


def _documents(connection: Connection, layer: str) -> list[str]:
    query = select(table.c.document).where(table.c.layer == layer).order_by(table.c.id)
    return list(connection.execute(query).scalars())
