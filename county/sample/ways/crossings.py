"""Where roads meet they share a point, where they cross water they become bridges, and high roads pass over low ones."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Points, Shapes, passed
from county.sample.road import Road

CLOSE_M: Final = 0.5


def joined(roads: list[Road]) -> list[Road]:
    """Return the roads with a common vertex wherever two of them cross or touch, so that one can turn there."""
    lines = np.array([road.shape for road in roads], dtype=object)
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    pairs = one < other
    meets = shapely.intersection(lines[one[pairs]], lines[other[pairs]])
    extra: dict[int, list[Points]] = {}
    for a, b, meet in zip(one[pairs], other[pairs], meets, strict=True):
        for point in shapely.get_coordinates(shapely.extract_unique_points(meet))[:8]:
            extra.setdefault(int(a), []).append(point)
            extra.setdefault(int(b), []).append(point)
    return [with_points(road, extra.get(i, [])) for i, road in enumerate(roads)]


def with_points(road: Road, points: list[Points]) -> Road:
    """Return the road with vertices at `points`, which lie on it."""
    if not points:
        return road
    line, own, at_own = road.shape, road.line, passed(road.line)
    added = np.array(points)
    at_added = np.asarray(shapely.line_locate_point(line, shapely.points(added)))
    nearest = np.argmin(np.abs(at_added[:, None] - at_own[None]), axis=1)
    close = np.abs(at_added - at_own[nearest]) < CLOSE_M
    own = own.copy()
    own[nearest[close]] = added[close]
    where = np.concatenate([at_own, at_added[~close]])
    every = np.vstack([own, added[~close]])[np.argsort(where, kind="stable")]
    same = np.concatenate([[False], (np.abs(np.diff(every, axis=0)) < 1e-6).all(axis=1)])
    return road.along(every[~same])


def bridged(
    roads: list[Road],
    water: BaseGeometry,
    margin_m: float = 9.0,
    name: Callable[[Road], str] | None = None,
) -> list[Road]:
    """Return the roads cut where they cross `water`, the crossing pieces as bridges."""
    wide = shapely.buffer(water, margin_m)
    shapely.prepare(wide)
    lines = np.array([road.shape for road in roads], dtype=object)
    wet = shapely.intersects(wide, lines)
    out = []
    for road, line, crosses in zip(roads, lines, wet, strict=True):
        if road.bridge or road.tunnel or not crosses:
            out.append(road)
            continue
        over = name(road) if name else road.name
        out += _pieces(road, shapely.difference(line, wide))
        out += [
            replace(one, bridge=True, name=over)
            for one in _pieces(road, shapely.intersection(line, wide))
        ]
    return out


def over_brooks(
    roads: list[Road], brooks: Shapes, half_m: NDArray[np.float64], margin_m: float = 7.0
) -> list[Road]:
    """Return the roads with a short bridge wherever they cross one of the `brooks`, each `half_m` wide to either side."""
    lines = np.array([road.shape for road in roads], dtype=object)
    which, brook = shapely.STRtree(brooks).query(lines, predicate="intersects")
    spots: dict[int, list[BaseGeometry]] = {}
    for number, at in zip(which.tolist(), brook.tolist(), strict=True):
        meet = shapely.points(
            shapely.get_coordinates(shapely.intersection(lines[number], brooks[at]))
        )
        spots.setdefault(number, []).append(
            shapely.buffer(shapely.union_all(meet), half_m[at] + margin_m, quad_segs=4)
        )
    out = []
    for number, road in enumerate(roads):
        if number not in spots or road.bridge or road.tunnel:
            out.append(road)
            continue
        wide = shapely.union_all(spots[number])
        out += _pieces(road, shapely.difference(lines[number], wide))
        out += [
            replace(one, bridge=True)
            for one in _pieces(road, shapely.intersection(lines[number], wide))
        ]
    return out


def _pieces(road: Road, lines: BaseGeometry) -> list[Road]:
    long = [part for part in shapely.get_parts(shapely.line_merge(lines)) if part.length > 0.01]
    return [road.along(_onward(road, np.asarray(part.coords))) for part in long]


def _onward(road: Road, piece: Points) -> Points:
    # line_merge may turn a piece round, and a one-way street must keep its direction.
    ends = np.asarray(shapely.line_locate_point(road.shape, shapely.points(piece[[0, -1]])))
    return piece if ends[0] <= ends[1] else piece[::-1]


def over(high: list[Road], low: list[Road], span_m: float = 32.0) -> list[Road]:
    """Return `high` with its pieces above `low` roads as bridges."""
    below = shapely.union_all([road.shape for road in low])
    across = shapely.intersection(shapely.union_all([road.shape for road in high]), below)
    if shapely.is_empty(across):
        return high
    return bridged(high, shapely.MultiPoint(shapely.get_coordinates(across)).buffer(span_m), 0.0)


def cut_at(roads: list[Road], spots: NDArray[np.float64]) -> list[Road]:
    """Return the roads cut in two wherever one of their inner vertices is one of `spots`."""
    wanted = {(float(x), float(y)) for x, y in np.round(spots, 3)}
    out = []
    for road in roads:
        keys = [tuple(one) for one in np.round(road.line, 3).tolist()]
        at = [0, *(i for i, key in enumerate(keys[1:-1], 1) if key in wanted), len(keys) - 1]
        out += [road.along(road.line[a : b + 1]) for a, b in pairwise(at)]
    return out
