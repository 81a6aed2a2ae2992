"""Places where a new site could stand: on masts that others have, on heights beside roads, among people without signal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter, maximum_filter, uniform_filter

from layers.coverage.grid import cells_of, degrees_of
from layers.coverage.ground import Ground
from layers.coverage.model import Site
from layers.coverage.planning import Candidate
from vocabulary.place import Place

Mask = NDArray[np.bool_]
Reals = NDArray[np.float64]

AROUND: Final = (
    11  # cells a side in which a height must be the highest, or a gathering of people the largest
)
CROWD_CELLS: Final = 4.0
REACH_CELLS: Final = 61  # about 1.5 km to every side: where most of what a site adds lies


@dataclass(frozen=True, slots=True)
class Costs:
    """What a site costs beside others: relative numbers an office may set. A new mast beside a road is 1."""

    shared: float = 0.4  # equipment on a mast that stands: 铁塔共享
    new: float = 1.0
    per_road_km: float = 0.6  # way and power line, from the nearest road
    farthest_road_m: float = 800.0


def candidates(
    ground: Ground, weak: Mask, people: NDArray[np.float32], road: Mask, sites: Sequence[Site], most: int = 300,
    costs: Costs | None = None,
) -> list[Candidate]:  # fmt: skip
    """Return the places with most people without signal around them per cost, `most` of them at the most; the same each time."""
    costs = costs or Costs()
    without = np.where(weak, people, 0).astype(np.float64)
    cell_m = ground.grid.cell_m
    road_m = distance_transform_edt(~road) * cell_m if road.any() else np.full(road.shape, np.inf)
    found = _shared(ground, sites, costs)
    reachable = road_m <= costs.farthest_road_m
    m = ground.margin
    heights = ground.heights[m:-m, m:-m]
    found |= _peaks(heights.astype(np.float64), reachable, "height", costs, road_m, found)
    crowd = gaussian_filter(without, CROWD_CELLS)
    found |= _peaks(crowd, reachable & (crowd > 0), "people", costs, road_m, found)
    around = uniform_filter(without, REACH_CELLS, mode="constant") * REACH_CELLS**2
    order = sorted(found, key=lambda at: (-around[at] / found[at][0], at))
    worth = [at for at in order if around[at] > 0.5][:most]
    lon, lat = degrees_of(ground.grid, np.array([r for r, _ in worth], int), np.array([c for _, c in worth], int))  # fmt: skip
    return [
        Candidate(Place(float(x), float(y)), *found[at]) for at, x, y in zip(worth, lon, lat, strict=True)
    ]  # fmt: skip


Found = dict[tuple[int, int], tuple[float, str]]


def _shared(ground: Ground, sites: Sequence[Site], costs: Costs) -> Found:
    if not sites:
        return {}
    lon = np.array([one.place.lon_deg for one in sites])
    lat = np.array([one.place.lat_deg for one in sites])
    rows, columns = cells_of(ground.grid, lon, lat)
    high, wide = ground.grid.shape
    return {
        (row, column): (costs.shared, "shared")
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if 0 <= row < high and 0 <= column < wide
    }


def _peaks(values: Reals, where: Mask, kind: str, costs: Costs, road_m: Reals, known: Found) -> Found:  # fmt: skip
    peak = where & (values == maximum_filter(values, AROUND))
    return {
        at: (costs.new + costs.per_road_km * float(road_m[at]) / 1000, kind)
        for at in zip(*(axis.tolist() for axis in np.nonzero(peak)), strict=True)
        if at not in known
    }
