"""The ground below a level: marching squares over a grid, as valid polygons whose edges run between the grid's points."""

from typing import Final, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.roads.metric import Floats

TOP, RIGHT, BOTTOM, LEFT = range(4)
# Corners: 1 upper left, 2 upper right, 4 lower right, 8 lower left ("upper" is the lower row). Which sides a line joins.
LINES: Final = {
    1: ((LEFT, TOP),), 2: ((TOP, RIGHT),), 3: ((LEFT, RIGHT),), 4: ((RIGHT, BOTTOM),),
    5: ((LEFT, TOP), (RIGHT, BOTTOM)), 6: ((TOP, BOTTOM),), 7: ((LEFT, BOTTOM),), 8: ((BOTTOM, LEFT),),
    9: ((TOP, BOTTOM),), 10: ((TOP, RIGHT), (BOTTOM, LEFT)), 11: ((RIGHT, BOTTOM),), 12: ((LEFT, RIGHT),),
    13: ((TOP, RIGHT),), 14: ((LEFT, TOP),),
}  # fmt: skip
JUST_ABOVE: Final = 1e-6


def below(values: Floats, level: float) -> BaseGeometry:
    """Return where `values` (rows, columns) are below `level`, x along columns and y along rows; all beyond the grid is above."""
    grid = np.pad(values, 1, constant_values=level + 1.0)
    grid = np.where(np.abs(grid - level) < JUST_ABOVE, level + JUST_ABOVE, grid)
    segments = _segments(grid, level) - 1.0
    if not len(segments):
        return shapely.Polygon()
    lines = np.asarray(shapely.linestrings(segments), dtype=object)
    return cast("BaseGeometry", shapely.build_area(shapely.multilinestrings(lines)))


def _segments(grid: Floats, level: float) -> Floats:
    inside = grid < level
    case = (
        inside[:-1, :-1] * 1 + inside[:-1, 1:] * 2 + inside[1:, 1:] * 4 + inside[1:, :-1] * 8
    )  # one number per square
    row, column = np.nonzero((case > 0) & (case < 15))
    kind = case[row, column]
    sides = _crossings(grid, level, row, column)
    found = []
    for number, lines in LINES.items():
        mine = kind == number
        found += [np.stack([sides[one][mine], sides[other][mine]], axis=1) for one, other in lines]
    segments = np.concatenate(found)
    real: Floats = segments[(segments[:, 0] != segments[:, 1]).any(axis=1)]
    return real


def _crossings(
    grid: Floats, level: float, row: np.ndarray, column: np.ndarray
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return where each square's four sides cross the level; a side two squares share gives both the same numbers."""

    def across(r: np.ndarray) -> Floats:
        share = _share(grid[r, column], grid[r, column + 1], level)
        return np.stack([column + share, r.astype(float)], axis=1)

    def down(c: np.ndarray) -> Floats:
        share = _share(grid[row, c], grid[row + 1, c], level)
        return np.stack([c.astype(float), row + share], axis=1)

    return across(row), down(column + 1), across(row + 1), down(column)


def _share(one: Floats, other: Floats, level: float) -> Floats:
    difference = np.where(one == other, 1.0, other - one)
    return (level - one) / difference
