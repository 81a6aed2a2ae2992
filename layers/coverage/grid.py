"""The grid of a county: square cells in the metric frame (UTM) of its middle, and the way from degrees to cells and back."""

from functools import cache
from math import ceil, floor
from typing import Final

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer

from county.model import Box
from layers.coverage.model import Grid
from vocabulary.place import Place

CELL_M: Final = 50.0
WGS84: Final = "EPSG:4326"
Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]


def grid_of(box: Box, cell_m: float = CELL_M) -> Grid:
    """Return the cells that cover a rectangle of degrees; their corners lie on whole multiples of `cell_m`."""
    crs = utm((box.west_deg + box.east_deg) / 2, (box.south_deg + box.north_deg) / 2)
    west, south, east, north = _transformer(WGS84, crs).transform_bounds(*box.as_tuple())
    left, top = floor(west / cell_m) * cell_m, ceil(north / cell_m) * cell_m
    columns, rows = ceil((east - left) / cell_m), ceil((top - south) / cell_m)
    return Grid(crs=crs, transform=Affine(cell_m, 0, left, 0, -cell_m, top), shape=(rows, columns))


def utm(lon_deg: float, lat_deg: float) -> str:
    """Return the frame of the UTM zone a position lies in (WGS 84)."""
    zone = min(int((lon_deg + 180) / 6) + 1, 60)
    return f"EPSG:{(32600 if lat_deg >= 0 else 32700) + zone}"


def metres_of(grid: Grid, lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats]:
    """Return metres east and north of positions."""
    east, north = _transformer(WGS84, grid.crs).transform(lon_deg, lat_deg)
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)


def cells_of(grid: Grid, lon_deg: Floats, lat_deg: Floats) -> tuple[Indexes, Indexes]:
    """Return rows and columns of positions; those off the grid are beyond its shape or below zero."""
    east, north = metres_of(grid, lon_deg, lat_deg)
    column = np.floor((east - grid.transform.c) / grid.cell_m)
    row = np.floor((grid.transform.f - north) / grid.cell_m)
    return row.astype(np.int64), column.astype(np.int64)


def cell_of(grid: Grid, place: Place) -> tuple[int, int] | None:
    """Return the row and column of a place, or None off the grid."""
    rows, columns = cells_of(grid, np.array([place.lon_deg]), np.array([place.lat_deg]))
    row, column = int(rows[0]), int(columns[0])
    inside = 0 <= row < grid.shape[0] and 0 <= column < grid.shape[1]
    return (row, column) if inside else None


def degrees_of(grid: Grid, rows: Indexes | int, columns: Indexes | int) -> tuple[Floats, Floats]:
    """Return the longitudes and latitudes of the middles of cells."""
    east = grid.transform.c + (np.asarray(columns) + 0.5) * grid.cell_m
    north = grid.transform.f - (np.asarray(rows) + 0.5) * grid.cell_m
    lon, lat = _transformer(grid.crs, WGS84).transform(east, north)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
