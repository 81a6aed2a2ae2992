"""The room's tables, read once: bands, antennas, defaults by kind, clutter, who shares whose network."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from layers.coverage.model import Carrier, Technology, Which
from vocabulary.errors import Refused

FOLDER: Final = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A band's downlink: how channel numbers become megahertz, and what is usual in it."""

    band: str
    technology: Technology
    downlink_mhz: float
    first: int
    last: int
    offset: int
    step_khz: float
    bandwidth_mhz: float
    scs_khz: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Antenna:
    """The pattern of an antenna by its beam widths and the least it lets through behind and beside."""

    antenna: str
    gain_dbi: float
    horizontal_deg: float
    vertical_deg: float
    horizontal_floor_db: float
    vertical_floor_db: float
    total_floor_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a sector of a kind is taken to be where a table does not say; `source` is shown beside it."""

    kind: str
    technology: Technology | None
    from_mhz: float
    to_mhz: float
    indoor: bool
    height_m: float
    electrical_tilt_deg: float
    mechanical_tilt_deg: float
    power_dbm: float
    bandwidth_mhz: float
    antenna: str
    source: str


@cache
def bands() -> dict[str, Band]:
    """Return every band by its name."""
    return {row["band"]: _band(row) for row in rows("bands")}


@cache
def antennas() -> dict[str, Antenna]:
    """Return every antenna by its name."""
    found = {}
    for row in rows("antennas"):
        name = row.pop("antenna")
        row.pop("source")
        found[name] = Antenna(antenna=name, **{key: float(value) for key, value in row.items()})
    return found


@cache
def defaults() -> tuple[Defaults, ...]:
    """Return the kinds in the order in which they are tried."""
    return tuple(_defaults(row) for row in rows("defaults"))


@cache
def _shared() -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (row["holder"], row["technology"], row["band"], row["customers_of"])
        for row in rows("sharing")
    )


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped table."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def antenna(name: str) -> Antenna:
    """Return an antenna; Refused when no row describes it."""
    found = antennas().get(name)
    if found is None:
        raise Refused("coverage.antenna", value=name, known=", ".join(antennas()))
    return found


def customers(carrier: Carrier) -> frozenset[str]:
    """Return the operators whose customers a carrier serves: its holder's, and those who share it."""
    others = {
        customer
        for holder, technology, band, customer in _shared()
        if holder == carrier.operator
        and technology in ("", carrier.technology)
        and band in ("", carrier.band)
    }
    return frozenset({carrier.operator, *others})


def meant(carrier: Carrier, which: Which) -> bool:
    """Say whether a carrier is among those asked for."""
    return (
        which.technology in (None, carrier.technology)
        and which.band in (None, carrier.band)
        and (which.operator is None or which.operator in customers(carrier))
    )


def _band(row: dict[str, str]) -> Band:
    return Band(
        band=row["band"], technology=Technology(row["technology"]), downlink_mhz=float(row["downlink_mhz"]),
        first=int(row["first"]), last=int(row["last"]), offset=int(row["offset"]), step_khz=float(row["step_khz"]),
        bandwidth_mhz=float(row["bandwidth_mhz"]), scs_khz=float(row["scs_khz"]),
    )  # fmt: skip


def _defaults(row: dict[str, str]) -> Defaults:
    return Defaults(
        kind=row["kind"], technology=Technology(row["technology"]) if row["technology"] else None,
        from_mhz=float(row["from_mhz"]), to_mhz=float(row["to_mhz"]), indoor=row["indoor"] == "1",
        height_m=float(row["height_m"]), electrical_tilt_deg=float(row["electrical_tilt_deg"]),
        mechanical_tilt_deg=float(row["mechanical_tilt_deg"]), power_dbm=float(row["power_dbm"]),
        bandwidth_mhz=float(row["bandwidth_mhz"]), antenna=row["antenna"], source=row["source"],
    )  # fmt: skip
