"""Mending geometry: valid, flat, of one kind, clipped, and never with more vertices than the map can carry."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.importing.report import LayerReport
from county.metres import metres_per_degree

VERTEX_CAP = (
    100_000  # one feature; more is a coastline or a mistake, and make_valid would take minutes
)
AREA, LINE, POINT = 2, 1, 0

Geometries = NDArray[np.object_]
Rows = NDArray[np.int64]


def mend(
    geometries: Geometries, dimension: int, report: LayerReport, rows: Rows | None = None
) -> tuple[Geometries, NDArray[np.bool_]]:
    """Return the geometries made valid and of one dimension, and which of them may be kept; `rows` are their numbers."""
    flat: Geometries = shapely.force_2d(geometries)
    keep = ~(shapely.is_missing(flat) | shapely.is_empty(flat))
    report.refuse_where("empty", ~keep, rows)
    alien = keep & (shapely.get_dimensions(flat) < dimension)
    report.refuse_where("wrong_shape", alien, rows)
    heavy = keep & (shapely.get_num_coordinates(flat) > VERTEX_CAP)
    report.refuse_where("too_many_vertices", heavy, rows)
    keep &= ~(heavy | alien)
    broken = keep & ~shapely.is_valid(flat)
    if broken.any():
        flat[broken] = [
            only(shapely.make_valid(one, method="structure"), dimension) for one in flat[broken]
        ]
        lost = broken & shapely.is_empty(flat)
        report.refuse_where("beyond_repair", lost, rows)
        report.repaired += int((broken & ~lost).sum())
        keep &= ~lost
    return flat, keep


def clip(geometries: Geometries, to: BaseGeometry, dimension: int) -> Geometries:
    """Return the geometries cut to `to`; those wholly outside become empty, those wholly inside stay as they are."""
    shapely.prepare(to)
    out = geometries.copy()
    inside = shapely.covers(to, geometries)
    touching = ~inside & shapely.intersects(to, geometries)
    out[~inside & ~touching] = shapely.from_wkt("GEOMETRYCOLLECTION EMPTY")
    out[touching] = [only(one, dimension) for one in shapely.intersection(geometries[touching], to)]
    return out


def only(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    """Return the parts of `geometry` that have this dimension: a cut leaves points and lines beside areas."""
    parts = [
        part
        for part in shapely.get_parts(geometry)
        if shapely.get_dimensions(part) == dimension and not part.is_empty
    ]
    nested = [inner for part in parts for inner in shapely.get_parts(part)]
    if not nested:
        return shapely.GeometryCollection()
    if len(nested) == 1:
        only: BaseGeometry = nested[0]
        return only
    return shapely.MultiPolygon(nested) if dimension == AREA else shapely.MultiLineString(nested)


def grow(geometry: BaseGeometry, by_m: float) -> BaseGeometry:
    """Return `geometry` (WGS 84) grown by about `by_m` metres, in WGS 84."""
    lat = float(geometry.centroid.y)
    east_m, north_m = metres_per_degree(lat)
    scale = np.array([east_m, north_m])
    metric = shapely.transform(geometry, lambda xy: xy * scale)
    return shapely.transform(
        shapely.simplify(metric, 20.0).buffer(by_m, quad_segs=4), lambda xy: xy / scale
    )


def area_km2(geometry: BaseGeometry) -> float:
    """Return the area of a WGS 84 geometry in square kilometres (good to 1 % at county size)."""
    if geometry.area == 0:
        return 0.0
    east_m, north_m = metres_per_degree(float(geometry.centroid.y))
    return float(geometry.area) * east_m * north_m / 1e6
