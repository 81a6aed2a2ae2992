"""JT/T 808 as vehicles speak it: frames laid out by hand after the standard and as published elsewhere, and what is refused."""

import struct
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.jt808.bodies import (
    GMT8,
    Location,
    read_authentication,
    read_batch,
    read_instant,
    read_location,
    read_registration,
    write_location,
)
from exchange.jt808.frame import (
    Frame,
    Splitter,
    checksum,
    escaped,
    read_frame,
    unescaped,
    write_frame,
)
from vocabulary.errors import Refused

# Published by two other implementations (SmallChi/JT808 and hylexus/xtream-codec), whole frames with their flags.
LOCATION_2013 = "7e02000026123456789012007d02000000010000000200ba7f0e07e4f11c0028003c00001810151010100104000000640202007d01137e"
LOCATION_2019 = (
    "7e02004026010000000001391234432900000000006f0000001601dc9a0707456246007b0042000325012922334402020064"
    "01040000000c417e"
)
BATCH_2019 = (
    "7e0704403f01000000000139123443290000000200001c000000010000000101d907f2073d336c029a0021005924102921"
    "3903001c000000010000000101d907f3073d336d03090043005a241029213903f87e"
)
REGISTRATION_2019 = (
    "7e0100405601000000000139123443290000000b0002696431323334353637383974797065313233343536373839303132"
    "333435363738393031323334353669643132333435363738393031323334353637383930313233343536373801b8ca4a2d313233343539517e"
)
REGISTRATION_2013 = (
    "7e010000300000000000010001001f006e63643132337777772e3830382e636f6d0000000000000000003736353433323101b2"
    "e2413132333435363738797e"
)
PUBLISHED = (LOCATION_2013, LOCATION_2019, BATCH_2019, REGISTRATION_2019, REGISTRATION_2013)


def framed(hexadecimal: str) -> Frame:
    (wire,) = Splitter().feed(bytes.fromhex(hexadecimal))
    assert isinstance(wire, bytes)
    return read_frame(wire)


def by_hand(message: int, body: bytes, *, phone: str = "013912344329", serial: int = 7) -> bytes:
    """Lay a 2013 frame out byte by byte, without the code under test."""
    content = struct.pack(">HH", message, len(body)) + bytes.fromhex(phone)
    content += struct.pack(">H", serial) + body
    check = 0
    for byte in content:
        check ^= byte
    plain = content + bytes([check])
    wire = b"".join({0x7D: b"\x7d\x01", 0x7E: b"\x7d\x02"}.get(b, bytes([b])) for b in plain)
    return b"\x7e" + wire + b"\x7e"


@pytest.mark.parametrize("published", PUBLISHED)
def test_a_published_frame_is_read_and_written_to_the_same_bytes(published: str) -> None:
    assert write_frame(framed(published)).hex() == published


def test_the_2013_edition_tells_a_location_in_degrees_metres_and_utc() -> None:
    frame = framed(LOCATION_2013)
    assert (frame.message, frame.terminal, frame.serial, frame.version) == (
        0x0200,
        "123456789012",
        0x007E,
        None,
    )
    seen = read_location(frame.body)
    assert (seen.lon_deg, seen.lat_deg) == (132.444444, 12.222222)
    assert seen.observed_at == datetime(2018, 10, 15, 2, 10, 10, tzinfo=UTC)  # 10:10:10 by GMT+8
    assert seen.speed_mps == pytest.approx(6 / 3.6)
    assert seen.positioned
    assert seen.extras == {0x01: b"\x00\x00\x00\x64", 0x02: b"\x00\x7d"}


def test_the_2019_edition_has_a_version_and_a_longer_number() -> None:
    frame = framed(LOCATION_2019)
    assert (frame.terminal, frame.version) == ("13912344329", 1)
    seen = read_location(frame.body)
    assert (seen.lon_deg, seen.lat_deg) == (121.987654, -31.234567)  # status bit 2: south
    many = [read_location(body) for body in read_batch(framed(BATCH_2019).body)]
    assert [one.lon_deg for one in many] == [121.451372, 121.451373]
    assert not many[0].positioned


def test_registrations_of_both_editions_tell_the_plate() -> None:
    new, old = framed(REGISTRATION_2019), framed(REGISTRATION_2013)
    said = read_registration(new.body, new.version)
    assert (said.province, said.maker, said.plate) == (11, "id123456789", "甘J-123459")
    assert read_registration(old.body, old.version).plate == "测A12345678"
    assert read_authentication(b"\x03abc" + b"1" * 15 + b"v1".ljust(20, b"\0"), 1).code == "abc"
    assert read_authentication(b"abc", None).code == "abc"


def test_glued_and_split_frames_are_cut_at_their_flags() -> None:
    wire = by_hand(0x0002, b"") + by_hand(0x0102, b"\x7e\x7d\x30")
    for size in (1, 5, len(wire)):
        cut = Splitter()
        found = [one for at in range(0, len(wire), size) for one in cut.feed(wire[at : at + size])]
        read = [read_frame(one) for one in found if isinstance(one, bytes)]
        assert [frame.message for frame in read] == [2, 0x0102]
        assert read[1].body == b"\x7e\x7d\x30"
    shared = Splitter().feed(by_hand(2, b"") + by_hand(2, b"")[1:])  # one flag between two frames
    assert len(shared) == 2


