"""Positions on a whole console: in bulk, in disorder, doubled; tracks read back; a vehicle's terminal over its own wire."""

import asyncio
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from exchange.jt808.bodies import Location, write_location
from exchange.jt808.frame import Frame, Splitter, read_frame, write_frame
from exchange.jt808.listener import Jt808Listener
from exchange.replay.client import Api
from exchange.replay.pace import Pace
from exchange.replay.tally import Tally
from exchange.replay.track_file import Seen, read_track_file
from exchange.replay.track_player import TrackPlayer, TrackResult
from tests.runtime.citizens import Office, an_office
from vocabulary.clock import to_text
from vocabulary.place import Place

pytestmark = [pytest.mark.server]
NUMBER = "13912344329"
PATIENCE_S = 300  # a machine that does much else answers 503 for a while: that is asked again, and nothing is lost


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("avl")) as office:
        for unit in ("bus-1", "bus-2"):
            body = {"id": unit, "name": unit, "kind": "vehicle", "department": "traffic_police"}
            assert office.ask("POST", "/api/v1/units", json=body).status_code == 201
        yield office


def item(office: Office, at: datetime, east: float = 0.0, unit: str = "bus-1") -> dict[str, Any]:
    here = office.here()
    place = {"lon": here["lon"] + east, "lat": here["lat"]}
    return {"unit_id": unit, **place, "observed_at": to_text(at)}


def test_positions_in_disorder_and_twice_make_one_track_and_the_newest_stands(
    office: Office,
) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)  # noqa: TID251
    minutes = [3, 1, 2, 2, 0]
    items = [item(office, began + timedelta(minutes=m), m / 1000) for m in minutes]
    items.append(item(office, began, unit="no-such-unit"))
    items.append({**item(office, began), "lon": 0.5, "lat": 0.5})
    told = office.ask("POST", "/api/v1/positions", "integrator", json={"items": items}).json()
    assert [one["accepted"] for one in told["items"]] == [True] + [False] * 6
    assert told["items"][5]["problem"]["code"] == "dispatch.unknown_unit"
    assert "problem" in told["items"][6]
    window = f"from={to_text(began)}&to={to_text(began + timedelta(minutes=9))}"
    track = office.ask("GET", f"/api/v1/units/bus-1/track?{window}").json()
    assert track["geometry"]["type"] == "LineString"
    expected = [to_text(began + timedelta(minutes=m)) for m in range(4)]
    assert track["properties"]["times"] == expected
    told = zip(track["properties"]["times"], track["properties"]["received"], strict=True)
    assert all(seen <= received for seen, received in told)
    assert track["properties"]["complete"]
    units = office.ask("GET", "/api/v1/units").json()["items"]
    bus = next(one for one in units if one["id"] == "bus-1")
    assert bus["position"]["observed_at"] == expected[-1]


def test_a_window_that_is_none_and_a_unit_that_is_none_are_named(office: Office) -> None:
    asked = "from=2026-11-22T10:00:00Z&to=2026-11-22T09:00:00Z"
    wrong = office.ask("GET", f"/api/v1/units/bus-1/track?{asked}")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "avl.bad_window")
    assert office.ask("GET", "/api/v1/units/nobody/track").status_code == 404
    empty = office.ask("GET", "/api/v1/units/bus-2/track").json()
    assert empty["geometry"] is None
    assert office.ask("GET", "/api/v1/units/bus-2/track", "sysadmin").status_code == 403


def test_old_tracks_are_forgotten_and_young_ones_stay(office: Office) -> None:
    assert office.client.portal is not None
    office.client.portal.call(office.console.service.forget_tracks, timedelta(days=1))
    window = "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z"
    assert office.ask("GET", f"/api/v1/units/bus-1/track?{window}").json()["geometry"] is None
    assert office.ask("GET", "/api/v1/units/bus-1/track").json()["geometry"]
    office.client.portal.call(office.console.service.forget_tracks, timedelta(0))
    assert office.ask("GET", "/api/v1/units/bus-1/track").json()["geometry"] is None


