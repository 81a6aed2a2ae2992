"""Accounts, sessions, keys and failures are kept the same in every store."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import IntegrityError

from security.accounts import Account
from security.audit import AuditKey
from security.keys import mint
from security.kiosks import mint as mint_kiosk
from security.policy import CONFLICTS, ROLES
from security.sessions import SessionLimits
from storage.accounts import Accounts, StoredPeople, accounts, api_keys
from storage.audit import audit_head
from storage.engine import Store
from storage.journal import Journal
from tests.clocks import ManualClock
from vocabulary.errors import Refused
from vocabulary.ids import new_id

T = TypeVar("T")
KEY = AuditKey(b"k" * 32)
AT = ManualClock().at
LIMITS = SessionLimits()


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.writer.begin() as opened:
        yield opened


@pytest.fixture
def kept(connection: Connection) -> Accounts:
    return Accounts(connection, KEY)


def an_account(user_name: str = "wang", roles: frozenset[str] = frozenset()) -> Account:
    return Account(
        id=new_id(),
        user_name=user_name,
        name="王强",
        password_hash="$argon2id$…",
        roles=roles,
        department=None,
        created_at=AT,
        password_changed_at=AT,
    )


def test_an_account_comes_back_as_it_was_kept(kept: Accounts) -> None:
    account = an_account(roles=frozenset({"dispatcher", "intake"}))
    kept.add_account(account)
    assert kept.account(account.id) == kept.account_named("wang") == account
    assert kept.account("nobody") is None
    assert kept.account_named("nobody") is None


def test_a_changed_account_stays_changed(kept: Accounts) -> None:
    account = an_account()
    kept.add_account(account)
    changed = replace(account, disabled_at=AT, roles=frozenset({"auditor"}), department="fire")
    kept.replace_account(changed)
    assert kept.accounts() == [changed]


def test_a_user_name_is_given_once(kept: Accounts) -> None:
    kept.add_account(an_account())
    with pytest.raises(Refused, match="wang is taken"):
        kept.add_account(an_account())


def _refuses(connection: Connection, change: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError), connection.begin_nested():
        change()


@pytest.mark.parametrize("pair", CONFLICTS, ids="-".join)
def test_the_database_itself_keeps_duties_apart(
    connection: Connection, kept: Accounts, pair: tuple[str, str]
) -> None:
    roles = frozenset(pair)
    _refuses(connection, lambda: kept.add_account(an_account(roles=roles)))
    _, key = mint("k", roles, department=None, at=AT, by="x")
    _refuses(connection, lambda: kept.add_key(key))
    account = an_account(roles=frozenset({pair[0]}))
    kept.add_account(account)
    joined = update(accounts).values(roles=f",{pair[0]},{pair[1]},")
    _refuses(connection, lambda: connection.execute(joined))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_alone_may_be_kept(kept: Accounts, role: str) -> None:
    kept.add_account(an_account(roles=frozenset({role})))
    assert [account.roles for account in kept.accounts()] == [{role}]


def test_only_the_hash_of_a_session_is_kept(connection: Connection, kept: Accounts) -> None:
    account = an_account()
    kept.add_account(account)
    token, session = LIMITS.start(account.id, kiosk=False, at=AT, ip="10.0.0.7")
    kept.add_session(session)
    assert kept.session(session.hash) == session
    row = str(connection.execute(text("SELECT * FROM sessions")).mappings().one())
    assert token not in row
    assert kept.session(token) is None


def test_activity_moves_a_session_forward_and_never_back(kept: Accounts) -> None:
    account = an_account()
    kept.add_account(account)
    _, session = LIMITS.start(account.id, kiosk=False, at=AT, ip="")
    kept.add_session(session)
    kept.touch_session(session.hash, AT + timedelta(minutes=2))
    kept.touch_session(session.hash, AT + timedelta(minutes=1))
    found = kept.session(session.hash)
    assert found is not None
    assert found.seen_at == AT + timedelta(minutes=2)


def _three_sessions(kept: Accounts) -> list[str]:
    account = an_account()
    kept.add_account(account)
    hashes = []
    for minute, kiosk in ((0, False), (1, True), (40, False)):
        at = AT + timedelta(minutes=minute)
        _, session = LIMITS.start(account.id, kiosk=kiosk, at=at, ip="")
        kept.add_session(session)
        hashes.append(session.hash)
    assert [each.hash for each in kept.sessions_of(account.id)] == hashes
    return hashes


def test_ended_sessions_are_swept_and_living_ones_stay(kept: Accounts) -> None:
    idle, kiosk, young = _three_sessions(kept)
    kept.drop_dead(AT + timedelta(minutes=41), AT)
    assert [bool(kept.session(each)) for each in (idle, kiosk, young)] == [False, True, True]
    assert kept.drop_dead(AT + timedelta(days=31), AT) == 2


def test_all_sessions_of_an_account_go_together(kept: Accounts) -> None:
    hashes = _three_sessions(kept)
    kept.drop_session(hashes[0])
    kept.drop_sessions_of(kept.accounts()[0].id)
    assert not any(kept.session(each) for each in hashes)


def test_a_key_is_kept_by_its_hash_and_its_first_end_stands(
    connection: Connection, kept: Accounts
) -> None:
    roles = frozenset({"integrator"})
    told, key = mint("水务平台", roles, department="water", at=AT, by="sec")
    kept.add_key(key)
    assert kept.key(key.id) == key
    assert kept.keys() == [key]
    assert told.rpartition("_")[2] not in str(connection.execute(select(api_keys)).one())
    kept.touch_key(key.id, AT + timedelta(hours=1))
    kept.revoke_key(key.id, AT + timedelta(hours=2))
    kept.revoke_key(key.id, AT + timedelta(hours=3))
    found = kept.key(key.id)
    assert found is not None
    assert found.used_at == AT + timedelta(hours=1)
    assert found.revoked_at == AT + timedelta(hours=2)
    assert not found.opens(told)


def test_failures_are_counted_by_subject_and_time(kept: Accounts) -> None:
    for minute in (0, 10):
        kept.add_failure("ip:10.0.0.7", AT + timedelta(minutes=minute))
    kept.add_failure("ip:10.0.0.8", AT)
    assert len(kept.failures("ip:10.0.0.7", AT)) == 2
    assert kept.failures("ip:10.0.0.7", AT + timedelta(minutes=5)) == [AT + timedelta(minutes=10)]
    kept.drop_dead(AT, AT + timedelta(minutes=5))
    assert kept.failures("ip:10.0.0.8", AT) == []
    kept.clear_failures("ip:10.0.0.7")
    assert kept.failures("ip:10.0.0.7", AT) == []


async def test_work_that_fails_leaves_nothing_behind(journal: Journal) -> None:
    people = StoredPeople(journal, KEY)

    def add_then_fail(store: Accounts) -> None:
        store.add_account(an_account())
        raise Refused("security.own_account")

    with pytest.raises(Refused):
        await people.write(add_then_fail)  # type: ignore[arg-type]  # the store behind the protocol
    assert await people.read(lambda store: store.accounts()) == []


async def test_an_act_and_its_audit_row_are_kept_together(journal: Journal) -> None:
    people = StoredPeople(journal, KEY)
    await people.write(lambda store: store.add_account(an_account()))
    head = await journal.read(audit_head)
    assert head.seq == 0
    assert await _names(people) == ["wang"]


async def _names(people: StoredPeople) -> list[str]:
    return [account.user_name for account in await people.read(lambda store: store.accounts())]


def test_instants_keep_their_microseconds(kept: Accounts) -> None:
    at: datetime = AT + timedelta(microseconds=123457)
    kept.add_account(replace(an_account(), signed_in_at=at))
    assert kept.accounts()[0].signed_in_at == at


def test_a_kiosk_comes_back_as_it_was_kept_and_ends_with_its_sessions(kept: Accounts) -> None:
    _token, kiosk = mint_kiosk("大厅", at=AT, by="system")
    _token, other = mint_kiosk("指挥室", at=AT + timedelta(seconds=1), by="system")
    kept.add_kiosk(kiosk)
    kept.add_kiosk(other)
    sessions = [LIMITS.start_wall(one.id, at=AT, ip="10.0.0.9")[1] for one in (kiosk, other)]
    for session in sessions:
        kept.open_kiosk(session)
        assert kept.kiosk_session(session.hash) == session
    kept.touch_kiosk_session(sessions[1].hash, AT + timedelta(hours=1))
    kept.touch_kiosk_session(sessions[1].hash, AT)
    seen = kept.kiosk_session(sessions[1].hash)
    assert seen is not None
    assert seen.seen_at == AT + timedelta(hours=1)
    kept.revoke_kiosk(kiosk.id, AT)
    kept.revoke_kiosk(kiosk.id, AT + timedelta(days=1))
    assert kept.kiosk_session(sessions[0].hash) is None
    ended = replace(kiosk, opened_at=AT, revoked_at=AT)
    assert kept.kiosks() == [replace(other, opened_at=AT), ended]
    assert kept.kiosk(kiosk.id) == ended
    assert kept.drop_dead(AT + timedelta(days=31), AT) == 1
    assert kept.kiosk_session(sessions[1].hash) is None
