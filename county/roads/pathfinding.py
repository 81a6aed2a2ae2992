"""The fastest way itself: which edges it takes, link by link, from one position on the road to another."""

from itertools import pairwise

import numpy as np

from county.roads import offsets, spread
from county.roads.graph import NONE, Cells, RoadGraph, rows_of
from county.roads.metric import Floats
from county.roads.offsets import Barriers, Ends
from county.roads.route import Leg, Route, leg, told
from county.roads.snap import Snapped
from county.roads.spread import Weights


def fastest(
    graph: RoadGraph, start: Snapped, goal: Snapped, cost: Weights, barriers: Barriers | None
) -> Route | None:
    """Return the fastest way between two single positions, or None where there is none."""
    here = offsets.ends(graph, start, cost, barriers)
    there = offsets.ends(graph, goal, cost, barriers)
    times, before = spread.with_ways(graph.onward, cost.onward, *offsets.seeds_onward(graph, here))
    seconds, node, last = _best_arrival(graph, times, there)
    straight = float("inf")
    if start.piece[0] == goal.piece[0]:
        straight = offsets.along_piece(graph, start, goal, barriers, cost)
    if straight <= seconds and np.isfinite(straight):
        return told(graph, [_on_one_piece(graph, start, goal, straight)], start, goal)
    if not np.isfinite(seconds):
        return None
    nodes = _walk_back(before, node)
    legs = [_first(graph, here, nodes[0], start)]
    for one, other in pairwise(nodes):
        edge = _link_between(graph, cost, one, other)
        legs.append(leg(graph, edge, float(cost.seconds[edge])))
    share = float(goal.fraction[0])
    driven = share if graph.edges.direction[last] == 0 else 1.0 - share
    legs.append(leg(graph, last, seconds - float(times[node]), (0.0, driven)))
    return told(graph, legs, start, goal)


def _best_arrival(graph: RoadGraph, times: Floats, there: Ends) -> tuple[float, int, int]:
    """Return when, from which link node, and along which edge one comes to the goal first."""
    best = (float("inf"), NONE, NONE)
    for edge, entering_s in zip(there.edges[0].tolist(), there.entering_s[0].tolist(), strict=True):
        if edge == NONE:
            continue
        _, place = rows_of(graph.entries, np.array([edge]))
        for node in graph.entries.to[place].tolist():
            best = min(best, (float(times[node]) + entering_s, node, edge))
    return best


def _walk_back(before: Cells, node: int) -> list[int]:
    nodes = [node]
    while before[nodes[-1]] != NONE:
        nodes.append(int(before[nodes[-1]]))
    return nodes[::-1]


def _first(graph: RoadGraph, here: Ends, node: int, start: Snapped) -> Leg:
    options = [
        (seconds, edge)
        for edge, seconds in zip(here.edges[0].tolist(), here.leaving_s[0].tolist(), strict=True)
        if edge != NONE and graph.edges.arrives[edge] == node
    ]
    seconds, edge = min(options)
    share = float(start.fraction[0])
    return leg(
        graph, edge, seconds, (share if graph.edges.direction[edge] == 0 else 1 - share, 1.0)
    )


def _link_between(graph: RoadGraph, cost: Weights, one: int, other: int) -> int:
    row = slice(int(graph.onward.start[one]), int(graph.onward.start[one + 1]))
    edges = graph.onward.edge[row][graph.onward.to[row] == other]
    return int(edges[np.argmin(cost.seconds[edges])])


def _on_one_piece(graph: RoadGraph, start: Snapped, goal: Snapped, seconds: float) -> Leg:
    begin, end = float(start.fraction[0]), float(goal.fraction[0])
    along, against = graph.pieces.edges[start.piece[0]].tolist()
    forward = end >= begin if NONE not in (along, against) else along != NONE
    return Leg(along if forward else against, begin, end, seconds)
