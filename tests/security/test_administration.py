"""Administrators act each within their own power, never on themselves, and each act is audited."""

from datetime import timedelta

import pytest

from security.accounts import Account
from security.policy import permissions_of
from security.principal import Principal, acting_as
from security.sample_accounts import SAMPLE_ACCOUNTS, make_sample_accounts
from storage.audit import read_audit
from tests.security.house import PASSWORD, House
from vocabulary.errors import Refused

LONG = "Xiang1-Lanhua!"


def as_(account: Account) -> Principal:
    return Principal(actor=account.actor, permissions=permissions_of(account.roles), ip="10.0.0.9")


async def _refused(house: House, who: Account, act: str, *args: object) -> str:
    with acting_as(as_(who)), pytest.raises(Refused) as refused:
        await getattr(house.administration, act)(*args)
    return refused.value.code


async def test_the_system_administrator_makes_accounts_and_the_security_one_gives_roles(
    house: House,
) -> None:
    system, security = await house.person("sys", "sysadmin"), await house.person("sec", "secadmin")
    with acting_as(as_(system)):
        account = await house.administration.create_account("li", "李敏", LONG)
    assert (await house.signs_in("li", LONG)).account.roles == frozenset()
    assert await _refused(house, system, "grant", account.id, {"intake"}) == "security.forbidden"
    with acting_as(as_(security)):
        granted = await house.administration.grant(account.id, {"intake"})
    assert granted.roles == {"intake"}


@pytest.mark.parametrize("role", ["auditor", "dispatcher", "supervisor", "leader", "operator"])
async def test_others_manage_neither_accounts_nor_roles_nor_keys_nor_walls(
    house: House, role: str
) -> None:
    who, other = await house.person("who", role), await house.person("other", "")
    for act in (
        ("create_account", "new", "新人", LONG),
        ("grant", other.id, {"intake"}),
        ("disable", other.id),
        ("enable", other.id),
        ("reset_password", other.id, LONG),
        ("accounts",),
        ("issue_key", "k", {"integrator"}),
        ("revoke_key", "x"),
        ("keys",),
        ("issue_kiosk", "k"),
        ("revoke_kiosk", "x"),
        ("kiosks",),
    ):
        assert await _refused(house, who, *act) == "security.forbidden", act


async def test_nobody_is_their_own_administrator(house: House) -> None:
    security, system = await house.person("sec", "secadmin"), await house.person("sys", "sysadmin")
    assert await _refused(house, security, "grant", security.id, set()) == "security.own_account"
    assert await _refused(house, system, "disable", system.id) == "security.own_account"


async def test_an_account_and_a_key_with_conflicting_roles_are_refused(house: House) -> None:
    security, other = await house.person("sec", "secadmin"), await house.person("other", "")
    both = {"auditor", "dispatcher"}
    assert await _refused(house, security, "grant", other.id, both) == "security.duties_meet"
    assert await _refused(house, security, "issue_key", "k", both) == "security.duties_meet"


async def test_a_change_of_roles_ends_the_sessions_at_once(house: House) -> None:
    security, other = await house.person("sec", "secadmin"), await house.person("wang")
    token = (await house.signs_in()).token
    assert await house.credentials.bearer("", token)
    with acting_as(as_(security)):
        await house.administration.grant(other.id, {"intake"})
    assert await house.credentials.bearer("", token) is None


async def test_a_disabled_account_is_out_until_it_is_enabled(house: House) -> None:
    system, other = await house.person("sys", "sysadmin"), await house.person("wang")
    token = (await house.signs_in()).token
    with acting_as(as_(system)):
        await house.administration.disable(other.id)
    assert await house.credentials.bearer("", token) is None
    with pytest.raises(Refused):
        await house.signs_in()
    with acting_as(as_(system)):
        await house.administration.enable(other.id)
    await house.signs_in()


async def test_a_reset_password_opens_and_the_old_one_does_not(house: House) -> None:
    system, other = await house.person("sys", "sysadmin"), await house.person("wang")
    with acting_as(as_(system)):
        await house.administration.reset_password(other.id, LONG)
    with pytest.raises(Refused):
        await house.signs_in()
    await house.signs_in("wang", LONG)


async def test_people_change_their_own_password_knowing_the_old_one(house: House) -> None:
    who = await house.person("wang")
    token = (await house.signs_in()).token
    wrong = await _refused(house, who, "change_own_password", "x", LONG)
    assert wrong == "security.wrong_credentials"
    weak = await _refused(house, who, "change_own_password", PASSWORD, "Wang-12345")
    assert weak == "security.password_is_name"
    with acting_as(as_(who)):
        await house.administration.change_own_password(PASSWORD, LONG)
    assert await house.credentials.bearer("", token) is None
    await house.signs_in("wang", LONG)


