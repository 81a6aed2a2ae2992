"""Kiosks and their sessions as they are kept, beside accounts (implements `security.kiosks.KioskStore`)."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from security.kiosks import Kiosk
from security.sessions import Session
from storage.instants import EPOCH, MICROSECOND, Instant
from storage.metadata import metadata

kiosks = Table(
    "kiosks",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("opened_at", Instant),
    Column("revoked_at", Instant),
)

kiosk_sessions = Table(
    "kiosk_sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("kiosk_id", String(26), ForeignKey("kiosks.id"), nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("idle_s", Integer, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ip", String(64), nullable=False),
)

# Asked every few seconds for every wall.
_KIOSK = select(kiosks).where(kiosks.c.id == bindparam("kiosk_id"))
_SESSION = select(kiosk_sessions).where(kiosk_sessions.c.hash == bindparam("session_hash"))
_SEEN = (
    update(kiosk_sessions)
    .where(kiosk_sessions.c.hash == bindparam("session_hash"))
    .where(kiosk_sessions.c.seen_at < bindparam("at"))
    .values(seen_at=bindparam("at"))
)


class Kiosks:
    """The kiosks' part of the accounts' store, on its connection."""

    _connection: Connection

    def kiosk(self, kiosk_id: str) -> Kiosk | None:
        """Return a kiosk by id, revoked ones too."""
        row = self._connection.execute(_KIOSK, {"kiosk_id": kiosk_id}).first()
        return Kiosk(**row._mapping) if row else None

    def kiosks(self) -> list[Kiosk]:
        """Return every kiosk, newest first."""
        rows = self._connection.execute(select(kiosks).order_by(kiosks.c.id.desc()))
        return [Kiosk(**row) for row in rows.mappings()]

    def add_kiosk(self, kiosk: Kiosk) -> None:
        """Keep a new kiosk."""
        self._connection.execute(insert(kiosks).values(asdict(kiosk)))

    def revoke_kiosk(self, kiosk_id: str, at: datetime) -> None:
        """End a kiosk and every session of it; the first end stands."""
        living = (kiosks.c.id == kiosk_id) & kiosks.c.revoked_at.is_(None)
        self._connection.execute(update(kiosks).where(living).values(revoked_at=at))
        theirs = kiosk_sessions.c.kiosk_id == kiosk_id
        self._connection.execute(delete(kiosk_sessions).where(theirs))

    def kiosk_session(self, session_hash: str) -> Session | None:
        """Return a kiosk's session by its hash."""
        row = self._connection.execute(_SESSION, {"session_hash": session_hash}).first()
        if row is None:
            return None
        fields = dict(row._mapping)
        return Session(account_id=fields.pop("kiosk_id"), **fields)

    def open_kiosk(self, session: Session) -> None:
        """Keep a kiosk's new session and that it was opened."""
        fields = asdict(session)
        kiosk_id = fields.pop("account_id")
        self._connection.execute(insert(kiosk_sessions).values(kiosk_id=kiosk_id, **fields))
        opened = update(kiosks).where(kiosks.c.id == kiosk_id).values(opened_at=session.started_at)
        self._connection.execute(opened)

    def touch_kiosk_session(self, session_hash: str, at: datetime) -> None:
        """Note that the screen is there; never moves it back."""
        self._connection.execute(_SEEN, {"session_hash": session_hash, "at": at})

    def drop_kiosk_session(self, session_hash: str) -> None:
        """Forget a kiosk's session."""
        gone = delete(kiosk_sessions).where(kiosk_sessions.c.hash == session_hash)
        self._connection.execute(gone)


def ended(sessions: Table, at: datetime) -> ColumnElement[bool]:
    """Return the condition of a session that has ended."""
    now_us = (at - EPOCH) // MICROSECOND
    # In whole microseconds, and wide: a kiosk's twelve hours of them do not fit four bytes.
    idle_us = cast(sessions.c.idle_s, BigInteger) * 1_000_000
    idle_end = type_coerce(sessions.c.seen_at, BigInteger) + idle_us
    return or_(sessions.c.ends_at <= at, idle_end <= now_us)
