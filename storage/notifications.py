"""Notifications as they are kept: what is to be told to whom, how often it was tried, and what became of it."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)

from storage.instants import Instant
from storage.metadata import metadata

notifications = Table(
    "notifications",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("event_id", String(40), nullable=False),
    Column("event", String(60), nullable=False),
    Column("case_id", String(26), nullable=False),
    Column("recipient", String(80), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", Instant),
    Column("problem", String(200), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
    # Told once to one recipient by one channel, however often the event comes by.
    UniqueConstraint("event_id", "recipient", "channel", name="uq_notifications_once"),
    Index("ix_notifications_state_due", "state", "due_at"),
)
Values = dict[str, Any]
FORGOTTEN_AT_ONCE: Final = 2_000


def keep_notification(connection: Connection, values: Values) -> bool:
    """Keep a notification; False where the same was kept before."""
    this = (
        (notifications.c.event_id == values["event_id"])
        & (notifications.c.recipient == values["recipient"])
        & (notifications.c.channel == values["channel"])
    )
    if connection.execute(select(notifications.c.id).where(this)).first() is not None:
        return False
    connection.execute(insert(notifications).values(**values))
    return True


def due_notifications(connection: Connection, at: datetime, most: int) -> list[Values]:
    """Return what is to be told now, the oldest first."""
    query = (
        select(notifications)
        .where(notifications.c.state == "waiting", notifications.c.due_at <= at)
        .order_by(notifications.c.due_at, notifications.c.id)
        .limit(most)
    )
    return [_values(row) for row in connection.execute(query)]


def note_try(connection: Connection, id: str, values: Values) -> None:
    """Note what came of a try; one that ended meanwhile stays as it ended."""
    this = (notifications.c.id == id) & (notifications.c.state == "waiting")
    connection.execute(update(notifications).where(this).values(**values))


def revive_notification(connection: Connection, id: str, at: datetime) -> bool:
    """Let one that was given up be tried anew; False where there is none such."""
    this = (notifications.c.id == id) & (notifications.c.state == "dead")
    again = {"state": "waiting", "tries": 0, "due_at": at, "ended_at": None, "created_at": at}
    return bool(connection.execute(update(notifications).where(this).values(**again)).rowcount)


def list_notifications(
    connection: Connection, *, state: str | None, case_id: str | None, most: int
) -> list[Values]:
    """Return the newest notifications."""
    query = select(notifications).order_by(notifications.c.id.desc()).limit(most)
    if state is not None:
        query = query.where(notifications.c.state == state)
    if case_id is not None:
        query = query.where(notifications.c.case_id == case_id)
    return [_values(row) for row in connection.execute(query)]


def _values(row: Row[Any]) -> Values:
    # The names of columns are a kind of text of SQLAlchemy's own, which the JSON writer does not take.
    return {str(name): value for name, value in row._mapping.items()}


def count_notifications(connection: Connection) -> dict[str, int]:
    """Return how many stand where."""
    query = select(notifications.c.state, func.count().label("n")).group_by(notifications.c.state)
    return {str(row.state): int(row.n) for row in connection.execute(query)}


def forget_notifications(connection: Connection, before: datetime) -> None:
    """Forget what ended before."""
    old = (
        select(notifications.c.id)
        .where(notifications.c.state != "waiting", notifications.c.created_at < before)
        .limit(FORGOTTEN_AT_ONCE)
    )
    connection.execute(delete(notifications).where(notifications.c.id.in_(old)))
