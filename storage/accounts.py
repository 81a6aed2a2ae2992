"""Accounts, sessions, keys and failed sign-ins as they are kept; conflicting roles are refused by the database itself."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from security.accounts import Account, AccountStore
from security.audit import AuditEntry, AuditKey
from security.keys import ApiKey
from security.policy import CONFLICTS
from security.sessions import Session
from storage.audit import append_audit
from storage.instants import Instant
from storage.journal import Journal
from storage.kiosks import Kiosks, ended, kiosk_sessions
from storage.metadata import metadata
from vocabulary.errors import Refused

T = TypeVar("T")


def _separate(one: str, other: str) -> CheckConstraint:
    # Roles are kept as ",a,b,". replace() is the one search both databases spell alike.
    lacks = [f"replace(roles, ',{role},', '') = roles" for role in (one, other)]
    return CheckConstraint(" OR ".join(lacks), name=f"{one}_not_{other}")


accounts = Table(
    "accounts",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("user_name", String(40), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("department", String(40)),
    Column("created_at", Instant, nullable=False),
    Column("password_changed_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("signed_in_at", Instant),
    *(_separate(*pair) for pair in CONFLICTS),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("account_id", String(26), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("idle_s", Integer, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ip", String(64), nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("department", String(40)),
    Column("secret_hash", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    *(_separate(*pair) for pair in CONFLICTS),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_sign_in_failures_subject_at", "subject", "at"),
)

# Asked with every request, or every few seconds for everybody who is signed in.
_ACCOUNT = select(accounts).where(accounts.c.id == bindparam("account_id"))
_SESSION = select(sessions).where(sessions.c.hash == bindparam("session_hash"))
_SEEN = (
    update(sessions)
    .where(sessions.c.hash == bindparam("session_hash"), sessions.c.seen_at < bindparam("at"))
    .values(seen_at=bindparam("at"))
)
_KEY = select(api_keys).where(api_keys.c.id == bindparam("key_id"))


class Accounts(Kiosks):
    """The accounts' store on one connection (implements `security.accounts.AccountStore`); the caller owns the transaction."""

    def __init__(self, connection: Connection, audit_key: AuditKey) -> None:
        self._connection = connection
        self._audit_key = audit_key

    def account(self, account_id: str) -> Account | None:
        """Return an account by id."""
        return _account(self._connection.execute(_ACCOUNT, {"account_id": account_id}).first())

    def account_named(self, user_name: str) -> Account | None:
        """Return an account by its user name in normal form."""
        named = select(accounts).where(accounts.c.user_name == user_name)
        return _account(self._connection.execute(named).first())

    def accounts(self) -> list[Account]:
        """Return every account by user name."""
        rows = self._connection.execute(select(accounts).order_by(accounts.c.user_name))
        return [account for row in rows if (account := _account(row))]

    def add_account(self, account: Account) -> None:
        """Keep a new account; refuse a user name that is taken."""
        if self.account_named(account.user_name):
            raise Refused("security.user_name_taken", value=account.user_name)
        self._connection.execute(insert(accounts).values(_values(account)))

    def replace_account(self, account: Account) -> None:
        """Keep an account as it is now."""
        changed = update(accounts).where(accounts.c.id == account.id).values(_values(account))
        self._connection.execute(changed)

    def session(self, session_hash: str) -> Session | None:
        """Return a session by its hash."""
        row = self._connection.execute(_SESSION, {"session_hash": session_hash}).first()
        return Session(**row._mapping) if row else None

    def sessions_of(self, account_id: str) -> list[Session]:
        """Return an account's sessions, oldest first."""
        theirs = select(sessions).where(sessions.c.account_id == account_id)
        rows = self._connection.execute(theirs.order_by(sessions.c.started_at, sessions.c.hash))
        return [Session(**row) for row in rows.mappings()]

    def add_session(self, session: Session) -> None:
        """Keep a new session."""
        self._connection.execute(insert(sessions).values(asdict(session)))

    def touch_session(self, session_hash: str, at: datetime) -> None:
        """Note activity; never moves it back."""
        self._connection.execute(_SEEN, {"session_hash": session_hash, "at": at})

    def drop_session(self, session_hash: str) -> None:
        """Forget a session."""
        self._connection.execute(delete(sessions).where(sessions.c.hash == session_hash))

    def drop_sessions_of(self, account_id: str) -> None:
        """Forget every session of an account."""
        self._connection.execute(delete(sessions).where(sessions.c.account_id == account_id))

    def drop_dead(self, at: datetime, failures_before: datetime) -> int:
        """Forget ended sessions and failures too old to matter; return how many rows went."""
        dead = [delete(each).where(ended(each, at)) for each in (sessions, kiosk_sessions)]
        old = delete(sign_in_failures).where(sign_in_failures.c.at < failures_before)
        return sum(self._connection.execute(each).rowcount for each in (*dead, old))

    def key(self, key_id: str) -> ApiKey | None:
        """Return a key by id, revoked ones too."""
        return _key(self._connection.execute(_KEY, {"key_id": key_id}).first())

    def keys(self) -> list[ApiKey]:
        """Return every key, newest first."""
        rows = self._connection.execute(select(api_keys).order_by(api_keys.c.id.desc()))
        return [key for row in rows if (key := _key(row))]

    def add_key(self, key: ApiKey) -> None:
        """Keep a new key."""
        self._connection.execute(insert(api_keys).values(_values(key)))

    def touch_key(self, key_id: str, at: datetime) -> None:
        """Note that a key was used."""
        self._connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(used_at=at))

    def revoke_key(self, key_id: str, at: datetime) -> None:
        """End a key; the first end stands."""
        living = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
        self._connection.execute(update(api_keys).where(living).values(revoked_at=at))

    def failures(self, subject: str, since: datetime) -> list[datetime]:
        """Return when sign-ins failed for a name or an address, from `since` on."""
        table = sign_in_failures.c
        wanted = select(table.at).where(table.subject == subject, table.at >= since)
        return list(self._connection.scalars(wanted))

    def add_failure(self, subject: str, at: datetime) -> None:
        """Note a failed sign-in."""
        self._connection.execute(insert(sign_in_failures).values(subject=subject, at=at))

    def clear_failures(self, subject: str) -> None:
        """Forget the failures of a name or an address."""
        of_subject = sign_in_failures.c.subject == subject
        self._connection.execute(delete(sign_in_failures).where(of_subject))

    def audit(self, entry: AuditEntry) -> None:
        """Append to the audit trail in the same unit of work."""
        append_audit(self._connection, entry, self._audit_key)


