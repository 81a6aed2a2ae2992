"""Closures of roads as a projection of the journal, made anew by `rebuild`."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select, update

from county.closing.model import RoadClosure
from county.closing.rules import apply
from county.closing.store import CLOSURE_STREAM
from storage.tables import road_closures as table
from storage.transaction import Transaction
from vocabulary.message import Actor, Event, Recorded

_document = TypeAdapter(RoadClosure)


class ClosureProjection:
    """Keeps the table `road_closures` in step with the closures' events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other rooms are passed over."""
        if not recorded.stream.startswith(CLOSURE_STREAM):
            return
        closure_id = recorded.stream.removeprefix(CLOSURE_STREAM)
        before = load_closure(connection, closure_id)
        after = apply(
            before,
            recorded.event,
            version=recorded.version,
            at=recorded.recorded_at,
            by=recorded.actor.name,
        )
        if after is None:
            return
        row = {
            "version": after.version,
            "open": after.open,
            "until_at": after.until_at,
            "document": _document.dump_json(after).decode(),
        }
        if before is None:
            connection.execute(insert(table).values(id=closure_id, **row))
        else:
            connection.execute(update(table).where(table.c.id == closure_id).values(**row))

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
        documents = self._transaction.connection.execute(query.order_by(table.c.id)).scalars()
        return [_document.validate_json(document) for document in documents]

    def append(
        self, closure_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one closure."""
        stream = CLOSURE_STREAM + closure_id
        return self._transaction.append(stream, version, events, actor=actor)


def load_closure(connection: Connection, closure_id: str) -> RoadClosure | None:
    """Return one closure, None where it is not known."""
    query = select(table.c.document).where(table.c.id == closure_id)
    document = connection.execute(query).scalar_one_or_none()
    return None if document is None else _document.validate_json(document)


def open_closures(connection: Connection) -> list[RoadClosure]:
    """Return the closures nobody has ended, oldest first."""
    return _closures(connection, ended=False, limit=None)


def ended_closures(connection: Connection, limit: int) -> list[RoadClosure]:
    """Return the closures that are over, the newest first."""
    return _closures(connection, ended=True, limit=limit)


def _closures(connection: Connection, *, ended: bool, limit: int | None) -> list[RoadClosure]:
    order = table.c.id.desc() if ended else table.c.id
    query = select(table.c.document).where(table.c.open.is_(not ended)).order_by(order).limit(limit)
    return [_document.validate_json(document) for document in connection.execute(query).scalars()]
