"""Buildings: rectangles with a height, and which of them may stand where others, roads and water are."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Points, Shapes


@dataclass(frozen=True, slots=True, eq=False)
class Houses:
    """Buildings with kind (house, slab, shop, works, public), height, and how many people each is home to."""

    shapes: Shapes
    kind: NDArray[np.object_]
    height_m: NDArray[np.float64]
    people: NDArray[np.float64]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.shapes)

    def only(self, kept: NDArray[np.bool_]) -> "Houses":
        """Return some of them."""
        return Houses(self.shapes[kept], self.kind[kept], self.height_m[kept], self.people[kept])


def together(groups: list[Houses]) -> Houses:
    """Return all groups as one."""
    return Houses(
        np.concatenate([one.shapes for one in groups]), np.concatenate([one.kind for one in groups]),
        np.concatenate([one.height_m for one in groups]), np.concatenate([one.people for one in groups]),
    )  # fmt: skip


def rectangles(
    middles: Points, long_m: Points, deep_m: Points, turn_rad: NDArray[np.float64]
) -> Shapes:
    """Return rectangles around `middles`, their long sides turned by `turn_rad`."""
    unit = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    size = np.stack([long_m, deep_m], axis=1)
    flat = unit[None] * size[:, None, :]
    cosine, sine = np.cos(turn_rad)[:, None], np.sin(turn_rad)[:, None]
    x = flat[..., 0] * cosine - flat[..., 1] * sine + middles[:, None, 0]
    y = flat[..., 0] * sine + flat[..., 1] * cosine + middles[:, None, 1]
    return np.asarray(shapely.polygons(np.stack([x, y], axis=2)), dtype=object)


def standing(
    houses: Houses, roads: Shapes, clear_m: NDArray[np.float64], wet: BaseGeometry
) -> Houses:
    """Return the houses that keep `clear_m` (one number a road) from roads, off the water and off each other."""
    free = np.ones(len(houses), dtype=bool)
    shapely.prepare(wet)
    free &= ~shapely.intersects(wet, houses.shapes)
    tree = shapely.STRtree(houses.shapes)
    for clear in np.unique(clear_m).tolist():
        mine = roads[clear_m == clear]
        free[tree.query(mine, predicate="dwithin", distance=clear)[1]] = False
    left = houses.only(free)
    one, other = shapely.STRtree(left.shapes).query(left.shapes, predicate="intersects")
    first = one < other
    alone = np.ones(len(left), dtype=bool)
    alone[other[first]] = False
    return left.only(alone)
