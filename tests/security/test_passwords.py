"""Passwords are hashed dearly, checked evenly and refused when they are easy to guess."""

import asyncio

import pytest
from argon2 import extract_parameters

from security.passwords import (
    Argon2id,
    Hasher,
    PasswordRules,
    Pbkdf2Sm3,
    classes_of,
    is_common,
    random_password,
)
from vocabulary.errors import Refused

GOOD = "Ti4nqi-Bucuo!"


async def _verify(hasher: Hasher, kept: str | None, password: str) -> bool:
    async with hasher.turns:
        return await hasher.verify_held(kept, password)


async def test_a_password_is_kept_as_argon2id_with_the_promised_cost() -> None:
    hasher = Hasher()
    kept = await hasher.hash(GOOD)
    cost = extract_parameters(kept)
    assert (cost.type.name, cost.memory_cost, cost.time_cost, cost.parallelism) == (
        "ID", 19 * 1024, 2, 1,
    )  # fmt: skip
    assert await _verify(hasher, kept, GOOD)
    assert not await _verify(hasher, kept, GOOD + "x")
    assert not hasher.stale(kept)


async def test_the_same_password_is_kept_differently_each_time() -> None:
    hasher = Hasher(now=Argon2id(memory_kib=8, rounds=1))
    assert await hasher.hash(GOOD) != await hasher.hash(GOOD)


async def test_a_hash_of_the_other_scheme_still_opens_and_is_stale() -> None:
    kept = Pbkdf2Sm3(iterations=1000).hash(GOOD)
    hasher = Hasher(now=Argon2id(memory_kib=8, rounds=1))
    assert kept.startswith("$pbkdf2-sm3$1000$")
    assert await _verify(hasher, kept, GOOD)
    assert not await _verify(hasher, kept, "wrong")
    assert hasher.stale(kept)


async def test_a_hash_with_older_parameters_is_stale() -> None:
    assert Hasher().stale(Argon2id(memory_kib=8, rounds=1).hash(GOOD))
    assert Hasher(now=Pbkdf2Sm3(2000)).stale(Pbkdf2Sm3(1000).hash(GOOD))


async def test_a_damaged_hash_opens_for_nobody() -> None:
    hasher = Hasher(now=Argon2id(memory_kib=8, rounds=1))
    for kept in ("", "plain", "$argon2id$broken"):
        assert not await _verify(hasher, kept, GOOD)


async def test_at_most_four_passwords_are_hashed_at_once() -> None:
    hasher = Hasher(now=Argon2id(memory_kib=8, rounds=1))
    for _ in range(4):
        await hasher.turns.acquire()
    fifth = asyncio.ensure_future(hasher.hash(GOOD))
    await asyncio.sleep(0.05)
    assert not fifth.done()
    hasher.turns.release()
    assert await fifth


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab1-xyz", "security.password_length"),
        ("Ab1-" + "x" * 125, "security.password_length"),
        ("lanyuanxi8-", "security.password_classes"),
        ("Wang-8qiang", "security.password_is_name"),
        ("P@ssw0rd!", "security.password_common"),
        ("Admin12345!", "security.password_common"),
        ("Qwerty-123", "security.password_common"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        PasswordRules().check(password, user_name="wang", administrator=False)
    assert refused.value.code == code


def test_an_administrator_needs_twelve_signs() -> None:
    PasswordRules().check("Hu4-lanx", user_name="li", administrator=False)
    with pytest.raises(Refused, match="12 to 128"):
        PasswordRules().check("Hu4-lanx", user_name="li", administrator=True)


def test_a_county_may_ask_for_less_classes_and_more_signs() -> None:
    rules = PasswordRules(shortest=14, classes=2)
    rules.check("hezhoubianderen8", user_name="li", administrator=False)


def test_random_passwords_keep_the_strictest_rules_and_never_repeat() -> None:
    made = {random_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        PasswordRules().check(password, user_name="sysadmin", administrator=True)
        assert classes_of(password) == 4
        assert not is_common(password)
