"""Devices as offices bring them, in CSV or Excel under many heads; a bad row is refused with its reason, and the others stand."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np

from county.datum import declared, to_wgs84
from exchange.sheet import Sheet
from exchange.sheet_lines import lines_of
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
PROTOCOLS: Final = ("mqtt", "hj212", "sl651", "modbus", "http", "webhook")
# What the store keeps of each.
LONGEST: Final = {"name": 120, "gateway": 64, "address": 80, "factor": 60}
STALE_MOST_S: Final = STALE_PERIODS * 30 * 86_400
_ID: Final = re.compile(r"[\w.:-]{1,64}")


class Worded(Protocol):
    """What has names: offices write those as well as ids."""

    @property
    def zh(self) -> str:
        """Return the Chinese one."""
        ...

    @property
    def en(self) -> str:
        """Return the English one."""
        ...


@dataclass(slots=True)
class WishedChannel:
    """One channel of a device as a row wants it; `addresses` are (protocol, station, factor)."""

    row: int
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
    """What a reading found: good rows, and every refusal with its row, in the order of the rows."""

    wished: list[WishedChannel] = field(default_factory=list)
    refused: list[tuple[int, Refused]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    table: str
    line: int
    cells: dict[str, str]

    def refused(self, column: str, expected: str) -> Refused:
        value = "".join(one if one.isprintable() else "�" for one in self.cells.get(column, ""))
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
    sheet: Sheet,
    departments: Mapping[str, Worded],
    place_inside: Callable[[float, float], Place],
    datum: str = "wgs84",
) -> FoundDevices:
    """Read a table of devices; one row a channel, a device without a channel has all of its kind's."""
    found, seen, of = FoundDevices(), _Seen(), declared(datum).id

    def at(lon_deg: float, lat_deg: float) -> Place:
        if of == "wgs84":
            return place_inside(lon_deg, lat_deg)
        lons, lats = to_wgs84(of, np.array([lon_deg]), np.array([lat_deg]))
        return place_inside(round(float(lons[0]), 7), round(float(lats[0]), 7))

    for row in _rows(sheet):
        try:
            wished = list(_wished(row, departments, at))
            seen.take(row, wished)
        except Refused as refused:
            found.refused.append((row.line, refused))
        else:
            found.wished += wished
    return found


class _Seen:
    """What earlier rows said: nothing is told twice, nor one thing in two ways."""

    def __init__(self) -> None:
        self._channels: set[tuple[str, str]] = set()
        self._devices: dict[str, Device] = {}
        self._addresses: dict[tuple[str, str, str], str] = {}

    def take(self, row: _Row, wished: list[WishedChannel]) -> None:
        """Note a row; refuse one that contradicts an earlier row."""
        device = wished[0].device
        if self._devices.get(device.id, device) != device:
            raise Refused("sensors.device_differs", table=row.table, row=row.line, device=device.id)
        for one in wished:
            if (device.id, one.name) in self._channels:
                value = f"{device.id} {one.name}"
                raise Refused("sensors.device_twice", table=row.table, row=row.line, value=value)
            for address in one.addresses:
                if address in self._addresses:
                    told = {"address": " ".join(address), "device": self._addresses[address]}
                    raise Refused("sensors.address_twice", table=row.table, row=row.line, **told)
        self._devices[device.id] = device
        self._channels |= {(device.id, one.name) for one in wished}
        self._addresses |= {address: device.id for one in wished for address in one.addresses}


def _rows(sheet: Sheet) -> Iterator[_Row]:
    lines = lines_of(sheet)
    head = [name.strip().lower() for name in next(lines, (0, []))[1]]
    at: dict[str, int] = {}
    for ours, theirs in NAMES.items():
        place = next((head.index(name) for name in theirs if name in head), None)
        if place is not None:
            at[ours] = place
    if missing := [name for name in NEEDED if name not in at]:
        raise Refused("sensors.bad_device_head", table=sheet.name, missing=", ".join(missing))
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            named = {ours: cells[place].strip() for ours, place in at.items() if place < len(cells)}
            yield _Row(sheet.name, number, named)


def _wished(
    row: _Row, departments: Mapping[str, Worded], place_inside: Callable[[float, float], Place]
) -> Iterator[WishedChannel]:
    cells = row.cells
    _need_form(row)
    kind = kinds()[_one_of(row, "kind", kinds())]
    department = DEFAULT_DEPARTMENT
    if cells.get("department"):
        department = _one_of(row, "department", departments)
    device = Device(
        id=cells["device_id"],
        name=cells.get("name") or cells["device_id"],
        kind=kind.id,
        place=_place(row, place_inside),
        department=department,
        gateway=cells.get("gateway") or None,
    )
    measured = {one.name: one for one in kind.channels}
    if cells.get("channel") or (cells.get("factor") and len(measured) > 1):
        name = _one_of(row, "channel", measured)
        measured = {name: measured[name]}
    for one in measured.values():
        yield _channel(row, device, one)


def _one_of(row: _Row, column: str, known: Mapping[str, Worded]) -> str:
    """Return the id that a cell tells, be it as an id or by a name."""
    told = row.cells.get(column, "")
    if told in known:
        return told
    named = [id for id, one in known.items() if told and told in (one.zh, one.en)]
    if len(named) != 1:
        raise row.refused(column, ", ".join(known))
    return named[0]


def _need_form(row: _Row) -> None:
    if not _ID.fullmatch(row.cells.get("device_id", "")):
        raise row.refused("device_id", "1 … 64 × A-Z a-z 0-9 _ . : -")
    for column, most in LONGEST.items():
        if len(row.cells.get(column, "")) > most:
            raise row.refused(column, f"≤ {most}")
    for column, told in row.cells.items():
        if not told.isprintable():  # a store may refuse what no screen can show
            raise row.refused(column, "A-Z 汉字 0-9")
    if row.cells.get("gateway") == row.cells["device_id"]:
        raise row.refused("gateway", "≠ device_id")


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
    stale_s = row.number("stale_s")
    stale_s = STALE_PERIODS * period_s if stale_s is None else stale_s
    if not period_s <= stale_s <= STALE_MOST_S:
        raise row.refused("stale_s", f"{period_s:g} … {STALE_MOST_S}")
    wished = WishedChannel(
        row.line, device, measured.name, measured.unit, int(period_s), int(stale_s), low, high
    )
    wished.addresses += _addresses(row, measured)
    return wished


def _addresses(row: _Row, measured: ChannelKind) -> list[tuple[str, str, str]]:
    protocol, address = (row.cells.get(name, "") for name in ("protocol", "address"))
    if not protocol and not address:
        return []
    if protocol not in PROTOCOLS:
        raise row.refused("protocol", ", ".join(PROTOCOLS))
    if not address:
        raise row.refused("address", "010000A8900016F000169DC0")
    return [(protocol, address, row.cells.get("factor") or measured.name)]


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
