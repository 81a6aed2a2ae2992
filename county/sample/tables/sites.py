"""Cell sites: three operators, three sectors each, denser where people are; 700 MHz is 广电's, built together with 移动.

`power_dbm` is the whole carrier's power at the antenna port; one row is one cell (site, sector, band).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from county.sample.tables.files import degrees
from county.sample.tables.land import Land, Points

COLUMNS: Final = (
    "site_id", "name", "operator", "lon", "lat", "sector", "technology", "band", "arfcn", "pci", "azimuth_deg",
    "height_m", "tilt_deg", "power_dbm", "antenna", "in_service", "indoor",
)  # fmt: skip
OPERATORS: Final = (("CMCC", "移动", 200), ("CTCC", "电信", 140), ("CUCC", "联通", 130))
INDOOR: Final = 24  # malls, hospitals and the like with a system of their own
TOWER_SHARE: Final = 0.35  # of the sites stand on a tower that another operator's site stands on
OUT_OF_SERVICE: Final = 0.02
CANDIDATES: Final = 6000
DENSE_APART_M: Final = 260.0
RURAL_APART_M: Final = 1500.0
CROWD_REACH_M: Final = 900.0
HILL_REACH_M: Final = 350.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier of an operator: `dense` and `rural` are the shares of its sites that have it."""

    operator: str
    holder: str
    technology: str
    band: str
    arfcn: int
    power_dbm: float
    antenna: str
    dense: float
    rural: float


CARRIERS: Final = (
    Carrier("CMCC", "CMCC", "LTE", "B8", 3683, 49.0, "panel-65-15", 0.55, 0.95),
    Carrier("CMCC", "CMCC", "LTE", "B3", 1300, 49.0, "panel-65-18", 0.95, 0.35),
    Carrier("CMCC", "CBN", "NR", "n28", 152650, 53.8, "panel-65-15", 0.30, 0.55),
    Carrier("CMCC", "CMCC", "NR", "n41", 504990, 53.0, "mimo-64", 0.85, 0.15),
    Carrier("CTCC", "CTCC", "LTE", "B3", 1825, 49.0, "panel-65-18", 0.80, 0.85),
    Carrier("CTCC", "CTCC", "LTE", "B1", 100, 49.0, "panel-65-18", 0.70, 0.30),
    Carrier("CTCC", "CTCC", "NR", "n78", 627264, 53.0, "mimo-64", 0.75, 0.10),
    Carrier("CUCC", "CUCC", "LTE", "B8", 3741, 49.0, "panel-65-15", 0.35, 0.95),
    Carrier("CUCC", "CUCC", "LTE", "B3", 1650, 49.0, "panel-65-18", 0.90, 0.30),
    Carrier("CUCC", "CUCC", "NR", "n1", 422890, 49.0, "panel-65-18", 0.40, 0.30),
    Carrier("CUCC", "CUCC", "NR", "n78", 633984, 53.0, "mimo-64", 0.60, 0.05),
)  # fmt: skip
ROOFTOP: Final = ("mall", "hospital", "rail_station", "university", "townhall", "hotel", "library")


def rows(land: Land, rng: np.random.Generator) -> Iterator[list[object]]:
    """Yield the cells, site after site."""
    number = 0
    towers: list[Points] = []
    for operator, zh, count in OPERATORS:
        spots, crowds = _spots(land, rng, count, towers)
        towers.append(spots)
        nearby = land.nearest(spots, land.places)
        for spot, crowd, place in zip(spots, crowds, nearby, strict=True):
            number += 1
            site = (f"S{number:04d}", f"{place}{zh}{number}号站", operator)
            yield from _macro(site, spot, crowd, number, rng)
    yield from _indoor(land, number, rng)


