"""Lines laid out by engineers: the motorway and the railway, smooth, round the towns, through hills in tunnels."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Frame, Points, eased, line_of, normals, paced, passed
from county.sample.land.drainage import neighbours
from county.sample.land.ground import Ground

STEP_M: Final = 400.0
PACE_M: Final = 25.0
DEEP_M: Final = 16.0  # ground above the line: a tunnel
HIGH_M: Final = 12.0  # ground below the line: a viaduct
SHORTEST_M: Final = 120.0


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A smooth line, a point every PACE_M or so, and where it runs in tunnels and on viaducts."""

    points: Points
    tunnel: NDArray[np.bool_]
    viaduct: NDArray[np.bool_]

    def offset(self, left_m: float) -> Points:
        """Return the line `left_m` to the left."""
        return self.points + left_m * normals(self.points)

    def pieces(self, points: Points) -> list[tuple[Points, bool, bool]]:
        """Return `points` (an offset of the line) in pieces: line, in a tunnel, on a viaduct."""
        state = self.tunnel * 1 + self.viaduct * 2
        cuts = [0, *(np.flatnonzero(np.diff(state)) + 1).tolist(), len(points) - 1]
        return [
            (points[a : b + 1], bool(self.tunnel[a]), bool(self.viaduct[a]))
            for a, b in pairwise(cuts) if b > a
        ]  # fmt: skip


def line(
    frame: Frame,
    rng: np.random.Generator,
    ground: Ground,
    stops: Points,
    avoid: BaseGeometry,
    ease_m: float,
) -> Line:
    """Return the line through `stops`, going round `avoid`."""
    side = round(2 * frame.half_m / STEP_M)
    x, y = frame.centres(side)
    spots = np.stack([x.ravel(), y.ravel()], axis=1)
    cost = 1.0 + 5.0 * frame.at(frame.blur(ground.slope, 250.0), spots)
    cost += 1.2 * np.clip(1 - frame.at(ground.to_water_m, spots) / 220.0, 0, 1)
    cost *= np.exp(0.25 * frame.at(frame.noise(rng, 3_500.0), spots))
    shapely.prepare(avoid)
    cost[shapely.contains_xy(avoid, *spots.T)] *= 12.0
    here, there, apart = neighbours(side)
    graph = csr_array(
        (0.5 * (cost[here] + cost[there]) * apart, (here, there)), shape=(side**2,) * 2
    )
    row, column = frame.cell(side, stops)
    path: list[int] = []
    for start, end in zip((row * side + column)[:-1], (row * side + column)[1:], strict=True):
        before = dijkstra(graph, indices=int(end), return_predecessors=True)[1]
        cell = int(start)
        while cell != end:
            path.append(cell)
            cell = int(before[cell])
    points = np.vstack([stops[:1], spots[path[2:-1]], stops[-1:]])
    return _graded(frame, ground, paced(eased(points, ease_m, PACE_M), PACE_M))


def _graded(frame: Frame, ground: Ground, points: Points) -> Line:
    height = frame.at(ground.metres, points)
    level = ndimage.gaussian_filter1d(height, 700.0 / PACE_M, mode="nearest")
    tunnel = _long(height - level > DEEP_M)
    viaduct = _long(level - height > HIGH_M) & ~tunnel
    return Line(points, tunnel, viaduct)


def _long(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    closed = ndimage.binary_closing(where, iterations=int(SHORTEST_M / PACE_M))
    out: NDArray[np.bool_] = ndimage.binary_opening(
        closed | where, iterations=int(SHORTEST_M / PACE_M / 2)
    )
    return out


def nearest(line_: Line, to: Points) -> int:
    """Return the number of the line's point nearest to a place."""
    return int(np.argmin(((line_.points - to) ** 2).sum(axis=1)))


def sections(line_: Line, index: int, reach_m: float) -> tuple[int, int]:
    """Return the numbers of the points `reach_m` before and after a point."""
    along = passed(line_.points)
    return (
        int(np.argmin(np.abs(along - along[index] + reach_m))),
        int(np.argmin(np.abs(along - along[index] - reach_m))),
    )


def clear(line_: Line, reach_m: float) -> BaseGeometry:
    """Return the strip beside the line that is kept free."""
    return shapely.buffer(line_of(line_.points), reach_m, quad_segs=3)
