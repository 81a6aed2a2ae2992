"""Modbus registers as data: which register of which device holds which channel, in what form; a row each."""

import csv
import io
import math
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from exchange.wires.model import NO_VALUE, WireReading
from sensors.model import Quality
from vocabulary.errors import Refused

WIRE: Final = "modbus"
TABLE: Final = "wires/modbus.csv"
COLUMNS: Final = (
    "host", "port", "unit", "table", "address", "form", "scale", "offset", "device", "channel", "period_s",
)  # fmt: skip
# The form of a value: how many registers, how `struct` reads their bytes, and whether the words stand the other way round.
FORMS: Final = {
    "u16": (1, ">H", False),
    "i16": (1, ">h", False),
    "u32": (2, ">I", False),
    "i32": (2, ">i", False),
    "f32": (2, ">f", False),
    "f64": (4, ">d", False),
    "u32-swapped": (2, ">I", True),
    "i32-swapped": (2, ">i", True),
    "f32-swapped": (2, ">f", True),
    "bit": (1, "?", False),
}
TABLES: Final = ("holding", "input", "coil", "discrete")
MOST_TOGETHER: Final = 120  # a request may ask for 125
MOST_ROWS: Final = 20_000
_NAME: Final = re.compile(r".{1,64}")
_HOST: Final = re.compile(r"[A-Za-z0-9.:\-\[\]]{1,253}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One row: value × scale + offset is the reading."""

    host: str
    port: int
    unit: int
    table: str
    address: int
    form: str
    scale: float
    offset: float
    device: str
    channel: str
    period_s: float

    @property
    def size(self) -> int:
        """Return how many registers the value takes."""
        return FORMS[self.form][0]


@dataclass(frozen=True, slots=True)
class Request:
    """Registers of one unit that are asked for together."""

    unit: int
    table: str
    address: int
    count: int
    registers: tuple[Register, ...]


def read_map(text: str) -> list[Register]:
    """Return the register map; a row that is wrong is refused with its line, its column and what would be right."""
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    head = [name.strip() for name in lines.fieldnames or ()]
    if missing := [name for name in COLUMNS if name not in head]:
        raise Refused("wires.bad_table", table=TABLE, problem=f"{missing[0]}? {', '.join(COLUMNS)}")
    lines.fieldnames = head
    found = [_register(row, lines.line_num) for row in lines if any(row.values())]
    if len(found) > MOST_ROWS:
        raise Refused("wires.bad_table", table=TABLE, problem=f"{len(found)} > {MOST_ROWS}")
    return found


class _Cells:
    """A row's cells; what is wrong in one is refused with its line."""

    def __init__(self, row: dict[str, str], line: int) -> None:
        self._cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        self._line = line

    def refused(self, column: str, wanted: str) -> Refused:
        problem = f"{self._line}: {column} = {self._cells[column]!r}; {wanted}"
        return Refused("wires.bad_table", table=TABLE, problem=problem)

    def whole(self, column: str, least: int, most: int) -> int:
        text = self._cells[column]
        if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
            raise self.refused(column, f"{least}–{most}")
        return int(text)

    def number(self, column: str, default: float, least: float = -math.inf) -> float:
        try:
            value = float(self._cells[column] or default)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < least:
            raise self.refused(column, f"{default}")
        return value

    def one_of(self, column: str, known: Iterable[str]) -> str:
        if self._cells[column] not in known:
            raise self.refused(column, ", ".join(known))
        return self._cells[column]

    def matching(self, column: str, pattern: re.Pattern[str], wanted: str) -> str:
        if not pattern.fullmatch(self._cells[column]):
            raise self.refused(column, wanted)
        return self._cells[column]


def _register(row: dict[str, str], line: int) -> Register:
    cells = _Cells(row, line)
    table, form = cells.one_of("table", TABLES), cells.one_of("form", FORMS)
    if (form == "bit") != (table in ("coil", "discrete")):
        raise cells.refused("form", "bit ↔ coil, discrete")
    return Register(
        host=cells.matching("host", _HOST, "10.1.2.3"),
        port=cells.whole("port", 1, 65_535),
        unit=cells.whole("unit", 0, 255),
        table=table,
        address=cells.whole("address", 0, 65_535),
        form=form,
        scale=cells.number("scale", 1.0),
        offset=cells.number("offset", 0.0),
        device=cells.matching("device", _NAME, "1–64"),
        channel=cells.matching("channel", _NAME, "1–64"),
        period_s=cells.number("period_s", 60.0, 0.1),
    )


def requests(registers: Iterable[Register]) -> list[Request]:
    """Return as few requests as will do: neighbours of one table together, up to what one may ask for."""

    def place(one: Register) -> tuple[int, str, int]:
        return one.unit, one.table, one.address

    found: list[Request] = []
    for (unit, table), same in groupby(sorted(registers, key=place), lambda r: (r.unit, r.table)):
        run: list[Register] = []
        for one in same:
            if run and (
                one.address > run[-1].address + run[-1].size
                or one.address + one.size - run[0].address > MOST_TOGETHER
            ):
                found.append(_request(unit, table, run))
                run = []
            run.append(one)
        found.append(_request(unit, table, run))
    return found


def _request(unit: int, table: str, run: Sequence[Register]) -> Request:
    start = run[0].address
    end = max(one.address + one.size for one in run)
    return Request(unit, table, start, end - start, tuple(run))


def readings(request: Request, words: Sequence[int], at_ms: int) -> list[WireReading]:
    """Return what a request's answer says; words (or bits) that are not there are missing values."""
    return [
        _reading(one, words[one.address - request.address :], at_ms) for one in request.registers
    ]


def _reading(register: Register, words: Sequence[int], at_ms: int) -> WireReading:
    size, form, swapped = FORMS[register.form]
    if len(words) < size:
        return WireReading(register.device, register.channel, at_ms, NO_VALUE, Quality.MISSING)
    if register.form == "bit":
        return WireReading(register.device, register.channel, at_ms, float(bool(words[0])))
    ordered = reversed(words[:size]) if swapped else words[:size]
    packed = b"".join((word & 0xFFFF).to_bytes(2, "big") for word in ordered)
    value = struct.unpack(form, packed)[0] * register.scale + register.offset
    if not math.isfinite(value):
        return WireReading(register.device, register.channel, at_ms, NO_VALUE, Quality.MISSING)
    return WireReading(register.device, register.channel, at_ms, round(value, 9))
