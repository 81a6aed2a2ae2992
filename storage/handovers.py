"""Handovers as a projection of the journal, made anew by `rebuild`."""

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import Boolean, Column, Connection, String, Table, Text, delete, select

from incidents.handover.model import Handover
from incidents.handover.rules import apply
from incidents.handover.store import HANDOVER_STREAM
from storage.documents import Documents
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
_handovers = Documents(
    handovers, handovers.c.id, TypeAdapter(Handover), lambda one: {"open": one.open}
)


def _signed(before: Handover | None, recorded: Recorded[Event], /) -> Handover | None:
    """Return a handover after an event; whoever signed is named by more than a name."""
    version, at, by = recorded.version, recorded.recorded_at, recorded.actor
    return apply(before, recorded.event, version=version, at=at, by=by)


class HandoverProjection:
    """Keeps the table `handovers` in step with the handovers' events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other streams are passed over."""
        if recorded.stream.startswith(HANDOVER_STREAM):
            _handovers.fold_with(connection, recorded, HANDOVER_STREAM, _signed)

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
        return _handovers.read(self._transaction.connection, query.order_by(handovers.c.id))

    def append(
        self, handover_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one handover."""
        stream = HANDOVER_STREAM + handover_id
        return self._transaction.append(stream, version, events, actor=actor)


def load_handover(connection: Connection, id: str) -> Handover | None:
    """Return one handover, None where it is not known."""
    return _handovers.load(connection, id)


def newest_handovers(connection: Connection, limit: int) -> list[Handover]:
    """Return the newest handovers: those that wait first."""
    query = select(handovers.c.document).order_by(handovers.c.open.desc(), handovers.c.id.desc())
    return _handovers.read(connection, query.limit(limit))
