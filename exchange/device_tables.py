"""Devices as offices bring them: a CSV with columns of many names; a bad row is refused with its reason, and the others stand."""

import csv
import io
import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from sensors.kinds import STALE_PERIODS, kinds
from sensors.model import ChannelKind, Device
from vocabulary.errors import Refused
from vocabulary.place import Place

# Ours, and what else offices call it.
NAMES: Final = {
    "device_id": ("device_id", "设备编号", "设备编码", "id", "station"),
    "name": ("name", "设备名称", "名称", "station"),
    "kind": ("kind", "设备类型", "类型"),
    "channel": ("channel", "通道", "指标", "测点"),
    "unit": ("unit", "单位"),
    "lon": ("lon", "long", "longitude", "lng", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "department": ("department", "部门", "所属部门"),
    "gateway": ("gateway", "网关"),
    "period_s": ("period_s", "周期"),
    "stale_s": ("stale_s", "超时"),
    "low": ("low", "下限"),
    "high": ("high", "上限"),
    "protocol": ("protocol", "协议"),
    "address": ("address", "站号", "地址", "mn"),
    "factor": ("factor", "因子"),
}
NEEDED: Final = ("device_id", "name", "kind", "lon", "lat")
DEFAULT_DEPARTMENT: Final = "data"
_ID: Final = re.compile(r"[\w.:-]{1,64}")


@dataclass(slots=True)
class WishedChannel:
    """One channel of a device as a row wants it; `addresses` are (protocol, station, factor)."""

    device: Device
    name: str
    unit: str
    period_s: int
    stale_s: int
    low: float | None
    high: float | None
    addresses: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class FoundDevices:
    """What a reading found: good rows, and every refusal in the order of the rows."""

    wished: list[WishedChannel] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    table: str
    line: int
    cells: dict[str, str]

    def refused(self, column: str, expected: str) -> Refused:
        value = self.cells.get(column, "")
        return Refused(
            "sensors.bad_device_cell",
            table=self.table, row=self.line, column=column, value=value or "∅", expected=expected,
        )  # fmt: skip

    def number(self, column: str) -> float | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise self.refused(column, "12.5") from None
        if not math.isfinite(value):
            raise self.refused(column, "12.5")
        return value


def read_devices(
    text: str,
    table: str,
    departments: Collection[str],
    place_inside: Callable[[float, float], Place],
) -> FoundDevices:
    """Read a table of devices; one row a channel, a device without a channel has all of its kind's."""
    found = FoundDevices()
    seen: set[tuple[str, str]] = set()
    for row in _rows(text, table):
        try:
            found.wished += [
                _first(row, one, seen) for one in _wished(row, departments, place_inside)
            ]
        except Refused as refused:
            found.refused.append(refused)
    return found


def _first(row: _Row, one: WishedChannel, seen: set[tuple[str, str]]) -> WishedChannel:
    key = (one.device.id, one.name)
    if key in seen:
        value = f"{one.device.id} {one.name}"
        raise Refused("sensors.device_twice", table=row.table, row=row.line, value=value)
    seen.add(key)
    return one


def _rows(text: str, table: str) -> Iterator[_Row]:
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    head = [name.strip().lower() for name in next(lines, [])]
    at: dict[str, int] = {}
    for ours, theirs in NAMES.items():
        place = next((head.index(name) for name in theirs if name in head), None)
        if place is not None:
            at[ours] = place
    if missing := [name for name in NEEDED if name not in at]:
        raise Refused("sensors.bad_device_head", table=table, missing=", ".join(missing))
    for cells in lines:
        if any(cells):
            named = {ours: cells[place].strip() for ours, place in at.items() if place < len(cells)}
            yield _Row(table, lines.line_num, named)


def _wished(
    row: _Row, departments: Collection[str], place_inside: Callable[[float, float], Place]
) -> Iterator[WishedChannel]:
    cells = row.cells
    if not _ID.fullmatch(cells.get("device_id", "")):
        raise row.refused("device_id", "1 … 64 × A-Z a-z 0-9 _ . : -")
    kind = kinds().get(cells.get("kind", ""))
    if kind is None:
        raise row.refused("kind", ", ".join(kinds()))
    department = cells.get("department") or DEFAULT_DEPARTMENT
    if department not in departments:
        raise row.refused("department", ", ".join(sorted(departments)))
    device = Device(
        id=cells["device_id"],
        name=cells.get("name") or cells["device_id"],
        kind=kind.id,
        place=_place(row, place_inside),
        department=department,
        gateway=cells.get("gateway") or None,
    )
    name = cells.get("channel", "")
    measured = [one for one in kind.channels if name in {"", one.name}]
    if not measured:
        raise row.refused("channel", ", ".join(one.name for one in kind.channels))
    for one in measured:
        yield _channel(row, device, one)


def _channel(row: _Row, device: Device, measured: ChannelKind) -> WishedChannel:
    cells = row.cells
    if cells.get("unit") and cells["unit"] != measured.unit:
        raise row.refused("unit", measured.unit)
    period_s = row.number("period_s")
    period_s = measured.period.total_seconds() if period_s is None else period_s
    if not 1 <= period_s <= 30 * 86_400:
        raise row.refused("period_s", "1 … 2592000")
    low, high = row.number("low"), row.number("high")
    if low is not None and high is not None and low >= high:
        raise row.refused("low", f"< {high:g}")
    stale_s = row.number("stale_s") or STALE_PERIODS * period_s
    wished = WishedChannel(
        device, measured.name, measured.unit, int(period_s), int(stale_s), low, high
    )
    if cells.get("protocol") and cells.get("address"):
        factor = cells.get("factor") or measured.name
        wished.addresses.append((cells["protocol"], cells["address"], factor))
    return wished


def _place(row: _Row, place_inside: Callable[[float, float], Place]) -> Place:
    lon, lat = row.number("lon"), row.number("lat")
    if lon is None or lat is None:
        raise row.refused("lon" if lon is None else "lat", "117.123456")
    try:
        return place_inside(lon, lat)
    except Refused as problem:
        raise BadPlace(
            row.table, row.line, row.cells["device_id"], (lon, lat), problem
        ) from problem


class BadPlace(Refused):
    """A position that cannot be a device's; the reason is told in the reader's language."""

    def __init__(
        self, table: str, line: int, device: str, at: tuple[float, float], problem: Refused
    ) -> None:
        super().__init__(
            "sensors.bad_device_place",
            table=table, row=line, device=device, lon=at[0], lat=at[1], problem=problem.code,
        )  # fmt: skip
        self._problem = problem

    def text(self, language: str = "zh") -> str:
        """Return the sentence with the reason in its language."""
        self.values["problem"] = self._problem.text(language)
        return super().text(language)
