"""Sensors over HTTP: who may do what, and what is wrong with a rule said by its field."""

from typing import Any

import httpx2
import pytest

from tests.exchange.conftest import Door, principal
from tests.exchange.console import MemoryConsole
from tests.exchange.sensors import ALARM, DEVICE

RULE: dict[str, Any] = {
    "id": "own-1",
    "name_zh": "水位",
    "name_en": "level",
    "scope": {"kinds": ["river_level"], "channel": "level"},
    "condition": {"type": "threshold", "raise_at": 3, "clear_at": 2.5},
}


@pytest.fixture(autouse=True)
def engineer(door: Door) -> None:
    door.who = principal("engineer")


async def test_a_device_and_its_history_are_seen_and_an_unknown_one_is_named(
    client: httpx2.AsyncClient,
) -> None:
    assert (await client.get(f"/api/v1/sensors/{DEVICE}")).status_code == 200
    missing = await client.get("/api/v1/sensors/nowhere")
    assert (missing.status_code, missing.json()["code"]) == (404, "sensors.unknown_device")
    wrong = await client.get(f"/api/v1/sensors/{DEVICE}/history", params={"channel": "level"})
    assert wrong.status_code == 422


async def test_an_alarm_is_acknowledged_and_cleared_with_a_reason(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    seen = await client.post(f"/api/v1/alarms/{ALARM}/acknowledge", json={})
    bare = await client.post(f"/api/v1/alarms/{ALARM}/clear", json={"reason": " "})
    done = await client.post(f"/api/v1/alarms/{ALARM}/clear", json={"reason": "校验"})
    assert [one.status_code for one in (seen, bare, done)] == [200, 422, 200]
    assert console.sensors.done == [("acknowledge", ALARM, ""), ("clear", ALARM, "校验")]


async def test_who_only_looks_sets_no_rule_and_clears_nothing(
    client: httpx2.AsyncClient, door: Door
) -> None:
    door.who = principal("leader")
    assert (await client.get("/api/v1/alarm-rules")).status_code == 200
    set_ = await client.post("/api/v1/alarm-rules", json={"rule": RULE, "version": 0})
    cleared = await client.post(f"/api/v1/alarms/{ALARM}/clear", json={"reason": "x"})
    assert (set_.status_code, cleared.status_code) == (403, 403)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"condition": {"type": "threshold", "raise_at": 3, "clear_at": 4}}, "clear_at"),
        ({"condition": {"type": "threshold", "raise_at": "hoch"}}, "raise_at"),
        ({"condition": {"type": "threshold", "unheard": 1}}, "unheard"),
        ({"scope": {"kinds": ["spaceship"], "channel": "x"}}, "scope.kinds"),
        ({"scope": {"kinds": [], "channel": ""}}, "scope.channel"),
        ({"on_delay_s": -1}, "on_delay_s"),
        ({"severity": "dreadful"}, "severity"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused_by_its_field(
    client: httpx2.AsyncClient, change: dict[str, Any], field: str
) -> None:
    body = {"rule": RULE | change, "version": 0}
    refused = await client.post("/api/v1/alarm-rules", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "sensors.bad_rule")
    assert field in refused.json()["detail"]


async def test_a_rule_is_tried_and_set(client: httpx2.AsyncClient, console: MemoryConsole) -> None:
    tried = await client.post(
        "/api/v1/alarm-rules/dry-run", json={"rule": RULE, "since": "2026-11-20T00:00:00+08:00"}
    )
    kept = await client.post("/api/v1/alarm-rules", json={"rule": RULE, "version": 0})
    assert (tried.status_code, kept.json()["version"]) == (200, 1)
    assert console.sensors.done == [("rule", "own-1", "")]


async def test_a_table_of_devices_is_taken_from_who_may_as_csv_or_excel(
    client: httpx2.AsyncClient, console: MemoryConsole, door: Door
) -> None:
    path, csv = "/api/v1/devices/import", {"Content-Type": "text/csv"}
    looked = await client.post(f"{path}?dry_run=true&datum=gcj02", content=b"x", headers=csv)
    assert (looked.status_code, looked.json()["dry_run"]) == (200, True)
    assert console.devices.asked == [("csv", "gcj02", True)]
    json = await client.post(path, content=b"{}", headers={"Content-Type": "application/json"})
    assert json.json()["code"] == "exchange.unknown_form"
    for role in ("leader", "dispatcher", "sysadmin", "integrator"):
        door.who = principal(role)
        refused = await client.post(path, content=b"x", headers=csv)
        assert (refused.status_code, "devices.import" in refused.text) == (403, True)