def test_what_stands_before_any_flag_or_never_ends_is_refused() -> None:
    (first, second) = Splitter().feed(b"GET / HTTP/1.1\r\n" + by_hand(2, b""))
    assert isinstance(first, Refused)
    assert first.code == "jt808.no_flag"
    assert isinstance(second, bytes)
    cut = Splitter()
    cut.feed(b"\x7e")
    (endless,) = cut.feed(b"\x00" * 3000)
    assert isinstance(endless, Refused)
    assert endless.code == "jt808.too_long"
    assert isinstance(cut.feed(by_hand(2, b""))[-1], bytes)  # and the next flag begins anew


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        (by_hand(2, b"")[1:-2] + b"\x00", "jt808.bad_check"),
        (by_hand(2, b"", phone="0139123443aa")[1:-1], "jt808.not_decimal"),
        (b"\x00\x02\x00", "jt808.too_short"),
        (b"\x00\x7d\x05", "jt808.bad_escape"),
        (b"\x7d", "jt808.bad_escape"),
    ],
)
def test_a_bad_frame_is_refused_with_its_reason(wire: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_frame(wire)
    assert refused.value.code == code
    assert refused.value.text("zh")
    assert refused.value.text("en")


def test_a_length_that_is_not_so_and_a_body_that_is_encrypted_are_refused() -> None:
    def sealed(content: bytes) -> bytes:
        return content + bytes([checksum(content)])

    head = bytes.fromhex("0139123443290001")
    for attributes, code in ((0x0005, "jt808.bad_length"), (0x0400, "jt808.encrypted")):
        with pytest.raises(Refused) as refused:
            read_frame(sealed(struct.pack(">HH", 2, attributes) + head))
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\x00" * 27, "jt808.body_short"),
        (
            struct.pack(">IIIIHHH", 0, 2, 91_000_000, 1, 0, 0, 0) + b"\x26" * 6,
            "jt808.off_the_globe",
        ),
        (bytes(22) + bytes.fromhex("261332101010"), "jt808.bad_time"),
        (bytes(22) + bytes.fromhex("2610aa101010"), "jt808.not_decimal"),
        (bytes(22) + bytes.fromhex("261010101010") + b"\x01\x04\x00", "jt808.bad_extra"),
    ],
)
def test_a_bad_location_is_refused_with_its_reason(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_location(body)
    assert refused.value.code == code


def test_a_batch_shorter_than_it_says_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_batch(b"\x00\x02\x00\x00\x01\xff")
    assert refused.value.code == "jt808.batch_short"


def test_midnight_in_beijing_is_the_day_before_in_utc() -> None:
    assert read_instant(bytes.fromhex("260101000000")) == datetime(2025, 12, 31, 16, tzinfo=UTC)


frames = st.builds(
    Frame,
    message=st.integers(0, 0xFFFF),
    terminal=st.integers(1, 10**12 - 1).map(str),
    serial=st.integers(0, 0xFFFF),
    body=st.binary(max_size=200),
    version=st.none() | st.integers(0, 255),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(frames, min_size=1, max_size=4), st.integers(1, 64))
def test_whatever_is_written_comes_back_however_the_network_cuts_it(
    sent: list[Frame], size: int
) -> None:
    wire = b"".join(map(write_frame, sent))
    cut = Splitter()
    found = [one for at in range(0, len(wire), size) for one in cut.feed(wire[at : at + size])]
    assert [read_frame(one) for one in found if isinstance(one, bytes)] == sent


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
def test_escapes_come_back_and_junk_is_refused_never_worse(raw: bytes) -> None:
    assert unescaped(escaped(raw)) == raw
    for read in (read_frame, read_location, lambda body: read_registration(body, None), read_batch):
        with suppress(Refused):
            read(raw)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-180, 180),
    st.floats(-90, 90),
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 1, 1)),  # noqa: DTZ001 - the zone is set below
)
def test_a_location_comes_back_within_a_micro_degree(lon: float, lat: float, at: datetime) -> None:
    status = 2 | (4 if lat < 0 else 0) | (8 if lon < 0 else 0)
    sent = Location(
        alarms=0,
        status=status,
        lon_deg=lon,
        lat_deg=lat,
        altitude_m=5,
        speed_mps=10.0,
        heading_deg=90.0,
        observed_at=at.replace(microsecond=0, tzinfo=GMT8),
        extras={0x30: b"\x1f"},
    )
    seen = read_location(write_location(sent))
    assert seen.lon_deg == pytest.approx(lon, abs=1e-6)
    assert seen.lat_deg == pytest.approx(lat, abs=1e-6)
    assert (seen.observed_at, seen.extras) == (sent.observed_at, sent.extras)
