"""Where coverage is weak: shares of people, area and roads per town, and weak areas as polygons; nothing drawn unless asked."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import rasterize, shapes, sieve
from shapely.geometry import shape as as_shape
from shapely.geometry.base import BaseGeometry

from county.model import Town
from layers.coverage.model import CoverageMap, Technology, Which
from layers.coverage.settlement import Settlement
from layers.coverage.thresholds import OUTSIDE, Codes, Scales

SMALLEST_CELLS: Final = 40  # ten hectares at 50 m: what is smaller is noise of a prediction
SIMPLER_CELLS: Final = 1.0
WGS84: Final = "EPSG:4326"
TECHNOLOGIES: Final = {"4G": Technology.LTE, "5G": Technology.NR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What coverage comes to in one town, or in the county where `town` is None; the last class is no signal."""

    town: Town | None
    area_km2: float
    people: float
    road_km: float
    area_of: tuple[float, ...]  # by class, best first
    people_of: tuple[float, ...]
    road_of: tuple[float, ...]
    weak_from: int  # the first weak class, counted from 0

    def weak(self, of: tuple[float, ...]) -> float:
        """Return how much of something lies in weak classes."""
        return float(sum(of[self.weak_from :]))

    def share(self, of: tuple[float, ...]) -> float | None:
        """Return which share of something is covered, None where there is none of it."""
        whole = sum(of)
        return None if whole <= 0 else 1.0 - self.weak(of) / whole


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakArea:
    """One weak area of a town."""

    number: int
    town: Town
    polygon_wgs84: BaseGeometry
    area_km2: float
    people: float
    road_km: float
    unserved_share: float  # of its area, without any usable signal


def classed(found: CoverageMap, which: Which, scales: Scales, ground: Settlement) -> Codes:
    """Return the class per cell: of one technology by its own scale, of all by whichever is better."""
    asked = [
        (scales[name], technology)
        for name, technology in TECHNOLOGIES.items()
        if which.technology in (None, technology)
    ]
    layers = [
        scale.codes(found.rsrp_dbm(Which(operator=which.operator, technology=one, band=which.band)))
        for scale, one in asked
    ]
    codes: Codes = np.minimum.reduce(layers)
    codes[~ground.inside] = OUTSIDE
    return codes


def weak_from(scales: Scales, which: Which) -> int:
    """Return the number, counted from 0, of the first class that is weak."""
    name = next((n for n, one in TECHNOLOGIES.items() if one is which.technology), "4G")
    return scales[name].weak_codes[0] - 1


def figures(codes: Codes, ground: Settlement, classes: int, first_weak: int) -> list[Figures]:
    """Return the county's figures, then each town's."""
    towns, n = len(ground.towns), classes + 1
    keys = (ground.town.astype(np.int64) * n + codes).ravel()
    size = (towns + 1) * n
    area = np.bincount(keys, minlength=size).reshape(-1, n) * ground.cell_km2
    people = np.bincount(keys, ground.people.ravel(), size).reshape(-1, n)
    road = np.bincount(keys[ground.road_cell], ground.road_m / 1000, size).reshape(-1, n)
    tables = [each[1:, 1:] for each in (area, people, road)]  # without what lies outside
    rows = [_row(None, [each.sum(axis=0) for each in tables], first_weak)]
    for number, town in enumerate(ground.towns):
        rows.append(_row(town, [each[number] for each in tables], first_weak))
    return rows


def _row(town: Town | None, of: list[NDArray[np.float64]], first_weak: int) -> Figures:
    area, people, road = (tuple(float(value) for value in each) for each in of)
    return Figures(
        town=town, area_km2=sum(area), people=sum(people), road_km=sum(road),
        area_of=area, people_of=people, road_of=road, weak_from=first_weak,
    )  # fmt: skip


def weak_areas(
    codes: Codes, ground: Settlement, classes: int, first_weak: int, smallest: int = SMALLEST_CELLS
) -> list[WeakArea]:
    """Return the weak areas of at least `smallest` cells, those with most people first."""
    weak = (codes > first_weak) & ground.inside
    labels = sieve(np.where(weak, ground.town, 0).astype(np.int16), size=smallest, connectivity=4)
    grid = ground.grid
    found = [
        (as_shape(shape), int(value))
        for shape, value in shapes(labels, mask=labels > 0, transform=grid.transform)
    ]
    if not found:
        return []
    polygons = np.array([polygon for polygon, _ in found], dtype=object)
    tallies = _tallies(polygons, codes, ground, classes)
    simple = shapely.coverage_simplify(polygons, SIMPLER_CELLS * grid.cell_m)
    back = Transformer.from_crs(grid.crs, WGS84, always_xy=True)
    moved = shapely.transform(
        simple, lambda xy: np.round(np.stack(back.transform(xy[:, 0], xy[:, 1]), axis=1), 6)
    )
    order = np.lexsort((-tallies[:, 0], -tallies[:, 1]))
    return [
        WeakArea(
            number=rank,
            town=ground.towns[found[at][1] - 1],
            polygon_wgs84=moved[at],
            area_km2=float(tallies[at, 0]),
            people=float(tallies[at, 1]),
            road_km=float(tallies[at, 2]),
            unserved_share=float(tallies[at, 3]),
        )
        for rank, at in enumerate(order.tolist(), 1)
    ]


def _tallies(
    polygons: NDArray[np.object_], codes: Codes, ground: Settlement, classes: int
) -> NDArray[np.float64]:
    grid, n = ground.grid, len(polygons) + 1
    numbered = ((polygon, number) for number, polygon in enumerate(polygons, 1))
    ids = rasterize(numbered, out_shape=grid.shape, transform=grid.transform, dtype="int32")
    flat = ids.ravel()
    cells = np.bincount(flat, minlength=n)
    people = np.bincount(flat, ground.people.ravel(), n)
    road = np.bincount(flat[ground.road_cell], ground.road_m / 1000, n)
    unserved = np.bincount(flat, (codes == classes).ravel(), n)
    share = unserved / np.maximum(cells, 1)
    return np.stack([cells * ground.cell_km2, people, road, share], axis=1)[1:]
