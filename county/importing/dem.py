"""Terrain: tiles of any frame and fineness joined on one WGS 84 grid without a step at their seams, holes filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.features import geometry_mask
from rasterio.fill import fillnodata
from rasterio.warp import Resampling, reproject
from scipy.ndimage import distance_transform_edt
from shapely.geometry.base import BaseGeometry

from county.importing.dem_tiles import WGS84, Bounds, Tile
from county.importing.dem_tiles import read as read_tiles
from vocabulary.errors import Refused

FILL_REACH = 200  # cells
FEATHER = 8.0  # cells from a tile's edge over which it gives way to its neighbour
FINEST_DEG = 1e-4  # about 10 m: relief and radio need no finer
MOST_CELLS = 16_000_000
FEET = 1 / 0.3048
UNSURE = 1e-3  # less weight than this: the cell lies in a void, or off the tile

Heightfield = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heights:
    """Metres on a WGS 84 grid; its void cells, the share of the county covered, and how far tiles disagree where they overlap."""

    metres: Heightfield
    transform: Affine
    voids: int
    covered: float
    seam_m: float = 0.0


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    metres: Heightfield
    weight: Heightfield
    extent: NDArray[np.bool_]


def read(files: Sequence[Path], over: BaseGeometry) -> Heights:
    """Return the heights over the bounds of `over`, from one or more files; Refused when unreadable or elsewhere."""
    tiles, extent = read_tiles(files, over.bounds)
    names = ", ".join(file.name for file in files)
    if not any(np.isfinite(tile.metres).any() for tile in tiles):
        raise Refused(
            "county.dem_elsewhere", file=names, dem=_box(extent), county=_box(over.bounds)
        )
    transform, shape = _grid(tiles, over.bounds)
    try:
        layers = [_on_grid(tile, transform, shape) for tile in tiles]
    except RasterioError as problem:
        raise Refused("county.dem_unreadable", file=names, problem=problem) from problem
    seam_m = _disagreement(layers)
    metres, known = _joined(layers)
    if not known.any():
        raise Refused(
            "county.dem_elsewhere", file=names, dem=_box(extent), county=_box(over.bounds)
        )
    inside = geometry_mask([over], shape, transform, invert=True, all_touched=True)
    reached = np.logical_or.reduce([layer.extent for layer in layers])
    return Heights(
        _filled(metres, known),
        transform,
        voids=int((inside & reached & ~known).sum()),
        covered=float((known | reached)[inside].mean()),
        seam_m=seam_m,
    )


def _grid(tiles: Sequence[Tile], bounds: Bounds) -> tuple[Affine, tuple[int, int]]:
    """Return the grid of the finest tile, so that its heights stay as they are; coarser where that would be too many cells."""
    finest = min(tiles, key=lambda tile: tile.cell_deg[1])
    own = finest.transform
    wide, high = (max(size, FINEST_DEG) for size in finest.cell_deg)
    aligned = finest.crs == WGS84 and (wide, high) == finest.cell_deg and not (own.b or own.d)
    if aligned:
        wide, high = own.a, -own.e
    west, south, east, north = bounds
    too_many = ((east - west) / wide) * ((north - south) / high) / MOST_CELLS
    if too_many > 1:
        wide, high, aligned = wide * too_many**0.5, high * too_many**0.5, False
    left, top = (own.c, own.f) if aligned else (west, north)
    first_column, first_row = floor((west - left) / wide + 1e-6), floor((top - north) / high + 1e-6)
    columns = ceil((east - left) / wide - 1e-6) - first_column
    rows = ceil((top - south) / high - 1e-6) - first_row
    corner = Affine(wide, 0, left + first_column * wide, 0, -high, top - first_row * high)
    return corner, (rows, columns)


def _on_grid(tile: Tile, transform: Affine, shape: tuple[int, int]) -> _Layer:
    """Return a tile on the grid, with how much each cell is to be trusted: less towards its edges and voids.

    It is padded by a cell that counts nothing. So two tiles that merely touch are joined by a straight line from the last
    cell of one to the first of the other, and two that overlap give way to each other little by little.
    """
    known = np.pad(np.isfinite(tile.metres), 1)
    distance = distance_transform_edt(known)
    if known.any():
        beyond = distance_transform_edt(~known, return_distances=False, return_indices=True)
        metres = np.pad(tile.metres, 1)[tuple(beyond)]
    else:
        metres = np.zeros(known.shape, dtype=np.float32)
    extent = np.pad(np.ones(tile.metres.shape, dtype=np.float32), 1)
    bands = np.stack([metres, np.minimum(distance, FEATHER), extent]).astype(np.float32)
    out = np.zeros((3, *shape), dtype=np.float32)
    finer = transform.a / tile.cell_deg[0]
    reproject(
        bands, out, src_transform=tile.transform @ Affine.translation(-1, -1), src_crs=tile.crs, dst_transform=transform,
        dst_crs=WGS84, resampling=Resampling.average if finer > 2 else Resampling.bilinear,
    )  # fmt: skip
    return _Layer(tile.name, out[0], out[1], out[2] >= 0.5)


def _joined(layers: Sequence[_Layer]) -> tuple[Heightfield, NDArray[np.bool_]]:
    weight = np.sum([layer.weight for layer in layers], axis=0)
    total = np.sum([layer.metres * layer.weight for layer in layers], axis=0)
    known = weight > UNSURE
    return np.divide(total, weight, out=np.zeros_like(total), where=known), known


def _disagreement(layers: Sequence[_Layer]) -> float:
    """Return the largest median difference of two overlapping tiles; Refused where one of them must be in feet."""
    worst = 0.0
    for number, one in enumerate(layers):
        for other in layers[:number]:
            both = (one.weight > 1) & (other.weight > 1)
            if both.sum() < 20:
                continue
            a, b = one.metres[both], other.metres[both]
            worst = max(worst, float(np.median(np.abs(a - b))))
            _check_feet(one, float(np.median(a)), other, float(np.median(b)))
    return worst


def _check_feet(one: _Layer, one_m: float, other: _Layer, other_m: float) -> None:
    if min(one_m, other_m) > 20 and abs(max(one_m, other_m) / min(one_m, other_m) - FEET) < 0.05:
        higher, lower = (one, other) if one_m > other_m else (other, one)
        raise Refused("county.dem_feet", file=higher.name, other=lower.name)


def _filled(metres: Heightfield, known: NDArray[np.bool_]) -> Heightfield:
    """Return the heights without holes: from around them, and far from anything known as high as the nearest that is."""
    if known.all():
        return metres
    filled: Heightfield = fillnodata(
        metres.copy(), mask=known, max_search_distance=FILL_REACH, smoothing_iterations=1
    )
    near = distance_transform_edt(~known) <= FILL_REACH
    if not near.all():
        nearest = distance_transform_edt(~near, return_distances=False, return_indices=True)
        filled = filled[tuple(nearest)]
    return filled


def _box(bounds: Bounds) -> str:
    return "{:.3f}, {:.3f}, {:.3f}, {:.3f}".format(*bounds)
