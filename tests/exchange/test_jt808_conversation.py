"""A terminal's conversation over a real socket: registered, proven, heard, answered; and who is not let in."""

import asyncio
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from county.datum import from_wgs84
from exchange.avl import Terminal
from exchange.jt808.bodies import Location, write_location
from exchange.jt808.conversation import Conversation
from exchange.jt808.frame import Frame, Splitter, read_frame, write_frame
from exchange.jt808.listener import Jt808Listener
from tests.exchange.avl_console import MemoryDoor
from vocabulary.errors import Unavailable

NUMBER = "13912344329"
AT = datetime(2026, 11, 22, 6, 3, 21, tzinfo=UTC)
OLD = struct.pack(">HH", 51, 1800) + b"MAKER" + b"MODEL".ljust(20, b"\0") + b"DEVICE1" + b"\x01"


@pytest.fixture
def door() -> MemoryDoor:
    return MemoryDoor(Terminal(id=NUMBER, unit_id="E32", plate="川A12345"))


def location(**changes: object) -> bytes:
    values = {
        "alarms": 0,
        "status": 3,
        "lon_deg": 119.905,
        "lat_deg": 30.612,
        "altitude_m": 10,
        "speed_mps": 12.5,
        "heading_deg": 270.0,
        "observed_at": AT,
    }
    return write_location(Location(**{**values, **changes}))  # type: ignore[arg-type]


def frame(message: int, body: bytes = b"", serial: int = 1, **more: int) -> Frame:
    return Frame(message=message, terminal=NUMBER, serial=serial, body=body, **more)


async def proven(door: MemoryDoor) -> Conversation:
    talk = Conversation(door, "10.0.0.9")
    answer = await talk.hear(frame(0x0102, f"code-{NUMBER}".encode()))
    assert answer is not None
    assert answer.body == struct.pack(">HHB", 1, 0x0102, 0)
    return talk


async def test_a_registered_vehicle_gets_the_code_it_proves_itself_by(door: MemoryDoor) -> None:
    talk = Conversation(door, "10.0.0.9")
    answer = await talk.hear(frame(0x0100, OLD + "川A12345".encode("gbk"), serial=9))
    assert answer is not None
    assert (answer.message, answer.body) == (0x8100, b"\x00\x09\x00" + f"code-{NUMBER}".encode())
    other = await talk.hear(frame(0x0100, OLD + "川A99999".encode("gbk")))
    assert other is not None
    assert other.body == b"\x00\x01\x02"  # no such vehicle, and no code
    assert [one.code for one in door.refused] == ["jt808.other_plate"]


async def test_who_has_not_proven_itself_tells_no_position(door: MemoryDoor) -> None:
    talk = Conversation(door, "10.0.0.9")
    for asked, code in (
        (frame(0x0200, location()), "jt808.not_authenticated"),
        (frame(0x0102, b"guess"), "jt808.bad_code"),
    ):
        answer = await talk.hear(asked)
        assert answer is not None
        assert answer.body[-1] != 0
        assert door.refused[-1].code == code
        assert NUMBER not in door.refused[-1].text("en")  # only its last digits
    assert not door.fixes


async def test_a_location_is_the_units_position_in_wgs84_with_its_own_clock(
    door: MemoryDoor,
) -> None:
    talk = await proven(door)
    answer = await talk.hear(frame(0x0200, location(), serial=5))
    assert answer is not None
    assert answer.body == struct.pack(">HHB", 5, 0x0200, 0)
    (fix,) = door.fixes
    assert (fix.unit_id, fix.source) == ("E32", "jt808")
    assert fix.report.observed_at == AT
    assert fix.report.speed_mps == pytest.approx(12.5)
    assert (fix.report.place.lon_deg, fix.report.place.lat_deg) == pytest.approx((119.905, 30.612))


async def test_a_receiver_that_tells_gcj02_is_set_right(door: MemoryDoor) -> None:
    door.known[NUMBER] = Terminal(id=NUMBER, unit_id="E32", datum="gcj02")
    talk = await proven(door)
    lons, lats = from_wgs84("gcj02", [119.905], [30.612])
    await talk.hear(frame(0x0200, location(lon_deg=float(lons[0]), lat_deg=float(lats[0]))))
    place = door.fixes[0].report.place
    assert (place.lon_deg, place.lat_deg) == pytest.approx((119.905, 30.612), abs=2e-6)


async def test_a_batch_keeps_what_is_right_and_counts_what_is_not(door: MemoryDoor) -> None:
    talk = await proven(door)
    bodies = [location(), location()[:20], location(status=1)]  # the last had no fix
    body = struct.pack(">HB", 3, 1) + b"".join(struct.pack(">H", len(b)) + b for b in bodies)
    answer = await talk.hear(frame(0x0704, body))
    assert answer is not None
    assert answer.body[-1] == 2
    assert len(door.fixes) == 1
    assert [one.code for one in door.refused] == ["jt808.body_short"]


async def test_a_batch_in_packages_is_taken_when_the_last_is_there_in_any_order(
    door: MemoryDoor,
) -> None:
    talk = await proven(door)
    whole = struct.pack(">HBH", 1, 0, len(location())) + location()
    for part, body in ((2, whole[10:]), (1, whole[:10])):
        await talk.hear(frame(0x0704, body, serial=40 + part, parts=2, part=part))
    assert len(door.fixes) == 1


async def test_while_the_store_is_away_a_terminal_is_told_to_send_again(door: MemoryDoor) -> None:
    talk = await proven(door)
    door.down = Unavailable("store.unavailable")
    answer = await talk.hear(frame(0x0200, location()))
    assert answer is not None
    assert answer.body[-1] == 1
    unknown = await talk.hear(frame(0x0F00))
    assert unknown is not None
    assert unknown.body[-1] == 3  # not supported


@pytest.fixture
async def listener(door: MemoryDoor) -> AsyncIterator[Jt808Listener]:
    opened = Jt808Listener(door, "127.0.0.1", 0)
    await opened.open()
    yield opened
    await opened.close()


async def test_on_the_wire_bad_frames_do_not_end_the_talk_and_junk_does(
    door: MemoryDoor, listener: Jt808Listener
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    good = write_frame(frame(0x0102, f"code-{NUMBER}".encode())) + write_frame(
        frame(0x0200, location(), serial=2)
    )
    broken = bytearray(write_frame(frame(0x0200, location(), serial=3)))
    broken[-2] ^= 0x01
    writer.write(good[:11])
    await writer.drain()
    await asyncio.sleep(0.01)
    writer.write(good[11:] + bytes(broken) + write_frame(frame(0x0002, serial=4)))
    cut = Splitter()
    answers: list[Any] = []
    async with asyncio.timeout(5):
        while len(answers) < 3:
            answers += cut.feed(await reader.read(4096))
        read = [read_frame(one) for one in answers if isinstance(one, bytes)]
        assert [struct.unpack(">HHB", one.body) for one in read] == [
            (1, 0x0102, 0),
            (2, 0x0200, 0),
            (4, 0x0002, 0),
        ]
        assert [one.code for one in door.refused] == ["jt808.bad_check"]
        assert door.connected[NUMBER]
        writer.write(b"\x7ejunk" * 25)
        assert await reader.read() == b""  # hung up
        writer.close()
    await listener.close()
    assert not door.connected[NUMBER]
