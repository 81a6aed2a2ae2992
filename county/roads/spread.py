"""Time spreading over the links from one position on the road, along the driving direction or against it."""

from functools import cached_property
from typing import Final

import numpy as np

from county.roads import kernels
from county.roads.graph import NONE, Cells, Links, RoadGraph, packed, rows_of
from county.roads.metric import Floats, Indexes

NEVER_S: Final = 1e8  # above every real time, below infinity: what costs infinity is not followed
NO_EDGES: Final = np.array([], dtype=np.int64)
NO_SECONDS: Final = np.array([], dtype=np.float64)


class Weights:
    """What every edge costs now, in seconds, infinity where it is closed; and the same in the order of both matrices."""

    def __init__(self, usual: "Usual", other: Indexes, other_s: Floats) -> None:
        """Take the edges that cost something `other` than usual and what; a matrix' order is made when first asked for."""
        self._usual, self._other, self._other_s = usual, other, other_s
        self.seconds = usual.graph.edges.seconds.copy()
        self.seconds[other] = other_s

    @cached_property
    def onward(self) -> Floats:
        """Return the times in the order of the graph's `onward` links."""
        return self._usual.onward.but(self._other, self._other_s)

    @cached_property
    def back(self) -> Floats:
        """Return the times in the order of the graph's `back` links."""
        return self._usual.back.but(self._other, self._other_s)


class Usual:
    """What the edges of one graph cost while nothing lies on them; from there closures change only what they touch."""

    def __init__(self, graph: RoadGraph) -> None:
        """Take the graph; a matrix' order is made when first asked for (toward an incident only one is)."""
        self.graph = graph

    def weights(self, other: Indexes = NO_EDGES, other_s: Floats = NO_SECONDS) -> Weights:
        """Return the times with `other_s` for the edges `other` (each once; infinity: closed)."""
        return Weights(self, other, other_s)

    @cached_property
    def onward(self) -> "_InOrder":
        """Return the times in the order of the graph's `onward` links."""
        return _InOrder(self.graph, self.graph.onward)

    @cached_property
    def back(self) -> "_InOrder":
        """Return the times in the order of the graph's `back` links."""
        return _InOrder(self.graph, self.graph.back)


class _InOrder:
    """The usual times in the order of one matrix, and where in it each edge stands."""

    def __init__(self, graph: RoadGraph, links: Links) -> None:
        self._cost = graph.edges.seconds[links.edge]
        self._places = packed(links.edge, np.arange(len(links.edge)), links.edge, len(graph.edges))

    def but(self, other: Indexes, other_s: Floats) -> Floats:
        """Return a copy with the edges `other` costing `other_s`: a fifth of the work of gathering all anew."""
        cost = self._cost.copy()
        belongs, place = rows_of(self._places, other)
        cost[self._places.to[place]] = other_s[belongs]
        return cost


def from_seeds(
    links: Links, cost: Floats, seeds: Indexes, seeds_s: Floats, limit_s: float = NEVER_S
) -> Floats:
    """Return the time to every link node, infinity beyond `limit_s`; the seeds are where one starts, with a head start."""
    times, _ = with_ways(links, cost, seeds, seeds_s, limit_s)
    return times


def with_ways(
    links: Links, cost: Floats, seeds: Indexes, seeds_s: Floats, limit_s: float = NEVER_S
) -> tuple[Floats, Cells]:
    """Return the times and, for every link node, the one before it on the fastest way (NONE: a seed, or not reached)."""
    limit_s = min(limit_s, NEVER_S)
    return kernels.spread(links.start, links.to, cost, seeds, seeds_s, limit_s)


def at_entry(graph: RoadGraph, times: Floats, edges: Indexes) -> Floats:
    """Return when each edge (NONE: never) can be begun, given the times onward at the link nodes."""
    out = np.full(edges.shape, np.inf)
    known = edges != NONE
    asked = edges[known]
    if graph.link_nodes == len(graph.nodes_wgs84):  # no junction is doubled: one way in
        out[known] = times[graph.edges.tail[asked]]
        return out
    belongs, place = rows_of(graph.entries, asked)
    earliest = np.full(len(asked), np.inf)
    np.minimum.at(earliest, belongs, times[graph.entries.to[place]])
    out[known] = earliest
    return out


def at_exit(graph: RoadGraph, times: Floats, edges: Indexes) -> Floats:
    """Return how long it still takes from each edge's end (NONE: for ever), given the times back at the link nodes."""
    out = np.full(edges.shape, np.inf)
    known = edges != NONE
    out[known] = times[graph.edges.arrives[edges[known]]]
    return out
