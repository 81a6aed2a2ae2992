"""What closures do to one graph: which edges are closed or slow, and where closed ground cuts a piece."""

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from county.closures import Closure, InForce
from county.roads.graph import NONE, RoadGraph
from county.roads.metric import Floats, Indexes

# A closed stretch is drawn on the road itself; this much is what drawing, and a newer map, may be off.
BESIDE_LINE_M: Final = 6.0
LEAST_SHARE, LEAST_M = 0.5, 20.0
ALONG: Final = (
    0.7  # of what lies beside the line, how far it must get along it: a crossing road does not
)


@dataclass(frozen=True, slots=True, eq=False)
class Obstruction:
    """What closures do to one graph: how much longer each edge takes, which are closed, and where areas cut pieces."""

    touched: Indexes  # the edges on which something lies, each once
    longer: Floats  # per edge, of slow zones alone
    closed: NDArray[np.bool_]  # per edge
    cut_from: Floats  # per piece: the share of its length at which closed ground begins (infinity: nowhere)
    cut_to: Floats  # and at which it ends (minus infinity)

    def seconds(self, usual_s: Floats) -> Floats:
        """Return what the touched edges cost, infinity where they are closed, given what every edge costs usually."""
        slowed: Floats = usual_s[self.touched] * self.longer[self.touched]
        return np.where(self.closed[self.touched], np.inf, slowed)


@dataclass(frozen=True, slots=True, eq=False)
class _Effect:
    """What one closure does: which edges it lengthens and by how much, or closes, and where it cuts which pieces."""

    edges: Indexes
    longer: Floats
    pieces: Indexes
    cut_from: Floats
    cut_to: Floats


class Overlay:
    """Lays closures over one graph; what each does is worked out once, so that a change costs only what changed."""

    def __init__(self, graph: RoadGraph) -> None:
        """Begin with open roads."""
        self._graph = graph
        self._effects: dict[Closure, _Effect] = {}

    def of(self, in_force: InForce) -> Obstruction:
        """Return what these closures do together; where several slow the same edge, their delays add up."""
        known = self._effects
        effects = {one: known.get(one) or _effect(self._graph, one) for one in in_force.closures}
        self._effects = effects  # replaced whole: another thread goes on with the former ones
        edges, pieces = len(self._graph.edges), len(self._graph.pieces)
        on = [effect.edges for effect in effects.values()]
        out = Obstruction(
            touched=np.unique(np.concatenate(on)) if on else np.array([], dtype=np.int64),
            longer=np.ones(edges),
            closed=np.zeros(edges, dtype=bool),
            cut_from=np.full(pieces, np.inf),
            cut_to=np.full(pieces, -np.inf),
        )
        for closure, effect in effects.items():
            if closure.speed_share > 0:
                out.longer[effect.edges] += effect.longer - 1.0
                continue
            out.closed[effect.edges] = True
            first, last = out.cut_from[effect.pieces], out.cut_to[effect.pieces]
            out.cut_from[effect.pieces] = np.minimum(first, effect.cut_from)
            out.cut_to[effect.pieces] = np.maximum(last, effect.cut_to)
        self._close_directions(out, effects)
        return out

    def _close_directions(self, out: Obstruction, effects: dict[Closure, _Effect]) -> None:
        # A piece that closed ground cuts and that is closed one way as well leaves nobody a free end.
        for closure, effect in effects.items():
            if closure.one_way and closure.speed_share == 0:
                piece = self._graph.edges.piece[effect.edges]
                piece = piece[np.isfinite(out.cut_from[piece])]
                out.cut_from[piece], out.cut_to[piece] = -1.0, 2.0


