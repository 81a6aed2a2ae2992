"""Roads keep beside brooks and rivers, and cross them straight: never along the bed."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from county.sample.frame import Points, normals
from county.sample.land.rivers import River
from county.sample.road import Road

CLEAR_M: Final = 20.0
CROSSING: Final = 1  # vertices left out on each side of where a road crosses


def beside(roads: list[Road], rivers: list[River]) -> list[Road]:
    """Return the roads moved off the rivers' beds; their ends stay."""
    spots = np.vstack([river.line for river in rivers])
    left = np.vstack([normals(river.line) for river in rivers])
    clear = np.concatenate([river.width_m / 2 for river in rivers]) + CLEAR_M
    owner = np.repeat(np.arange(len(rivers)), [len(river.line) for river in rivers])
    tree = cKDTree(spots)
    out = []
    for road in roads:
        gap, near = tree.query(road.line, distance_upper_bound=140.0)
        known = np.isfinite(gap)
        if not known.any():
            out.append(road)
            continue
        near = np.where(known, near, 0)
        step = road.line - spots[near]
        side = np.sign((step * left[near]).sum(axis=1))
        close = known & (gap < clear[near])
        out.append(road.along(_moved(road.line, near, side, close, spots, left, clear, owner)))
    return out


def _moved(
    line: Points, near: NDArray[np.int64], side: NDArray[np.float64], close: NDArray[np.bool_], spots: Points,
    left: Points, clear: Points, owner: NDArray[np.int64],
) -> Points:  # fmt: skip
    moved, kept = line.copy(), np.ones(len(line), dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], close.view(np.int8), [0]])))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if begin == 0 or end == len(line) or owner[near[begin]] != owner[near[end - 1]]:
            continue
        run = np.arange(begin, end)
        before, after = side[begin], side[end - 1]
        wanted = np.full(len(run), before)
        if before != after:
            flips = np.flatnonzero(np.diff(np.sign(side[run])))
            cross = int(flips[len(flips) // 2]) + 1 if len(flips) else len(run) // 2
            wanted[cross:] = after
            kept[run[max(0, cross - CROSSING) : cross + CROSSING]] = False
        at = near[run]
        moved[run] = spots[at] + left[at] * (wanted * clear[at])[:, None]
    moved[0], moved[-1] = line[0], line[-1]
    kept[0] = kept[-1] = True
    return moved[kept]
