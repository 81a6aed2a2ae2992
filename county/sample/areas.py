"""From a grid to soft outlines: what lies above a level, as polygons with their holes."""

from dataclasses import dataclass

import numpy as np
import shapely

from county.roads.contour import below
from county.sample.frame import Frame, Grid, Points, Shapes


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A part of a grid: how wide its cells are, and the column and row of its first one."""

    step_m: float
    corner: Points


def above(
    frame: Frame,
    grid: Grid,
    level: float,
    least_m2: float,
    tolerance_m: float = 12.0,
    window: Window | None = None,
) -> Shapes:
    """Return where `grid` is above `level` as polygons of at least `least_m2`, holes as small filled."""
    step, corner = (window.step_m, window.corner) if window else (frame.step(grid), np.zeros(2))
    found = shapely.transform(
        below(-grid, -level), lambda cells: (cells + corner + 0.5) * step - frame.half_m
    )
    parts = shapely.get_parts(found)
    parts = parts[shapely.area(parts) >= least_m2]
    whole = np.array([_filled(one, least_m2) for one in parts], dtype=object)
    return _soft(shapely.simplify(whole, tolerance_m))


def _soft(shapes: Shapes) -> Shapes:
    """Return the shapes with the corners of their rings cut once (Chaikin), all rings at a time."""
    rings, of_shape = shapely.get_rings(shapes, return_index=True)
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    last = np.append(of_ring[1:] != of_ring[:-1], True) if len(of_ring) else np.zeros(0, dtype=bool)
    here = np.flatnonzero(~last)
    cut = np.empty((2 * len(here), 2))
    cut[0::2] = 0.75 * xy[here] + 0.25 * xy[here + 1]
    cut[1::2] = 0.25 * xy[here] + 0.75 * xy[here + 1]
    soft = np.asarray(shapely.linearrings(cut, indices=np.repeat(of_ring[here], 2)), dtype=object)
    made = np.asarray(shapely.polygons(soft, indices=of_shape), dtype=object)
    return np.where(shapely.is_valid(made), made, shapes)


def _filled(shape: shapely.Polygon, least_m2: float) -> shapely.Polygon:
    holes = [ring for ring in shape.interiors if shapely.Polygon(ring).area >= least_m2]
    return shapely.Polygon(shape.exterior, holes)
