"""Readings from a CSV file, for what was measured before the console was there: heads in Chinese or English, refusals by row."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, TextIO

from exchange.fields import read_instant
from exchange.wires.digits import instant_ms, read_number
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.unreadable import Unreadable
from sensors.model import HJ212_FLAGS, Quality
from vocabulary.errors import Refused

WIRE: Final = "csv"
HEADS: Final = {
    "device": ("device", "设备", "设备编号", "设备编码", "device_id"),
    "channel": ("channel", "通道", "指标", "要素", "factor"),
    "at": ("at", "time", "时间", "采集时间", "观测时间", "observed_at"),
    "value": ("value", "值", "数值", "监测值"),
    "quality": ("quality", "质量", "标志", "flag"),
}
_NEEDED: Final = ("device", "channel", "at", "value")
_NONE: Final = frozenset({"", "NA", "NaN", "null", "-", "--"})
_LOCAL: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_FIELD_OF: Final = {head: field for field, heads in HEADS.items() for head in heads}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as an editor counts it, and its reading or why it is none."""

    number: int
    reading: WireReading | Unreadable


def read_file(file: Path, zone: tzinfo) -> Iterator[Line]:
    """Yield the rows of a file without holding it in memory; local times are of `zone`."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with file.open(encoding=encoding, newline="") as stream:
                stream.read(65_536)
                stream.seek(0)
                yield from read_lines(stream, zone)
                return
        except UnicodeDecodeError:
            continue
        except OSError as problem:
            raise Refused("wires.no_file", file=str(file), problem=problem) from None
    raise Refused("wires.no_file", file=str(file), problem="UTF-8, GB 18030")


def read_lines(stream: TextIO, zone: tzinfo) -> Iterator[Line]:
    """Yield the rows of a stream."""
    lines = csv.reader(stream)
    try:
        head = [_FIELD_OF.get(cell.strip().lower(), "") for cell in next(lines, [])]
        missing = [name for name in _NEEDED if name not in head]
        if missing:
            wanted = " | ".join(HEADS[missing[0]])
            raise Refused("wires.no_column", column=missing[0], wanted=wanted)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                named = {f: c.strip() for f, c in zip(head, cells, strict=False) if f}
                yield Line(lines.line_num, _reading(named, zone))
    except csv.Error as problem:
        raise Refused("wires.no_file", file=f"CSV {lines.line_num}", problem=problem) from None


def _reading(cells: dict[str, str], zone: tzinfo) -> WireReading | Unreadable:
    try:
        device, channel = _name(cells, "device"), _name(cells, "channel")
        at_ms = _instant(cells.get("at", ""), zone)
        flag = cells.get("quality", "").upper() or "N"
        if flag not in HJ212_FLAGS:
            raise _bad("quality", flag, " ".join(HJ212_FLAGS))
        value = cells.get("value", "")
        if value in _NONE:
            return WireReading(device, channel, at_ms, NO_VALUE, Quality.MISSING)
        number = read_number(value, WIRE, "value")
        return WireReading(device, channel, at_ms, number, HJ212_FLAGS[flag])
    except Unreadable as reason:
        return reason


def _name(cells: dict[str, str], field: str) -> str:
    value = cells.get(field, "")
    if not 0 < len(value) <= 64:
        raise _bad(field, value, "1–64")
    return value


def _instant(text: str, zone: tzinfo) -> int:
    for form in _LOCAL:
        try:
            return instant_ms(datetime.strptime(text, form).replace(tzinfo=zone))
        except (ValueError, OverflowError):
            continue
    try:
        instant = read_instant(text)
    except ValueError:
        instant = None
    if instant is None:
        raise _bad("at", text, "2026-11-27 10:15:00, 2026-11-27T10:15:00+08:00")
    return instant_ms(instant)


def _bad(element: str, value: object, wanted: str) -> Unreadable:
    return Unreadable("wires.bad_element", wire=WIRE, element=element, value=value, wanted=wanted)
