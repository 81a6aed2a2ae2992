"""From a position on a piece to its two ends: what the rest of the piece costs, and where one may leave or enter it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely

from county.roads.graph import BACKWARD, FORWARD, NONE, RoadGraph, rows_of
from county.roads.metric import Floats, Indexes
from county.roads.snap import Snapped
from county.roads.spread import Weights


class Barriers(Protocol):
    """Closed ground that cuts pieces of road somewhere along them."""

    @property
    def longer(self) -> Floats:
        """Return how much longer each edge takes beside the closed ground."""
        ...

    @property
    def cut_from(self) -> Floats:
        """Return at which share of each piece's length closed ground begins (infinity: nowhere)."""
        ...

    @property
    def cut_to(self) -> Floats:
        """Return at which share it ends (minus infinity: nowhere)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """For positions, per direction (n, 2): the edge, the seconds from there to its head, and from its tail to there."""

    edges: Indexes
    leaving_s: Floats
    entering_s: Floats


def ends(graph: RoadGraph, at: Snapped, cost: Weights, barriers: Barriers | None) -> Ends:
    """Return what it costs to leave and to enter the pieces the positions are on; infinity where that is not possible."""
    edges = np.full((len(at), 2), NONE, dtype=np.int64)
    on_road = np.flatnonzero(at.piece != NONE)
    edges[on_road] = graph.pieces.edges[at.piece[on_road]]
    rest = np.stack([1.0 - at.fraction, at.fraction], axis=1)
    whole = np.full(edges.shape, np.inf)
    known = edges != NONE
    whole[known] = cost.seconds[edges[known]]
    leaving, entering = _portion(whole, rest), _portion(whole, 1.0 - rest)
    if barriers is not None:
        cut = on_road[np.isfinite(barriers.cut_from[at.piece[on_road]])]
        _around_barriers(graph, at, (cut, edges[cut], rest[cut]), (leaving, entering), barriers)
    return Ends(edges, leaving, entering)


def _portion(whole: Floats, share: Floats) -> Floats:
    # Zero times infinity: at the very end of a closed edge it is still closed.
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(whole), whole * share, np.inf)


def _around_barriers(
    graph: RoadGraph,
    at: Snapped,
    cut: tuple[Indexes, Indexes, Floats],
    leaving_entering: tuple[Floats, Floats],
    barriers: Barriers,
) -> None:
    """Open the rest of a cut piece to those who stand beside the closed ground."""
    index, edges, rest = cut
    share, piece = at.fraction[index], at.piece[index]
    ahead_free, behind_free = share > barriers.cut_to[piece], share < barriers.cut_from[piece]
    free = np.stack([ahead_free, behind_free], axis=1)  # ahead along the drawing, ahead against it
    usual = np.where(edges == NONE, np.inf, graph.edges.seconds[edges] * barriers.longer[edges])
    leaving, entering = leaving_entering
    leaving[index] = np.where(free, _portion(usual, rest), np.inf)
    entering[index] = np.where(free[:, ::-1], _portion(usual, 1.0 - rest), np.inf)


def along_piece(
    graph: RoadGraph, start: Snapped, goal: Snapped, barriers: Barriers | None, cost: Weights
) -> float:
    """Return the seconds from `start` to `goal` on the piece they share, without leaving it; infinity where one may not."""
    piece = int(start.piece[0])
    low, high = sorted((float(start.fraction[0]), float(goal.fraction[0])))
    step = float(goal.fraction[0] - start.fraction[0])
    directions = [FORWARD] if step > 0 else [BACKWARD] if step < 0 else [FORWARD, BACKWARD]
    usable = [int(edge) for edge in graph.pieces.edges[piece, directions] if edge != NONE]
    if not usable:
        return float("inf")
    edge = usable[0]
    if np.isfinite(cost.seconds[edge]):
        return float(cost.seconds[edge]) * abs(step)
    if barriers is None or not np.isfinite(barriers.cut_from[piece]):
        return float("inf")
    if high < barriers.cut_from[piece] or low > barriers.cut_to[piece]:
        return float(graph.edges.seconds[edge] * barriers.longer[edge]) * abs(step)
    return float("inf")


def seeds_onward(graph: RoadGraph, here: Ends) -> tuple[Indexes, Floats]:
    """Return the link nodes one comes to first from a single position, and when."""
    edges, seconds = here.edges[0], here.leaving_s[0]
    known = edges != NONE
    return graph.edges.arrives[edges[known]], seconds[known]


def seeds_back(graph: RoadGraph, here: Ends) -> tuple[Indexes, Floats]:
    """Return the link nodes from which one comes last to a single position, and how long before."""
    edges, seconds = here.edges[0], here.entering_s[0]
    known = edges != NONE
    belongs, place = rows_of(graph.entries, edges[known])
    return graph.entries.to[place].astype(np.int64), seconds[known][belongs]


def part_of(graph: RoadGraph, piece: int, begin: float, end: float) -> list[tuple[float, float]]:
    """Return the vertices of a piece between two shares of its length, in that order (backward when end < begin)."""
    part = graph.part_wgs84(piece, begin, end)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(part)]
