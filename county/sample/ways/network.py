"""Country roads on a grid of 200 m: each takes the easiest way over the ground and gladly follows one that is there.

Broad rivers are walls that only bridge sites open; towns are walls that only their gates open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Frame, Mask, Points
from county.sample.land.drainage import Cells, neighbours
from county.sample.land.ground import Ground

STEP_M: Final = 200.0
FOLLOW: Final = 0.45  # the price of going along a road that is there
BROAD_CLEAR_M: Final = 165.0
BRIDGE_M: Final = 500.0  # what a bridge costs, in metres of road
TOUCH: Final = 3  # cells a gate or bank is joined with
RANKS: Final = ("trunk", "primary", "secondary", "tertiary", "residential")
Label = tuple[int, str, str]  # rank, name, ref
Edge = tuple[int, int]


@dataclass(slots=True, eq=False)
class Network:
    """Nodes (free cells first, then places of their own) with prices between them, and which edges carry which road."""

    spots: Points
    graph: csr_array
    rows: Cells
    inner: dict[Edge, bool]  # edges that are there already (a town's streets), drawn by others
    edges: dict[Edge, Label] = field(default_factory=dict)

    def lay(self, path: Sequence[int], label: Label) -> None:
        """Mark a path as a road; a road that is there keeps the better class."""
        for one, other in pairwise(path):
            edge = (min(one, other), max(one, other))
            known = self.edges.get(edge)
            if known is None:
                self._cheapen(one, other)
                self._cheapen(other, one)
            if known is None or known[0] > label[0]:
                self.edges[edge] = label

    def _cheapen(self, one: int, other: int) -> None:
        start, end = self.graph.indptr[one], self.graph.indptr[one + 1]
        at = start + int(np.searchsorted(self.graph.indices[start:end], other))
        self.graph.data[at] *= FOLLOW

    def ways(self, start: int, most: float = np.inf) -> tuple[NDArray[np.float64], Cells]:
        """Return the price of every node from `start` (up to `most`), and from which node it is reached."""
        price, before = dijkstra(self.graph, indices=start, return_predecessors=True, limit=most)
        return price, before

    def flood(self) -> Cells:
        """Return, for every node, the next one on its way to the nearest road."""
        used = sorted({end for edge in self.edges for end in edge})
        _, before, _ = dijkstra(self.graph, indices=used, return_predecessors=True, min_only=True)
        return np.asarray(before)


def path_to(before: Cells, end: int) -> list[int]:
    """Return the nodes on the way to `end`, from the start."""
    path = [end]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class Extra:
    """Nodes beside the cells: `links` are edges among them (price in metres; `there` when a town's streets serve)."""

    spots: Points
    links: list[tuple[int, int, float, bool]]


def network(
    frame: Frame, rng: np.random.Generator, ground: Ground, near: Mask, walls: BaseGeometry,
    towns: BaseGeometry, extra: Extra,
) -> Network:  # fmt: skip
    """Return an empty network over the cells `near` the county; `walls` are broad rivers, `towns` what roads go round."""
    side = round(2 * frame.half_m / STEP_M)
    x, y = frame.centres(side)
    spots = np.stack([x.ravel(), y.ravel()], axis=1) + rng.uniform(-75, 75, (side * side, 2))
    points = shapely.points(spots)
    barrier = shapely.union(shapely.buffer(walls, BROAD_CLEAR_M, quad_segs=3), towns)
    shapely.prepare(barrier)
    row, column = frame.cell(near, spots)
    free = near[row, column] & ~shapely.intersects(barrier, points)
    number = np.cumsum(free) - 1
    here, there, apart = neighbours(side)
    kept = free[here] & free[there]
    here, there, length = here[kept], there[kept], apart[kept] * STEP_M
    price = _prices(frame, rng, ground, spots, here, there, length)
    rows, columns, data = _with(extra, spots[free], number[here], number[there], price)
    total = int(free.sum()) + len(extra.spots)
    graph = csr_array((data, (rows, columns)), shape=(total, total))
    graph.sum_duplicates()
    graph.sort_indices()
    base = int(free.sum())
    inner = {
        (min(a, b) + base, max(a, b) + base): True for a, b, _, there_ in extra.links if there_
    }
    return Network(np.vstack([spots[free], extra.spots]), graph, np.flatnonzero(free), inner)


def _prices(
    frame: Frame, rng: np.random.Generator, ground: Ground, spots: Points, here: Cells, there: Cells,
    length: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    height = frame.at(ground.metres, spots)
    slope = frame.at(frame.blur(ground.slope, 60.0), spots)
    water = frame.at(ground.to_water_m, spots)
    whim = np.exp(
        0.4 * frame.at(frame.noise(rng, 800.0), spots)
        + 0.35 * frame.at(frame.noise(rng, 2_400.0), spots)
    )
    place = whim * (1.0 + (slope * 7.0) ** 2 + 0.9 * np.clip(1 - water / 90.0, 0, 1))
    grade = np.abs(height[here] - height[there]) / length
    return length * 0.5 * (place[here] + place[there]) * (1.0 + (grade * 14.0) ** 2)


def _with(
    extra: Extra, spots: Points, here: Cells, there: Cells, price: NDArray[np.float64]
) -> tuple[Cells, Cells, NDArray[np.float64]]:
    base = len(spots)
    rows, columns, data = [here], [there], [price]
    gap, near = cKDTree(spots).query(extra.spots, k=TOUCH)
    own = np.repeat(np.arange(len(extra.spots)) + base, TOUCH)
    near, gap = near.ravel(), gap.ravel()
    rows += [own, near]
    columns += [near, own]
    data += [gap, gap]
    if extra.links:
        a, b, cost = (
            np.array(each) for each in zip(*((a, b, c) for a, b, c, _ in extra.links), strict=True)
        )
        rows += [a + base, b + base]
        columns += [b + base, a + base]
        data += [cost, cost]
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(data).astype(float)
