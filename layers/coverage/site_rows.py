"""Rows of a site table as sites: what is missing is filled from the defaults of its kind and marked as assumed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

from layers.coverage.bands import band_at, band_of, downlink_mhz, reference_dbm
from layers.coverage.model import Sector, Site, Technology
from layers.coverage.tables import Band, Defaults, antenna, defaults
from vocabulary.errors import Refused
from vocabulary.place import Place

Row = Mapping[str, str]
OPTIONAL: Final = ("height_m", "electrical_tilt_deg", "mechanical_tilt_deg", "power_dbm", "bandwidth_mhz")  # fmt: skip
SPELLED: Final = {"electrical_tilt_deg": "tilt_deg"}
LIMITS: Final = {
    "height_m": (1.0, 500.0), "electrical_tilt_deg": (-30.0, 90.0), "mechanical_tilt_deg": (-30.0, 90.0),
    "power_dbm": (-20.0, 80.0), "bandwidth_mhz": (1.4, 400.0), "azimuth_deg": (0.0, 360.0),
    "re_power_dbm": (-60.0, 60.0), "pci": (0.0, 1007.0), "arfcn": (0.0, 3279165.0),
}  # fmt: skip
NO: Final = frozenset({"0", "false", "no", "否", "停用", "n"})
YES: Final = frozenset({"", "1", "true", "yes", "是", "在网", "y"})
GENERATIONS: Final = {"4G": "LTE", "LTE": "LTE", "E-UTRA": "LTE", "5G": "NR", "NR": "NR"}


@dataclass(slots=True)
class Taken:
    """The sites of a table, what was refused with its row (from 1), and how often each field was assumed."""

    sites: tuple[Site, ...] = ()
    refused: list[tuple[int, Refused]] = field(default_factory=list)
    assumed: dict[str, int] = field(default_factory=dict)


def sites_of(rows: Iterable[Row]) -> Taken:
    """Return every site of the rows; a row that cannot be a sector is refused alone, with its number."""
    taken = Taken()
    found: dict[str, list[Sector]] = {}
    heads: dict[str, tuple[str, Place]] = {}
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        try:
            site_id, name, place, sector = _read(row, heads, seen)
        except Refused as why:
            taken.refused.append((number, why))
            continue
        seen.add(sector.id)
        heads.setdefault(site_id, (name, place))
        found.setdefault(site_id, []).append(sector)
        for what in sorted(sector.assumed):
            taken.assumed[what] = taken.assumed.get(what, 0) + 1
    taken.sites = tuple(
        Site(id=one, name=heads[one][0], place=heads[one][1], sectors=tuple(sectors))
        for one, sectors in sorted(found.items())
    )
    return taken


def _read(
    row: Row, heads: dict[str, tuple[str, Place]], seen: set[str]
) -> tuple[str, str, Place, Sector]:
    site_id, operator = _text(row, "site_id"), _text(row, "operator")
    place = Place(_needed(row, "lon"), _needed(row, "lat"))
    name, at = heads.get(site_id, (row.get("name", "") or site_id, place))
    if at != place:
        raise Refused("coverage.site_moves", site=site_id)
    sector = _sector(row, site_id, operator)
    if sector.id in seen:
        raise Refused("coverage.sector_twice", value=sector.id)
    return site_id, name, place, sector


def _sector(row: Row, site_id: str, operator: str) -> Sector:
    technology, band, arfcn, mhz = _carrier(row)
    indoor = _flag(row, "indoor", default=False)
    usual = usual_of(technology, mhz, indoor=indoor)
    numbers, assumed = _numbers(row, usual, band)
    azimuth = _number(row, "azimuth_deg")
    pattern = (row.get("antenna") or "").strip()
    if azimuth is None:
        assumed.add("azimuth_deg")
    if not pattern:
        assumed.add("antenna")
    name = (row.get("sector") or "1").strip()
    sector = Sector(
        id=f"{site_id}/{name}/{band.band}/{arfcn}", name=name, operator=operator, technology=technology, band=band.band,
        arfcn=arfcn, pci=int(_number(row, "pci") or 0), azimuth_deg=(azimuth or 0.0) % 360,
        antenna=antenna(pattern or ("omni-2" if azimuth is None else usual.antenna)).antenna,
        re_power_dbm=_number(row, "re_power_dbm"), in_service=_flag(row, "in_service", default=True), indoor=indoor,
        assumed=frozenset(assumed), **numbers,
    )  # fmt: skip
    reference_dbm(sector)  # refuses a width the standards do not know
    return sector


def _carrier(row: Row) -> tuple[Technology, Band, int, float]:
    told = _text(row, "technology").upper()
    if told not in GENERATIONS:
        raise Refused("coverage.technology", value=told, known=", ".join(GENERATIONS))
    technology = Technology(GENERATIONS[told])
    arfcn = int(_needed(row, "arfcn"))
    named = (row.get("band") or "").strip()
    band = band_of(named) if named else band_at(technology, arfcn)
    if band.technology is not technology:
        raise Refused("coverage.band_technology", band=band.band, technology=technology.value)
    return technology, band, arfcn, downlink_mhz(band, arfcn)


def usual_of(technology: Technology, mhz: float, *, indoor: bool = False) -> Defaults:
    """Return the defaults of the kind a sector is of."""
    return next(
        one
        for one in defaults()
        if one.indoor == indoor
        and one.technology in (None, technology)
        and one.from_mhz <= mhz < one.to_mhz
    )


def _numbers(row: Row, usual: Defaults, band: Band) -> tuple[dict[str, float], set[str]]:
    values, assumed = {}, set()
    for name in OPTIONAL:
        value = _number(row, name if name in row else SPELLED.get(name, name))
        if value is None and name == "mechanical_tilt_deg" and "tilt_deg" in row:
            value = 0.0  # a table with one tilt means the sum
        if value is None:
            value = band.bandwidth_mhz if name == "bandwidth_mhz" else getattr(usual, name)
            assumed.add(name)
        values[name] = value
    return values, assumed


def _text(row: Row, name: str) -> str:
    value = (row.get(name) or "").strip()
    if not value:
        raise Refused("coverage.missing", field=name)
    return value


def _needed(row: Row, name: str) -> float:
    value = _number(row, name)
    if value is None:
        raise Refused("coverage.missing", field=name)
    return value


def _number(row: Row, name: str) -> float | None:
    told = (row.get(name) or "").strip()
    if not told:
        return None
    try:
        value = float(told)
    except ValueError:
        value = float("nan")
    low, high = LIMITS.get(name, (-180.0, 180.0))
    if not isfinite(value) or not low <= value <= high:
        raise Refused("coverage.number", field=name, value=told, low=low, high=high)
    return value


def _flag(row: Row, name: str, *, default: bool) -> bool:
    told = (row.get(name) or "").strip().lower()
    if not told:
        return default
    if told not in YES | NO:
        raise Refused("coverage.flag", field=name, value=told)
    return told in YES
