"""Roads through the API: closed once per key, opened again, refused in words that name the field, asked by who may."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.exchange.conftest import Door, principal
from tests.exchange.console import MemoryConsole

LINE = {"type": "LineString", "coordinates": [[119.5, 30.5], [119.51, 30.5]]}
RING = [[119.5, 30.5], [119.51, 30.5], [119.51, 30.51], [119.5, 30.5]]


def body(console: MemoryConsole, **changes: Any) -> dict[str, Any]:
    until = console.memory.clock.now() + timedelta(hours=1)
    return {"ground": LINE, "until_at": until.isoformat(), "cause": "flood", **changes}


async def close(
    client: httpx2.AsyncClient, console: MemoryConsole, key: str = "k1", **changes: Any
) -> httpx2.Response:
    headers = {"Idempotency-Key": key}
    return await client.post("/api/v1/closures", json=body(console, **changes), headers=headers)


async def test_a_road_is_closed_once_listed_and_ended(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    first, again = await close(client, console), await close(client, console)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == first.json()
    closure = first.json()["closure"]
    assert (closure["cause"], closure["ground"], closure["closed_by"]) == (
        "flood",
        LINE,
        "120 中心",
    )
    listed = (await client.get("/api/v1/closures")).json()
    assert [one["id"] for one in listed["items"]] == [closure["id"]]
    path, key = f"/api/v1/closures/{closure['id']}/end", {"Idempotency-Key": "k2"}
    ended = await client.post(path, json={"note": "水退"}, headers=key)
    assert (ended.status_code, ended.json()["closure"]["ended_by"]) == (200, "120 中心")
    assert (await client.post(path, json={"note": "水退"}, headers=key)).json() == ended.json()
    late = await client.post(path, json={}, headers={"Idempotency-Key": "k3"})
    assert (late.status_code, late.json()["code"]) == (409, "roads.closure_over")
    assert (await client.get("/api/v1/closures")).json()["items"] == []
    over = (await client.get("/api/v1/closures", params={"ended": "true"})).json()["items"]
    assert [one["id"] for one in over] == [closure["id"]]


async def test_a_circle_becomes_a_polygon_of_its_size(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    circle = {"type": "Circle", "center": [119.5, 30.5], "radius_m": 500}
    ring = (await close(client, console, ground=circle)).json()["closure"]["ground"]["coordinates"]
    lons = [lon for lon, _ in ring[0]]
    assert len(ring[0]) == 49
    assert (max(lons) - min(lons)) * 95_900 == pytest.approx(1000, rel=0.01)


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (422, {"ground": {"type": "Point", "coordinates": [119.5, 30.5]}}),
        (422, {"ground": {"type": "LineString", "coordinates": [[119.5, 30.5]]}}),
        (422, {"ground": {"type": "LineString", "coordinates": [[219.5, 30.5], [119, 30]]}}),
        (422, {"ground": {"type": "Polygon", "coordinates": [RING, RING]}}),
        (422, {"ground": {"type": "Circle", "center": [119.5, 30.5], "radius_m": 1}}),
        (422, {"until_at": "2020-01-01T00:00:00Z"}),
        (422, {"until_at": "tomorrow"}),
        (422, {"cause": "because"}),
        (422, {"speed_share": 1}),
        (422, {"note": "x" * 201}),
        (422, {"colour": "red"}),
    ],
)
async def test_what_is_wrong_is_refused_in_both_languages(
    client: httpx2.AsyncClient, console: MemoryConsole, status: int, changes: dict[str, Any]
) -> None:
    told = await close(client, console, **changes)
    assert told.status_code == status, told.text
    assert told.json()["type"].startswith("/problems/")
    assert console.road_closures == {}


@pytest.mark.parametrize(
    ("role", "closes", "looks"),
    [
        ("dispatcher", 201, 200),
        ("supervisor", 201, 200),
        ("intake", 403, 200),
        ("auditor", 403, 403),
    ],
)
async def test_only_dispatchers_and_supervisors_close_roads(
    client: httpx2.AsyncClient,
    console: MemoryConsole,
    door: Door,
    role: str,
    closes: int,
    looks: int,
) -> None:
    door.who = principal(role)
    assert (await close(client, console)).status_code == closes
    assert (await client.get("/api/v1/closures")).status_code == looks
    assert (await client.get("/api/v1/isochrones?lon=119.5&lat=30.5")).status_code == looks


async def test_travel_is_asked_for_a_case_or_a_place_and_not_for_both_or_neither(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    good = ["case=C1", "lon=119.5&lat=30.5", "lon=119.5&lat=30.5&paths=E1,E2"]
    for query in good:
        assert (await client.get(f"/api/v1/travel?{query}")).status_code == 200
    assert console.asked[2].paths == {"E1", "E2"}
    for query in [
        "",
        "case=C1&lon=119.5&lat=30.5",
        "lon=119.5",
        "lon=500&lat=30",
        "case=C1&who=me",
    ]:
        told = await client.get(f"/api/v1/travel?{query}")
        assert told.status_code == 422, query
        assert told.json()["detail"]


async def test_isochrones_take_minutes_and_a_direction(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    await client.get("/api/v1/isochrones?lon=119.5&lat=30.5")
    await client.get("/api/v1/isochrones?case=C1&minutes=2,8&toward=false")
    assert (console.asked[0].minutes, console.asked[0].toward) == ((5, 10, 15), True)
    assert (console.asked[1].minutes, console.asked[1].toward) == ((2, 8), False)
    for minutes in ("0", "-1", "500", "five", "nan", ""):
        told = await client.get(f"/api/v1/isochrones?case=C1&minutes={minutes}")
        assert told.status_code == 422, minutes


async def test_a_click_beside_every_road_says_so(client: httpx2.AsyncClient) -> None:
    found = await client.get("/api/v1/roads/nearest?lon=119.5&lat=30.5")
    assert found.json()["road"] == "解放路"
    assert (await client.get("/api/v1/roads/nearest?lon=121&lat=30.5")).status_code == 422
