"""What every site shares: straight rays over the cells around it, and each cell's distance, direction and ray."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

DIRECTIONS: Final = 720  # half a degree each
QUARTERS: Final = 4  # distances are told apart by a quarter of a cell
OWN_CELL: Final = 0.38  # the mean distance of two points of which one is the middle of a square: 0.3826 of its side

Shorts = NDArray[np.int16]
Words = NDArray[np.uint16]
Reals = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Rays:
    """Rays of `half` steps of one cell; the tables of cells reach `half` cells to every side of the middle.

    Near the site rays lie closer than cells. So only every second is walked from the start; the others branch off the one
    before at half the reach, where the two are half a cell apart; and so on, down to every eighth.
    """

    half: int
    rows: Shorts  # ray x step: how many rows below the site
    columns: Shorts
    ray: Words  # per cell: the ray that passes it,
    step: Words  # how many steps out (0: the site's own, or beyond the reach)
    quarters: Words  # and its distance in quarters of a cell (0: beyond the reach)
    direction: Words  # clockwise from north
    per_cell: Reals  # one over the distance in cells


@lru_cache(maxsize=4)
def rays(half: int) -> Rays:
    """Return the tables for a reach of `half` cells."""
    count = -(-int(2 * np.pi * half) // 8) * 8
    bearing = np.arange(count) * 2 * np.pi / count
    steps = np.arange(half + 1)
    rows = np.rint(-np.cos(bearing)[:, None] * steps).astype(np.int16)
    columns = np.rint(np.sin(bearing)[:, None] * steps).astype(np.int16)
    down, right = np.meshgrid(*[np.arange(-half, half + 1, dtype=np.float64)] * 2, indexing="ij")
    away = np.hypot(down, right)
    angle = np.mod(np.arctan2(right, -down), 2 * np.pi)
    inside = away <= half
    apart = np.select([away <= half / 8, away <= half / 4, away <= half / 2], [8, 4, 2], 1)
    ray = np.rint(angle / (2 * np.pi) * count / apart) * apart % count
    near = np.maximum(away, OWN_CELL)
    return Rays(
        half, rows, columns,
        ray=np.where(inside, ray, 0).astype(np.uint16),
        step=np.where(inside, np.rint(away), 0).astype(np.uint16),
        quarters=np.where(inside, np.maximum(np.rint(near * QUARTERS), 1), 0).astype(np.uint16),
        direction=(np.rint(angle / (2 * np.pi) * DIRECTIONS) % DIRECTIONS).astype(np.uint16),
        per_cell=(1 / near).astype(np.float32),
    )  # fmt: skip
