"""A town of the country: a main street along its valley, a few streets beside it, on what flat dry ground there is."""

from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.sample import names
from county.sample.frame import Frame, Points, Warp, normals, turned
from county.sample.land.ground import Ground
from county.sample.land.rivers import River
from county.sample.road import Road
from county.sample.towns.lattice import Lattice, Street, gates
from county.sample.towns.quarter import Gate, Quarter

COLUMN_M: Final = (120.0, 175.0)
ROW_M: Final = (95.0, 140.0)
GATES: Final = 6


def town(
    frame: Frame, rng: np.random.Generator, at: Points, name: str, ground: Ground, rivers: list[River],
    bend: Warp, land: BaseGeometry,
) -> Quarter:  # fmt: skip
    """Return the town at `at`, its main street along the nearest river."""
    size = float(rng.uniform(0.85, 1.25)) * (1.0 - 0.35 * float(frame.at(ground.wild, at)[0]))
    place = turned(_valley(at, rivers), at)
    half_u, half_v = 720.0 * size, 430.0 * size
    lattice = Lattice(*_lines(rng, name, half_u, half_v), lambda plan: bend(place(plan)))
    angle = np.linspace(0, 2 * np.pi, 80)
    reach = (
        1.0
        + 0.13 * np.cos(2 * angle + rng.uniform(0, 6))
        + 0.1 * np.cos(3 * angle + rng.uniform(0, 6))
    )
    edge = place(
        np.stack(
            [1.12 * half_u * reach * np.cos(angle), 1.12 * half_v * reach * np.sin(angle)], axis=1
        )
    )
    lattice.fill(shapely.intersection(land, shapely.Polygon(edge)))
    lattice.thin(rng, lambda _: 0.35)
    lattice.close()
    streets = [
        Road(street.road_class, lattice.drawn(run), street.name) for street, run in lattice.runs()
    ]
    hull = shapely.convex_hull(shapely.union_all([road.shape for road in streets]))
    towards = _valley(at, rivers) + np.linspace(0, 2 * np.pi, GATES, endpoint=False)
    ways_in = [_gate(lattice.spot(node), at) for node in gates(lattice, at, towards, GATES)]
    old = shapely.Point(at).buffer(0.45 * half_v)
    return Quarter("town", _heart(lattice, hull), streets, ways_in, shapely.buffer(hull, 45.0), old)


def _heart(lattice: Lattice, hull: BaseGeometry) -> Points:
    """Return the junction nearest to the middle of the streets: where they could be laid may lie beside the site."""
    spots = np.array([lattice.spot(node) for node in sorted(lattice.nodes)])
    middle = np.array([hull.centroid.x, hull.centroid.y])
    heart: Points = spots[np.argmin(((spots - middle) ** 2).sum(axis=1))]
    return heart


def _gate(spot: Points, middle: Points) -> Gate:
    out = spot - middle
    return Gate(spot, out / max(float(np.hypot(*out)), 1e-9))


def _valley(at: Points, rivers: list[River]) -> float:
    best, nearest = 0.0, np.inf
    for river in rivers:
        gap = np.hypot(*(river.line - at).T)
        index = int(np.argmin(gap))
        if gap[index] < nearest:
            side = normals(river.line[max(0, index - 14) : index + 15])[min(index, 14)]
            nearest, best = float(gap[index]), float(np.arctan2(-side[0], side[1]))
    return best


def _lines(
    rng: np.random.Generator, name: str, half_u: float, half_v: float
) -> tuple[list[Street], list[Street]]:
    words = iter(rng.permutation(np.array(names.TOWN_STREETS, dtype=object)).tolist())
    short = name.removesuffix("街道")[:2]
    columns, rows = _both_ways(rng, half_u, COLUMN_M), _both_ways(rng, half_v, ROW_M)
    across, along = [], []
    for place in columns:
        middle = place == 0.0
        across.append(
            Street(place, "tertiary" if middle else "residential", next(words, ""), middle)
        )
    for place in rows:
        middle = place == 0.0
        along.append(
            Street(
                place,
                "tertiary" if middle else "residential",
                f"{short}正街" if middle else next(words, ""),
                middle,
            )
        )
    return across, along


def _both_ways(rng: np.random.Generator, half: float, pace: tuple[float, float]) -> list[float]:
    ahead, back = [0.0], [0.0]
    for side in (ahead, back):
        while side[-1] + pace[1] < half:
            side.append(side[-1] + float(rng.uniform(*pace)))
    return [-one for one in back[:0:-1]] + ahead
