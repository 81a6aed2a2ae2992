"""What is known in WGS 84 while an import runs: the county in use if it is the same place, the extract, layers already taken."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.datum import Floats
from county.datum_detection import REFERENCE_LAYERS, Reference
from county.importing.extract.boundary import Area
from county.importing.shapes import grow
from county.model import County
from county.store import county_folder, load, read_layer
from vocabulary.errors import Unavailable

MOST_INSIDE: Final = 0.9
SLACK_M: Final = 1_500.0  # more than any datum moves a point
Shapes = NDArray[np.object_]


def in_use(home: Path) -> County | None:
    """Return the county in use, or None where there is none that can be read."""
    if not (county_folder(home) / "county.json").is_file():
        return None
    try:
        return load(home)
    except Unavailable:
        return None


class Known:
    """Grows with every layer that is taken; what is undeclared is compared with what is in it by then."""

    def __init__(self, former: County | None) -> None:
        """Start from the county in use."""
        self.former = former
        self.members = np.empty((0, 2))
        self.areas: list[BaseGeometry] = [] if former is None else [former.boundary_wgs84]
        self.layers: list[Shapes] = []
        self.box: tuple[float, float, float, float] | None = None

    def see_areas(self, found: list[Area]) -> None:
        """Remember the administrative areas of an extract."""
        self.areas += [area.shape for area in found]

    def see_members(self, shapes: Shapes) -> None:
        """Remember places of the county's own, of a declared frame: its outline should hold them."""
        self.members = np.concatenate(
            [self.members, shapely.get_coordinates(shapely.centroid(shapes))]
        )

    def see_county(self, boundary: BaseGeometry) -> None:
        """Remember where the county is; the layers of the one in use count if they lie there."""
        self.box = boundary.bounds
        self.areas.append(boundary)
        former = self.former
        if former is not None and shapely.intersects(former.boundary_wgs84, boundary):
            self.layers += [
                shapes
                for name in REFERENCE_LAYERS
                if len(shapes := read_layer(former, name, []).geometry.to_numpy())
            ]

    def see_layer(self, role: str, frame: gpd.GeoDataFrame) -> None:
        """Remember a layer of this import."""
        if role in REFERENCE_LAYERS and len(frame):
            self.layers.append(frame.geometry.to_numpy())

    def for_edge(self, shapes: Shapes) -> Reference:
        """Return what an outline of the county, or its towns, is held against."""
        known = (np.array(self.areas, dtype=object),) if self.areas else ()
        return Reference(box=self.box, known=known, members=self._held_by(shapes))

    def for_rows(self, _shapes: Shapes) -> Reference:
        """Return what rows within the county are held against."""
        return Reference(box=self.box, known=tuple(self.layers))

    def _held_by(self, shapes: Shapes) -> Floats:
        """Return the members if they are this outline's: places of a whole province say nothing about its edge."""
        if not len(self.members) or not len(shapes):
            return self.members[:0]
        outline = shapely.union_all(shapely.make_valid(shapes))
        near = shapely.intersects_xy(grow(outline, SLACK_M), *self.members.T)
        return self.members if near.mean() >= MOST_INSIDE else np.empty((0, 2))
