"""Where on the road is this position: the nearest piece, how far along it, and how far from it the position lies."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from county.roads.graph import NONE, RoadGraph
from county.roads.metric import Floats, Indexes, Plane
from county.roads.nearby import Nearby
from county.roads.speeds import OFF_ROAD_KMH, OFF_ROAD_REACH_M

# A stub that hangs together with nothing is passed over for the network when that is hardly farther.
STUB_ALLOWANCE_M: Final = 150.0


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Positions on the roads: piece (NONE where no road is within reach), share of its length, metres beside it."""

    given_wgs84: Floats
    on_road_wgs84: Floats
    piece: Indexes
    fraction: Floats
    off_m: Floats

    def __len__(self) -> int:
        return len(self.piece)

    @property
    def off_s(self) -> Floats:
        """Return how long the way between road and position takes."""
        seconds: Floats = self.off_m / (OFF_ROAD_KMH / 3.6)
        return seconds

    def of(self, index: int) -> "Snapped":
        """Return one of the positions."""
        one = slice(index, index + 1)
        return Snapped(
            self.given_wgs84[one],
            self.on_road_wgs84[one],
            self.piece[one],
            self.fraction[one],
            self.off_m[one],
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    """Straight parts of pieces in metres, with their piece and which share of it lies before and on each."""

    nearby: Nearby
    piece: Indexes
    share_before: Floats
    share: Floats


class Snapper:
    """Finds positions on one graph's roads; safe to use from several threads."""

    def __init__(self, graph: RoadGraph) -> None:
        """Index the graph's pieces, those of the connected network apart from the stubs."""
        self._plane: Plane = graph.plane
        self._main = _segments(graph, np.flatnonzero(graph.main))
        self._stubs = _segments(graph, np.flatnonzero(~graph.main))

    def snap(self, lonlat_deg: Floats, reach_m: float = OFF_ROAD_REACH_M) -> Snapped:
        """Return where on the roads the positions (n, 2) are, looking no farther than `reach_m`."""
        points = self._plane.metric(lonlat_deg)
        found = _on(self._main, points)
        far = np.flatnonzero(found.off_m > STUB_ALLOWANCE_M)
        if len(far):
            stubs = _on(self._stubs, points[far])
            rather = stubs.off_m + STUB_ALLOWANCE_M < found.off_m[far]
            for mine, other in zip(found.columns(), stubs.columns(), strict=True):
                mine[far[rather]] = other[rather]
        found.piece[found.off_m > reach_m] = NONE
        on_road = self._plane.degrees(found.on_road)
        return Snapped(lonlat_deg, on_road, found.piece, found.fraction, found.off_m)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What one index answered, in metres."""

    piece: Indexes
    fraction: Floats
    on_road: Floats
    off_m: Floats

    def columns(self) -> tuple[Indexes | Floats, ...]:
        """Return the four, in one order."""
        return (self.piece, self.fraction, self.on_road, self.off_m)


def _on(segments: _Segments, points: Floats) -> _Found:
    which, off_m, along = segments.nearby.nearest(points)
    piece, fraction = np.full(len(points), NONE, dtype=np.int64), np.zeros(len(points))
    on_road = points.copy()
    if len(segments.piece) and len(points):
        piece[:] = segments.piece[which]
        before, share = segments.share_before[which], segments.share[which]
        fraction[:] = np.clip(before + along * share, 0.0, 1.0)
        on_road[:] = segments.nearby.start[which] + segments.nearby.step[which] * along[:, None]
    return _Found(piece, fraction, on_road, off_m)


def _segments(graph: RoadGraph, pieces: Indexes) -> _Segments:
    lonlat, owner = shapely.get_coordinates(graph.pieces.lines_wgs84[pieces], return_index=True)
    metric = graph.plane.metric(lonlat)
    inside = np.flatnonzero(owner[1:] == owner[:-1])
    start, end = metric[inside], metric[inside + 1]
    length, of = np.hypot(*(end - start).T), owner[inside]
    total = np.bincount(of, weights=length, minlength=len(pieces))
    begins = np.cumsum(total) - total
    whole = np.maximum(total[of], 1e-9)
    before = (np.cumsum(length) - length - begins[of]) / whole
    return _Segments(Nearby(start, end), pieces[of], before, length / whole)
