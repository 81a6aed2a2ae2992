"""Frames that no wire could read, kept for inspection: the newest of them, never more than the bound."""

import base64
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final, Protocol

import orjson
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from storage.instants import Instant
from storage.journal import Journal
from storage.metadata import metadata
from vocabulary.errors import sentence

MOST_KEPT: Final = 5000

refused_frames = Table(
    "refused_frames",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("wire", String(20), nullable=False),
    Column("source", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("code", String(60), nullable=False),
    Column("told", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("raw", Text, nullable=False),
    Index("ix_refused_frames_wire", "wire", "id"),
)


class Frame(Protocol):
    """What is kept of a frame: `exchange.wires.refused.RefusedFrame`."""

    @property
    def wire(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def values(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def raw(self) -> bytes: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102


class StoredRefusedFrames:
    """`exchange.wires.refused.FrameStore` over the store."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def keep(self, frames: Iterable[Frame]) -> None:
        """Keep frames, and forget the oldest above the bound."""
        rows = [_row(frame) for frame in frames]
        await self._journal.write(lambda transaction: _keep(transaction.connection, rows))

    async def newest(
        self,
        wires: Collection[str],
        source: str | None,
        since: datetime | None,
        limit: int,
        language: str,
    ) -> list[dict[str, Any]]:
        """Return the newest first, each with its sentence in `language`; no wires means all."""
        query = select(refused_frames).order_by(refused_frames.c.id.desc()).limit(limit)
        if wires:
            query = query.where(refused_frames.c.wire.in_(wires))
        if source is not None:
            query = query.where(refused_frames.c.source == source)
        if since is not None:
            query = query.where(refused_frames.c.at >= since)
        rows = await self._journal.read(lambda connection: connection.execute(query).all())
        return [_shown(row, language) for row in rows]


def _row(frame: Frame) -> dict[str, Any]:
    values = {name: str(value)[:200] for name, value in frame.values.items()}
    return {
        "wire": frame.wire[:20],
        "source": frame.source[:80],
        "at": frame.at,
        "code": frame.code,
        "told": orjson.dumps(values).decode(),
        "size": frame.size,
        "raw": base64.b64encode(frame.raw).decode("ascii"),
    }


def _keep(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(refused_frames), rows)
    newest = connection.execute(select(func.max(refused_frames.c.id))).scalar_one()
    connection.execute(delete(refused_frames).where(refused_frames.c.id <= newest - MOST_KEPT))


def _shown(row: Any, language: str) -> dict[str, Any]:
    raw = base64.b64decode(row.raw)
    return {
        "id": row.id,
        "wire": row.wire,
        "source": row.source,
        "at": row.at,
        "code": row.code,
        "detail": sentence(row.code, language).format_map(_Known(orjson.loads(row.told))),
        "size": row.size,
        "raw": raw.hex(" "),
        "text": "".join(
            one if one.isprintable() else "·" for one in raw.decode("utf-8", "replace")
        ),
    }


class _Known(dict[str, str]):
    """The values a sentence named when it was told; one that it wants since then is shown as an open place."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"