def test_a_terminal_made_known_tells_its_units_place_over_its_own_wire(office: Office) -> None:
    body = {"id": NUMBER, "unit_id": "bus-2", "plate": ""}
    assert office.ask("POST", "/api/v1/terminals", json=body).status_code == 200
    wrong = office.ask("POST", "/api/v1/terminals", json={**body, "unit_id": "nobody"})
    assert wrong.json()["code"] == "dispatch.unknown_unit"
    portal = office.client.portal
    assert portal is not None
    answers = portal.call(_drive, office)
    assert [one.message for one in answers] == [0x8100, 0x8001, 0x8001]
    assert [one.body[-1] for one in answers[1:]] == [0, 0]
    units = office.ask("GET", "/api/v1/units").json()["items"]
    bus = next(one for one in units if one["id"] == "bus-2")
    assert bus["position"]["speed_mps"] == pytest.approx(10.0)
    (seen,) = office.ask("GET", "/api/v1/terminals").json()["items"]
    assert seen["heard_at"]
    figures = office.ask("GET", "/api/v1/avl").json()
    assert figures["taken"]["jt808"] == 1
    assert figures["refused"]["jt808.bad_check"] == 1
    assert figures["newest_refused"][0]["raw"]
    assert office.ask("GET", "/api/v1/avl", "intake").status_code == 403


async def _drive(office: Office) -> list[Frame]:
    listener = Jt808Listener(office.console.door, "127.0.0.1", 0)
    await listener.open()
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    cut, answers = Splitter(), []

    async def say(message: int, body: bytes, serial: int) -> Frame:
        frame = Frame(message=message, terminal=NUMBER, serial=serial, body=body, version=1)
        writer.write(write_frame(frame))
        async with asyncio.timeout(5):
            while True:
                for wire in cut.feed(await reader.read(4096)):
                    assert isinstance(wire, bytes)
                    return read_frame(wire)

    here = office.here()
    at = datetime.now(UTC)  # noqa: TID251
    location = Location(
        alarms=0, status=2, lon_deg=here["lon"], lat_deg=here["lat"], altitude_m=1,
        speed_mps=10.0, heading_deg=0.0, observed_at=at,
    )  # fmt: skip
    registration = struct.pack(">HH", 51, 1) + bytes(71) + b"\x01" + "川A1".encode("gbk")
    answers.append(await say(0x0100, registration, 1))
    code = answers[0].body[3:]
    answers.append(await say(0x0102, bytes([len(code)]) + code + bytes(35), 2))
    writer.write(b"\x7e\x00\x02\x00\x00\x01\x39\x12\x34\x43\x29\x00\x01\x00\x7e")
    answers.append(await say(0x0200, write_location(location), 3))
    writer.close()
    await listener.close()
    return answers


def played(office: Office, seen: list[Seen]) -> TrackResult:
    async def play() -> TrackResult:
        lasts = seen[-1].at - seen[0].at
        start = datetime.now(UTC).replace(microsecond=0) - lasts  # noqa: TID251
        pace = Pace(speed=0, first=seen[0].at, start_at=start)
        transport = httpx2.ASGITransport(app=office.client.app)
        key = office.keys["integrator"]
        tally = Tally()
        async with Api(
            "http://testserver", key, patience_s=PATIENCE_S, tally=tally, transport=transport
        ) as api:
            return await TrackPlayer(api, pace, seed=3, disorder=True).play(seen)

    assert office.client.portal is not None
    return office.client.portal.call(play)


def test_a_feed_played_in_disorder_is_kept_once_each(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "feed.csv"
    rows = [f"7,2026-01-26 15:{m:02d}:00,53.4{m:02d},-2.92" for m in range(40)]
    rows += [
        "7,2026-01-26 15:00:00,53.400,-2.92",
        "7,yesterday,53.4,-2.9",
        "8,2026-01-26 15:00:00,,",
    ]
    file.write_text("\n".join(["vehicle_id,timestamp,latitude,longitude", *rows]), "utf-8")
    read = read_track_file(file, ZoneInfo("Europe/London"))
    assert (len(read.seen), read.twice) == (40, 1)
    assert set(read.reasons) == {"time_unreadable", "place_unreadable"}
    assert read.seen[0].place == Place(-2.92, 53.4)
    result = played(office, list(read.seen))
    assert result.clean, result.line()
    assert result.again > 0
    assert result.kept == 40 - sum(result.refused.values())


@pytest.mark.realdata
def test_the_real_bus_feed_is_kept_once_each(office: Office, real_data: Path) -> None:
    feed = real_data / "tracks" / "route14_outbound.csv"
    read = read_track_file(feed, ZoneInfo("Europe/London"))
    assert len({one.vehicle for one in read.seen}) == 8
    result = played(office, list(read.seen))
    assert result.clean, result.line()
    assert result.kept + sum(result.refused.values()) >= len(read.seen)
