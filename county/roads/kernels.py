"""The loops that every travel time goes through, as machine code: spreading over links, and the nearest segment."""

import numpy as np

from county.compiled import compiled
from county.roads.graph import NONE, Cells
from county.roads.metric import Floats, Indexes

BRANCHES = 4  # of the heap: flatter than a binary one, so fewer places in memory on the way down
RINGS = 4  # of cells around a point that are looked through for the nearest segment


@compiled
def _risen(heap: Cells, key: Floats, place: Cells, at: int, node: int, time: float) -> None:
    """Put a node into the heap at `at` or nearer its top; `place` says where in the heap each node stands."""
    while at > 0:
        above = (at - 1) // BRANCHES
        if key[above] <= time:
            break
        key[at], heap[at] = key[above], heap[above]
        place[heap[at]] = at
        at = above
    key[at], heap[at], place[node] = time, node, at


@compiled
def _sunk(heap: Cells, key: Floats, place: Cells, size: int, node: int, time: float) -> None:
    """Put a node into a heap of `size` whose top is free."""
    at, child = 0, 1
    while child < size:
        least = child
        for other in range(child + 1, min(child + BRANCHES, size)):
            if key[other] < key[least]:
                least = other
        if key[least] >= time:
            break
        key[at], heap[at] = key[least], heap[least]
        place[heap[at]] = at
        at, child = least, BRANCHES * least + 1
    key[at], heap[at], place[node] = time, node, at


@compiled
def spread(
    start: Cells, to: Cells, cost: Floats, seeds: Indexes, seeds_s: Floats, limit_s: float
) -> tuple[Floats, Cells]:
    """Return the least time to each node and the node before it (NONE: a seed or unreached), infinity beyond `limit_s`.

    Dijkstra with a heap that knows where each node stands in it. A link that costs infinity is not followed.
    """
    count = len(start) - 1
    times, before = np.full(count, np.inf), np.full(count, NONE, np.int32)
    heap, place, key, size = (
        np.empty(count, np.int32),
        np.empty(count, np.int32),
        np.empty(count),
        0,
    )
    for seed in range(len(seeds)):
        node, time = seeds[seed], seeds_s[seed]
        if time < times[node] and time <= limit_s:
            at = place[node] if times[node] < np.inf else size
            size += at == size
            times[node] = time
            _risen(heap, key, place, at, node, time)
    while size > 0:
        here, so_far = heap[0], key[0]
        size -= 1
        _sunk(heap, key, place, size, heap[size], key[size])
        for link in range(start[here], start[here + 1]):
            node, time = to[link], so_far + cost[link]
            if time < times[node] and time <= limit_s:
                at = place[node] if times[node] < np.inf else size
                size += at == size
                times[node], before[node] = time, here
                _risen(heap, key, place, at, node, time)
    return times, before


@compiled
def _nearest_of(
    x: float, y: float, cell: int, start: Cells, held: Cells, rows: Floats
) -> tuple[float, int, float]:
    """Return the square of the distance to the nearest segment of one cell, which it is, and the share along it."""
    best, which, share = np.inf, NONE, 0.0
    for place in range(start[cell], start[cell + 1]):
        one = held[place]
        east, north = x - rows[one, 0], y - rows[one, 1]
        along = (east * rows[one, 2] + north * rows[one, 3]) / rows[one, 4]
        along = min(max(along, 0.0), 1.0)
        east, north = east - rows[one, 2] * along, north - rows[one, 3] * along
        if east * east + north * north < best:
            best, which, share = east * east + north * north, one, along
    return best, which, share


@compiled
def _nearest_in_ring(
    x: float, y: float, middle: int, ring: int, across: int, start: Cells, held: Cells, rows: Floats
) -> tuple[float, int, float]:
    """Return the same for the cells that are `ring` cells away from the one in the middle."""
    best = (np.inf, NONE, 0.0)
    for row in range(-ring, ring + 1):
        step = 1 if abs(row) == ring else 2 * ring
        for column in range(-ring, ring + 1, step):
            found = _nearest_of(x, y, middle + row * across + column, start, held, rows)
            if found[0] < best[0]:
                best = found
    return best


@compiled
def nearest(
    points: Floats,
    cells: Indexes,
    across: int,
    start: Cells,
    held: Cells,
    rows: Floats,
    cell_m: float,
) -> tuple[Indexes, Floats, Floats]:
    """Return for each point the nearest segment, its distance, and the share along it; infinity where none is surely so.

    `cells` is each point's square cell of `cell_m`, `across` of them in a row; RINGS cells to every side of it must exist.
    `start` and `held` say which segments a cell holds; a row of `rows` is a segment's start, its step, and the square of its
    length. A segment may be passed over that is farther than RINGS cells.
    """
    which = np.full(len(points), NONE, np.int64)
    distance, share = np.full(len(points), np.inf), np.zeros(len(points))
    for point in range(len(points)):
        x, y, best2 = points[point, 0], points[point, 1], np.inf
        for ring in range(RINGS + 1):
            found = _nearest_in_ring(x, y, cells[point], ring, across, start, held, rows)
            if found[0] < best2:
                best2, which[point], share[point] = found
            if best2 <= (ring * cell_m) ** 2:  # nothing outside these rings is nearer
                distance[point] = np.sqrt(best2)
                break
    return which, distance, share
