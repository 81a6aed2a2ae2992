"""Who lives where: people by building, on a grid, and how many live in each settlement."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from county.sample.frame import Frame, Grid, Points
from county.sample.towns.houses import Houses

CELL_M: Final = 100.0


def grid(frame: Frame, houses: Houses, inside: NDArray[np.bool_], people: int) -> Grid:
    """Return persons per cell of 100 m, `people` in all, whole persons: where the buildings of the county are."""
    side = round(2 * frame.half_m / CELL_M)
    middles = shapely.get_coordinates(shapely.centroid(houses.shapes))
    row, column = frame.cell(side, middles)
    living = np.zeros((side, side))
    np.add.at(living, (row[inside], column[inside]), houses.people[inside])
    share = living * (people / living.sum())
    return _whole(share, people).astype(float)


def _whole(share: NDArray[np.float64], people: int) -> NDArray[np.int64]:
    """Return the shares as whole numbers: the largest remainders get one more, so that the sum is kept."""
    whole = np.floor(share)
    most = np.argsort(-(share - whole).ravel(), kind="stable")[: people - int(whole.sum())]
    whole.ravel()[most] += 1
    return np.asarray(whole, dtype=np.int64)


def of_places(groups: list[Houses], people: int) -> NDArray[np.int64]:
    """Return how many live in each settlement, by its own houses."""
    own = np.array([group.people.sum() for group in groups])
    return np.asarray(_whole(own * (people / own.sum()), people))


def of_suburbs(group: Houses, suburbs: Points, people: int) -> NDArray[np.int64]:
    """Return how many of `people` live nearest to each suburb's middle."""
    nearest = cKDTree(suburbs).query(shapely.get_coordinates(shapely.centroid(group.shapes)))[1]
    share = np.bincount(nearest, weights=group.people, minlength=len(suburbs))
    return np.asarray(np.round(share * people / share.sum()), dtype=np.int64)
