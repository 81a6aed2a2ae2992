"""Where people live, as points to be reached: blocks of the population grid with their density and their town."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from county.metres import metres_per_degree
from county.model import County
from county.population import grid, has_population
from county.roads.metric import Floats

MOST_POINTS: Final = 3000
NOWHERE: Final = -1
URBAN_PER_KM2: Final = (
    1500.0  # the degree of urbanisation's bounds for centres and clusters (Eurostat, UN)
)
SUBURB_PER_KM2: Final = 300.0


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """One row per block where somebody lives; `town` is its place in the county's towns; without a population a point a town."""

    lonlat: Floats
    people: Floats
    per_km2: Floats
    town: NDArray[np.int64]
    counted: bool
    block_m: float


def demand(county: County) -> Demand:
    """Return the county's blocks, none finer than what keeps them few."""
    if not has_population(county):
        return _by_towns(county)
    persons, transform = grid(county)
    block = 1
    while np.count_nonzero(_summed(persons, block) >= 1.0) > MOST_POINTS:
        block += 1
    blocks = _summed(persons, block)
    rows, columns = np.nonzero(blocks >= 1.0)
    lon = transform.c + (columns + 0.5) * block * transform.a
    lat = transform.f + (rows + 0.5) * block * transform.e
    wide, high = metres_per_degree(county.center.lat_deg)
    side_m = block * abs(transform.e) * high
    km2 = block * transform.a * wide * side_m / 1e6
    lonlat, people = np.stack([lon, lat], axis=1), blocks[rows, columns].astype(float)
    town = _towns_of(county, lonlat)
    inside = town != NOWHERE
    return Demand(
        lonlat[inside], people[inside], people[inside] / km2, town[inside], True, float(side_m)
    )


def _summed(persons: NDArray[np.float32], block: int) -> NDArray[np.float32]:
    high, wide = (-(-size // block) * block for size in persons.shape)
    padded = np.zeros((high, wide), dtype=np.float32)
    padded[: persons.shape[0], : persons.shape[1]] = np.maximum(np.nan_to_num(persons), 0.0)
    cut = padded.reshape(high // block, block, wide // block, block)
    summed: NDArray[np.float32] = cut.sum(axis=(1, 3))
    return summed


def _towns_of(county: County, lonlat: Floats) -> NDArray[np.int64]:
    town = np.full(len(lonlat), NOWHERE, dtype=np.int64)
    tree = shapely.STRtree(np.atleast_1d(np.asarray(shapely.points(lonlat), dtype=object)))
    for number, one in enumerate(county.towns):
        town[tree.query(one.boundary_wgs84, predicate="intersects")] = number
    return town


def _by_towns(county: County) -> Demand:
    middles = [one.boundary_wgs84.representative_point() for one in county.towns]
    lonlat = np.array([(at.x, at.y) for at in middles], dtype=float).reshape(-1, 2)
    ones = np.ones(len(middles))
    return Demand(lonlat, ones, ones * 0.0, np.arange(len(middles)), False, 0.0)
