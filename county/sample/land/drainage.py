"""Where water runs: every cell's receiver, how much gathers in it, and how high that makes the land.

The heights are those at which rain carves as fast as the land rises (stream power, concavity 0.45): river profiles come
out hollow, ridges sharp, and valleys join like branches, as they do in nature.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from county.sample.frame import Grid, Mask

Cells = NDArray[np.int64]
MOVES: Final = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
CONCAVITY: Final = 0.45
STEEPEST: Final = 0.55  # no soil holds on steeper slopes


@dataclass(frozen=True, slots=True, eq=False)
class Drainage:
    """A square grid, row 0 in the south, as flat arrays: `down` is where a cell's water goes (outlets: itself)."""

    side: int
    step_m: float
    down: Cells
    gathered_km2: NDArray[np.float64]
    metres: NDArray[np.float64]
    to_go_m: NDArray[np.float64]  # to the outlet


def first(cost: Grid, outlets: Mask, step_m: float) -> Cells:
    """Return receivers along the easiest ways to the outlets, `cost` a metre."""
    side = cost.shape[0]
    flat = cost.ravel()
    here, there, length = neighbours(side)
    weight = 0.5 * (flat[here] + flat[there]) * length * step_m
    graph = csr_array((weight, (here, there)), shape=(side * side, side * side))
    _, before, _ = dijkstra(
        graph, indices=np.flatnonzero(outlets.ravel()), return_predecessors=True, min_only=True
    )
    cells = np.arange(side * side)
    return np.where(before < 0, cells, before).astype(np.int64)


def neighbours(side: int) -> tuple[Cells, Cells, NDArray[np.float64]]:
    """Return every pair of neighbouring cells, both ways, and how many steps they are apart."""
    number = np.arange(side * side).reshape(side, side)
    pairs = []
    for row, column in MOVES:
        here = number[max(0, -row) : side - max(0, row), max(0, -column) : side - max(0, column)]
        there = number[max(0, row) : side + min(0, row), max(0, column) : side + min(0, column)]
        length = np.full(here.size, np.hypot(row, column))
        pairs.append((here.ravel(), there.ravel(), length))
    here, there, apart = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return here, there, apart


def carved(
    down: Cells, rise: Grid, base_m: Grid, inflow_km2: Grid, step_m: float, times: int
) -> Drainage:
    """Return the land that rain carves where it rises by `rise`, water finding better ways `times` times over."""
    for _ in range(times):
        down = _steepest(_settled(down, rise, base_m, inflow_km2, step_m))
    return _settled(down, rise, base_m, inflow_km2, step_m)


def _settled(down: Cells, rise: Grid, base_m: Grid, inflow_km2: Grid, step_m: float) -> Drainage:
    side = rise.shape[0]
    length = step_m * _steps(down, side)
    depth = _along(down, np.where(length > 0, 1.0, 0.0)).astype(np.int64)
    gathered = _gathered(down, depth, inflow_km2.ravel() + step_m**2 / 1e6)
    slope = np.minimum(rise.ravel() * gathered**-CONCAVITY, STEEPEST)
    outlet = length == 0
    climb = np.where(outlet, base_m.ravel(), slope * length)
    return Drainage(side, step_m, down, gathered, _along(down, climb), _along(down, length))


def _steps(down: Cells, side: int) -> NDArray[np.float64]:
    cells = np.arange(len(down))
    rows, columns = cells // side - down // side, cells % side - down % side
    return np.asarray(np.hypot(rows, columns), dtype=np.float64)


def _along(down: Cells, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of `values` from each cell along its way to the outlet, both included."""
    total, onward = np.where(down == np.arange(len(down)), 0.0, values), down
    while True:
        total = total + total[onward]
        further = onward[onward]
        if (further == onward).all():
            return np.asarray(total + values[onward])
        onward = further


def _gathered(down: Cells, depth: Cells, own: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(-depth, kind="stable")
    limits = np.searchsorted(-depth[order], -np.arange(depth.max(), 0, -1), side="right")
    total, begin = own.copy(), 0
    for end in limits.tolist():
        cells = order[begin:end]
        np.add.at(total, down[cells], total[cells])
        begin = end
    return total


def _steepest(drainage: Drainage) -> Cells:
    side, metres = drainage.side, drainage.metres.reshape(drainage.side, drainage.side)
    cells = np.arange(side * side).reshape(side, side)
    high = np.pad(metres, 1, constant_values=np.inf)
    number = np.pad(cells, 1, constant_values=-1)
    best, chosen = np.zeros((side, side)), cells.copy()
    for row, column in MOVES:
        window = np.s_[1 + row : 1 + row + side, 1 + column : 1 + column + side]
        fall = (metres - high[window]) / np.hypot(row, column)
        better = fall > best
        best, chosen = np.where(better, fall, best), np.where(better, number[window], chosen)
    outlet = drainage.down == np.arange(side * side)
    return np.where(outlet, drainage.down, chosen.ravel())
