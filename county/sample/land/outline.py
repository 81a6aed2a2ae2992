"""Whose land it is: the county ends on watersheds, and each town reaches to where the next one is easier to walk to."""

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from county.sample.frame import Frame, Mask, Points, Shapes, coords, eased, line_of
from county.sample.land.drainage import Cells, Drainage, neighbours
from county.sample.land.ground import Ground

BASIN_KM2 = 2.4
REACH_M = 2_600.0  # of a piece of the main river's own slopes
COARSE = 2
SMOOTH_M = 170.0
EDGE_M = 110.0


def county_mask(
    frame: Frame, rng: np.random.Generator, drainage: Drainage, middle: Points, km2: float
) -> Mask:
    """Return the cells of the county: whole valleys around `middle`, `km2` of them together."""
    x, y = frame.centres(frame.cells)
    reach = float(np.sqrt(km2 / 1_000.0))
    away = np.hypot((x - middle[0]) * 0.93, y - middle[1]) + 1_450.0 * reach * frame.noise(
        rng, 7_000.0 * reach
    )
    basin = _basins(drainage)
    count = np.bincount(basin)
    mean = np.bincount(basin, weights=away.ravel()) / np.maximum(count, 1)
    mean[count == 0] = np.inf
    order = np.argsort(mean)
    enough = int(np.searchsorted(np.cumsum(count[order]), km2 * 1.004e6 / drainage.step_m**2))
    chosen = np.zeros(len(count), dtype=bool)
    chosen[order[:enough]] = True
    inside = ndimage.binary_fill_holes(chosen[basin].reshape(frame.cells, -1))
    return _largest(frame.blur(inside.astype(float), 420.0) > 0.5)


def _basins(drainage: Drainage) -> Cells:
    """Return the number of each cell's small basin: tributaries, and pieces of larger rivers with their own slopes."""
    gathered, down = drainage.gathered_km2, drainage.down
    joined = gathered[down] - gathered >= BASIN_KM2
    piece = np.floor(drainage.to_go_m / REACH_M)
    cut = (gathered >= BASIN_KM2) & (joined | (piece != piece[down]))
    cells = np.arange(len(down))
    onward = np.where(cut | (down == cells), cells, down)
    while not ((further := onward[onward]) == onward).all():
        onward = further
    return np.unique(onward, return_inverse=True)[1]


def _largest(mask: Mask) -> Mask:
    label, count = ndimage.label(mask)
    if not count:
        return mask
    out: Mask = label == 1 + np.argmax(np.bincount(label.ravel())[1:])
    return np.asarray(ndimage.binary_fill_holes(out))


def lands(
    frame: Frame, rng: np.random.Generator, ground: Ground, inside: Mask, seats: Points
) -> Shapes:
    """Return each town's land as a polygon; together they are the county, borders shared point by point."""
    label = _nearest(frame, rng, ground, seats)[inside_rows(inside)]
    owner = np.full(inside.shape, -1)
    owner[inside] = label
    fine = np.kron(np.ones((2, 2)), np.zeros_like(inside)).astype(int)
    best = frame.blur(np.kron(~inside, np.ones((2, 2))).astype(float), SMOOTH_M)
    fine[:] = -1
    for town in range(len(seats)):
        share = frame.blur(np.kron(owner == town, np.ones((2, 2))).astype(float), SMOOTH_M)
        fine[share > best] = town
        best = np.maximum(best, share)
    return _polygons(frame, _whole(fine, len(seats)), len(seats))


def inside_rows(inside: Mask) -> NDArray[np.int64]:
    """Return, for each cell inside, its number on the coarser grid of `_nearest`."""
    side = inside.shape[0] // COARSE
    row, column = np.nonzero(inside)
    out: NDArray[np.int64] = np.minimum(row // COARSE, side - 1) * side + np.minimum(
        column // COARSE, side - 1
    )
    return out


def _nearest(frame: Frame, rng: np.random.Generator, ground: Ground, seats: Points) -> Cells:
    side = frame.cells // COARSE
    x, y = frame.centres(side)
    spots = np.stack([x.ravel(), y.ravel()], axis=1)
    cost = 1.0 + 9.0 * frame.at(ground.slope, spots) + frame.at(ground.above_water_m, spots) / 60.0
    cost += 2.5 * (frame.at(ground.to_water_m, spots) < 110.0)
    cost *= np.exp(0.7 * frame.at(frame.noise(rng, 1_100.0), spots))
    here, there, apart = neighbours(side)
    graph = csr_array(
        (0.5 * (cost[here] + cost[there]) * apart, (here, there)), shape=(side**2,) * 2
    )
    row, column = frame.cell(side, seats)
    start = row * side + column
    _, _, source = dijkstra(graph, indices=start, return_predecessors=True, min_only=True)
    order = np.argsort(start)
    return np.asarray(
        order[np.searchsorted(start[order], np.maximum(source, 0)).clip(0, len(start) - 1)]
    )


def _whole(label: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the labels with every town in one piece: islands go to who surrounds them."""
    out = np.full_like(label, -2)
    out[label < 0] = -1
    for town in range(count):
        out[_largest(label == town)] = town
    lost = out == -2
    row, column = ndimage.distance_transform_edt(
        lost | (out == -1), return_distances=False, return_indices=True
    )
    out[lost] = out[row, column][lost]
    return np.asarray(out)


def _polygons(frame: Frame, label: NDArray[np.int64], count: int) -> Shapes:
    step = frame.step(label.shape[0])
    where = Affine(step, 0, -frame.half_m, 0, step, -frame.half_m)
    parts: list[list[shapely.Polygon]] = [[] for _ in range(count)]
    for shape, town in rasterio.features.shapes(
        label.astype(np.int16), mask=label >= 0, transform=where
    ):
        rings = shape["coordinates"]
        parts[int(town)].append(shapely.Polygon(rings[0], rings[1:]))
    whole = np.array([max(each, key=lambda one: one.area) for each in parts], dtype=object)
    return _eased(whole)


def _eased(whole: Shapes) -> Shapes:
    """Return the polygons with their steps smoothed; neighbours keep one line between them."""
    lines = shapely.line_merge(shapely.union_all(shapely.boundary(whole)))
    arcs = [coords(arc) for arc in shapely.get_parts(lines)]
    soft = [shapely.simplify(line_of(eased(arc, EDGE_M, 30.0)), 6.0) for arc in arcs]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(soft)]))
    inner, owner = shapely.STRtree(whole).query(shapely.point_on_surface(faces), predicate="within")
    parts: list[list[shapely.Polygon]] = [[] for _ in whole]
    for face, town in zip(faces[inner], owner.tolist(), strict=True):
        parts[town].append(face)
    return np.array([max(each, key=lambda one: one.area) for each in parts], dtype=object)
