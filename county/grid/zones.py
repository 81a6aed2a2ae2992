"""Where people have built: the county seat, and towns and villages, as areas with a general outline."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from county.grid.faces import Floats, Shapes

PIXEL_M: Final = 50.0
CLOSED_PIXELS: Final = (
    2  # gaps up to four pixels wide, such as a street or a yard, belong to what is around them
)
LEAST_PIXELS: Final = 8  # 2 ha: fewer are a farm
FILLED_PIXELS: Final = 200  # 50 ha
BUILT_KINDS: Final = ("residential", "commercial", "industrial", "campus")


@dataclass(frozen=True, slots=True)
class BuiltUp:
    """Built-up areas (WGS 84), and the zone of each: seat or settlement."""

    shapes: Shapes
    zones: NDArray[np.object_]


def built_up(layers: dict[str, gpd.GeoDataFrame], boundary: BaseGeometry, scale: Floats) -> BuiltUp:
    """Return the built-up areas of the county by its land cover and buildings; the one around its first place is the seat."""
    pixels, transform = _pixels(layers, boundary, scale)
    near = np.hypot(
        *np.mgrid[-CLOSED_PIXELS : CLOSED_PIXELS + 1, -CLOSED_PIXELS : CLOSED_PIXELS + 1]
    )
    closed = ndimage.binary_closing(pixels, structure=near <= CLOSED_PIXELS + 0.5)
    numbers, count = ndimage.label(_filled(closed), structure=np.ones((3, 3)))
    sizes = np.bincount(numbers.ravel(), minlength=count + 1)
    numbers[sizes[numbers] < LEAST_PIXELS] = 0
    found = rasterio.features.shapes(
        numbers.astype(np.int32), mask=numbers > 0, connectivity=8, transform=transform
    )
    outlines = [(shapely.geometry.shape(shape), int(number)) for shape, number in found]
    shapes = np.array([shape for shape, _ in outlines], dtype=object)
    shapes = shapely.make_valid(shapely.simplify(shapes, 0.8 * PIXEL_M / scale[1]))
    kinds = np.full(len(shapes), "settlement", dtype=object)
    if len(shapes):
        kinds[_seat(layers, shapes, np.array([sizes[number] for _, number in outlines]))] = "seat"
    return BuiltUp(shapes, kinds)


def _filled(built: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the pixels with the parks and squares within the built-up areas, but not a mountain that is built around."""
    holes, count = ndimage.label(ndimage.binary_fill_holes(built) & ~built)
    small = np.bincount(holes.ravel(), minlength=count + 1) <= FILLED_PIXELS
    filled: NDArray[np.bool_] = built | (small & (np.arange(count + 1) > 0))[holes]
    return filled


def _pixels(
    layers: dict[str, gpd.GeoDataFrame], boundary: BaseGeometry, scale: Floats
) -> tuple[NDArray[np.bool_], Affine]:
    west, south, east, north = boundary.bounds
    size = PIXEL_M / scale
    # The grid lies on whole pixels of the globe, so that a small change of the outline moves nothing.
    left, top = np.floor(west / size[0]) - 3, np.ceil(north / size[1]) + 3
    columns, rows = int(east / size[0] - left) + 4, int(top - south / size[1]) + 4
    transform = Affine(size[0], 0, left * size[0], 0, -size[1], top * size[1])
    pixels = np.zeros((rows, columns), dtype=bool)
    cover = layers.get("landcover")
    if cover is not None:
        areas = cover.geometry.to_numpy()[cover["kind"].isin(BUILT_KINDS).to_numpy()]
        if len(areas):
            pixels |= rasterio.features.rasterize(
                areas, out_shape=pixels.shape, transform=transform, dtype="uint8"
            ).astype(bool)
    buildings = layers.get("buildings")
    if buildings is not None and len(buildings):
        spots = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
        column = np.floor(spots[:, 0] / size[0] - left).astype(int)
        row = np.floor(top - spots[:, 1] / size[1]).astype(int)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        pixels[row[inside], column[inside]] = True
    return pixels, transform


def _seat(layers: dict[str, gpd.GeoDataFrame], shapes: Shapes, sizes: NDArray[np.int64]) -> int:
    places = layers.get("places")
    if places is None or not len(places):
        return int(np.argmax(sizes))
    first = places.sort_values(["rank", "population", "name"], ascending=[True, False, True])
    return int(np.argmin(shapely.distance(shapes, first.geometry.iloc[0])))
