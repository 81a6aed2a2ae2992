"""Accounts and what their store must do; `storage.accounts` keeps them."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from security.audit import AuditEntry
from security.keys import ApiKey
from security.kiosks import KioskStore
from security.sessions import Session
from vocabulary.errors import Refused
from vocabulary.message import Actor

T = TypeVar("T")
USER_NAME: Final = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9._\-\u4e00-\u9fff]{1,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may sign in. `user_name` is unique in its normal form; `name` is what others see."""

    id: str
    user_name: str
    name: str
    password_hash: str
    roles: frozenset[str]
    department: str | None
    created_at: datetime
    password_changed_at: datetime
    disabled_at: datetime | None = None
    signed_in_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Return who this is in events and the audit trail."""
        return Actor(
            id=self.id,
            name=self.name,
            kind="person",
            roles=self.roles,
            department=self.department,
        )


def normal_name(text: str) -> str:
    """Return the normal form of a user name: NFKC, lower case, no spaces around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def read_user_name(text: str) -> str:
    """Return a new account's user name in normal form, or refuse it."""
    name = normal_name(text)
    if not USER_NAME.fullmatch(name):
        raise Refused("security.bad_user_name", value=text[:40])
    return name


class AccountStore(KioskStore, Protocol):
    """One unit of work on what is kept about people and keys; everything inside it happens or nothing does."""

    def account(self, account_id: str) -> Account | None:
        """Return an account by id."""
        ...

    def account_named(self, user_name: str) -> Account | None:
        """Return an account by its user name in normal form."""
        ...

    def accounts(self) -> list[Account]:
        """Return every account by user name."""
        ...

    def add_account(self, account: Account) -> None:
        """Keep a new account; refuse a user name that is taken."""
        ...

    def replace_account(self, account: Account) -> None:
        """Keep an account as it is now."""
        ...

    def session(self, session_hash: str) -> Session | None:
        """Return a session by its hash."""
        ...

    def sessions_of(self, account_id: str) -> list[Session]:
        """Return an account's sessions, oldest first."""
        ...

    def add_session(self, session: Session) -> None:
        """Keep a new session."""
        ...

    def touch_session(self, session_hash: str, at: datetime) -> None:
        """Note activity; never moves it back."""
        ...

    def drop_session(self, session_hash: str) -> None:
        """Forget a session."""
        ...

    def drop_sessions_of(self, account_id: str) -> None:
        """Forget every session of an account."""
        ...

    def drop_dead(self, at: datetime, failures_before: datetime) -> int:
        """Forget ended sessions and failures too old to matter; return how many rows went."""
        ...

    def key(self, key_id: str) -> ApiKey | None:
        """Return a key by id, revoked ones too."""
        ...

    def keys(self) -> list[ApiKey]:
        """Return every key, newest first."""
        ...

    def add_key(self, key: ApiKey) -> None:
        """Keep a new key."""
        ...

    def touch_key(self, key_id: str, at: datetime) -> None:
        """Note that a key was used."""
        ...

    def revoke_key(self, key_id: str, at: datetime) -> None:
        """End a key."""
        ...

    def failures(self, subject: str, since: datetime) -> list[datetime]:
        """Return when sign-ins failed for a name or an address, from `since` on."""
        ...

    def add_failure(self, subject: str, at: datetime) -> None:
        """Note a failed sign-in."""
        ...

    def clear_failures(self, subject: str) -> None:
        """Forget the failures of a name or an address."""
        ...

    def audit(self, entry: AuditEntry) -> None:
        """Append to the audit trail in the same unit of work."""
        ...


class People(Protocol):
    """Runs units of work on the accounts' store."""

    async def read(self, work: Callable[[AccountStore], T]) -> T:
        """Run `work` on one instant of the store; it must not change anything."""
        ...

    async def write(self, work: Callable[[AccountStore], T]) -> T:
        """Run `work` and return its result once it is durable; what it raises undoes it."""
        ...
