"""SL 651: frames published by others, round trips, every way of cutting a stream, and what is refused by its element."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.wires.digits import instant_ms
from exchange.wires.door import Door
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.refused import WireBook
from exchange.wires.sl651 import read_readings, write_element
from exchange.wires.sl651_conversation import Sl651Conversation
from exchange.wires.sl651_frames import Broken, Frame, FrameFinder, answer_to, write_frame
from exchange.wires.unreadable import Unreadable
from sensors.model import Quality
from tests.clocks import ManualClock
from tests.exchange.wires.sinks import MemorySink, registry

# Frames that others have published, each with the centre's receipt where they gave it.
LINK = "7E7E01001234567812342F0008020003591011155111036BCA"
OTHER_LINK = "7E7E00987654321012342F0008027E0822101110074703C3AE"
TEST = (
    "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F0591011154920190000052619000005"
    "392300000127381211150320FA"
)
TEST_RECEIPT = "7E7E00123456780112343080080200035910111549471B75D4"
TIMED = (
    "7E7E05001122334403E832002B020034170718110016F1F1001122334448F0F01707181100201900004026190000403923"
    "000104903812109903A421"
)
TIMED_RECEIPT = "7E7E00112233440503E83280080200341707181100161BE5D4"


def found(data: bytes, chop: int = 10_000) -> list[Frame | Broken]:
    finder = FrameFinder()
    seen = [one for i in range(0, len(data), chop) for one in finder.feed(data[i : i + chop])]
    return [*seen, *finder.end()]


def one(hexadecimal: str) -> Frame:
    (frame,) = found(bytes.fromhex(hexadecimal))
    assert isinstance(frame, Frame)
    return frame


def report(elements: bytes, function: int = 0x32) -> Frame:
    observed = bytes.fromhex("F1F1001234567848F0F02611271000")
    body = bytes.fromhex("0001261127100500") + observed + elements
    return one(write_frame(1, "0012345678", b"\x12\x34", function, body).hex())


def at(hour: int, minute: int = 0) -> int:
    return instant_ms(datetime(2026, 11, 27, hour, minute, tzinfo=UTC))


def test_published_link_messages_are_read_and_have_no_readings() -> None:
    assert [one(frame).station for frame in (LINK, OTHER_LINK)] == ["0012345678", "9876543210"]
    assert read_readings(one(LINK)) == []


def test_a_published_timed_report_gives_what_its_publisher_says() -> None:
    when = instant_ms(datetime(2017, 7, 18, 3, 0, tzinfo=UTC))
    assert read_readings(one(TIMED)) == [
        WireReading("0011223344", "20", when, 4.0),
        WireReading("0011223344", "26", when, 4.0),
        WireReading("0011223344", "39", when, 10.49),
        WireReading("0011223344", "38", when, 10.99),
    ]
    values = [reading.value for reading in read_readings(one(TEST))]
    assert values == [0.5, 0.5, 0.127, 11.15]


@pytest.mark.parametrize(("sent", "receipt"), [(TEST, TEST_RECEIPT), (TIMED, TIMED_RECEIPT)])
def test_the_receipt_is_the_published_one(sent: str, receipt: str) -> None:
    assert answer_to(one(sent)).hex().upper() == receipt


def test_a_frame_written_is_the_published_one() -> None:
    frame = one(TIMED)
    again = write_frame(frame.centre, frame.station, frame.password, frame.function, frame.body)
    assert again.hex().upper() == TIMED


def test_an_hour_of_rain_and_level_is_twelve_values_five_minutes_apart() -> None:
    rain = b"\xf4\x60" + bytes([0] * 10 + [5, 0xFF])
    level = b"\xf5\xc0" + b"".join(n.to_bytes(2, "big") for n in [1234] * 11) + b"\xff\xff"
    readings = read_readings(report(rain + level, 0x34))
    assert len(readings) == 24
    assert readings[0] == WireReading("0012345678", "F4", at(1, 5), 0.0)
    assert readings[10] == WireReading("0012345678", "F4", at(1, 55), 0.5)
    assert readings[11] == WireReading("0012345678", "F4", at(2), NO_VALUE, Quality.MISSING)
    assert readings[12].value == 12.34
    assert readings[23].quality is Quality.MISSING


def test_below_zero_and_no_value() -> None:
    cold = bytes([0x03, 3 << 3 | 1, 0xFF, 0x00, 0x57])
    none = bytes([0x39, 4 << 3 | 3]) + b"\xaa" * 4
    (temperature, level) = read_readings(report(cold + none))
    assert temperature.value == -5.7
    assert level.quality is Quality.MISSING


@pytest.mark.parametrize(
    ("elements", "element"),
    [
        (b"\x39\x23\x00", "39"),
        (b"\x39\x23\x00\x00\x0a\x27", "39"),
        (b"\x39\x03", "39"),
        (b"\xf0\x00", "F0"),
        (b"\xf0\xf0\x26\x13\x01\x00\x00", "F0F0"),
        (b"\xf4\x10\x00\x00", "F4"),
    ],
)
def test_a_wrong_element_is_named(elements: bytes, element: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_readings(report(elements))
    assert refusal.value.values["element"] == element


def test_pictures_and_a_wrong_check_are_refused_and_the_next_frame_is_read() -> None:
    good = bytes.fromhex(TIMED)
    wrong = good[:-1] + b"\x22"
    picture = bytes.fromhex("7E7E01001234567812343600101600")
    down = bytes.fromhex(TIMED_RECEIPT)
    for chop in (1, 5, 1000):
        seen = found(wrong + picture + down + good, chop)
        assert isinstance(seen[-1], Frame)
        named = [one.reason.values["element"] for one in seen if isinstance(one, Broken)]
        assert named == ["CRC", "STX", "length"]


DIGITS = st.text("0123456789", min_size=2, max_size=12).filter(lambda t: len(t) % 2 == 0)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(5, 0x44), DIGITS, st.integers(0, 7)), max_size=12),
    st.integers(1, 60),
)
def test_what_is_written_is_read(elements: list[tuple[int, str, int]], chop: int) -> None:
    packed = b"".join(write_element(*element) for element in elements)
    frame = report(packed)
    (again,) = found(frame.raw, chop)
    assert isinstance(again, Frame)
    read = [(reading.factor, reading.value) for reading in read_readings(again)]
    assert read == [(f"{id:02X}", int(text) / 10**n) for id, text, n in elements]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=60) | st.just(b"\x7e\x7e") | st.just(bytes.fromhex(TIMED))))
def test_no_bytes_do_more_than_be_refused(pieces: list[bytes]) -> None:
    finder = FrameFinder()
    for piece in pieces:
        for frame in finder.feed(piece):
            if isinstance(frame, Frame):
                with suppress(Unreadable):
                    read_readings(frame)
        assert finder.waiting <= 0xFFF + 64


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120))
def test_no_body_does_more_than_be_refused(body: bytes) -> None:
    with suppress(Unreadable):
        read_readings(report(body))


async def test_a_report_is_receipted_when_it_is_kept() -> None:
    clock = ManualClock(datetime(2026, 11, 27, 3, tzinfo=UTC))
    sink, book = MemorySink(clock), WireBook(clock)
    registered = registry()
    door = Door(lambda: registered, sink, clock, book)
    said = Sl651Conversation(door, "10.0.0.1")

    pump = asyncio.create_task(door.run())
    frame = report(write_element(0x39, "00002310", 3))
    assert await said.hear(bytes.fromhex(LINK)) == b""
    assert await said.hear(frame.raw) == answer_to(frame)
    assert list(sink.kept.values()) == [(2.31, Quality.GOOD)]
    assert await said.hear(frame.raw[:-1] + b"\x00") == b""
    assert book.tally("sl651", "10.0.0.1").refused == 1
    pump.cancel()
