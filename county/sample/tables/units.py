"""Some 120 units: engines, ambulances, police, repair teams, drones, robots and duty persons, each at home at a real place."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from county.sample.tables.files import degrees
from county.sample.tables.land import Land, Named

COLUMNS: Final = (
    "unit_id", "name", "name_en", "kind", "department", "home_lon", "home_lat", "skills", "crew", "vehicle", "radio",
)  # fmt: skip
SEAT_M: Final = 6000.0
PARKED_M: Final = 12.0  # vehicles of one station stand beside each other
TROOPS: Final = Path(__file__).parent / "troops.csv"
YARD: Final = "government"  # who is at home there first is named by what it does, not by the place


@dataclass(frozen=True, slots=True)
class Troop:
    """Units of one make, spread over places of some kinds: `count` of them in all, or one at each place where 0."""

    prefix: str
    kind: str
    department: str
    zh: str
    en: str
    skills: str
    crew: int
    vehicle: str
    homes: tuple[str, ...]
    scope: str
    count: int
    roster: str


def troops() -> list[Troop]:
    """Return the rows of `troops.csv`. Who repairs has no public place of its own on the map: its yard is by another."""
    with TROOPS.open(encoding="utf-8", newline="") as opened:
        return [
            Troop(
                prefix=row["prefix"],
                kind=row["kind"],
                department=row["department"],
                zh=row["zh"],
                en=row["en"],
                skills=row["skills"],
                crew=int(row["crew"]),
                vehicle=row["vehicle"],
                homes=tuple(row["homes"].split(";")),
                scope=row["scope"],
                count=int(row["count"]),
                roster=row["roster"],
            )
            for row in csv.DictReader(opened)
        ]


@dataclass(frozen=True, slots=True)
class Placed:
    """One unit and where it is at home; `order` counts within its troop."""

    id: str
    name: str
    troop: Troop
    lon_deg: float
    lat_deg: float
    order: int


def placed(land: Land) -> list[Placed]:
    """Return the units in the order of their troops."""
    counts: dict[str, int] = {}
    found: list[Placed] = []
    for troop in troops():
        homes = _homes(land, troop)
        for order in range(troop.count or len(homes)):
            number = counts[troop.prefix] = counts.get(troop.prefix, 0) + 1
            home = order % len(homes)
            parked = np.array([PARKED_M * (number % 5), PARKED_M])
            beside = land.metres(homes.at[home][None]) + parked
            lon, lat = (float(value) for value in land.degrees(beside)[0])
            id, name = f"{troop.prefix}-{number:02d}", _name(troop, homes, home, number)
            found.append(Placed(id, name, troop, lon, lat, order))
    return found


def _name(troop: Troop, homes: Named, home: int, number: int) -> str:
    at = str(homes.names[home])
    return f"{troop.zh}{number:02d}" if troop.homes[0] == YARD else f"{at}{troop.zh}{number:02d}"


def _homes(land: Land, troop: Troop) -> Named:
    every = land.pois.of(*troop.homes)
    near = np.hypot(*land.metres(every.at).T) <= SEAT_M
    wanted = {"seat": near, "towns": ~near, "all": np.ones(len(every), dtype=np.bool_)}[troop.scope]
    if not wanted.any():
        wanted = np.ones(len(every), dtype=np.bool_)
    chosen = Named(every.kinds[wanted], every.names[wanted], every.at[wanted])
    if not len(chosen):
        nameless = np.array([""], dtype=object)
        return Named(nameless, nameless, land.seat[None])
    order = sorted(range(len(chosen)), key=lambda i: (troop.homes.index(chosen.kinds[i]), i))
    return Named(chosen.kinds[order], chosen.names[order], chosen.at[order])


def rows(units: list[Placed]) -> Iterator[list[object]]:
    """Yield the units as rows."""
    for unit in units:
        troop = unit.troop
        yield [
            unit.id, unit.name, f"{troop.en} {unit.id.rpartition('-')[2]}", troop.kind, troop.department,
            degrees(unit.lon_deg), degrees(unit.lat_deg), troop.skills, troop.crew, troop.vehicle, f"CH-{troop.prefix}",
        ]  # fmt: skip
