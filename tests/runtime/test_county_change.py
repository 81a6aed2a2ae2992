"""A county imported beside a running console: everything it answers is the new county's, and open screens are told."""

import json
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.another_county import import_another
from tests.console_process import ConsoleProcess
from tests.runtime.homes import Made, until

pytestmark = pytest.mark.server
SOON_S = 20.0


def facts(console: ConsoleProcess, key: str) -> dict[str, Any]:
    told: dict[str, Any] = console.get("/api/v1/county", key)[1]
    return told


def heartbeats(console: ConsoleProcess, key: str, wanted: int) -> list[dict[str, Any]]:
    """Return the first heartbeats of a new stream."""
    connection = HTTPConnection("127.0.0.1", console.port, timeout=SOON_S)
    connection.request("GET", "/live?from=0", headers={"Authorization": f"Bearer {key}"})
    answer, beat = connection.getresponse(), False
    beats: list[dict[str, Any]] = []
    while len(beats) < wanted:
        line = answer.readline().decode()
        if beat and line.startswith("data: "):
            beats.append(json.loads(line[6:]))
        beat = line.strip() == "event: hb"
    connection.close()
    return beats


def tile(console: ConsoleProcess, key: str, path: str) -> tuple[int, bytes, str]:
    connection = HTTPConnection("127.0.0.1", console.port, timeout=SOON_S)
    connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, answer.getheader("Cache-Control", "")


def test_everything_a_running_console_answers_is_the_new_countys(make: Made) -> None:
    console = make().start()
    key = console.key("supervisor", "integrator")
    before = facts(console, key)
    lon, lat = before["center"]
    where = f"/api/v1/locate?lon={lon}&lat={lat}"
    former_town = console.get(where, key)[1]["town"]
    address = before["tiles"].replace("{theme}", "dark")
    seat = address.format(z=10, x=848, y=424)
    assert tile(console, key, seat)[0] == 200

    version = import_another(console.home)
    told = heartbeats(
        console, key, 2
    )  # the second one long before its time: a screen is told at once
    assert told[-1]["county"].startswith(version)
    after = facts(console, key)
    assert (after["code"], after["name_en"]) == ("990299", "Newbridge")
    assert after["version"].startswith(version)
    assert after["tiles"] != before["tiles"]
    assert all(town["name_zh"].startswith("新") for town in after["towns"])
    assert json.dumps(former_town, ensure_ascii=False) != json.dumps(
        console.get(where, key)[1]["town"], ensure_ascii=False
    )
    status, picture, kept = tile(console, key, seat)
    assert (status, picture[:4], kept) == (200, b"RIFF", "private, max-age=86400")

    def found() -> bool:
        status, told = console.get("/api/v1/search?q=%E6%96%B0", key)
        return status == 200 and any(row["name"].startswith("新") for row in told["items"])

    until(found, SOON_S)
    import_another(console.home, broken=True)
    until(lambda: "county_unreadable" in console.log.read_text("utf-8"), SOON_S)
    assert facts(console, key)["version"] == after["version"]
    assert console.get("/readyz")[0] == 200


def test_fine_tiles_are_served_beside_coarse_ones(console: ConsoleProcess) -> None:
    key = console.key("supervisor")
    assert tile(console, key, "/tiles/dark/10/848/424@2x")[0] == 200
    for nonsense in ("424@3x", "@2x", "424@2x@2x", "424@2xx"):
        assert tile(console, key, f"/tiles/dark/10/848/{nonsense}")[0] == 404
