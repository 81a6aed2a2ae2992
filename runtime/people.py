"""The people's side of the console: accounts, keys, sealing and audit keys, opened from the home folder."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from incidents.rulebook import shipped_tables
from runtime.home import check_addresses, open_journal, open_prepared_store, prepare_home
from runtime.settings import Settings
from security.administration import SYSTEM_PRINCIPAL, Administration
from security.audit import AuditKey, open_audit_key
from security.passwords import Hasher
from security.principal import acting_as
from security.sealing import Keyring, open_keyring
from storage.accounts import StoredPeople
from storage.journal import Journal
from vocabulary.clock import Clock, SystemClock

T = TypeVar("T")
AUDIT: Final = "audit"  # the audit trail's key, in `home/secrets`


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The keys that lie outside the database."""

    keyring: Keyring
    audit_key: AuditKey


def open_secrets(home: Path) -> Secrets:
    """Return the keys in `home/secrets`, made on the first start."""
    folder = home / "secrets"
    return Secrets(
        keyring=open_keyring(folder / "sealing"), audit_key=open_audit_key(folder / AUDIT)
    )


def anchor_file(home: Path) -> Path:
    """Return where the heads of the audit trail are written down, outside the database."""
    return home / "secrets" / "audit-anchors"


def administration(journal: Journal, secrets: Secrets, clock: Clock) -> Administration:
    """Return the administrators' acts over a journal."""
    people = StoredPeople(journal, secrets.audit_key)
    return Administration(people=people, hasher=Hasher(), clock=clock)


def check_department(department: str | None) -> None:
    """Refuse a department that is not in the table, before somebody is bound to it."""
    if department is not None:
        shipped_tables().department(department)


def administer(settings: Settings, act: Callable[[Administration], Awaitable[T]]) -> T:
    """Do one administrator's act from the command line, as the system itself."""
    check_addresses(settings)
    home = prepare_home(settings.home)
    journal = open_journal(open_prepared_store(settings))

    async def acting() -> T:
        with acting_as(SYSTEM_PRINCIPAL):
            return await act(administration(journal, open_secrets(home), SystemClock()))

    try:
        return asyncio.run(acting())
    finally:
        journal.stop()
        journal.store.close()
