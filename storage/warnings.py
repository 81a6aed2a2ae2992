"""Warnings as a projection of the journal, made anew by `rebuild`, and which of them refer to which."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
)

from incidents.warnings.messages import WarningReceived
from incidents.warnings.model import HazardWarning, WarningMessage
from incidents.warnings.rules import apply
from incidents.warnings.store import WARNING_STREAM
from storage.documents import Documents
from storage.instants import Instant
from storage.lots import lots
from storage.metadata import metadata
from storage.transaction import Transaction
from vocabulary.message import Actor, Event, Recorded

ID_LENGTH: Final = 40
AT_ONCE: Final = 400

warnings = Table(
    "warnings",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("act", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("here", Boolean, nullable=False),
    Column("sent_at", Instant, nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_warnings_open_expires", "open", "expires_at"),
)
# Whom a message refers to, known or not: an update may come before what it updates.
warning_references = Table(
    "warning_references",
    metadata,
    Column("warning_id", String(ID_LENGTH), primary_key=True),
    Column("refers_to", String(ID_LENGTH), primary_key=True, index=True),
)


def _beside(warning: HazardWarning) -> dict[str, Any]:
    message = warning.message
    return {
        "version": warning.version,
        "open": warning.open,
        "act": message.act.value,
        "status": message.status.value,
        "here": warning.reach.here,
        "sent_at": message.sent_at,
        "expires_at": message.expires_at,
    }


_warnings = Documents(warnings, warnings.c.id, TypeAdapter(HazardWarning), _beside)


class WarningProjection:
    """Keeps the tables `warnings` and `warning_references` in step with the warnings' events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other streams are passed over."""
        if not recorded.stream.startswith(WARNING_STREAM):
            return
        _warnings.fold(connection, recorded, WARNING_STREAM, apply)
        event = recorded.event
        if isinstance(event, WarningReceived) and event.message.references:
            own = event.message.identifier
            rows = [{"warning_id": own, "refers_to": one} for one in event.message.references]
            connection.execute(insert(warning_references), rows)

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        connection.execute(delete(warnings))
        connection.execute(delete(warning_references))


class WarningsInTransaction:
    """`incidents.warnings.store.Warnings` over one transaction of the journal."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def load(self, identifier: str) -> HazardWarning | None:
        """Return one message that was kept, None where it is not known."""
        return load_warning(self._transaction.connection, identifier)

    def around(self, message: WarningMessage) -> list[HazardWarning]:
        """Return the kept messages that hang together with one by references, over any number of steps; itself too."""
        connection = self._transaction.connection
        found, reached = set[str](), {message.identifier, *message.references}
        while reached:
            found |= reached
            reached = _beside_of(connection, reached) - found
        known: list[HazardWarning] = []
        for part in lots(sorted(found), AT_ONCE):
            query = select(warnings.c.document).where(warnings.c.id.in_(part))
            known += _warnings.read(connection, query.order_by(warnings.c.id))
        return known

    def due(self, at: datetime) -> list[HazardWarning]:
        """Return the warnings that nothing has ended and whose time is up."""
        late = warnings.c.open.is_(True) & (warnings.c.expires_at <= at)
        query = select(warnings.c.document).where(late).order_by(warnings.c.id)
        return _warnings.read(self._transaction.connection, query)

    def append(
        self, identifier: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one warning."""
        stream = WARNING_STREAM + identifier
        return self._transaction.append(stream, version, events, actor=actor)


def _beside_of(connection: Connection, identifiers: Iterable[str]) -> set[str]:
    """Return what these refer to, and what refers to them."""
    own, other = warning_references.c.warning_id, warning_references.c.refers_to
    found: set[str] = set()
    for part in lots(sorted(identifiers), AT_ONCE):
        query = select(own, other).where(or_(own.in_(part), other.in_(part)))
        for row in connection.execute(query):
            found.update(row)
    return found


def load_warning(connection: Connection, identifier: str) -> HazardWarning | None:
    """Return one message that was kept, None where it is not known."""
    return _warnings.load(connection, identifier)


def open_warnings(connection: Connection) -> list[HazardWarning]:
    """Return the warnings that nothing has ended, in order of when they were sent."""
    query = select(warnings.c.document).where(warnings.c.open.is_(True))
    return _warnings.read(connection, query.order_by(warnings.c.sent_at, warnings.c.id))


def past_warnings(connection: Connection, limit: int) -> list[HazardWarning]:
    """Return the county's warnings that are over, the newest first."""
    over = warnings.c.open.is_(False) & warnings.c.here.is_(True) & (warnings.c.act != "cancel")
    query = select(warnings.c.document).where(over)
    newest = query.order_by(warnings.c.sent_at.desc(), warnings.c.id.desc())
    return _warnings.read(connection, newest.limit(limit))


def warnings_sent_between(
    connection: Connection, since: datetime, until: datetime
) -> list[HazardWarning]:
    """Return the county's actual warnings that were sent in a window, updates and cancellations left out."""
    sent = (warnings.c.sent_at >= since) & (warnings.c.sent_at < until)
    alert = (warnings.c.act == "alert") & (warnings.c.status == "actual")
    query = select(warnings.c.document).where(sent & alert & warnings.c.here.is_(True))
    return _warnings.read(connection, query.order_by(warnings.c.sent_at, warnings.c.id))
