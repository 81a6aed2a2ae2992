"""Readings over HTTP: what is right is kept, what is not is named by its place, and nothing is a fault of ours."""

from typing import Any

import httpx2
import pytest

from tests.exchange.conftest import Door, principal
from tests.exchange.console import MemoryConsole

AT = "2026-11-22T13:59:00+08:00"
LEVEL: dict[str, Any] = {"device": "river-1", "channel": "level", "at": AT, "value": 3.2}


async def sent(client: httpx2.AsyncClient, *readings: dict[str, Any]) -> httpx2.Response:
    return await client.post("/api/v1/readings", json={"readings": list(readings)})


async def test_a_batch_is_kept_and_the_wrong_ones_are_named(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    flawed = {**LEVEL, "device": "river-9"}
    ahead = {**LEVEL, "at": "2027-01-01T00:00:00Z"}
    answer = await sent(client, flawed, LEVEL, ahead, LEVEL, {**LEVEL, "channel": "x"})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["accepted"], told["duplicate"]) == (1, 1)
    assert [row["index"] for row in told["refused"]] == [0, 2, 4]
    assert "river-9" in told["refused"][0]["detail"]
    assert "river-1 level" in told["refused"][1]["detail"]  # by its name, not by our number
    assert [value for value, _ in console.memory_wires.sink.kept.values()] == [3.2]
    again = (await sent(client, LEVEL)).json()
    assert (again["accepted"], again["duplicate"]) == (0, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "3"}, "value"),
        ({"value": True}, "value"),
        ({"at": "2026-11-22"}, "at"),
        ({"device": ""}, "device"),
        ({"quality": "X"}, "quality"),
        ({"valu": 3}, "valu"),
    ],
)
async def test_a_body_that_is_none_is_refused_whole_by_its_field(
    client: httpx2.AsyncClient, console: MemoryConsole, change: dict[str, Any], field: str
) -> None:
    answer = await sent(client, LEVEL, {**LEVEL, **change})
    assert answer.status_code == 422
    assert field in answer.json()["detail"]
    assert not console.memory_wires.sink.kept


async def test_a_store_that_is_away_asks_to_come_again(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    console.memory_wires.sink.away = True
    answer = await sent(client, LEVEL)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    console.memory_wires.sink.away = False
    assert (await sent(client, LEVEL)).json()["accepted"] == 1
    assert console.memory_wires.door.waiting == 0


async def test_a_platforms_message_is_taken_by_its_shape(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    told = {
        "messageType": "dataReport",
        "deviceId": "river-1",
        "timestamp": 1_795_327_140_000,
        "payload": {"level": 2.5, "nothing": 1},
    }
    answer = await client.post("/api/v1/webhooks/ctwing", json=told)
    assert answer.json()["accepted"] == 1
    assert [row["index"] for row in answer.json()["refused"]] == [1]
    unknown = await client.post("/api/v1/webhooks/nobody", json=told)
    assert unknown.status_code == 404
    assert "ctwing" in unknown.json()["detail"]


async def test_what_was_refused_can_be_looked_at_in_ones_language(
    client: httpx2.AsyncClient, door: Door
) -> None:
    told = {"messageType": "dataReport", "deviceId": "d", "timestamp": 5, "payload": {"level": 1}}
    refused = await client.post("/api/v1/webhooks/ctwing", json=told)
    assert refused.status_code == 422
    assert (await client.get("/api/v1/refused-frames")).status_code == 403
    door.who = principal("engineer", language="en")
    (row,) = (await client.get("/api/v1/refused-frames?wire=webhook")).json()["items"]
    assert row["source"] == "ctwing"
    assert "timestamp" in row["detail"]
    assert "dataReport" in row["text"]
    assert (await client.get("/api/v1/refused-frames?wire=hj212")).json()["items"] == []
    wires = (await client.get("/api/v1/wires")).json()
    assert wires["items"][0]["refused"] == 1
    assert wires["problems"] == [{"wire": "modbus", "problem": "modbus.csv"}]
