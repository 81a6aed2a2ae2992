"""The faces between lines: noded, polygonised, and who borders on whom along how many metres."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.areas import Areas

GRID_DEG: Final = 1e-8  # about 1 mm: lines that meet, meet exactly

Shapes = NDArray[np.object_]
Indexes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Faces:
    """Areas between lines, each with a position within it, in reading order."""

    shapes: Shapes
    spots: Floats


def noded(lines: Shapes) -> Shapes:
    """Return the lines cut wherever they meet."""
    return np.asarray(shapely.get_parts(shapely.union_all(lines, grid_size=GRID_DEG)), dtype=object)


def faces(lines: Shapes, boundary: BaseGeometry) -> Faces:
    """Return the areas between noded lines within a boundary, from left to right within rows from the top."""
    found = np.asarray(shapely.get_parts(shapely.polygonize(lines)), dtype=object)
    spots = inner_points(found)
    shapely.prepare(boundary)
    inside = np.flatnonzero(shapely.intersects_xy(boundary, spots[:, 0], spots[:, 1]))
    order = inside[reading_order(spots[inside])]
    return Faces(found[order], spots[order])


def inner_points(shapes: Shapes) -> Floats:
    """Return a position within each area."""
    return shapely.get_coordinates(shapely.point_on_surface(shapes))


def reading_order(points: Floats, row_deg: float = 0.001) -> Indexes:
    """Return the order from left to right and from top to bottom, as cells are numbered (CJ/T 349, 5.7)."""
    row = -np.floor(points[:, 1] / row_deg)
    order: Indexes = np.lexsort((-points[:, 1], points[:, 0], row))
    return order


def holding(shapes: Shapes, points: Floats) -> Indexes:
    """Return for each point the first of `shapes` it lies in; where it lies in none, the nearest (-1 where there are none)."""
    areas, spots = Areas(shapes), np.asarray(shapely.points(points), dtype=object)
    found = areas.of(spots)
    lost = np.flatnonzero(found < 0)
    if len(lost) and len(shapes):
        found[lost] = areas.nearest(spots[lost])
    return found


def borders(shapes: Shapes, scale: Floats) -> tuple[Indexes, Indexes, Floats]:
    """Return every pair of faces with a common border, and its length in metres."""
    parts, ring_of = shapely.get_parts(shapely.boundary(shapes), return_index=True)
    points, ring = shapely.get_coordinates(parts, return_index=True)
    owner = ring_of[ring]
    together = ring[1:] == ring[:-1]
    start, end = points[:-1][together], points[1:][together]
    owner = owner[:-1][together]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    first, last = np.where(swap[:, None], end, start), np.where(swap[:, None], start, end)
    key = np.concatenate([first, last], axis=1)
    order = np.lexsort(key.T)
    key, owner = key[order], owner[order]
    same = (key[1:] == key[:-1]).all(axis=1) & (owner[1:] != owner[:-1])
    one, other = owner[:-1][same], owner[1:][same]
    length = np.hypot(*((key[1:, 2:] - key[1:, :2])[same] * scale).T)
    pairs, number = np.unique(
        np.sort(np.stack([one, other], axis=1), axis=1), axis=0, return_inverse=True
    )
    metres = np.bincount(number.ravel(), weights=length, minlength=len(pairs))
    return pairs[:, 0], pairs[:, 1], metres.astype(float)
