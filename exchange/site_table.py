"""Site tables of operators: whatever their columns are called, to sites of ours; every row that is not right says why.

A table that names cells by their E-UTRAN or NR cell identity needs no site column: an ECI is the station's number times 256
plus the cell's (3GPP TS 23.003, 19.6); an NCI is read with 24 bits for the station, as most operators here part it.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from county.datum import declared, to_wgs84
from exchange.sheet import Sheet
from exchange.sheet_lines import lines_of
from layers.coverage.model import Site
from layers.coverage.site_rows import Taken, sites_of
from vocabulary.errors import Refused

SEPARATORS: Final = ",\t;|"
ROWS_MOST: Final = 200_000
PLMNS: Final = Path(__file__).parent / "plmns.csv"
OPERATOR_WORDS: Final = {
    "中国移动": "CMCC", "移动": "CMCC", "中国电信": "CTCC", "电信": "CTCC", "中国联通": "CUCC", "联通": "CUCC",
    "中国广电": "CBN", "广电": "CBN",
}  # fmt: skip
CELL_WORDS: Final = {
    "ecellid": ("LTE", 8), "eci": ("LTE", 8), "ecgi": ("LTE", 8), "cell_id": ("LTE", 8), "小区标识": ("LTE", 8),
    "nci": ("NR", 12), "ncgi": ("NR", 12), "nrcellid": ("NR", 12),
}  # fmt: skip
TECHNOLOGY_WORDS: Final = {"earfcn": "LTE", "nrarfcn": "NR", "nr-arfcn": "NR", "ssb_arfcn": "NR"}
MORE_WORDS: Final = {
    "arfcn": ("nrarfcn", "nr-arfcn", "ssb_arfcn"),
    "name": ("cellname", "小区名称", "cell_name"),
}
PLMN: Final = re.compile(r"(?<!\d)(\d{5})(?!\d)")
Locate = Callable[[Site], str]  # inside, beyond, outside or swapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the sender says of a table besides its rows: for all rows that do not say it themselves."""

    operator: str = ""
    technology: str = ""
    datum: str = "wgs84"


@dataclass(slots=True)
class SiteReading:
    """What a reading found: the sites, refusals by line, what was assumed, and what else is to be known."""

    sites: tuple[Site, ...] = ()
    rows: int = 0
    refused: list[tuple[int, Refused]] = field(default_factory=list)
    assumed: dict[str, int] = field(default_factory=dict)
    full_turns: int = 0  # azimuths written 360, which are 0
    beyond: int = 0  # sites outside the county, near enough to reach into it
    out_of_service: int = 0
    indoor: int = 0

    @property
    def cells(self) -> int:
        """Return how many cells were taken."""
        return sum(len(site.sectors) for site in self.sites)


def read_sites(sheet: Sheet, told: Told, where: Locate) -> SiteReading:
    """Return the sites of a table; a table without the columns it needs is refused whole."""
    name = sheet.name
    head, lines, rows = _rows(sheet)
    columns = _columns(name, head, told)
    reading = SiteReading(rows=len(rows))
    filled = [_filled(name, columns, dict(zip(head, row, strict=False)), told) for row in rows]
    _to_wgs84(filled, told.datum)
    reading.full_turns = sum(_is_full_turn(row.get("azimuth_deg", "")) for row in filled)
    taken = sites_of(filled)
    reading.refused = [(lines[number - 1], why) for number, why in taken.refused]
    _place(taken, lines, filled, where, reading)
    return reading


def _place(
    taken: Taken, lines: list[int], rows: list[dict[str, str]], where: Locate, reading: SiteReading
) -> None:
    first = {
        row.get("site_id", ""): line for line, row in zip(lines[::-1], rows[::-1], strict=True)
    }
    kept: list[Site] = []
    for site in taken.sites:
        lies = where(site)
        if lies in ("inside", "beyond"):
            kept.append(site)
            reading.beyond += lies == "beyond"
            continue
        values = {"site": site.id, "lon": site.place.lon_deg, "lat": site.place.lat_deg}
        code = "radio.site_swapped" if lies == "swapped" else "radio.site_outside"
        reading.refused.append((first[site.id], Refused(code, **values, cells=len(site.sectors))))
    reading.sites = tuple(kept)
    cells = [sector for site in kept for sector in site.sectors]
    names = sorted({name for cell in cells for name in cell.assumed})
    reading.assumed = {name: sum(name in cell.assumed for cell in cells) for name in names}
    reading.out_of_service = sum(not cell.in_service for cell in cells)
    reading.indoor = sum(cell.indoor for cell in cells)
    reading.refused.sort(key=lambda one: one[0])


