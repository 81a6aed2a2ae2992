"""Cells too small to be one join the neighbour they belong with, as long as it stays small enough."""

import heapq
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from county.grid.faces import Floats, Indexes, Shapes, borders
from county.grid.tables import norms

# How much rather a cell joins one of its own zone, and one that no street parts from it.
SAME_ZONE: Final = 3.0
SAME_FACE: Final = 3.0


@dataclass(slots=True)
class Cells:
    """Cells in the making: shape, area, zone, the face each was cut from, and a group that is never left (a town)."""

    shapes: Shapes
    areas_m2: Floats
    zones: NDArray[np.object_]
    faces: Indexes
    groups: Indexes

    def only(self, keep: NDArray[np.bool_]) -> "Cells":
        """Return some of them."""
        return Cells(
            self.shapes[keep], self.areas_m2[keep], self.zones[keep], self.faces[keep], self.groups[keep]
        )  # fmt: skip


def merged(cells: Cells, scale: Floats) -> Cells:
    """Return the cells with the small ones joined to neighbours of the same group."""
    if not len(cells.shapes):
        return cells  # the county's own cells cover it
    root = _joined(cells, _neighbours(cells, scale))
    kept, number = np.unique(root, return_inverse=True)
    order = np.argsort(number, kind="stable")
    runs = np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
    shapes = np.array(
        [
            cells.shapes[run[0]] if len(run) == 1 else shapely.coverage_union_all(cells.shapes[run])
            for run in runs
        ],
        dtype=object,
    )
    out = cells.only(np.isin(np.arange(len(root)), kept))
    out.shapes, out.areas_m2 = shapes, shapely.area(shapes) * scale.prod()
    return out


def _neighbours(cells: Cells, scale: Floats) -> list[dict[int, float]]:
    one, other, metres = borders(cells.shapes, scale)
    inside = cells.groups[one] == cells.groups[other]
    found: list[dict[int, float]] = [{} for _ in cells.shapes]
    for a, b, length in zip(
        one[inside].tolist(), other[inside].tolist(), metres[inside].tolist(), strict=True
    ):
        found[a][b] = found[b][a] = length
    return found


def _joined(cells: Cells, near: list[dict[int, float]]) -> Indexes:
    """Return for each cell the one it became part of; the larger one's zone and face hold for both."""
    least = {zone: norm.least_m2 for zone, norm in norms().items()}
    area, zone, face = cells.areas_m2.tolist(), cells.zones.tolist(), cells.faces.tolist()
    root = np.arange(len(area))
    waiting = [(size, i) for i, size in enumerate(area) if size < least[zone[i]]]
    heapq.heapify(waiting)
    while waiting:
        size, i = heapq.heappop(waiting)
        if root[i] != i or area[i] != size:
            continue  # it joined another, or grew and is in the queue again
        target = _best(i, area, zone, face, near)
        if target is None:
            continue
        area[target] += size
        root[i] = target
        _hand_over(i, target, near)
        if area[target] < least[zone[target]]:
            heapq.heappush(waiting, (area[target], target))
    return _ends(root)


def _best(
    i: int, area: list[float], zone: list[str], face: list[int], near: list[dict[int, float]]
) -> int | None:
    best, most = None, 0.0
    for j, metres in near[i].items():
        limit = norms()[zone[j]].most_m2
        if area[i] + area[j] > limit or (area[j], j) < (area[i], i):
            continue
        liking = metres * (SAME_ZONE if zone[i] == zone[j] else 1.0)
        liking *= SAME_FACE if face[i] == face[j] else 1.0
        if liking > most:
            best, most = j, liking
    return best


def _hand_over(i: int, target: int, near: list[dict[int, float]]) -> None:
    for j, metres in near[i].items():
        del near[j][i]
        if j != target:
            near[target][j] = near[j][target] = near[target].get(j, 0.0) + metres
    near[i].clear()


def _ends(root: Indexes) -> Indexes:
    while (root != root[root]).any():
        root = root[root]
    return root
