"""Handovers as a projection of the journal, made anew by `rebuild`."""

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from incidents.handover.model import Handover
from incidents.handover.rules import apply
from incidents.handover.store import HANDOVER_STREAM
from storage.metadata import metadata
from storage.transaction import Transaction
from vocabulary.message import Actor, Event, Recorded

handovers = Table(
    "handovers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("open", Boolean, nullable=False, index=True),
    Column("document", Text, nullable=False),
)
_document = TypeAdapter(Handover)


class HandoverProjection:
    """Keeps the table `handovers` in step with the handovers' events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other streams are passed over."""
        if not recorded.stream.startswith(HANDOVER_STREAM):
            return
        id = recorded.stream.removeprefix(HANDOVER_STREAM)
        before = load_handover(connection, id)
        after = apply(
            before,
            recorded.event,
            version=recorded.version,
            at=recorded.recorded_at,
            by=recorded.actor,
        )
        if after is None:
            return
        row = {"open": after.open, "document": _document.dump_json(after).decode()}
        if before is None:
            connection.execute(insert(handovers).values(id=id, **row))
        else:
            connection.execute(update(handovers).where(handovers.c.id == id).values(**row))

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        connection.execute(delete(handovers))


class HandoversInTransaction:
    """`incidents.handover.store.Handovers` over one transaction of the journal."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def load(self, handover_id: str) -> Handover | None:
        """Return one, None where it is not known."""
        return load_handover(self._transaction.connection, handover_id)

    def standing(self) -> list[Handover]:
        """Return those that wait for the second signature, oldest first."""
        query = select(handovers.c.document).where(handovers.c.open.is_(True))
        found = self._transaction.connection.execute(query.order_by(handovers.c.id)).scalars()
        return [_document.validate_json(document) for document in found]

    def append(
        self, handover_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one handover."""
        stream = HANDOVER_STREAM + handover_id
        return self._transaction.append(stream, version, events, actor=actor)


def load_handover(connection: Connection, id: str) -> Handover | None:
    """Return one handover, None where it is not known."""
    query = select(handovers.c.document).where(handovers.c.id == id)
    document = connection.execute(query).scalar_one_or_none()
    return None if document is None else _document.validate_json(document)


def newest_handovers(connection: Connection, limit: int) -> list[Handover]:
    """Return the newest handovers: those that wait first."""
    query = select(handovers.c.document).order_by(handovers.c.open.desc(), handovers.c.id.desc())
    found = connection.execute(query.limit(limit)).scalars()
    return [_document.validate_json(document) for document in found]