def _rows(sheet: Sheet) -> tuple[list[str], list[int], list[list[str]]]:
    name = sheet.name
    lines = _separated(sheet) if sheet.form == "csv" else lines_of(sheet)
    read = [(line, row) for line, row in lines if any(cell.strip() for cell in row)]
    if len(read) < 2:
        raise Refused("radio.no_rows", name=name)
    if len(read) > ROWS_MOST:
        raise Refused("radio.too_many", name=name, n=len(read), most=ROWS_MOST)
    head = [cell.strip() for cell in read[0][1]]
    rows = [[cell.strip() for cell in row] for _, row in read[1:]]
    return head, [line for line, _ in read[1:]], rows


def _separated(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    text = sheet.text()
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as problem:
        raise Refused("radio.unreadable", name=sheet.name, problem=problem) from problem


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which of a file's columns is which of ours, and the one that holds a cell's identity."""

    ours: dict[str, str]
    cell: str
    cell_bits: int
    technology: str


def _columns(name: str, head: list[str], told: Told) -> _Columns:
    from county.importing.sources.roles import (
        BY_NAME,  # with the importing of counties: a second to load
    )
    from county.importing.sources.words import columns_of, plain

    ours = columns_of(BY_NAME["sites"], head)
    by_word = {plain(column): column for column in head}
    for column, words in MORE_WORDS.items():
        theirs = next((by_word[word] for word in words if word in by_word), None)
        if theirs is not None:
            ours.setdefault(column, theirs)
    cell = next((word for word in CELL_WORDS if word in by_word), "")
    technology = told.technology or next(
        (TECHNOLOGY_WORDS[word] for word in TECHNOLOGY_WORDS if word in by_word), ""
    )
    if not technology and cell:
        technology = CELL_WORDS[cell][0]
    lacks = [column for column in ("lon", "lat", "arfcn") if column not in ours]
    lacks += ["site_id"] if "site_id" not in ours and not cell else []
    lacks += ["technology"] if "technology" not in ours and not technology else []
    lacks += ["operator"] if "operator" not in ours and not _operator(name, told) else []
    if lacks:
        raise Refused("radio.columns", name=name, missing=", ".join(lacks), present=", ".join(head))
    bits = CELL_WORDS[cell][1] if cell else 0
    return _Columns(ours, by_word.get(cell, ""), bits, technology)


def _operator(name: str, told: Told) -> str:
    """Return the operator of a table that has no column for it: as told, else by the network code in its name."""
    if told.operator:
        return _our_name(told.operator)
    found = [plmns()[code] for code in PLMN.findall(name) if code in plmns()]
    return found[0] if found else ""


def _our_name(operator: str) -> str:
    """Return an operator as we call it; one that is not known stays as it is written."""
    return OPERATOR_WORDS.get(operator) or known_operators().get(operator.upper(), operator)


@cache
def known_operators() -> dict[str, str]:
    """Return the operators whose network codes are known, by their names in capitals."""
    return {name.upper(): name for name in plmns().values()}


@cache
def plmns() -> dict[str, str]:
    """Return the operators by their network codes (ITU-T E.212)."""
    with PLMNS.open(encoding="utf-8", newline="") as stream:
        return {row["plmn"]: row["operator"] for row in csv.DictReader(stream)}


def _filled(name: str, columns: _Columns, row: dict[str, str], told: Told) -> dict[str, str]:
    mine = {ours: row.get(theirs, "") for ours, theirs in columns.ours.items()}
    operator = mine.get("operator", "")
    mine["operator"] = _our_name(operator) or _operator(name, told)
    mine["technology"] = mine.get("technology", "") or columns.technology
    cell = row.get(columns.cell, "")
    if columns.cell and not mine.get("site_id") and cell.isascii() and cell.isdecimal():
        station, sector = divmod(int(cell), 2**columns.cell_bits)
        mine["site_id"] = f"{mine['operator']}-{station}"
        mine["sector"] = mine.get("sector") or str(sector)
    return mine


def _to_wgs84(rows: Iterable[dict[str, str]], datum: str) -> None:
    if datum == "wgs84":
        return
    id_ = declared(datum).id
    for row in rows:
        try:
            lon, lat = float(row["lon"]), float(row["lat"])
        except ValueError:
            continue  # told by the reading of the row
        moved = to_wgs84(id_, np.array([lon]), np.array([lat]))
        row["lon"], row["lat"] = f"{moved[0][0]:.7f}", f"{moved[1][0]:.7f}"


def _is_full_turn(told: str) -> bool:
    try:
        return float(told) == 360
    except ValueError:
        return False
