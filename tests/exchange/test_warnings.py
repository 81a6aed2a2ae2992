"""Warnings over the API: taken once, entered and called off by hand, and by those alone who may."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.exchange.conftest import Door, principal
from tests.exchange.console import MemoryConsole
from tests.incidents.warned import EAST, NOW

GOLDEN = Path(__file__).parents[1] / "golden" / "cap"
CAP = {"Content-Type": "application/cap+xml"}
BY_HAND = {"hazard": "rainstorm", "colour": "yellow", "expires_at": "2026-11-28T02:00:00+08:00"}
FIRST = "33052141600000_20261127170000_1"


@pytest.fixture(autouse=True)
def _now(console: MemoryConsole) -> None:
    console.memory.clock.at = NOW


async def send(client: httpx2.AsyncClient, name: str) -> httpx2.Response:
    body = (GOLDEN / f"{name}.xml").read_bytes()
    return await client.post("/api/v1/warnings", content=body, headers=CAP)


async def listed(client: httpx2.AsyncClient, *, past: bool = False) -> list[dict[str, Any]]:
    told = await client.get(f"/api/v1/warnings?past={str(past).lower()}")
    assert told.status_code == 200
    items: list[dict[str, Any]] = told.json()["items"]
    return items


async def test_a_cap_message_is_taken_once_however_often_it_is_sent(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    first, again = await send(client, "polygon"), await send(client, "polygon")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json()["warning"] == first.json()["warning"]
    assert len(console.warnings_kept.journal) == 1
    [row] = await listed(client)
    assert (row["id"], row["colour"], row["words"]["en"]["event"]) == (FIRST, "yellow", "rainstorm")
    assert row["outline"]["type"] == "MultiPolygon"


async def test_an_update_and_a_cancellation_move_a_warning_to_the_past(
    client: httpx2.AsyncClient,
) -> None:
    for name in ("polygon", "update"):
        await send(client, name)
    assert [row["colour"] for row in await listed(client)] == ["orange"]
    await send(client, "cancel")
    assert await listed(client) == []
    one = (await client.get(f"/api/v1/warnings/{FIRST}")).json()
    assert (one["ended_how"], one["ended_by"][-1]) == ("updated", "3")


async def test_what_is_refused_names_the_field_its_value_and_what_would_be_right(
    client: httpx2.AsyncClient,
) -> None:
    told = await send(client, "refused_no_colour")
    problem = told.json()
    assert (told.status_code, problem["field"], problem["value"]) == (422, "severity", "Unknown")
    assert "Red, Orange, Yellow, Blue" in problem["detail"]
    assert (await send(client, "refused_bomb")).status_code == 400
    other = await client.post("/api/v1/warnings", json={"identifier": "x"})
    assert (other.status_code, other.json()["code"]) == (415, "warnings.not_xml_type")


async def test_a_warning_entered_by_hand_is_in_force_until_it_is_called_off_with_a_reason(
    client: httpx2.AsyncClient,
) -> None:
    body = {**BY_HAND, "towns": [EAST]}
    made = await client.post(
        "/api/v1/warnings/by-hand", json=body, headers={"Idempotency-Key": "a"}
    )
    assert made.status_code == 201
    row = made.json()["warning"]
    assert row["id"] == "33052100000000_20261127180000_1"
    assert (row["source"], row["words"]["zh"]["headline"]) == ("hand", "德清县发布暴雨黄色预警")
    assert [town["id"] for town in row["towns"]] == [EAST]
    path = f"/api/v1/warnings/{row['id']}/cancel"
    without = await client.post(path, json={}, headers={"Idempotency-Key": "b"})
    assert (without.status_code, without.json()["field"]) == (422, "reason")
    off = await client.post(path, json={"reason": "雨停"}, headers={"Idempotency-Key": "c"})
    assert (off.status_code, off.json()["warning"]["ended_how"]) == (200, "cancelled")
    again = await client.post(path, json={"reason": "雨停"}, headers={"Idempotency-Key": "d"})
    assert (again.status_code, again.json()["code"]) == (409, "warnings.over")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hazard": "meteor"}, "hazard"),
        ({"colour": "green"}, "colour"),
        ({"expires_at": "2026-11-27T02:00:00+08:00"}, "expires"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"towns": ["999"]}, "towns"),
    ],
)
async def test_a_wrong_field_of_the_form_is_named(
    client: httpx2.AsyncClient, change: dict[str, Any], field: str
) -> None:
    told = await client.post(
        "/api/v1/warnings/by-hand", json={**BY_HAND, **change}, headers={"Idempotency-Key": "a"}
    )
    assert (told.status_code, told.json()["field"]) == (422, field)


async def test_an_unknown_warning_is_not_there(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/api/v1/warnings/33052141600000_1")).status_code == 404


@pytest.mark.parametrize("role", ["intake", "operator", "leader", "engineer", "auditor"])
async def test_only_those_who_dispatch_and_integrating_systems_send_warnings(
    client: httpx2.AsyncClient, door: Door, role: str
) -> None:
    door.who = principal(role)
    assert (await send(client, "polygon")).status_code == 403
    for path in ("by-hand", f"{FIRST}/cancel"):
        body = BY_HAND if path == "by-hand" else {"reason": "-"}
        told = await client.post(
            f"/api/v1/warnings/{path}", json=body, headers={"Idempotency-Key": "a"}
        )
        assert told.status_code == 403
    seen = await client.get("/api/v1/warnings")
    assert seen.status_code == (403 if role == "auditor" else 200)
    for role_that_may in ("dispatcher", "integrator"):
        door.who = principal(role_that_may)
        assert (await send(client, "polygon")).status_code in (200, 201)