def _spots(
    land: Land, rng: np.random.Generator, count: int, others: list[Points]
) -> tuple[Points, Points]:
    """Return where an operator's sites stand and how dense people live there (0 to 1), the densest picked first."""
    shared = np.vstack(others) if others else np.zeros((0, 2))
    shared = shared[rng.permutation(len(shared))[: int(count * TOWER_SHARE)]]
    points = np.vstack([shared, land.people(rng, CANDIDATES)])
    metres = land.metres(points)
    crowd = _crowd(metres, land.metres(land.people(rng, CANDIDATES)))
    apart = RURAL_APART_M - (RURAL_APART_M - DENSE_APART_M) * np.sqrt(crowd)
    chosen: list[int] = []
    while len(chosen) < count:
        for index in range(len(points)):
            if len(chosen) >= count:
                break
            gone = metres[chosen] - metres[index]
            if not chosen or (gone**2).sum(axis=1).min() >= apart[index] ** 2:
                chosen.append(index)
        apart = apart * 0.85  # not enough room for so many: closer together
    return _on_hills(land, points[chosen], crowd[chosen], len(shared)), crowd[chosen]


def _crowd(metres: Points, people: Points) -> Points:
    tree = shapely.STRtree([shapely.Point(each) for each in people])
    near, _ = tree.query(shapely.points(metres), predicate="dwithin", distance=CROWD_REACH_M)
    found = np.bincount(near, minlength=len(metres)).astype(np.float64)
    return np.asarray(found / max(float(found.max()), 1.0), dtype=np.float64)


def _on_hills(land: Land, spots: Points, crowd: Points, shared: int) -> Points:
    """Move country sites to the highest ground within a short walk; a shared tower stays where it is."""
    ring = [
        (r * np.cos(a), r * np.sin(a))
        for r in (150.0, HILL_REACH_M)
        for a in np.arange(8) * np.pi / 4
    ]
    tried = [spots, *(land.degrees(land.metres(spots) + step) for step in np.array(ring))]
    heights = np.stack([np.where(land.inside(at), land.heights(at), -1e9) for at in tried])
    best = heights.argmax(axis=0)
    best[(crowd > 0.15) | (np.arange(len(spots)) < shared)] = 0
    found: Points = np.stack(tried)[best, np.arange(len(spots))]
    return found


def _macro(
    site: tuple[str, str, str], spot: Points, crowd: float, number: int, rng: np.random.Generator
) -> Iterator[list[object]]:
    first = float(rng.choice([0, 10, 20, 30, 40, 50, 60], p=[0.3, 0.1, 0.15, 0.2, 0.1, 0.1, 0.05]))
    height = round(float(np.clip(rng.normal(42 - 16 * crowd**0.5, 5), 16, 58)))
    carriers = _carriers(site[2], crowd, rng)
    working = rng.random() >= OUT_OF_SERVICE
    for sector in range(3):
        azimuth = (first + 120 * sector + float(rng.choice([-20, -10, 0, 10, 20]))) % 360
        tilt = round(float(np.clip(rng.normal(4 + 5 * crowd, 1.2), 1, 14)))
        here = working and rng.random() >= OUT_OF_SERVICE / 4
        for carrier in carriers:
            pcis = 504 if carrier.technology == "LTE" else 1008
            pci = (3 * number * 7 + sector) % pcis
            yield [
                site[0], site[1], carrier.holder, *map(degrees, spot), sector + 1, carrier.technology, carrier.band,
                carrier.arfcn, pci, azimuth, height, tilt, carrier.power_dbm, carrier.antenna, int(here), 0,
            ]  # fmt: skip


def _carriers(operator: str, crowd: float, rng: np.random.Generator) -> list[Carrier]:
    share = min(1.0, 2.5 * crowd)
    mine = [carrier for carrier in CARRIERS if carrier.operator == operator]
    kept = [c for c in mine if rng.random() < c.rural + (c.dense - c.rural) * share]
    return kept or mine[:1]


def _indoor(land: Land, number: int, rng: np.random.Generator) -> Iterator[list[object]]:
    halls = land.pois.of(*ROOFTOP)
    for order in rng.permutation(len(halls))[:INDOOR]:
        number += 1
        operator, zh, _ = OPERATORS[int(rng.integers(0, len(OPERATORS)))]
        carrier = next(c for c in CARRIERS if c.operator == operator and c.band == "B3")
        yield [
            f"S{number:04d}", f"{halls.names[order]}{zh}室分", operator, *map(degrees, halls.at[order]), 1,
            carrier.technology, carrier.band, carrier.arfcn, 3 * number % 504, 0.0, 4, 0, 33.0, "omni-2", 1, 1,
        ]  # fmt: skip
