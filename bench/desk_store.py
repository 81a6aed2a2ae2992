"""The store before and after the desk's bench: its officers signed in, and what was acknowledged counted against what is kept."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from incidents.store import case_stream
from runtime.home import open_journal, open_prepared_store
from runtime.people import open_secrets
from runtime.settings import Settings
from security.accounts import Account
from security.sessions import COOKIE, SessionLimits
from storage.accounts import Accounts
from storage.chains import verify_chains
from storage.journal import Journal
from storage.tables import answers, events
from storage.transaction import Transaction
from vocabulary.clock import SystemClock
from vocabulary.ids import id_at

CLOCK: Final = SystemClock()
SHARES: Final = {"intake": 0.25, "dispatcher": 0.15, "responder": 0.45, "supervisor": 0.15}
DEPARTMENT: Final = "drainage"
NO_PASSWORD: Final = "!"  # noqa: S105 - nobody signs in with it: the sessions are begun here


@dataclass(frozen=True, slots=True)
class Found:
    """What the store says of what was acknowledged."""

    lost: int
    doubled: int
    events: int
    problem: str


@contextmanager
def _journal(settings: Settings) -> Iterator[Journal]:
    journal = open_journal(open_prepared_store(settings))
    try:
        yield journal
    finally:
        journal.stop()
        journal.store.close()


def sign_in(settings: Settings, count: int, origin: str) -> list[dict[str, str]]:
    """Make officers with sessions and return each one's role and the headers of their browser."""
    secrets = open_secrets(settings.home)
    roles = [role for role, share in SHARES.items() for _ in range(round(count * share))]
    with _journal(settings) as journal:

        def work(transaction: Transaction, /) -> list[str]:
            store = Accounts(transaction.connection, secrets.audit_key)
            return [_one(store, number, role) for number, role in enumerate(roles)]

        tokens = journal.write_blocking(work)
    return [
        {"role": role, "headers": f"Cookie: {COOKIE}={token}\r\nOrigin: {origin}\r\n"}
        for role, token in zip(roles, tokens, strict=True)
    ]


def _one(store: Accounts, number: int, role: str) -> str:
    now = CLOCK.now()
    account = Account(
        id=id_at(now),
        user_name=f"officer{number}",
        name=f"{role} {number}",
        password_hash=NO_PASSWORD,
        roles=frozenset({role}),
        department=DEPARTMENT if role == "responder" else None,
        created_at=now,
        password_changed_at=now,
    )
    store.add_account(account)
    token, session = SessionLimits().start(account.id, kiosk=False, at=now, ip="127.0.0.1")
    store.add_session(session)
    return token


def count(settings: Settings, told: list[list[Any]]) -> Found:
    """Hold every acknowledgement against the answers and the events that are kept."""
    with _journal(settings) as journal:
        return journal.read_blocking(lambda connection: _count(connection, told))


def _count(connection: Connection, told: list[list[Any]]) -> Found:
    kept = connection.execute(select(events.c.seq, events.c.stream, events.c.kind, events.c.data,
                                     events.c.actor)).all()  # fmt: skip
    of_people = [row for row in kept if orjson.loads(row.actor)["kind"] == "person"]
    texts = Counter(
        orjson.loads(row.data)["text"]
        for row in of_people
        if row.kind == "incidents.report_received.v1"
    )
    where = {row.seq: row.stream for row in kept}
    keys = Counter(connection.execute(select(answers.c.key)).scalars())
    lost = sum(not _kept(one, keys, texts, where) for one in told)
    # A command's events are told one by one; a report's are those of its case's first moment.
    seqs = Counter(seq for what, _, _, seqs in told if what == "command" for seq in seqs)
    openings = {
        "incidents.report_received.v1",
        "incidents.case_opened.v1",
        "incidents.alert_offered.v1",
    }
    untold = sum(row.seq not in seqs and row.kind not in openings for row in of_people)
    doubled = sum(times - 1 for counted in (texts, seqs, keys) for times in counted.values())
    chains = verify_chains(connection)
    return Found(lost, doubled + untold, len(kept), chains.problem)


def _kept(one: list[Any], keys: Counter[str], texts: Counter[str], where: dict[int, str]) -> bool:
    what, key, case_id, proof = one
    if key not in keys:
        return False
    if what == "report":
        return texts[proof] > 0
    return all(where.get(seq) == case_stream(case_id) for seq in proof)