def _effect(graph: RoadGraph, closure: Closure) -> _Effect:
    pieces, within = _touched(graph, closure)
    both = graph.pieces.edges[pieces]
    there = both != NONE
    if closure.one_way:
        there &= _with_line(graph, closure, pieces)
    lines = graph.pieces.lines_wgs84[pieces]
    if closure.speed_share > 0:
        share = np.clip(shapely.length(within) / np.maximum(shapely.length(lines), 1e-12), 0.0, 1.0)
        longer = np.repeat(1.0 - share + share / closure.speed_share, 2)[there.ravel()]
        return _Effect(both[there], longer, np.array([], dtype=np.int64), *np.empty((2, 0)))
    closed = np.full(int(there.sum()), np.inf)
    if closure.one_way:  # the other direction is driven as ever: the ground itself is not closed
        return _Effect(both[there], closed, np.array([], dtype=np.int64), *np.empty((2, 0)))
    return _Effect(both[there], closed, pieces, *_extent(graph, lines, within))


def _touched(graph: RoadGraph, closure: Closure) -> tuple[Indexes, NDArray[np.object_]]:
    """Return the pieces a closure lies on, and which part of each."""
    ground = closure.area_wgs84 if closure.line_wgs84 is None else _beside(graph, closure)
    assert ground is not None  # noqa: S101 - a closure has one or the other
    pieces = graph.touching(ground)
    within: NDArray[np.object_] = shapely.intersection(graph.pieces.lines_wgs84[pieces], ground)
    if closure.line_wgs84 is not None:
        runs = _runs_along(graph, closure.line_wgs84, pieces, within)
        return pieces[runs], within[runs]
    return pieces, within


def _beside(graph: RoadGraph, closure: Closure) -> BaseGeometry:
    plane = graph.plane
    metric = shapely.transform(closure.line_wgs84, plane.metric)
    wide = shapely.transform(shapely.buffer(metric, BESIDE_LINE_M, cap_style="flat"), plane.degrees)
    return cast("BaseGeometry", wide)


def _runs_along(
    graph: RoadGraph, line: LineString, pieces: Indexes, within: NDArray[np.object_]
) -> NDArray[np.bool_]:
    metric = shapely.transform(line, graph.plane.metric)
    inside_m = shapely.length(shapely.transform(within, graph.plane.metric))
    corners, part = shapely.get_coordinates(within, return_index=True)
    at_m = shapely.line_locate_point(metric, shapely.points(graph.plane.metric(corners)))
    first, last = np.full(len(pieces), np.inf), np.full(len(pieces), -np.inf)
    np.minimum.at(first, part, at_m)
    np.maximum.at(last, part, at_m)
    long_enough = inside_m >= np.minimum(graph.pieces.length_m[pieces] * LEAST_SHARE, LEAST_M)
    along: NDArray[np.bool_] = (last - first >= inside_m * ALONG) & long_enough
    return along


def _with_line(graph: RoadGraph, closure: Closure, pieces: Indexes) -> NDArray[np.bool_]:
    """Return, per piece and direction, whether it is driven as the line is drawn."""
    metric = shapely.transform(closure.line_wgs84, graph.plane.metric)
    lines = shapely.transform(graph.pieces.lines_wgs84[pieces], graph.plane.metric)
    start, end = (
        shapely.line_locate_point(metric, shapely.get_point(lines, which)) for which in (0, -1)
    )
    forward = start <= end
    return np.stack([forward, ~forward], axis=1)


def _extent(
    graph: RoadGraph, lines: NDArray[np.object_], within: NDArray[np.object_]
) -> tuple[Floats, Floats]:
    """Return from which to which share of each line's length the parts `within` reach."""
    first, last = np.full(len(lines), np.inf), np.full(len(lines), -np.inf)
    corners, line = shapely.get_coordinates(within, return_index=True)
    metric = shapely.transform(lines, graph.plane.metric)
    spots = shapely.points(graph.plane.metric(corners))
    share = shapely.line_locate_point(metric[line], spots, normalized=True)
    np.minimum.at(first, line, share)
    np.maximum.at(last, line, share)
    touched_at_most = ~np.isfinite(first)
    return np.where(touched_at_most, 0.0, first), np.where(touched_at_most, 1.0, last)
