"""Units and their rosters as a county brings them: a bad row of `units.csv` or `duty.csv` is refused with its reason."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from dispatch.messages import UnitEquipped, UnitRegistered
from dispatch.model import Shift, UnitKind
from incidents.table_files import Row
from vocabulary.errors import Refused
from vocabulary.ids import UnitId
from vocabulary.place import Place

UNIT_COLUMNS: Final = (
    "unit_id", "name", "name_en", "kind", "department", "home_lon", "home_lat", "skills", "crew", "vehicle", "radio",
)  # fmt: skip
DUTY_COLUMNS: Final = ("unit_id", "weekday", "from", "to", "shift")
WEEKDAYS: Final = tuple("1234567")
CREW_MOST: Final = 500
_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_CLOCK: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One unit: what it is, and what it can do."""

    registered: UnitRegistered
    equipped: UnitEquipped


@dataclass(slots=True)
class Rosters:
    """What a reading found: the good rows, and every refusal in the order of the rows."""

    units: list[UnitRow] = field(default_factory=list)
    duty: dict[UnitId, list[Shift]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a row may name: departments, skills, and where a home may be (None: inside, Refused: not)."""

    departments: Collection[str]
    skills: Collection[str]
    need_inside: Callable[[Place], object]


def read_units(text: str, known: Known, found: Rosters) -> None:
    """Read `units.csv` into `found`."""
    seen: set[str] = set()

    def read(row: Row) -> None:
        unit = _unit(row, known)
        if unit.registered.unit_id in seen:
            value = unit.registered.unit_id
            raise Refused("dispatch.unit_twice", table=row.table, row=row.line, value=value)
        seen.add(unit.registered.unit_id)
        found.units.append(unit)

    _each("units.csv", text, UNIT_COLUMNS, read, found)


def read_duty(text: str, units: Collection[str], found: Rosters) -> None:
    """Read `duty.csv` into `found`; `units` are those that are known besides the ones found before."""
    known = {*units, *(unit.registered.unit_id for unit in found.units)}

    def read(row: Row) -> None:
        unit_id = row.text("unit_id")
        if unit_id not in known:
            raise Refused(
                "dispatch.duty_without_unit", table=row.table, row=row.line, value=unit_id
            )
        found.duty.setdefault(UnitId(unit_id), []).append(_shift(row))

    _each("duty.csv", text, DUTY_COLUMNS, read, found)


def _each(
    table: str, text: str, columns: tuple[str, ...], read: Callable[[Row], None], found: Rosters
) -> None:
    for row in _rows(table, text, columns):
        try:
            if isinstance(row, Refused):
                raise row
            read(row)
        except Refused as refused:
            found.refused.append(refused)


def _rows(table: str, text: str, columns: tuple[str, ...]) -> Iterator[Row | Refused]:
    """Yield the rows by column name; further columns are the county's own and are passed over."""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    head = [name.strip() for name in next(lines, [])]
    if not set(columns) <= set(head):
        given, expected = ",".join(head), ",".join(columns)
        raise Refused("incidents.bad_head", table=table, value=given, expected=expected)
    for cells in lines:
        if not any(cells):
            continue
        if len(cells) != len(head):
            line, n = lines.line_num, len(cells)
            yield Refused("incidents.bad_row", table=table, row=line, n=n, expected=len(head))
            continue
        named: Mapping[str, str] = dict(zip(head, map(str.strip, cells), strict=True))
        yield Row(table, lines.line_num, {name: named[name] for name in columns})


def _unit(row: Row, known: Known) -> UnitRow:
    id = UnitId(row.read("unit_id", _matching(_ID), "1 to 40 of A-Z a-z 0-9 _ . : -"))
    return UnitRow(
        registered=UnitRegistered(
            unit_id=id,
            name=row.text("name"),
            unit_kind=UnitKind(row.one_of("kind", tuple(UnitKind))),
            department=row.one_of("department", tuple(known.departments)),
            home=_home(row, known),
        ),
        equipped=UnitEquipped(
            unit_id=id,
            name_en=row.cells["name_en"],
            skills=_skills(row, known),
            crew=row.read("crew", _crew, f"0 to {CREW_MOST}"),
            vehicle=row.cells["vehicle"],
            radio=row.cells["radio"],
        ),
    )


def _home(row: Row, known: Known) -> Place | None:
    if not row.cells["home_lon"] and not row.cells["home_lat"]:
        return None
    lon = row.read("home_lon", float, "longitude in degrees")
    lat = row.read("home_lat", float, "latitude in degrees")
    try:
        home = Place(lon, lat)
        known.need_inside(home)
    except Refused as outside:
        raise row.refused("home_lon", f"inside the county ({outside})") from None
    return home


def _skills(row: Row, known: Known) -> tuple[str, ...]:
    named = [skill.strip() for skill in row.cells["skills"].split(";") if skill.strip()]
    for skill in named:
        if skill not in known.skills:
            every = ", ".join(known.skills)
            place = {"table": row.table, "row": row.line}
            raise Refused("dispatch.unknown_skill", **place, value=skill, known=every)
    return tuple(dict.fromkeys(named))


def _crew(text: str) -> int:
    crew = int(text or 0)
    if not 0 <= crew <= CREW_MOST:
        raise ValueError(text)
    return crew


def _shift(row: Row) -> Shift:
    return Shift(
        weekday=int(row.one_of("weekday", WEEKDAYS)),
        begins_min=row.read("from", _minute, "HH:MM"),
        ends_min=row.read("to", _minute, "HH:MM"),
        name=row.cells["shift"],
    )


def _minute(text: str) -> int:
    hour, minute = _matching(_CLOCK)(text).split(":")
    if int(hour) * 60 + int(minute) > 24 * 60:
        raise ValueError(text)
    return (int(hour) * 60 + int(minute)) % (24 * 60)


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text

    return read
