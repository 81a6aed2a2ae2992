"""How much of each cell of a raster lies in a polygon: whole cells by painting, cells on the edge by their exact area."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Share:
    """A window of a raster, from row `top` and column `left`, with the share 0..1 of every cell that lies in the polygon."""

    top: int
    left: int
    of_cell: NDArray[np.float64]

    def of(self, values: NDArray[np.float32]) -> float:
        """Return the sum of `values` in the polygon, each cell by its share."""
        rows, columns = self.of_cell.shape
        window = values[self.top : self.top + rows, self.left : self.left + columns]
        return float((window * self.of_cell).sum())


def share(polygon: BaseGeometry, transform: Affine, shape: tuple[int, int]) -> Share | None:
    """Return how much of each cell lies in `polygon`; None where it lies wholly off the raster (north up, same frame)."""
    west, south, east, north = polygon.bounds
    left, right = _span((west, east), transform.c, transform.a, shape[1])
    top, bottom = _span((north, south), transform.f, transform.e, shape[0])
    if left >= right or top >= bottom:
        return None
    size = (bottom - top, right - left)
    where = transform @ Affine.translation(left, top)
    inside = rasterize([polygon], out_shape=size, transform=where, dtype="uint8").astype(np.float64)
    edge = rasterize(
        [polygon.boundary], out_shape=size, transform=where, dtype="uint8", all_touched=True
    ).astype(bool)
    rows, columns = np.nonzero(edge)
    cells = _boxes(rows, columns, where)
    cell_area = abs(transform.a * transform.e)
    inside[rows, columns] = shapely.area(shapely.intersection(cells, polygon)) / cell_area
    return Share(top, left, inside)


def _span(between: tuple[float, float], origin: float, step: float, count: int) -> tuple[int, int]:
    first, last = ((edge - origin) / step for edge in between)
    return max(0, floor(first)), min(count, ceil(last))


def _boxes(rows: NDArray[np.intp], columns: NDArray[np.intp], where: Affine) -> NDArray[np.object_]:
    west, north = where.c + columns * where.a, where.f + rows * where.e
    boxes: NDArray[np.object_] = shapely.box(west, north + where.e, west + where.a, north)
    return boxes
