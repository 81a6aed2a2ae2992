"""Population: persons per pixel or per polygon, in any frame, brought onto one WGS 84 grid with nobody lost or doubled."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from affine import Affine
from pyogrio.errors import DataLayerError, DataSourceError
from rasterio.errors import RasterioError
from shapely.geometry.base import BaseGeometry

from county.cell_shares import share
from county.importing import population_rasters
from county.importing.population_rasters import Population, frame_of
from county.metres import metres_per_degree
from county.population import FILE
from vocabulary.errors import Refused

RASTERS = frozenset({".tif", ".tiff", ".img", ".vrt", ".asc"})
COLUMN = "population"
CELL_M = (25.0, 100.0)  # of a grid made from polygons: a quarter of their width, within these
Source: TypeAlias = Path | gpd.GeoDataFrame


def read(sources: Sequence[Source], within: BaseGeometry) -> Population:
    """Return who lives in the bounds of `within` (WGS 84), from rasters, or from polygons with a column `population`.

    Refused when unreadable, elsewhere, or of both kinds at once.
    """
    rasters = [one for one in sources if isinstance(one, Path) and one.suffix.lower() in RASTERS]
    if rasters and len(rasters) != len(sources):
        raise Refused("county.population_mixed", file=_names(sources))
    if rasters:
        return population_rasters.read(rasters, within)
    frames = [_frame(one).to_crs("EPSG:4326") for one in sources]
    polygons = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs="EPSG:4326")
    return _spread(polygons, within, _names(sources))


def write(population: Population, folder: Path) -> None:
    """Write population.tif (WGS 84, float32 persons per pixel) into `folder`."""
    persons = population.persons
    profile = {
        "driver": "GTiff", "height": persons.shape[0], "width": persons.shape[1], "count": 1, "dtype": "float32",
        "crs": "EPSG:4326", "transform": population.transform, "compress": "deflate", "predictor": 3, "tiled": True,
    }  # fmt: skip
    try:
        with rasterio.open(folder / FILE, "w", **profile) as target:
            target.write(persons, 1)
    except RasterioError as problem:
        raise Refused("county.disk", path=folder, problem=problem) from problem


def _frame(source: Source) -> gpd.GeoDataFrame:
    """Return polygons with a column `population`, and nothing else."""
    name = source.name if isinstance(source, Path) else COLUMN
    try:
        frame = pyogrio.read_dataframe(source) if isinstance(source, Path) else source
    except (DataSourceError, DataLayerError) as problem:
        raise Refused("county.population_unreadable", file=name, problem=problem) from problem
    column = next((each for each in frame.columns if str(each).lower() == COLUMN), None)
    if column is None or frame.crs is None:
        raise Refused("county.population_no_column", file=name, columns=", ".join(frame.columns))
    persons = pd.to_numeric(frame[column], errors="coerce")
    shapes = frame.geometry.to_numpy()
    areal = (shapely.get_dimensions(shapes) == 2) & ~shapely.is_empty(shapes)
    kept = areal & (persons >= 0).to_numpy()
    return gpd.GeoDataFrame({COLUMN: persons[kept]}, geometry=shapes[kept], crs=frame.crs)


def _spread(polygons: gpd.GeoDataFrame, within: BaseGeometry, names: str) -> Population:
    """Return the people of each polygon spread evenly over its own area."""
    transform, shape = _grid_for(polygons, within)
    persons = np.zeros(shape, dtype=np.float32)
    covered = np.zeros(shape, dtype=np.float32)
    for shape_wgs84, count in zip(polygons.geometry, polygons[COLUMN], strict=True):
        there = share(shape_wgs84, transform, shape)
        if there is None:
            continue
        rows, columns = there.of_cell.shape
        window = np.s_[there.top : there.top + rows, there.left : there.left + columns]
        cells_in_all = shape_wgs84.area / abs(transform.a * transform.e)
        persons[window] += (there.of_cell * (count / cells_in_all)).astype(np.float32)
        covered[window] += there.of_cell.astype(np.float32)
    if not covered.any():
        raise Refused("county.population_elsewhere", file=names)
    return Population(persons, transform, float(np.minimum(covered, 1).mean()))


def _grid_for(polygons: gpd.GeoDataFrame, within: BaseGeometry) -> tuple[Affine, tuple[int, int]]:
    east_m, north_m = metres_per_degree(float(within.centroid.y))
    areas_m2 = shapely.area(polygons.geometry.to_numpy()) * east_m * north_m
    width_m = float(np.sqrt(np.median(areas_m2))) if len(areas_m2) else CELL_M[1]
    cell_m = min(max(width_m / 4, CELL_M[0]), CELL_M[1])
    return frame_of(within.bounds, (cell_m / east_m, cell_m / north_m))


def _names(sources: Sequence[Source]) -> str:
    return ", ".join(one.name if isinstance(one, Path) else COLUMN for one in sources)