async def test_a_revoked_key_dies_within_five_seconds_elsewhere_and_at_once_here(
    house: House,
) -> None:
    security = await house.person("sec", "secadmin")
    text, key = await house.key("integrator")
    assert await house.credentials.bearer(text, "")
    await house.people.write(lambda store: store.revoke_key(key.id, house.clock.now()))
    assert await house.credentials.bearer(text, "")  # revoked by another process, a moment ago
    house.clock.advance(timedelta(seconds=5))
    with pytest.raises(Refused, match="has been revoked"):
        await house.credentials.bearer(text, "")
    text, key = await house.key("integrator")
    await house.credentials.bearer(text, "")
    with acting_as(as_(security)):
        await house.administration.revoke_key(key.id)
        assert (await house.administration.keys())[0].revoked_at == house.clock.now()
    with pytest.raises(Refused):
        await house.credentials.bearer(text, "")


@pytest.mark.parametrize(
    "text", ["", "onk_", "onk_x_y", "onk_01KC0000000000000000000000_" + "0" * 64, "Bearer x"]
)
async def test_what_is_no_key_opens_nothing(house: House, text: str) -> None:
    if not text:
        assert await house.credentials.bearer(text, "") is None
        return
    with pytest.raises(Refused) as refused:
        await house.credentials.bearer(text, "")
    assert refused.value.status == 401


async def test_a_key_with_one_wrong_digit_opens_nothing(house: House) -> None:
    text, _ = await house.key("integrator")
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    with pytest.raises(Refused):
        await house.credentials.bearer(wrong, "")


async def test_the_use_of_a_key_is_noted(house: House) -> None:
    text, key = await house.key("integrator")
    bearer = await house.credentials.bearer(text, "")
    assert bearer is not None
    house.clock.advance(timedelta(minutes=3))
    await house.credentials.touch(bearer)
    kept = await house.people.read(lambda store: store.key(key.id))
    assert kept is not None
    assert kept.used_at == house.clock.now()


@pytest.mark.parametrize("user_name", ["", "x", "a b", "王 强", "-wang", "a" * 41, "wang\n", "<b>"])
async def test_a_user_name_nobody_could_type_is_refused(house: House, user_name: str) -> None:
    if user_name == "wang\n":
        assert (await house.person(user_name)).user_name == "wang"  # what surrounds it is no name
        return
    with pytest.raises(Refused) as refused:
        await house.person(user_name)
    assert refused.value.code == "security.bad_user_name"


async def test_the_same_name_in_other_letters_is_taken(house: House) -> None:
    await house.person("wang")
    with pytest.raises(Refused) as refused:
        await house.person("ＷANG")
    assert refused.value.code == "security.user_name_taken"


async def test_an_unknown_account_is_told_as_such(house: House) -> None:
    system = await house.person("sys", "sysadmin")
    assert await _refused(house, system, "disable", "nobody") == "security.unknown_account"


async def test_each_act_leaves_its_row_with_before_and_after_and_no_secret(house: House) -> None:
    security, other = await house.person("sec", "secadmin"), await house.person("other", "")
    with acting_as(as_(security)):
        await house.administration.grant(other.id, {"responder"}, "fire")
        text, key = await house.administration.issue_key("水务", {"integrator"})
        await house.administration.revoke_key(key.id)
    rows = await house.journal.read(lambda connection: read_audit(connection))
    acts = [(row["action"], row["object"]) for row in rows[:3]]
    assert acts == [
        ("security.revoke_key", f"key:{key.id}"),
        ("security.issue_key", f"key:{key.id}"),
        ("security.grant", f"account:{other.id}"),
    ]
    assert '"roles":[]' in rows[2]["before"]
    assert '"department":"fire"' in rows[2]["after"]
    assert rows[2]["ip"] == "10.0.0.9"
    assert text.rpartition("_")[2] not in str(rows)
    assert "$argon2id$" not in str(rows)


async def test_the_sample_has_one_account_per_role_and_its_passwords_are_told_once(
    house: House,
) -> None:
    told = await make_sample_accounts(house.administration)
    assert [each.account for each in told] == list(SAMPLE_ACCOUNTS)
    assert len({each.password for each in told}) == len(told)
    for each in told:
        signed_in = await house.signs_in(each.account.user_name, each.password)
        assert signed_in.account.roles == {each.account.role}
        assert signed_in.account.department == each.account.department
    assert await make_sample_accounts(house.administration) == []


async def test_an_administrators_power_is_never_taken_from_the_last_who_can_use_it(
    house: House,
) -> None:
    system, security = await house.person("sys", "sysadmin"), await house.person("sec", "secadmin")
    refused = "security.last_administrator"
    assert await _refused(house, system, "disable", security.id) == refused
    assert await _refused(house, security, "grant", system.id, {"intake"}) == refused
    second = await house.person("sec2", "secadmin")
    with acting_as(as_(system)):
        await house.administration.disable(second.id)
    assert await _refused(house, system, "disable", security.id) == refused
    with acting_as(as_(system)):
        await house.administration.enable(second.id)
        await house.administration.disable(security.id)
