"""The nearest of many straight segments to each point: by the cells around it, and by a tree where those are empty."""

import numpy as np
import shapely

from county.roads import kernels
from county.roads.graph import NONE, Links, packed
from county.roads.metric import Floats, Indexes

CELL_M = 50.0
MOST_CELLS = 4_000_000


class Nearby:
    """An index over segments in a flat frame; safe to use from several threads."""

    def __init__(self, start: Floats, end: Floats) -> None:
        """Sort the segments into square cells."""
        self.start, self.step = start, end - start
        length2 = np.maximum((self.step**2).sum(axis=1), 1e-12)
        # One row per segment: looking at a candidate touches one place in memory.
        self._rows = np.column_stack([start, self.step, length2])
        lines = np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), dtype=object)
        self._tree = shapely.STRtree(lines)
        if not len(start):
            return
        low, high = np.minimum(start, end), np.maximum(start, end)
        extent = high.max(axis=0) - low.min(axis=0)
        self._cell_m = max(CELL_M, float(np.sqrt(extent.prod() / MOST_CELLS)))
        # A margin: every cell of the rings around one in use exists.
        self._corner = low.min(axis=0) - kernels.RINGS * self._cell_m
        cells = np.ceil(extent / self._cell_m).astype(np.int64) + 2 * kernels.RINGS + 1
        self._across, self._up = cells.tolist()
        self._held = self._sorted_into_cells(self._cell_of(low), self._cell_of(high))

    def nearest(self, points: Floats) -> tuple[Indexes, Floats, Floats]:
        """Return for each point the nearest segment (NONE if there are none), its distance, and the share along it."""
        which = np.full(len(points), NONE, dtype=np.int64)
        distance, share = np.full(len(points), np.inf), np.zeros(len(points))
        if not len(self.start) or not len(points):
            return which, distance, share
        inside, cells = self._inside(points)
        held, rows = self._held, self._rows
        which[inside], distance[inside], share[inside] = kernels.nearest(
            points[inside], cells, self._across, held.start, held.to, rows, self._cell_m
        )
        unsure = np.flatnonzero(np.isinf(distance))
        if len(unsure):
            which[unsure] = self._tree.nearest(shapely.points(points[unsure]))
            distance[unsure], share[unsure] = self._to_segments(points[unsure], which[unsure])
        return which, distance, share

    def _cell_of(self, points: Floats) -> Indexes:
        cells: Indexes = np.floor((points - self._corner) / self._cell_m).astype(np.int64)
        return cells

    def _sorted_into_cells(self, low: Indexes, high: Indexes) -> Links:
        width, height = (high - low + 1).T
        count = width * height
        segment = np.repeat(np.arange(len(low)), count)
        step = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
        column = low[segment, 0] + step % width[segment]
        row = low[segment, 1] + step // width[segment]
        cell = row * self._across + column
        return packed(cell, segment, segment, self._across * self._up)

    def _inside(self, points: Floats) -> tuple[Indexes, Indexes]:
        """Return which points lie in a cell around which all rings exist, and those cells."""
        column, row = self._cell_of(points).T
        first, beyond = kernels.RINGS, np.array([self._across, self._up]) - kernels.RINGS
        within = (column >= first) & (row >= first) & (column < beyond[0]) & (row < beyond[1])
        inside = np.flatnonzero(within)
        return inside, row[inside] * self._across + column[inside]

    def _to_segments(self, points: Floats, segments: Indexes) -> tuple[Floats, Floats]:
        start_x, start_y, step_x, step_y, length2 = self._rows[segments].T
        east, north = points[:, 0] - start_x, points[:, 1] - start_y
        along = np.clip((east * step_x + north * step_y) / length2, 0.0, 1.0)
        return np.hypot(east - step_x * along, north - step_y * along), along
