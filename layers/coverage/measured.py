"""Measured signal: drive tests and crowdsourced grids; what cannot be a measurement is refused and counted by reason."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage.bands import band_at
from layers.coverage.model import Technology
from vocabulary.errors import Refused
from vocabulary.place import seems_swapped

Row = Mapping[str, str]
Floats = NDArray[np.float64]

# What the columns of the files we have met are called; the first that a file has counts.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "lon": ("lon", "longitude", "grid_lon", "经度"),
    "lat": ("lat", "latitude", "grid_lat", "纬度"),
    "rsrp_dbm": ("rsrp_dbm", "rsrp", "ss_rsrp", "rsrp_avg", "参考信号接收功率"),
    "technology": ("technology", "rat", "network", "制式"),
    "arfcn": ("arfcn", "earfcn", "freq", "频点"),
    "operator": ("operator", "运营商"),
    "samples": ("samples", "sample", "count", "采样数"),
    "spread_db": ("rsrp_std", "std"),
}
NEEDED: Final = ("lon", "lat", "rsrp_dbm")
TECHNOLOGIES: Final = {
    "lte": Technology.LTE, "4g": Technology.LTE, "nr": Technology.NR, "5g": Technology.NR, "sub6": Technology.NR,
    "nr-sa": Technology.NR, "nr-nsa": Technology.NR,
}  # fmt: skip
# 3GPP reports LTE RSRP from -140 to -44 dBm (TS 36.133 9.1.4) and SS-RSRP from -156 to -31 (TS 38.133 10.1.6). What phones
# give for "no value" lies at or below -139 here, or is 0, or one of the large numbers of their interfaces.
FLOOR_DBM: Final = -139.0
CEILING_DBM: Final = -31.0
LEAST_SAMPLES: Final = 3  # a mean of one or two says little
EXAMPLES: Final = 5
REASONS: Final = (
    "missing", "not_a_number", "swapped", "off_the_globe", "sentinel", "technology", "channel", "few_samples", "double",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Measurements:
    """Accepted measurements, one element each: position (WGS 84), RSRP, how many samples it is the mean of, and of which carrier.

    `carrier` is a number of `carriers` (operator, technology, band); the operator is empty where the file does not say.
    """

    lon_deg: Floats
    lat_deg: Floats
    rsrp_dbm: Floats
    samples: NDArray[np.int64]
    carrier: NDArray[np.int64]
    carriers: tuple[tuple[str, str, str], ...]

    def __len__(self) -> int:
        return len(self.rsrp_dbm)


@dataclass(slots=True)
class Report:
    """How many rows were read, taken, and refused by reason; with the first lines of each."""

    rows: int = 0
    accepted: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, reason: str, line: int) -> None:
        """Count one row, and keep its line among the first few."""
        self.refused[reason] = self.refused.get(reason, 0) + 1
        kept = self.lines.setdefault(reason, [])
        if len(kept) < EXAMPLES:
            kept.append(line)


@dataclass(frozen=True, slots=True)
class _One:
    lon_deg: float
    lat_deg: float
    rsrp_dbm: float
    samples: int
    carrier: tuple[str, str, str]
    arfcn: int


class _Wrong(Exception):
    """A row that is no measurement, with its reason."""


def read(text: Iterable[str], operator: str = "", least_samples: int = LEAST_SAMPLES) -> tuple[Measurements, Report]:  # fmt: skip
    """Return the measurements of a CSV text; Refused when its columns cannot be told, a single row is refused alone.

    `operator` is whose network was measured, where the file has no column of it.
    """
    rows = csv.DictReader(text)
    found = _columns(rows.fieldnames or ())
    report, taken = Report(), list[_One]()
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        report.rows += 1
        try:
            one = _one(row, found, operator, least_samples)
            _once(one, row, seen)
        except _Wrong as why:
            report.refuse(str(why), rows.line_num)
            continue
        taken.append(one)
    report.accepted = len(taken)
    return _gathered(taken), report


def _columns(names: Sequence[str]) -> dict[str, str]:
    lower = {name.strip().lower(): name for name in names}
    found = {}
    for ours, theirs in NAMES.items():
        known = next((lower[one] for one in theirs if one in lower), None)
        if known is not None:
            found[ours] = known
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Refused("coverage.measured_columns", missing=", ".join(missing), found=", ".join(names))  # fmt: skip
    return found


def _one(row: Row, found: Mapping[str, str], operator: str, least: int) -> _One:
    lon, lat, level = (_number(row, found, name) for name in NEEDED)
    if seems_swapped(lon, lat):
        raise _Wrong("swapped")
    if not (abs(lon) <= 180 and abs(lat) <= 90) or (lon == 0 and lat == 0):
        raise _Wrong("off_the_globe")
    if not FLOOR_DBM < level <= CEILING_DBM:
        raise _Wrong("sentinel")
    samples = int(_number(row, found, "samples")) if "samples" in found else least
    if samples < least:
        raise _Wrong("few_samples")
    who = (row.get(found.get("operator", ""), "") or operator).strip()
    technology, band, arfcn = _carrier(row, found)
    return _One(lon, lat, level, samples, (who, technology, band), arfcn)


def _carrier(row: Row, found: Mapping[str, str]) -> tuple[str, str, int]:
    told = (row.get(found.get("technology", ""), "") or "").strip().lower()
    if not told:
        return "", "", 0
    if told not in TECHNOLOGIES:
        raise _Wrong("technology")
    technology = TECHNOLOGIES[told]
    if "arfcn" not in found or not (row[found["arfcn"]] or "").strip():
        return technology.value, "", 0
    arfcn = int(_number(row, found, "arfcn"))
    try:
        return technology.value, band_at(technology, arfcn).band, arfcn
    except (
        Refused
    ):  # a band the county's networks do not have (of another country): its technology still tells
        return technology.value, "", arfcn


def _number(row: Row, found: Mapping[str, str], name: str) -> float:
    told = (row.get(found[name]) or "").strip()
    if told.lower() in ("", "none", "null", "na", "nan", "-"):
        raise _Wrong("missing")
    try:
        value = float(told)
    except ValueError:
        raise _Wrong("not_a_number") from None
    if not isfinite(value):
        raise _Wrong("not_a_number")
    return value


def _once(one: _One, row: Row, seen: set[tuple[object, ...]]) -> None:
    key = tuple(row.values())
    if key in seen:
        raise _Wrong("double")
    seen.add(key)


def _gathered(taken: Sequence[_One]) -> Measurements:
    carriers = tuple(sorted({one.carrier for one in taken}))
    number = {carrier: order for order, carrier in enumerate(carriers)}
    return Measurements(
        np.array([one.lon_deg for one in taken], dtype=np.float64), np.array([one.lat_deg for one in taken], dtype=np.float64),
        np.array([one.rsrp_dbm for one in taken], dtype=np.float64), np.array([one.samples for one in taken], dtype=np.int64),
        np.array([number[one.carrier] for one in taken], dtype=np.int64), carriers,
    )  # fmt: skip
