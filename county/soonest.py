"""The soonest of several: how long from the best of many positions to each of others, or toward it, in one spreading."""

import numpy as np

from county.closures import OPEN, InForce
from county.roads import offsets, spread
from county.roads.graph import NONE, rows_of
from county.roads.metric import Floats, Indexes
from county.roads.offsets import Ends
from county.roads.snap import Snapped
from county.travel import Travel


def soonest(
    travel: Travel,
    several: Snapped,
    others: Snapped,
    in_force: InForce = OPEN,
    *,
    toward: bool = False,
    head_s: Floats | None = None,
) -> Floats:
    """Return the seconds from the best of `several` to each of `others` (`toward`: from each of them), infinity: never.

    `head_s` is what each of `several` costs besides, such as a walk from there.
    """
    graph, state = travel.graph, travel.state(in_force)
    besides = several.off_s + (0.0 if head_s is None else head_s)
    here = offsets.ends(graph, several, state.weights, state.obstruction)
    there = offsets.ends(graph, others, state.weights, state.obstruction)
    if toward:
        seeds, seconds = _seeds_back(travel, here, besides)
        times = spread.from_seeds(graph.back, state.weights.back, seeds, seconds)
        by_end = there.leaving_s + spread.at_exit(graph, times, there.edges)
    else:
        seeds, seconds = _seeds_onward(travel, here, besides)
        times = spread.from_seeds(graph.onward, state.weights.onward, seeds, seconds)
        by_end = there.entering_s + spread.at_entry(graph, times, there.edges)
    found: Floats = by_end.min(axis=1, initial=np.inf)
    _along_one_piece(travel, several, others, besides, found, in_force, toward=toward)
    told: Floats = found + others.off_s
    return told


def _seeds_onward(travel: Travel, here: Ends, besides: Floats) -> tuple[Indexes, Floats]:
    known = here.edges != NONE
    nodes = travel.graph.edges.arrives[here.edges[known]]
    return _least(nodes, (here.leaving_s + besides[:, None])[known])


def _seeds_back(travel: Travel, here: Ends, besides: Floats) -> tuple[Indexes, Floats]:
    known = here.edges != NONE
    belongs, place = rows_of(travel.graph.entries, here.edges[known])
    nodes = travel.graph.entries.to[place].astype(np.int64)
    return _least(nodes, (here.entering_s + besides[:, None])[known][belongs])


def _least(nodes: Indexes, seconds: Floats) -> tuple[Indexes, Floats]:
    """Return each node once, with its least time."""
    once, which = np.unique(nodes, return_inverse=True)
    least = np.full(len(once), np.inf)
    np.minimum.at(least, which, seconds)
    return once.astype(np.int64), least


def _along_one_piece(
    travel: Travel,
    several: Snapped,
    others: Snapped,
    besides: Floats,
    found: Floats,
    in_force: InForce,
    *,
    toward: bool,
) -> None:
    """Take the way along the piece that two positions share, where that is sooner."""
    state = travel.state(in_force)
    for index in np.flatnonzero(several.piece != NONE).tolist():
        one = several.of(index)
        for at in np.flatnonzero(others.piece == one.piece[0]).tolist():
            other = others.of(at)
            start, goal = (other, one) if toward else (one, other)
            seconds = offsets.along_piece(
                travel.graph, start, goal, state.obstruction, state.weights
            )
            found[at] = min(found[at], seconds + float(besides[index]))
