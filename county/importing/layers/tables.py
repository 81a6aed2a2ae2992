"""Tables carried whole into the county: every row judged by what its columns must be, positions by the county's edge."""

import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.datum_detection import Reference
from county.importing.layers.frames import Datums
from county.importing.layers.placing import ROW, place
from county.importing.layers.rows import match, numbers_of, points
from county.importing.report import LayerReport, Note
from county.importing.sources import encodings, texts
from county.importing.sources.found import Source
from vocabulary.errors import Refused

FOLDER: Final = "tables"
CLOCK: Final = r"([01]\d|2[0-3]):[0-5]\d|24:00"
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rule:
    """What the rows of a table owe: unique keys, numbers, forms, a position (of which some tables may lack one)."""

    key: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    forms: Mapping[str, str] = field(default_factory=dict)
    position: tuple[str, str] | None = None
    may_lack_position: bool = False


RULES: Final = {
    "sites": Rule(position=("lon", "lat"), numbers=(
        "azimuth_deg", "height_m", "tilt_deg", "power_dbm", "arfcn", "pci")),
    "devices": Rule(key=("device_id", "channel"), position=("lon", "lat"), numbers=("period_s", "low", "high")),
    "departments": Rule(key=("code",)),
    "units": Rule(key=("unit_id",), position=("home_lon", "home_lat"), may_lack_position=True, numbers=("crew",)),
    "broadband": Rule(key=("id",), position=("lon", "lat"), numbers=(
        "households", "gigabit_reached", "gigabit_users", "hundred_reached", "hundred_users")),
    "backbone": Rule(key=("id",), position=("lon", "lat"), may_lack_position=True, numbers=("capacity_gbps",)),
    "duty": Rule(forms={"weekday": "[1-7]", "from": CLOCK, "to": CLOCK}),
}  # fmt: skip


