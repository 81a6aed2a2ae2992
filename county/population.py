"""Who lives where: the people in any polygon, counted from the county's population grid."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.cell_shares import share
from county.model import County

FILE = "population.tif"


def has_population(county: County) -> bool:
    """Say whether the county was imported with people."""
    return _file(county).is_file()


def people_in(county: County, polygons_wgs84: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    """Return how many people live in each polygon; a cell on its edge counts by its share. Zeros without a population."""
    if not has_population(county):
        return np.zeros(len(polygons_wgs84))
    persons, transform = grid(county)
    shares = (share(polygon, transform, persons.shape) for polygon in polygons_wgs84)
    return np.array([0.0 if one is None else one.of(persons) for one in shares])


def grid(county: County) -> tuple[NDArray[np.float32], Affine]:
    """Return the persons per cell (WGS 84, north up) and where the cells lie."""
    with rasterio.open(_file(county)) as source:
        return source.read(1), source.transform


def _file(county: County) -> Path:
    return county.folder / FILE
