"""What lies under a coverage grid: which town each cell belongs to, who lives in it, and the roads that cross it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.crs import CRS
from rasterio.features import rasterize
from rasterio.warp import Resampling, reproject

from county.geopackage import read_columns
from county.metres import metres_per_degree
from county.model import County, Town
from county.population import grid as population_grid
from county.population import has_population
from layers.coverage.model import Grid

STEP_M: Final = (
    25.0  # roads are counted in pieces of at most this length, each where its middle lies
)
DRIVABLE: Final = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "residential",
    "service",
)
WGS84: Final = "EPSG:4326"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Arrays of a grid's shape: `town` is a town's number in `towns` plus one, 0 outside; roads as pieces with their cells."""

    grid: Grid
    towns: tuple[Town, ...]
    town: NDArray[np.int16]
    people: NDArray[np.float32]
    road_cell: NDArray[np.int64]  # the flat number of the cell a piece of road lies in
    road_m: NDArray[np.float64]

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Return which cells are the county's."""
        return self.town > 0

    @property
    def cell_km2(self) -> float:
        """Return the area of a cell."""
        return self.grid.cell_m**2 / 1e6

    @property
    def road_km(self) -> NDArray[np.float64]:
        """Return the length of road in each cell, flat."""
        length = np.bincount(self.road_cell, self.road_m / 1000, minlength=self.town.size)
        return length.astype(np.float64)


def settled(county: County, grid: Grid) -> Settlement:
    """Return who and what lies under a grid."""
    to_metric = Transformer.from_crs(WGS84, grid.crs, always_xy=True)
    town = _towns(county, grid, to_metric)
    cell, metres = _roads(county, grid, to_metric)
    kept = town.ravel()[cell] > 0
    return Settlement(
        grid=grid,
        towns=county.towns,
        town=town,
        people=np.where(town > 0, _people(county, grid), 0).astype(np.float32),
        road_cell=cell[kept],
        road_m=metres[kept],
    )


def _towns(county: County, grid: Grid, to_metric: Transformer) -> NDArray[np.int16]:
    shapes = [_moved(town.boundary_wgs84, to_metric) for town in county.towns]
    whole = _moved(county.boundary_wgs84, to_metric)
    # A sliver between two towns is still the county's: it counts with the first town.
    painted = [(whole, 1), *((shape, number) for number, shape in enumerate(shapes, 1))]
    found: NDArray[np.int16] = rasterize(
        painted, out_shape=grid.shape, transform=grid.transform, dtype="int16"
    )
    return found


def _people(county: County, grid: Grid) -> NDArray[np.float32]:
    """Return persons per cell: what lives in a square metre of the county's own grid, times the cell."""
    out = np.zeros(grid.shape, dtype=np.float32)
    if not has_population(county):
        return out
    persons, transform = population_grid(county)
    rows = transform.f + (np.arange(persons.shape[0]) + 0.5) * transform.e
    wide, high = np.array([metres_per_degree(float(lat)) for lat in rows]).T
    area = np.abs(transform.a * transform.e) * wide * high
    dense = (np.nan_to_num(persons) / area[:, None]).astype(np.float32)
    reproject(
        dense, out, src_transform=transform, src_crs=CRS.from_epsg(4326),
        dst_transform=grid.transform, dst_crs=CRS.from_string(grid.crs), resampling=Resampling.nearest,
    )  # fmt: skip
    return np.asarray(out * grid.cell_m**2, dtype=np.float32)


def _roads(
    county: County, grid: Grid, to_metric: Transformer
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    shapes, (classes,) = read_columns(county.geopackage, "roads", ("class",))
    lines = shapes[np.isin(classes.astype(str), DRIVABLE)]
    metric = shapely.segmentize(_moved_many(lines, to_metric), STEP_M)
    points, line = shapely.get_coordinates(metric, return_index=True)
    same = line[1:] == line[:-1]
    middles = ((points[1:] + points[:-1]) / 2)[same]
    metres = np.hypot(*(points[1:] - points[:-1]).T)[same]
    column, row = (~grid.transform) @ tuple(middles.T)
    rows, columns = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    high, wide = grid.shape
    on = (rows >= 0) & (rows < high) & (columns >= 0) & (columns < wide)
    return rows[on] * wide + columns[on], metres[on]


def _moved(shape: object, to_metric: Transformer) -> object:
    return _moved_many(np.array([shape], dtype=object), to_metric)[0]


def _moved_many(shapes: NDArray[np.object_], to_metric: Transformer) -> NDArray[np.object_]:
    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(to_metric.transform(xy[:, 0], xy[:, 1]), axis=1)

    moved: NDArray[np.object_] = shapely.transform(shapes, move)
    return moved
