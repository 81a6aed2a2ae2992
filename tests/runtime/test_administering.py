"""The administrators' page over HTTP: each power does its own and nothing of the others'; secrets are shown once."""

import time
from typing import Any

import pytest

from tests.console_process import ConsoleProcess

pytestmark = [pytest.mark.server]
ADMIN = "/api/v1/admin"


@pytest.fixture(scope="module")
def keys(console: ConsoleProcess) -> dict[str, str]:
    return {role: console.key(role) for role in ("sysadmin", "secadmin", "auditor", "dispatcher")}


def post(console: ConsoleProcess, key: str, path: str, body: Any = None) -> tuple[int, Any]:
    return console.call("POST", ADMIN + path, {} if body is None else body, key=key, timeout_s=20)


def test_an_account_is_made_by_one_power_and_given_roles_by_another(
    console: ConsoleProcess, keys: dict[str, str]
) -> None:
    body = {"user_name": "zhang.san", "name": "张三"}
    status, made = post(console, keys["sysadmin"], "/accounts", body)
    assert status == 201
    assert len(made["password"]) >= 16
    assert made["account"]["roles"] == []
    path = f"/accounts/{made['account']['id']}"
    wanted = {"roles": ["dispatcher"], "department": None}
    assert post(console, keys["sysadmin"], f"{path}/roles", wanted)[0] == 403
    assert post(console, keys["secadmin"], f"{path}/roles", wanted)[1]["account"]["roles"] == [
        "dispatcher"
    ]
    assert post(console, keys["secadmin"], f"{path}/disable")[0] == 403
    status, told = post(console, keys["sysadmin"], f"{path}/disable")
    assert (status, told["account"]["disabled_at"] is not None) == (200, True)
    assert post(console, keys["sysadmin"], f"{path}/enable")[0] == 200
    status, told = post(console, keys["sysadmin"], f"{path}/password")
    assert told["password"] != made["password"]
    listed = console.get(f"{ADMIN}/accounts", keys["secadmin"])[1]
    assert "password" not in str([sorted(one) for one in listed["items"]])


@pytest.mark.parametrize(
    "body",
    [
        {"user_name": "x y", "name": "x"},
        {"user_name": "li.si", "name": "李四", "department": "moon"},
        {"user_name": "li.si"},
    ],
)
def test_what_is_wrong_with_an_account_is_named(
    console: ConsoleProcess, keys: dict[str, str], body: dict[str, Any]
) -> None:
    status, told = post(console, keys["sysadmin"], "/accounts", body)
    assert (status, any(word in str(told) for word in ("x y", "moon", "name"))) == (
        422,
        True,
    )


def test_powers_that_must_not_meet_are_refused_in_a_sentence(
    console: ConsoleProcess, keys: dict[str, str]
) -> None:
    body = {"name": "both", "roles": ["auditor", "dispatcher"]}
    status, told = post(console, keys["secadmin"], "/keys", body)
    assert (status, told["code"]) == (422, "security.duties_meet")


def test_a_key_is_shown_once_opens_until_it_is_revoked_and_then_nothing(
    console: ConsoleProcess, keys: dict[str, str]
) -> None:
    status, made = post(
        console, keys["secadmin"], "/keys", {"name": "燃气", "roles": ["integrator"]}
    )
    assert status == 201
    assert console.get("/api/v1/cases?limit=1", made["secret"])[0] == 200
    assert made["secret"] not in str(console.get(f"{ADMIN}/keys", keys["secadmin"])[1])
    assert post(console, keys["secadmin"], f"/keys/{made['key']['id']}/revoke")[0] == 200
    assert console.get("/api/v1/cases?limit=1", made["secret"])[0] == 401


def test_a_backup_is_made_in_the_background_and_listed(
    console: ConsoleProcess, keys: dict[str, str]
) -> None:
    status, told = post(console, keys["sysadmin"], "/backups")
    assert (status, told["last_problem"]) == (202, "")
    until = time.monotonic() + 60
    while told["under_way"] and time.monotonic() < until:
        time.sleep(0.2)
        told = console.get(f"{ADMIN}/backups", keys["sysadmin"])[1]
    assert [one["with_secrets"] for one in told["items"]] == [False]
    assert told["items"][0]["bytes"] > 100_000


def test_health_names_what_stands_how(console: ConsoleProcess, keys: dict[str, str]) -> None:
    rows = console.get(f"{ADMIN}/health", keys["sysadmin"])[1]["items"]
    standing = {row["name"]: row["level"] for row in rows}
    assert standing["bus"] == standing["outbox"] == standing["dead_letters"] == "ok"


def test_the_auditor_reads_who_did_what_and_nobody_else_does(
    console: ConsoleProcess, keys: dict[str, str]
) -> None:
    assert console.get(f"{ADMIN}/audit", keys["sysadmin"])[0] == 403
    rows = console.get(f"{ADMIN}/audit", keys["auditor"])[1]["items"]
    acts = {row["action"] for row in rows}
    assert {"security.create_account", "backup.make", "audit.search"} <= acts
    assert post(console, keys["auditor"], "/audit/verify")[1]["whole"] is True
    assert console.get(f"{ADMIN}/accounts", keys["dispatcher"])[0] == 403
