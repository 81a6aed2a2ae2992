"""Ends that lie on another road without sharing a vertex with it: drawn maps have them, and they are meant as junctions."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from county.roads.metric import Floats, Indexes, Plane

# What drawing and rounding leave between an end and the road it was drawn to; nobody leaves such a gap on purpose.
JOINT_M: Final = 0.5
Shapes = NDArray[np.object_]


def joined(shapes_wgs84: Shapes, plane: Plane, above: NDArray[np.bool_]) -> tuple[Shapes, int]:
    """Return the lines with a vertex where another's loose end touches them, and how many; `above` are bridges and tunnels."""
    ends, owner = _loose_ends(shapes_wgs84)
    if not len(ends):
        return shapes_wgs84, 0
    metric = shapely.transform(shapes_wgs84, plane.metric)
    spots = np.asarray(shapely.points(plane.metric(ends)), dtype=object)
    asked, line = shapely.STRtree(metric).query(spots, predicate="dwithin", distance=JOINT_M)
    other = (line != owner[asked]) & ~above[line] & ~above[owner[asked]]
    asked, line = asked[other], line[other]
    out = shapes_wgs84.copy()
    for touched in np.unique(line).tolist():
        mine = asked[line == touched]
        out[touched] = _with_vertices(out[touched], metric[touched], ends[mine], spots[mine])
    return out, len(asked)


def _loose_ends(shapes: Shapes) -> tuple[Floats, Indexes]:
    """Return the ends of lines that no other vertex lies on, and whose they are."""
    xy, line = shapely.get_coordinates(shapes, return_index=True)
    if not len(xy):
        return xy, line
    _, vertex, used = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True, return_counts=True)
    change = line[1:] != line[:-1]
    is_end = np.concatenate([[True], change]) | np.concatenate([change, [True]])
    loose = np.flatnonzero(is_end & (used[vertex] == 1))
    return xy[loose], line[loose]


def _with_vertices(
    shape: BaseGeometry, metric: LineString, ends: Floats, spots: Shapes
) -> BaseGeometry:
    corners = shapely.get_coordinates(shape)
    steps = np.diff(shapely.get_coordinates(metric), axis=0)
    passed = np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
    along = np.array([shapely.line_locate_point(metric, spot) for spot in spots])
    order = np.argsort(along)
    at = np.searchsorted(passed, along[order], side="right")
    return shapely.LineString(
        np.insert(corners, np.clip(at, 1, len(corners) - 1), ends[order], axis=0)
    )
