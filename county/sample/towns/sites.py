"""Where settlements lie: towns where valleys meet, villages on gentle ground."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Frame, Mask, Points
from county.sample.land.ground import Ground
from county.sample.size import Size

GRID_M: Final = 200.0
STEEP: Final = 0.16
VILLAGE_WATER_M: Final = 75.0
BROAD_CLEAR_M: Final = 240.0
BANK_CLEAR_M: Final = 620.0


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A settlement: kind city, town, suburb, village or hamlet; where; called what."""

    kind: str
    at: Points
    name: str = ""
    name_en: str = ""


def towns(
    frame: Frame, rng: np.random.Generator, size: Size, ground: Ground, inside: Mask,
    capital: Points, broad: BaseGeometry,
) -> Points:  # fmt: skip
    """Return the towns' middles: flat places by the water, well apart."""
    spots = _spots(frame, inside, 0.26 * size.town_apart_m, 300.0)
    flat = frame.at(frame.blur(ground.slope, 260.0), spots)
    water = frame.at(ground.to_water_m, spots)
    wild = frame.at(ground.wild, spots)
    wet = shapely.buffer(broad, BANK_CLEAR_M, quad_segs=3)
    shapely.prepare(wet)
    score = 22.0 * np.maximum(flat - 0.02, 0) + np.abs(water - 260.0) / 900.0 + 0.9 * wild
    score += rng.uniform(0, 0.7, len(spots))
    score[shapely.contains_xy(wet, *spots.T) | (flat > 0.2)] = np.inf
    found = [capital]
    reach = np.full(len(spots), size.town_apart_m)
    for index in np.argsort(score).tolist():
        if not np.isfinite(score[index]) or len(found) == size.towns:
            break
        away = np.hypot(*(np.array(found) - spots[index]).T)
        if away[0] > 1.1 * size.town_apart_m and (away > reach[index]).all():
            found.append(spots[index])
    return np.array(found[1:])


def villages(
    frame: Frame, rng: np.random.Generator, size: Size, ground: Ground, inside: Mask,
    avoid: BaseGeometry, broad: BaseGeometry,
) -> Points:  # fmt: skip
    """Return the villages' middles: on gentle ground, off the floods, apart from each other and from `avoid`."""
    spots = _spots(frame, inside, 350.0, 150.0)
    spots += rng.uniform(-60, 60, spots.shape)
    slope = frame.at(frame.blur(ground.slope, 90.0), spots)
    water, wild = frame.at(ground.to_water_m, spots), frame.at(ground.wild, spots)
    walls = shapely.union(avoid, shapely.buffer(broad, BROAD_CLEAR_M, quad_segs=3))
    shapely.prepare(walls)
    free = ~shapely.contains_xy(walls, *spots.T) & (slope < STEEP) & (water > VILLAGE_WATER_M)
    spots, slope, water, wild = spots[free], slope[free], water[free], wild[free]
    score = 5.0 * slope + np.abs(water - 190.0) / 2_600.0 + rng.uniform(0, 0.8, len(spots))
    # Room for so many: the plain is closer settled than the hills.
    apart = np.sqrt(size.area_km2 * 1e6 / size.villages) * (0.55 + 0.75 * wild)
    apart *= rng.uniform(0.75, 1.3, len(spots))
    order = np.argsort(score)
    return spots[_thinned(spots, apart, order, size.villages)]


def _thinned(
    spots: Points, apart: NDArray[np.float64], order: NDArray[np.int64], most: int
) -> list[int]:
    tree = cKDTree(spots)
    free = np.ones(len(spots), dtype=bool)
    kept = []
    for index in order.tolist():
        if free[index]:
            kept.append(index)
            free[tree.query_ball_point(spots[index], apart[index])] = False
        if len(kept) == most:
            break
    return kept


def _spots(frame: Frame, inside: Mask, from_edge_m: float, apart_m: float) -> Points:
    deep = frame.blur(inside.astype(float), from_edge_m / 2) > 0.97
    x, y = frame.centres(round(2 * frame.half_m / apart_m))
    spots = np.stack([x.ravel(), y.ravel()], axis=1)
    row, column = frame.cell(inside, spots)
    out: Points = spots[deep[row, column]]
    return out
