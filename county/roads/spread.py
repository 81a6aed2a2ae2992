"""Time spreading over the links from one position on the road, along the driving direction or against it."""

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from county.roads.graph import NONE, Cells, Links, RoadGraph, rows_of
from county.roads.metric import Floats, Indexes

NEVER_S: Final = (
    1e8  # above every real time, below infinity: links that cost infinity are then not followed
)
LEAST_S: Final = 1e-6


class Weights:
    """What every edge costs now, in seconds, infinity where it is closed; and the same in the order of both matrices."""

    def __init__(self, graph: RoadGraph, seconds: Floats) -> None:
        """Keep the times; the matrices' are made when first asked for (toward an incident only one is)."""
        self._graph = graph
        self.seconds = seconds

    @cached_property
    def onward(self) -> Floats:
        """Return the times in the order of the graph's `onward` links."""
        return self.seconds[self._graph.onward.edge]

    @cached_property
    def back(self) -> Floats:
        """Return the times in the order of the graph's `back` links."""
        return self.seconds[self._graph.back.edge]


def weights(
    graph: RoadGraph, longer: Floats | None = None, closed: NDArray[np.bool_] | None = None
) -> Weights:
    """Return the graph's times, `longer` by a factor per edge, and infinite where `closed`."""
    seconds = graph.edges.seconds if longer is None else graph.edges.seconds * longer
    return Weights(graph, seconds if closed is None else np.where(closed, np.inf, seconds))


def from_seeds(
    links: Links, cost: Floats, seeds: Indexes, seeds_s: Floats, limit_s: float = NEVER_S
) -> Floats:
    """Return the time to every link node, infinity beyond `limit_s`; the seeds are where one starts, with a head start."""
    matrix, source = _with_source(links, cost, seeds, seeds_s)
    times: Floats = dijkstra(matrix, directed=True, indices=source, limit=min(limit_s, NEVER_S))
    return times[:-1]


def with_ways(links: Links, cost: Floats, seeds: Indexes, seeds_s: Floats) -> tuple[Floats, Cells]:
    """Return the times and, for every link node, the one before it on the fastest way (the source is the last number)."""
    matrix, source = _with_source(links, cost, seeds, seeds_s)
    times, before = dijkstra(
        matrix, directed=True, indices=source, limit=NEVER_S, return_predecessors=True
    )
    return times, before


def _with_source(
    links: Links, cost: Floats, seeds: Indexes, seeds_s: Floats
) -> tuple[csr_array, int]:
    # One more node whose only links lead to the seeds: scipy has no head starts of its own.
    open_seeds = np.isfinite(seeds_s)
    to = seeds[open_seeds].astype(np.int32)
    data = np.concatenate([cost, np.maximum(seeds_s[open_seeds], LEAST_S)])
    source = len(links.start) - 1
    start = np.append(links.start, np.int32(len(data)))
    matrix = csr_array(
        (data, np.concatenate([links.to, to]), start), shape=(source + 1, source + 1)
    )
    return matrix, source


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
