"""Persons per pixel in any frame onto one WGS 84 grid: one that is WGS 84 is cut, any other is shared out by area."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import RasterioError
from rasterio.merge import merge
from rasterio.warp import Resampling, calculate_default_transform, reproject, transform_bounds
from shapely.geometry.base import BaseGeometry

from vocabulary.errors import Refused

WGS84 = CRS.from_epsg(4326)
MARGIN_CELLS = 2
Bounds = tuple[float, float, float, float]
Persons = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Population:
    """Persons per cell on a WGS 84 grid, north up, and how much of the wanted area the sources cover (0..1)."""

    persons: Persons
    transform: Affine
    covered: float

    @property
    def total(self) -> float:
        """Return all persons on the grid."""
        return float(self.persons.sum(dtype=np.float64))


def read(files: Sequence[Path], within: BaseGeometry) -> Population:
    """Return who lives in the bounds of `within`; tiles that overlap are not counted twice."""
    names = ", ".join(file.name for file in files)
    with ExitStack() as stack:
        sources = [_opened(stack, file) for file in files]
        touching = [one for one in sources if _touches(one, within.bounds)]
        if not touching:
            raise Refused("county.population_elsewhere", file=names)
        try:
            pieces = [
                _on_wgs84(list(group), within.bounds)
                for _, group in groupby(
                    sorted(touching, key=lambda one: str(one.crs)), key=lambda one: str(one.crs)
                )
            ]
        except (RasterioError, ValueError) as problem:
            raise Refused("county.population_unreadable", file=names, problem=problem) from problem
    persons, transform = _laid_over(pieces)
    known = ~np.isnan(persons)
    if not known.any():
        raise Refused("county.population_elsewhere", file=names)
    return Population(
        np.where(known, persons, 0).astype(np.float32), transform, float(known.mean())
    )


def frame_of(bounds: Bounds, cell_deg: tuple[float, float]) -> tuple[Affine, tuple[int, int]]:
    """Return a grid of such cells that covers `bounds`: its transform and its shape."""
    west, south, east, north = bounds
    shape = ceil((north - south) / cell_deg[1]), ceil((east - west) / cell_deg[0])
    return Affine(cell_deg[0], 0, west, 0, -cell_deg[1], north), shape


def _opened(stack: ExitStack, file: Path) -> "rasterio.DatasetReader":
    if not file.is_file():
        raise Refused("county.file_missing", file=file)
    try:
        source = stack.enter_context(rasterio.open(file))
    except RasterioError as problem:
        raise Refused(
            "county.population_unreadable", file=file.name, problem=str(problem)[:200]
        ) from problem
    if source.crs is None:
        raise Refused(
            "county.population_unreadable", file=file.name, problem="no coordinate reference system"
        )
    return source


def _touches(source: "rasterio.DatasetReader", wanted: Bounds) -> bool:
    west, south, east, north = transform_bounds(source.crs, WGS84, *source.bounds)
    return bool(west < wanted[2] and wanted[0] < east and south < wanted[3] and wanted[1] < north)


def _on_wgs84(sources: "list[rasterio.DatasetReader]", wanted: Bounds) -> tuple[Persons, Affine]:
    """Return the persons of sources that share a frame, on a WGS 84 grid cut to whole cells around `wanted`."""
    first = sources[0]
    there = transform_bounds(WGS84, first.crs, *wanted, densify_pts=41)
    persons, transform = _joined(sources, there)
    if first.crs != WGS84 or first.transform.b or first.transform.d:
        persons, transform = _shared_out(persons, transform, first.crs)
    return _cut(persons, transform, wanted)


def _joined(sources: "list[rasterio.DatasetReader]", there: Bounds) -> tuple[Persons, Affine]:
    """Return the sources as one, NaN where nobody counted; read only around `there`, on the first source's own cells."""
    first = sources[0]
    wide, high = first.res
    west, south, east, north = (
        max(there[0], min(one.bounds.left for one in sources)),
        max(there[1], min(one.bounds.bottom for one in sources)),
        min(there[2], max(one.bounds.right for one in sources)),
        min(there[3], max(one.bounds.top for one in sources)),
    )
    left = first.bounds.left + (floor((west - first.bounds.left) / wide) - MARGIN_CELLS) * wide
    top = first.bounds.top + (ceil((north - first.bounds.top) / high) + MARGIN_CELLS) * high
    columns, rows = ceil((east - left) / wide), ceil((top - south) / high)
    right, bottom = left + (columns + MARGIN_CELLS) * wide, top - (rows + MARGIN_CELLS) * high
    layers = [
        merge([one], bounds=(left, bottom, right, top), res=(wide, high), nodata=np.nan, dtype="float32", masked=False)
        for one in sources
    ]  # fmt: skip
    persons = layers[0][0][0]
    for data, _ in layers:
        persons = np.where(_counted(persons), persons, data[0])
    return np.where(_counted(persons), persons, np.nan).astype(np.float32), layers[0][1]


def _counted(persons: Persons) -> NDArray[np.bool_]:
    # Less than nobody is some maker's "no data", declared or not.
    counted: NDArray[np.bool_] = np.isfinite(persons) & (persons >= 0)
    return counted


def _shared_out(persons: Persons, transform: Affine, crs: CRS) -> tuple[Persons, Affine]:
    """Return the persons on a WGS 84 grid of about as fine cells, each cell's people shared out by area; the sum stays."""
    rows, columns = persons.shape
    corners = rasterio.transform.array_bounds(rows, columns, transform)
    where, wide, high = calculate_default_transform(crs, WGS84, columns, rows, *corners)
    out = np.full((high, wide), np.nan, dtype=np.float32)
    reproject(
        persons, out, src_transform=transform, src_crs=crs, dst_transform=where, dst_crs=WGS84,
        resampling=Resampling.sum, src_nodata=np.nan, dst_nodata=np.nan,
    )  # fmt: skip
    before, after = np.nansum(persons, dtype=np.float64), np.nansum(out, dtype=np.float64)
    return out * np.float32(before / after if after else 1.0), where


def _cut(persons: Persons, transform: Affine, wanted: Bounds) -> tuple[Persons, Affine]:
    west, south, east, north = wanted
    left = floor((west - transform.c) / transform.a)
    top = floor((north - transform.f) / transform.e)
    shape = (
        ceil((south - transform.f) / transform.e) - top,
        ceil((east - transform.c) / transform.a) - left,
    )
    out = np.full(shape, np.nan, dtype=np.float32)
    rows, columns = persons.shape
    first_row, first_column = max(top, 0), max(left, 0)
    last_row, last_column = min(top + shape[0], rows), min(left + shape[1], columns)
    if first_row < last_row and first_column < last_column:
        out[first_row - top : last_row - top, first_column - left : last_column - left] = persons[
            first_row:last_row, first_column:last_column
        ]
    return out, transform @ Affine.translation(left, top)


def _laid_over(pieces: list[tuple[Persons, Affine]]) -> tuple[Persons, Affine]:
    """Return the pieces on the first one's grid; where several know, the first does."""
    persons, transform = pieces[0]
    for other, where in pieces[1:]:
        moved = np.full(persons.shape, np.nan, dtype=np.float32)
        reproject(
            other, moved, src_transform=where, src_crs=WGS84, dst_transform=transform, dst_crs=WGS84,
            resampling=Resampling.sum, src_nodata=np.nan, dst_nodata=np.nan,
        )  # fmt: skip
        persons = np.where(np.isnan(persons), moved, persons)
    return persons, transform
