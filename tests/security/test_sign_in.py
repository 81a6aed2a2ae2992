"""Signing in: the same answer and the same work for everybody, guesses stopped, sessions that end."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from security.accounts import AccountStore
from security.passwords import Argon2id, Hasher
from security.sessions import SessionLimits, hash_of
from security.signin import Entrance
from storage.audit import read_audit
from tests.security.house import PASSWORD, House
from vocabulary.errors import Refused


async def _fails(
    house: House, user_name: str, *, ip: str = "10.0.0.7", password: str | None = None
) -> str:
    with pytest.raises(Refused) as refused:
        await house.entrance.sign_in(user_name, password or "x", ip=ip)
    return refused.value.code


async def _session_lives(house: House, token: str) -> bool:
    return await house.credentials.bearer("", token) is not None


async def test_the_right_password_gives_a_session_of_which_only_the_hash_is_kept(
    house: House,
) -> None:
    account = await house.person()
    signed_in = await house.signs_in()
    kept = await house.people.read(lambda store: store.sessions_of(account.id))
    assert [each.hash for each in kept] == [hash_of(signed_in.token)]
    assert len(signed_in.token) == 43  # 256 bits


async def test_a_user_name_may_be_typed_in_capitals_and_full_width(house: House) -> None:
    await house.person("wang")
    assert (await house.signs_in(" ＷＡＮＧ ")).account.user_name == "wang"


async def test_unknown_name_wrong_password_and_disabled_account_are_told_alike_for_equal_work(
    house: House,
) -> None:
    await house.person("wang")
    disabled = await house.person("gone")
    off = replace(disabled, disabled_at=house.clock.now())
    await house.people.write(lambda store: store.replace_account(off))
    for user_name, password in (("nobody", "x"), ("wang", "x"), ("gone", PASSWORD)):
        before = house.scheme.verified
        code = await _fails(house, user_name, password=password)
        assert code == "security.wrong_credentials"
        assert house.scheme.verified == before + 1


@pytest.mark.parametrize("user_name", ["wang", "nobody"])
async def test_five_failures_lock_a_name_whether_it_exists_or_not(
    house: House, user_name: str
) -> None:
    await house.person("wang")
    for number in range(5):
        assert await _fails(house, user_name, ip=f"10.0.1.{number}") == "security.wrong_credentials"
    work = house.scheme.verified
    assert await _fails(house, user_name, ip="10.0.2.1", password=PASSWORD) == "security.locked"
    assert house.scheme.verified == work


async def test_a_lock_ends_after_thirty_minutes_and_success_forgets_the_failures(
    house: House,
) -> None:
    await house.person("wang")
    for _ in range(5):
        await _fails(house, "wang")
    house.clock.advance(timedelta(minutes=29))
    assert await _fails(house, "wang", password=PASSWORD) == "security.locked"
    house.clock.advance(timedelta(minutes=1))
    await house.signs_in()
    for _ in range(4):
        assert await _fails(house, "wang", ip="10.0.9.9") == "security.wrong_credentials"
    await house.entrance.sign_in("wang", PASSWORD, ip="10.0.9.8")


async def test_five_failures_lock_an_address_for_every_name(house: House) -> None:
    await house.person("wang")
    for number in range(5):
        await _fails(house, f"guess-{number}")
    assert await _fails(house, "wang", password=PASSWORD) == "security.locked"
    await house.entrance.sign_in("wang", PASSWORD, ip="10.0.0.8")


async def test_attempts_while_locked_do_not_prolong_the_lock(house: House) -> None:
    await house.person("wang")
    for _ in range(5):
        await _fails(house, "wang")
    for _ in range(3):
        house.clock.advance(timedelta(minutes=10))
        if house.clock.now().minute < 30:
            assert await _fails(house, "wang") == "security.locked"
    await house.signs_in()


async def test_fifty_guesses_sent_at_once_are_still_five_guesses(house: House) -> None:
    await house.person("wang")
    guesses = [
        house.entrance.sign_in("wang", f"guess-{number}", ip=f"10.0.0.{number}")
        for number in range(50)
    ]
    await asyncio.gather(*guesses, return_exceptions=True)
    assert house.scheme.verified == 5


async def test_many_names_sent_at_once_from_one_address_are_a_handful_of_guesses(
    house: House,
) -> None:
    guesses = [house.entrance.sign_in(f"name-{number}", "x", ip="10.0.0.7") for number in range(50)]
    await asyncio.gather(*guesses, return_exceptions=True)
    assert house.scheme.verified <= 5 + 4


async def test_fifty_officers_may_sign_in_at_once_from_one_address(house: House) -> None:
    for number in range(20):
        await house.person(f"officer-{number}")
    await asyncio.gather(*(house.signs_in(f"officer-{number}") for number in range(20)))


async def test_signing_in_again_ends_the_session_before(house: House) -> None:
    await house.person()
    first = await house.signs_in()
    second = await house.entrance.sign_in("wang", PASSWORD, ip="10.0.0.7", old_token=first.token)
    assert first.token != second.token
    assert not await _session_lives(house, first.token)
    assert await _session_lives(house, second.token)


async def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    await house.person()
    signed_in = await house.signs_in()
    assert await _session_lives(house, signed_in.token)
    await house.entrance.sign_out(signed_in.token)
    house.credentials.forget(signed_in.token)
    assert not await _session_lives(house, signed_in.token)


async def test_a_session_dies_of_fifteen_idle_minutes(house: House) -> None:
    await house.person()
    token = (await house.signs_in()).token
    house.clock.advance(timedelta(minutes=14, seconds=59))
    assert await _session_lives(house, token)
    house.clock.advance(timedelta(seconds=1))
    assert not await _session_lives(house, token)


async def test_a_session_dies_after_twelve_hours_however_busy(house: House) -> None:
    await house.person()
    token = (await house.signs_in()).token
    for _ in range(71):
        house.clock.advance(timedelta(minutes=10))
        bearer = await house.credentials.bearer("", token)
        assert bearer is not None
        await house.credentials.touch(bearer)
    house.clock.advance(timedelta(minutes=10))
    assert not await _session_lives(house, token)


async def test_a_clock_set_back_revives_no_session_and_starts_none_early(house: House) -> None:
    await house.person()
    token = (await house.signs_in()).token
    house.clock.advance(timedelta(hours=-1))
    assert not await _session_lives(house, token)


async def test_a_wall_lives_through_a_night_without_input(house: House) -> None:
    await house.person("wall", "operator")
    token = (await house.signs_in("wall")).token
    house.clock.advance(timedelta(hours=11, minutes=59))
    assert await _session_lives(house, token)
    house.clock.advance(timedelta(minutes=2))
    assert not await _session_lives(house, token)


async def test_a_county_may_allow_one_session_per_account(house: House) -> None:
    await house.person()
    entrance = replace(house.entrance, limits=SessionLimits(concurrent=1))
    tokens = []
    for _ in range(3):
        house.clock.advance(timedelta(seconds=1))
        tokens.append((await entrance.sign_in("wang", PASSWORD, ip="10.0.0.7")).token)
    lives = [await _session_lives(house, token) for token in tokens]
    assert lives == [False, False, True]


async def test_an_old_hash_is_written_anew_at_the_next_sign_in(house: House) -> None:
    account = await house.person()
    today = Hasher(now=Argon2id(memory_kib=16, rounds=1))
    entrance = Entrance(people=house.people, hasher=today, clock=house.clock)
    assert today.stale(account.password_hash)
    await entrance.sign_in("wang", PASSWORD, ip="10.0.0.7")
    kept = await house.people.read(lambda store: store.account(account.id))
    assert kept is not None
    assert not today.stale(kept.password_hash)
    await entrance.sign_in("wang", PASSWORD, ip="10.0.0.7")


async def test_an_account_disabled_while_its_password_is_judged_stays_out(house: House) -> None:
    account = await house.person()

    class Disabling(Argon2id):
        def verify(self, kept: str, password: str) -> bool:
            house.journal.write_blocking(
                lambda transaction: _disable(house.people_on(transaction.connection), account.id)
            )
            return super().verify(kept, password)

    hasher = Hasher(now=Disabling(memory_kib=8, rounds=1, lanes=1))
    entrance = Entrance(people=house.people, hasher=hasher, clock=house.clock)
    with pytest.raises(Refused) as refused:
        await entrance.sign_in("wang", PASSWORD, ip="10.0.0.7")
    assert refused.value.code == "security.wrong_credentials"
    assert await house.people.read(lambda store: store.sessions_of(account.id)) == []


def _disable(store: AccountStore, account_id: str) -> None:
    account = store.account(account_id)
    assert account is not None
    store.replace_account(replace(account, disabled_at=account.created_at))


async def test_every_coming_and_going_is_audited_without_what_was_typed(house: House) -> None:
    account = await house.person()
    await _fails(house, "my-secret-passw0rd")
    await _fails(house, "wang", password="not-this-one")
    signed_in = await house.signs_in()
    await house.entrance.sign_out(signed_in.token, ip="10.0.0.7")
    rows = await house.journal.read(lambda connection: read_audit(connection))
    told = [(row["action"], row["result"], row["actor_id"]) for row in rows[:4]]
    assert told == [
        ("security.sign_out", "done", account.id),
        ("security.sign_in", "done", account.id),
        ("security.sign_in", "failed", account.id),
        ("security.sign_in", "failed", "unknown"),
    ]
    assert rows[0]["session"] == rows[1]["session"] == signed_in.session.hash[:12]
    everything = str(rows)
    for secret in ("my-secret-passw0rd", "not-this-one", PASSWORD, signed_in.token):
        assert secret not in everything


async def test_sweeping_forgets_what_is_over_and_keeps_what_matters(house: House) -> None:
    await house.person()
    await _fails(house, "nobody")
    token = (await house.signs_in()).token
    assert await house.entrance.sweep() == 0
    assert await _session_lives(house, token)
    house.clock.advance(timedelta(minutes=46))
    assert await house.entrance.sweep() == 3  # the session, the name's failure and the address's
