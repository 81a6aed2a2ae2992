"""The ground a prediction stands on: heights and kinds of land on the county's grid, with a margin all around."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from county.model import County
from county.store import read_layer
from layers.coverage.grid import grid_of
from layers.coverage.model import Grid
from layers.coverage.tables import rows

if TYPE_CHECKING:
    import geopandas as gpd

MARGIN: Final = (
    205  # cells: somewhat more than the farthest reach, so that no ray leaves the arrays
)


@dataclass(frozen=True, slots=True)
class Clutter:
    """A class of land: which model holds on it, and what it costs beyond the model."""

    name: str
    kinds: frozenset[str]
    least_area_ha: float
    environment: str
    offset_db: float


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Heights (m) and classes of land (numbers of `classes`) on `grid` and `margin` cells around it."""

    grid: Grid
    margin: int
    heights: NDArray[np.float32]
    clutter: NDArray[np.uint8]

    def inside(self, array: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the part of an array that lies on the grid."""
        return array[self.margin : -self.margin, self.margin : -self.margin]


@cache
def classes() -> tuple[Clutter, ...]:
    """Return the classes of land; the first is what nothing else claims."""
    return tuple(
        Clutter(
            row["class"], frozenset(row["kinds"].split()), float(row["least_area_ha"]), row["environment"],
            float(row["offset_db"]),
        )
        for row in rows("clutter")
    )  # fmt: skip


def ground_of(county: County) -> Ground:
    """Return the county's ground; flat where it has no terrain, open where it has no land cover."""
    grid = grid_of(county.box)
    transform = grid.transform @ Affine.translation(-MARGIN, -MARGIN)
    shape = (grid.shape[0] + 2 * MARGIN, grid.shape[1] + 2 * MARGIN)
    return Ground(
        grid, MARGIN, _heights(county, grid, transform, shape), _clutter(county, grid, transform, shape)
    )  # fmt: skip


def flat(grid: Grid, margin: int = MARGIN) -> Ground:
    """Return level, open ground."""
    shape = (grid.shape[0] + 2 * margin, grid.shape[1] + 2 * margin)
    return Ground(grid, margin, np.zeros(shape, np.float32), np.zeros(shape, np.uint8))


def _heights(
    county: County, grid: Grid, transform: Affine, shape: tuple[int, int]
) -> NDArray[np.float32]:
    if not county.terrain.is_file():
        return np.zeros(shape, dtype=np.float32)
    import rasterio
    from rasterio.warp import Resampling, reproject
    from scipy.ndimage import distance_transform_edt

    out = np.full(shape, np.nan, dtype=np.float32)
    with rasterio.open(county.terrain) as source:
        reproject(
            rasterio.band(source, 1), out, dst_transform=transform, dst_crs=grid.crs, dst_nodata=np.nan,
            resampling=Resampling.bilinear,
        )  # fmt: skip
    unknown = ~np.isfinite(out)
    if unknown.all():
        return np.zeros(shape, dtype=np.float32)
    # Beyond what was imported the land goes on as high as at its edge.
    nearest = distance_transform_edt(unknown, return_distances=False, return_indices=True)
    return np.ascontiguousarray(out[tuple(nearest)])


def _clutter(
    county: County, grid: Grid, transform: Affine, shape: tuple[int, int]
) -> NDArray[np.uint8]:
    from rasterio.features import rasterize

    shapes: list[tuple[object, int]] = []
    for layer in ("landcover", "water"):
        frame = read_layer(county, layer, ["kind"])
        if len(frame):
            shapes += _numbered(frame, grid)
    if not shapes:
        return np.zeros(shape, dtype=np.uint8)
    painted: NDArray[np.uint8] = rasterize(shapes, out_shape=shape, transform=transform, dtype="uint8")  # fmt: skip
    return painted


def _numbered(frame: "gpd.GeoDataFrame", grid: Grid) -> list[tuple[object, int]]:
    metric = frame.to_crs(grid.crs)
    found = []
    for kind, shape in zip(metric["kind"], metric.geometry, strict=True):
        number = 0
        for candidate, one in enumerate(classes()):
            if kind in one.kinds and shape.area / 10_000 >= one.least_area_ha:
                number = candidate
        if number:
            found.append((shape, number))
    return found
