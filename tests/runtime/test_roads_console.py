"""The console with roads: a closed one is driven round and shown at once, opened again all is as before, and time ends it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.console_process import ConsoleProcess
from tests.runtime.homes import Made, until

pytestmark = pytest.mark.server
Json = dict[str, Any]


@pytest.fixture(scope="module")
def key(console: ConsoleProcess) -> str:
    made = console.key("supervisor", "integrator")
    until(lambda: console.get("/api/v1/travel?lon=0&lat=0", made)[0] != 503, 20)
    return made


def middle(console: ConsoleProcess, key: str) -> tuple[float, float]:
    lon, lat = console.get("/api/v1/county", key)[1]["center"]
    return lon, lat


def timed(console: ConsoleProcess, key: str, *paths: str) -> list[Json]:
    lon, lat = middle(console, key)
    query = f"lon={lon}&lat={lat}&paths={','.join(paths)}"
    status, told = console.get(f"/api/v1/travel?{query}", key)
    assert status == 200, told
    units: list[Json] = told["units"]
    return units


def in_seconds(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()  # noqa: TID251 - the console's own clock runs


def close(console: ConsoleProcess, key: str, once: str, ground: Json, seconds: float) -> Json:
    body = {"ground": ground, "until_at": in_seconds(seconds), "cause": "flood", "note": "积水"}
    status, told = console.call("POST", "/api/v1/closures", body, key=key, once=once)
    assert status == 201, told
    closure: Json = told["closure"]
    return closure


def shown(console: ConsoleProcess, key: str) -> list[str]:
    return list(console.get("/live/snapshot", key)[1]["closures"])


def test_a_closed_road_is_driven_round_shown_to_all_and_opened_again_as_it_was(
    console: ConsoleProcess, key: str
) -> None:
    before = timed(console, key)
    far = next(row for row in reversed(before) if row["seconds"])
    path = next(row for row in timed(console, key, far["unit"]) if row["unit"] == far["unit"])
    line = path["path"]["coordinates"]
    lon, lat = line[len(line) // 2]
    status, stretch = console.get(f"/api/v1/roads/nearest?lon={lon}&lat={lat}", key)
    assert (status, stretch["away_m"] < 5) == (200, True)

    closure = close(console, key, "close-1", stretch["line"], 600)
    assert closure["road"] == (stretch["road"] or stretch["ref"])
    until(lambda: closure["id"] in shown(console, key))
    now = next(row for row in timed(console, key) if row["unit"] == far["unit"])
    assert now["reach"] in {"reached", "closed"}
    assert now["seconds"] is None or now["seconds"] > far["seconds"]

    status, _ = console.call(
        "POST", f"/api/v1/closures/{closure['id']}/end", {"note": ""}, key=key, once="end-1"
    )
    assert status == 200
    until(lambda: shown(console, key) == [])
    assert timed(console, key) == before


def test_time_ends_a_closure_though_the_console_was_away(make: Made) -> None:
    console = make().start()
    key = console.key("supervisor", "integrator")
    lon, lat = middle(console, key)
    circle = {"type": "Circle", "center": [lon, lat], "radius_m": 80}
    closure = close(console, key, "close-1", circle, 4)
    console.stop()
    time.sleep(4)
    console.start()
    until(lambda: shown(console, key) == [], 10)
    ended = console.get("/api/v1/closures?ended=true", key)[1]["items"]
    assert [(one["id"], one["by_time"]) for one in ended] == [(closure["id"], True)]
    events = console.get("/api/v1/events?after=0&limit=1000", key)[1]["items"]
    told = [one["type"] for one in events if one["subject"] == f"closure:{closure['id']}"]
    assert told == ["county.road_closed.v1", "county.road_reopened.v1"]


def test_isochrones_grow_with_the_minutes_and_a_case_may_be_the_middle(
    console: ConsoleProcess, key: str
) -> None:
    lon, lat = middle(console, key)
    body = {"text": "路面塌陷", "category": "E0502", "lon": lon, "lat": lat}
    case = console.call("POST", "/api/v1/reports", body, key=key, once="r-1")[1]["case"]
    status, told = console.get(f"/api/v1/isochrones?case={case['id']}&minutes=5,10,15", key)
    assert (status, told["type"]) == (200, "FeatureCollection")
    sizes = [feature["properties"]["km2"] for feature in told["features"]]
    assert [feature["properties"]["minutes"] for feature in told["features"]] == [15, 10, 5]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] > 0.5
    assert console.get("/api/v1/isochrones?case=01KAMZ6Q9Z0000000000000000", key)[0] == 404
    assert console.get(f"/api/v1/travel?case={case['id']}", key)[1]["to"]["lon"] == lon