class StoredPeople:
    """Runs units of work on accounts through the journal's writer (implements `security.accounts.People`)."""

    def __init__(self, journal: Journal, audit_key: AuditKey) -> None:
        self._journal = journal
        self._audit_key = audit_key

    async def read(self, work: Callable[[AccountStore], T]) -> T:
        """Run `work` on one instant of the store."""
        key = self._audit_key
        return await self._journal.read(lambda connection: work(Accounts(connection, key)))

    async def write(self, work: Callable[[AccountStore], T]) -> T:
        """Run `work` and return its result once it is durable; what it raises undoes it."""
        key = self._audit_key
        return await self._journal.write(
            lambda transaction: work(Accounts(transaction.connection, key))
        )


def _values(kept: Account | ApiKey) -> dict[str, Any]:
    return {**asdict(kept), "roles": f",{','.join(sorted(kept.roles))},"}


def _fields(row: Row[Any]) -> dict[str, Any]:
    fields = dict(row._mapping)
    return {**fields, "roles": frozenset(filter(None, fields["roles"].split(",")))}


def _account(row: Row[Any] | None) -> Account | None:
    return Account(**_fields(row)) if row else None


def _key(row: Row[Any] | None) -> ApiKey | None:
    return ApiKey(**_fields(row)) if row else None
