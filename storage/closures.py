"""Closures of roads as a projection of the journal, made anew by `rebuild`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, select

from county.closing.model import RoadClosure
from county.closing.rules import apply
from county.closing.store import CLOSURE_STREAM
from storage.documents import Documents
from storage.tables import road_closures as table
from storage.transaction import Transaction
from vocabulary.message import Actor, Event, Recorded


def _beside(closure: RoadClosure) -> dict[str, Any]:
    return {"version": closure.version, "open": closure.open, "until_at": closure.until_at}


_closures = Documents(table, table.c.id, TypeAdapter(RoadClosure), _beside)


class ClosureProjection:
    """Keeps the table `road_closures` in step with the closures' events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other rooms are passed over."""
        if recorded.stream.startswith(CLOSURE_STREAM):
            _closures.fold(connection, recorded, CLOSURE_STREAM, apply)

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        connection.execute(delete(table))


class ClosuresInTransaction:
    """`county.closing.store.RoadClosures` over one transaction of the journal."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def load(self, closure_id: str) -> RoadClosure | None:
        """Return one closure, None where it is not known."""
        return load_closure(self._transaction.connection, closure_id)

    def due(self, at: datetime) -> list[RoadClosure]:
        """Return the closures nobody has ended whose time is up."""
        query = select(table.c.document).where(table.c.open.is_(True), table.c.until_at <= at)
        return _closures.read(self._transaction.connection, query.order_by(table.c.id))

    def append(
        self, closure_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one closure."""
        stream = CLOSURE_STREAM + closure_id
        return self._transaction.append(stream, version, events, actor=actor)


def load_closure(connection: Connection, closure_id: str) -> RoadClosure | None:
    """Return one closure, None where it is not known."""
    return _closures.load(connection, closure_id)


def open_closures(connection: Connection) -> list[RoadClosure]:
    """Return the closures nobody has ended, oldest first."""
    return _listed(connection, ended=False, limit=None)


def ended_closures(connection: Connection, limit: int) -> list[RoadClosure]:
    """Return the closures that are over, the newest first."""
    return _listed(connection, ended=True, limit=limit)


def _listed(connection: Connection, *, ended: bool, limit: int | None) -> list[RoadClosure]:
    order = table.c.id.desc() if ended else table.c.id
    query = select(table.c.document).where(table.c.open.is_(not ended)).order_by(order).limit(limit)
    return _closures.read(connection, query)
