"""Back-fill from CSV: heads in both languages, local and absolute times, and each bad row by its number."""

import io
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.wires.csv_readings import Line, read_file, read_lines
from exchange.wires.digits import instant_ms
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.unreadable import Unreadable
from sensors.model import Quality
from vocabulary.errors import Refused

ZONE = ZoneInfo("Asia/Shanghai")
NOON = instant_ms(datetime(2026, 11, 27, 4, tzinfo=UTC))


def lines(text: str) -> list[Line]:
    return list(read_lines(io.StringIO(text, newline=""), ZONE))


def test_both_languages_and_every_way_to_tell_the_time() -> None:
    assert [one.reading for one in lines(
        "设备编号,通道,时间,数值,质量\n"
        "river-1,level,2026-11-27 12:00:00,3.2,\n"
        "river-1,level,2026/11/27 12:00,3.2,D\n"
        "river-1,level,2026-11-27T04:00:00Z,NA,N\n"
    )] == [
        WireReading("river-1", "level", NOON, 3.2),
        WireReading("river-1", "level", NOON, 3.2, Quality.FAULT),
        WireReading("river-1", "level", NOON, NO_VALUE, Quality.MISSING),
    ]  # fmt: skip


def test_a_bad_row_is_named_and_the_others_stand() -> None:
    found = lines(
        "device,channel,at,value,quality,remark\n"
        "a,b,yesterday,1,N,x\n"
        "a,b,2026-11-27 12:00,one,N,x\n"
        "\n"
        ",b,2026-11-27 12:00,1,N,x\n"
        "a,b,2026-11-27 12:00,1,?,x\n"
        "a,b,2026-11-27 12:00\n"
        "a,b,2026-11-27 12:00,1\n"
    )
    named = [
        (one.number, one.reading.values["element"])
        for one in found
        if isinstance(one.reading, Unreadable)
    ]
    assert named == [(2, "at"), (3, "value"), (5, "device"), (6, "quality")]
    assert isinstance(found[-1].reading, WireReading)


def test_a_head_without_its_columns_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        lines("device,channel,at\n")
    assert refusal.value.values["column"] == "value"


def test_a_file_of_an_office_program_is_read(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_bytes("设备,通道,时间,值\n河1,水位,2026-11-27 12:00,3\n".encode("gb18030"))
    (line,) = read_file(file, ZONE)
    assert line.reading == WireReading("河1", "水位", NOON, 3.0)
    with pytest.raises(Refused):
        list(read_file(tmp_path / "none.csv", ZONE))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_file_does_more_than_be_refused(text: str) -> None:
    with suppress(Refused):
        lines("device,channel,at,value,quality\n" + text)