@dataclass(slots=True)
class Table:
    """A table as it is kept: its columns, ours first, and its rows."""

    role: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What positions are held against: what is known in WGS 84, and where they may lie at all (None: not known)."""

    datums: Datums
    known: Callable[[NDArray[np.object_]], Reference]
    within: BaseGeometry | None


def take(source: Source, ground: Ground, report: LayerReport) -> tuple[Table, list[Note]]:
    """Return the good rows of a table; each other one is counted with its line and what is wrong with it."""
    read = texts.read(source.file)
    found = match(source.role, list(read.columns), source.label)
    report.refuse("uneven", len(read.uneven), read.uneven)
    lines = np.array(read.lines, dtype=np.int64)
    columns = {ours: read.column(theirs) for ours, theirs in found.items()}
    rule = RULES[source.role.name]
    keep = _complete(source, columns, lines, report)
    keep &= _in_form(rule, columns, keep, lines, report)
    notes: list[Note] = []
    if rule.position is not None and rule.position[0] in columns and rule.position[1] in columns:
        keep, notes = _placed(source, rule, columns, keep, lines, ground, report)
    keep &= _first(rule, columns, keep, lines, report)
    others = [name for name in read.columns if name not in found.values()]
    columns |= {name: read.column(name) for name in others if name not in columns}
    ours = list(source.role.columns)
    names = [*ours, *(name for name in columns if name not in ours)]
    blank = [""] * len(lines)
    rows = zip(*(columns.get(name, blank) for name in names), strict=True)
    report.accepted += int(keep.sum())
    if not report.sources:
        report.sources.append(source.label)
    return Table(
        source.role.name,
        names,
        [list(row) for row, good in zip(rows, keep, strict=True) if good],
    ), notes


def _complete(
    source: Source, columns: dict[str, list[str]], lines: NDArray[np.int64], report: LayerReport
) -> Mask:
    keep = np.ones(len(lines), dtype=bool)
    for name in source.role.needs:
        if name not in {"lon", "lat"}:
            missing = keep & (np.array(columns[name], dtype=object) == "")
            report.refuse_where(f"missing:{name}", missing, lines)
            keep &= ~missing
    return keep


def _in_form(
    rule: Rule,
    columns: dict[str, list[str]],
    keep: Mask,
    lines: NDArray[np.int64],
    report: LayerReport,
) -> Mask:
    good = np.ones(len(lines), dtype=bool)
    for name in rule.numbers:
        if name in columns:
            told = np.array(columns[name], dtype=object) != ""
            bad = keep & good & told & ~np.isfinite(numbers_of(columns[name]))
            report.refuse_where(f"no_number:{name}", bad, lines)
            good &= ~bad
    for name, form in rule.forms.items():
        fits = np.array([bool(re.fullmatch(form, value)) for value in columns[name]], dtype=bool)
        report.refuse_where(f"bad_value:{name}", keep & good & ~fits, lines)
        good &= fits
    return good


def _placed(
    source: Source,
    rule: Rule,
    columns: dict[str, list[str]],
    keep: Mask,
    lines: NDArray[np.int64],
    ground: Ground,
    report: LayerReport,
) -> tuple[Mask, list[Note]]:
    """Bring positions to WGS 84 and leave out rows that are clearly elsewhere."""
    lon_name, lat_name = rule.position or ("lon", "lat")
    has = np.array(
        [bool(x or y) for x, y in zip(columns[lon_name], columns[lat_name], strict=True)],
        dtype=bool,
    )
    asked = keep & (has | (not rule.may_lack_position))
    spots = points(numbers_of(columns[lon_name]), numbers_of(columns[lat_name]))
    raw = gpd.GeoDataFrame({ROW: lines[asked], "at": np.flatnonzero(asked)}, geometry=spots[asked])
    if not len(raw):
        return keep & ~asked, []
    placed = place(raw, source, ground.datums, ground.known, report)
    rows = placed.rows
    if ground.within is not None:
        inside = shapely.intersects(ground.within, rows.geometry.to_numpy())
        report.refuse_where("far_outside", ~inside, rows[ROW].to_numpy())
        rows = rows[inside]
    at = rows["at"].to_numpy()
    for row, x, y in zip(at.tolist(), rows.geometry.x, rows.geometry.y, strict=True):
        if placed.frame.datum.id != "wgs84":
            columns[lon_name][row], columns[lat_name][row] = f"{x:.7f}", f"{y:.7f}"
    good = keep & ~asked
    good[at] = True
    return good, placed.notes


def _first(
    rule: Rule,
    columns: dict[str, list[str]],
    keep: Mask,
    lines: NDArray[np.int64],
    report: LayerReport,
) -> Mask:
    names = [name for name in rule.key if name in columns] or list(columns)
    seen: set[tuple[str, ...]] = set()
    good = np.ones(len(lines), dtype=bool)
    for row in np.flatnonzero(keep).tolist():
        key = tuple(columns[name][row] for name in names)
        good[row] = key not in seen
        seen.add(key)
    report.refuse_where("double", ~good, lines)
    return good


def joined(parts: list[Table], report: LayerReport) -> Table:
    """Return the tables of one role as one; a row that stands in two files is taken once."""
    columns = list(dict.fromkeys(name for part in parts for name in part.columns))
    rule, seen, rows = RULES[parts[0].role], set[tuple[str, ...]](), []
    for part in parts:
        at = {name: number for number, name in enumerate(part.columns)}
        for row in part.rows:
            whole = [row[at[name]] if name in at else "" for name in columns]
            key = tuple(whole[columns.index(name)] for name in rule.key or columns)
            if key in seen:
                report.accepted -= 1
                report.refuse("double")
                continue
            seen.add(key)
            rows.append(whole)
    return Table(parts[0].role, columns, rows)


def plan_of(file: Path) -> dict[str, Any]:
    """Return a plan's table; Refused when it is no TOML or has no id and name."""
    text, _ = encodings.decoded(file.read_bytes(), file.name)
    try:
        plan = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise Refused("county.plan_unreadable", file=file.name, problem=problem) from problem
    missing = [name for name in ("id", "name") if not str(plan.get(name, "")).strip()]
    if missing:
        raise Refused("county.plan_incomplete", file=file.name, missing=", ".join(missing))
    return plan


def write(tables: list[Table], plans: list[Path], folder: Path) -> None:
    """Write tables/<role>.csv and tables/plans/*.toml into `folder`, as UTF-8."""
    inside = folder / FOLDER
    (inside / "plans").mkdir(parents=True)
    for table in tables:
        with (inside / f"{table.role}.csv").open("w", encoding="utf-8", newline="") as opened:
            out = csv.writer(opened, lineterminator="\n")
            out.writerow(table.columns)
            out.writerows(table.rows)
    for plan in plans:
        text, _ = encodings.decoded(plan.read_bytes(), plan.name)
        (inside / "plans" / plan.name).write_text(text, "utf-8")
