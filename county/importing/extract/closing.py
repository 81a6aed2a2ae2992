"""A boundary relation that lacks a way or two: its ring is closed with a straight line, if the gap is small, and said so."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import line_merge, polygonize
from shapely.geometry.base import BaseGeometry

from county.importing.extract.osm import Extract, text_column
from county.metres import metres_per_degree

SMALL_GAP = 0.08  # of the length of the boundary ways that are there
LEVELS = range(2, 9)
HOLDS_AT_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Closed:
    """A ring closed by us: its level, polygon, and how long the missing pieces are as the crow flies."""

    level: int
    shape: BaseGeometry
    gap_km: float


def closed_by_gap(extract: Extract, points: NDArray[np.object_]) -> Closed | None:
    """Return the outermost ring that our closing makes and that holds most of `points`, or None."""
    lines = extract.read("lines", where="boundary = 'administrative' AND highway IS NULL")
    level_of = text_column(lines, "admin_level")
    for level in LEVELS:
        ways = lines.geometry.to_numpy()[level_of == str(level)]
        found = _closed(ways, points) if len(ways) else None
        if found is not None:
            return Closed(level, *found)
    return None


def _closed(
    ways: NDArray[np.object_], points: NDArray[np.object_]
) -> tuple[BaseGeometry, float] | None:
    merged = shapely.get_parts(line_merge(shapely.union_all(ways)))
    bridges = _bridges(merged)
    if not bridges:
        return None
    rings = shapely.get_parts(polygonize([*merged, *bridges]))
    holding = [ring for ring in rings if shapely.intersects(ring, points).mean() >= HOLDS_AT_LEAST]
    if not holding:
        return None
    best = max(holding, key=lambda ring: ring.area)
    used = [
        bridge
        for bridge in bridges
        if shapely.intersects(best.boundary, bridge.interpolate(0.5, normalized=True).buffer(1e-6))
    ]
    return best, _length_km(used, float(best.centroid.y))


def _bridges(lines: NDArray[np.object_]) -> list[BaseGeometry]:
    """Join loose ends pairwise, nearest first, as long as a joint is short against what is there."""
    limit = SMALL_GAP * float(shapely.length(lines).sum())
    ends = _loose_ends(lines)
    joints = sorted(
        ((a, b) for a, b in combinations(ends, 2)), key=lambda ab: ab[0].distance(ab[1])
    )
    free = set(range(len(ends)))
    made: list[BaseGeometry] = []
    index = {id(end): i for i, end in enumerate(ends)}
    for a, b in joints:
        i, j = index[id(a)], index[id(b)]
        if a.distance(b) <= limit and i in free and j in free:
            free -= {i, j}
            made.append(shapely.LineString([a.coords[0], b.coords[0]]))
    return made


def _loose_ends(lines: NDArray[np.object_]) -> list[shapely.Point]:
    seen: dict[tuple[float, float], int] = {}
    for line in lines:
        if not line.is_ring:
            for end in (line.coords[0], line.coords[-1]):
                seen[end[:2]] = seen.get(end[:2], 0) + 1
    return [shapely.Point(end) for end, times in seen.items() if times == 1]


def _length_km(lines: list[BaseGeometry], lat_deg: float) -> float:
    scale = np.array(metres_per_degree(lat_deg))
    return (
        sum(float(shapely.length(shapely.transform(line, lambda xy: xy * scale))) for line in lines)
        / 1000
    )
