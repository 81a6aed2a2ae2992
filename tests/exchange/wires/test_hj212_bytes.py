"""HJ 212: round trips, bytes that nobody meant, and the public frames."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.wires.hj212 import (
    Segment,
    read_segment,
    split,
    write_segment,
)
from exchange.wires.hj212_frames import (
    Broken,
    Frame,
    FrameFinder,
    write_frame,
)
from exchange.wires.hj212_packets import Assembly
from exchange.wires.hj212_readings import (
    read_readings,
)
from exchange.wires.model import WireReading
from exchange.wires.unreadable import Unreadable
from tests.exchange.wires.hj212_words import STANDARD, at, found, segment

NAMES = st.text("abcdefgwL0123456789", min_size=1, max_size=8)
CELLS = st.dictionaries(
    st.builds("{}-{}".format, NAMES, st.sampled_from(["Rtd", "Avg", "Max"])),
    st.decimals(-1000, 1000, places=2).map(str),
    min_size=1,
    max_size=3,
)
SEGMENTS = st.builds(
    segment,
    flag=st.integers(0, 11).map(lambda flag: flag & ~0b10),
    resent=st.booleans(),
    groups=st.lists(CELLS, max_size=60).map(lambda g: ({"DataTime": "20261127101400"}, *g)),
)


@settings(max_examples=60, deadline=None)
@given(SEGMENTS, st.integers(1, 50), st.integers(200, 950))
def test_what_is_written_is_read(whole: Segment, chop: int, longest: int) -> None:
    packets = list(split(whole, longest))
    stream = b"".join(write_frame(write_segment(packet)) for packet in packets)
    assembly = Assembly()
    read = [
        assembly.take(read_segment(one.segment), 0.0)
        for one in found(stream, chop=chop)
        if isinstance(one, Frame)
    ]
    assert len(read) == len(packets)
    assert read[-1] is not None
    assert sorted(read_readings(read[-1])) == sorted(read_readings(whole))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=80),
            st.sampled_from([b"##", b"##0101", STANDARD, b"1C80\r\n", b"CP=&&", b"&&", b"#"]),
        ),
        max_size=20,
    )
)
def test_no_bytes_do_more_than_be_refused(pieces: list[bytes]) -> None:
    finder = FrameFinder()
    for piece in pieces:
        for one in finder.feed(piece):
            if isinstance(one, Frame):
                with suppress(Unreadable):
                    read_readings(read_segment(one.segment))
        assert finder.waiting <= 10_020


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_segment_does_more_than_be_refused(plain: bytes) -> None:
    for one in (plain, b"CN=2011;MN=A1;CP=&&" + plain + b"&&"):
        with suppress(Unreadable):
            read_readings(read_segment(one))


def test_heads_without_end_are_cut_once_each() -> None:
    seen = found(b"##" * 20_000)
    assert all(isinstance(one, Broken) for one in seen)
    assert 0 < len(seen) <= 20_000


@pytest.mark.realdata
def test_the_public_frames_are_read_and_the_broken_ones_named(real_data: Path) -> None:
    lines = (real_data / "sensors" / "hj212_frames.txt").read_bytes().split(b"\n")
    frames = [found(line + b"\r\n") for line in lines if line]
    good = [one for (one, *_) in frames if isinstance(one, Frame)]
    assert [len(seen) for seen in frames] == [1] * 6
    assert len(good) == 5
    assert not any(one.dialect for one in good)
    last = frames[5][0]
    assert isinstance(last, Broken)
    assert last.reason.values["element"] == "CRC"
    readings: list[Any] = []
    for frame in good:
        try:
            readings.append(read_readings(read_segment(frame.segment)))
        except Unreadable as refusal:
            readings.append(refusal.values["element"])
    assert [len(one) for one in readings[:3]] == [7, 3, 15]
    assert readings[0][3] == WireReading(
        "Y80110010000010", "a21006", at(2019, 10, 12, 5, 37, 10), 0.036
    )
    assert readings[3][0].value == 11.76
    assert readings[4] == "MN"  # the fifth has none
    second = read_segment(good[1].segment)
    assert (second.packet, second.packets) == (2, 2)
