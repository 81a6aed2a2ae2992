"""Which of many areas a position lies in: one answer always the same, on borders too."""

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
Indexes = NDArray[np.int64]


class Areas:
    """Areas of one kind, in an order: where two meet or overlap, the first has the position."""

    def __init__(self, shapes: Shapes) -> None:
        """Index them."""
        self.shapes = shapes
        self._tree = shapely.STRtree(shapes)

    def of(self, spots: Shapes) -> Indexes:
        """Return the number of the area that each position lies in, -1 for none."""
        found = np.full(len(spots), len(self.shapes), dtype=np.int64)
        asked, area = self._tree.query(spots, predicate="intersects")
        np.minimum.at(found, asked, area)
        found[found == len(self.shapes)] = -1
        return found

    def nearest(self, spots: Shapes) -> Indexes:
        """Return the number of the area nearest to each position; there must be one."""
        found: Indexes = self._tree.nearest(spots)
        return found


class AreasOfGroups:
    """Areas that each belong to a group and share it out whole: a position of a group lies in one of its areas."""

    def __init__(self, shapes: Shapes, groups: Indexes) -> None:
        """Index them; `groups` has each area's group."""
        self._groups = groups
        self._tree = shapely.STRtree(shapes)
        self._of_group = {
            group: np.flatnonzero(groups == group) for group in np.unique(groups).tolist()
        }
        self._shapes = shapes

    def of(self, spots: Shapes, groups: Indexes) -> Indexes:
        """Return the number of the area of its group that each position lies in, -1 where the group has no areas."""
        none = len(self._groups)
        found = np.full(len(spots), none, dtype=np.int64)
        asked, area = self._tree.query(spots, predicate="intersects")
        own = self._groups[area] == groups[asked]
        np.minimum.at(found, asked[own], area[own])
        # A border is kept to a millimetre: who stands within that of it has the nearest area.
        for spot in np.flatnonzero(found == none).tolist():
            choice = self._of_group.get(int(groups[spot]), np.empty(0, dtype=np.int64))
            if len(choice):
                found[spot] = choice[np.argmin(shapely.distance(self._shapes[choice], spots[spot]))]
        found[found == none] = -1
        return found
