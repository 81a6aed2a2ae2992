"""A made-up county of 64,000 junctions for `bench.roads`: towns of bent streets, country roads between, the same at every run."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import Delaunay

from county.roads.metric import Floats, Indexes, Plane
from county.roads.turns import Restriction

TOWNS, IN_TOWNS, IN_COUNTRY = 120, 52_500, 12_000
HALF_M: Final = 22_000.0
KEPT_TOWN, KEPT_COUNTRY = 0.62, 0.45
RESTRICTED: Final = 2_000  # far more than a county has: Liechtenstein has three
LONGEST_STREET_M = 400.0
MIDDLE: Final = Plane(119.6, 28.9)


def synthetic_roads(seed: int) -> gpd.GeoDataFrame:
    """Return a `roads` layer: corners crowd around towns, near ones are joined by streets, far ones by country roads."""
    chance = np.random.default_rng(seed)
    corners = _corners(chance)
    pairs = _pairs(corners, chance)
    length = np.hypot(*(corners[pairs[:, 0]] - corners[pairs[:, 1]]).T)
    lines = _bent(corners, pairs, length, chance)
    return _layer(lines, length, chance)


def turn_restrictions(roads: gpd.GeoDataFrame, seed: int) -> list[Restriction]:
    """Return forbidden and demanded turns where two of the roads meet, the same at every run."""
    chance = np.random.default_rng(seed)
    ends = shapely.get_coordinates(shapely.get_point(roads.geometry.to_numpy(), 0))
    _, corner, count = np.unique(
        ends[:, 0] + 1j * ends[:, 1], return_inverse=True, return_counts=True
    )
    shared = np.flatnonzero(count[corner] > 1)
    shared = shared[np.argsort(corner[shared], kind="stable")]
    pairs = np.stack([shared[:-1], shared[1:]], axis=1)
    pairs = pairs[corner[pairs[:, 0]] == corner[pairs[:, 1]]]
    chosen = pairs[chance.permutation(len(pairs))[:RESTRICTED]].tolist()
    kinds = chance.choice(["no_left_turn", "no_right_turn", "only_straight_on"], len(chosen))
    found = []
    for (one, other), kind in zip(chosen, kinds, strict=True):
        lon, lat = ends[one].tolist()
        found.append(Restriction(str(one), lon, lat, str(other), str(kind)))
    return found


def _corners(chance: np.random.Generator) -> Floats:
    seats = chance.uniform(-HALF_M * 0.95, HALF_M * 0.95, (TOWNS, 2))
    weight = 1 / np.arange(1, TOWNS + 1) ** 0.7  # one large town, many small ones
    town = chance.choice(TOWNS, IN_TOWNS, p=weight / weight.sum())
    spread = 350.0 + 1_500.0 * np.sqrt(weight[town])[:, None]
    streets = seats[town] + chance.normal(0, 1, (IN_TOWNS, 2)) * spread
    streets = np.round(streets / 45.0) * 45.0 + chance.normal(0, 6.0, (IN_TOWNS, 2))
    country = chance.uniform(-HALF_M, HALF_M, (IN_COUNTRY, 2))
    return np.concatenate([streets, country])


def _pairs(corners: Floats, chance: np.random.Generator) -> Indexes:
    triangles = Delaunay(corners).simplices
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    pairs = np.unique(np.sort(sides, axis=1), axis=0)
    length = np.hypot(*(corners[pairs[:, 0]] - corners[pairs[:, 1]]).T)
    kept = np.where(length < LONGEST_STREET_M, KEPT_TOWN, KEPT_COUNTRY)
    found: Indexes = pairs[chance.random(len(pairs)) < kept].astype(np.int64)
    return found


def _bent(corners: Floats, pairs: Indexes, length: Floats, chance: np.random.Generator) -> Floats:
    share = np.array([0.0, 0.3, 0.7, 1.0])[None, :, None]
    start, end = corners[pairs[:, 0]][:, None, :], corners[pairs[:, 1]][:, None, :]
    bend = chance.normal(0, 0.06, (len(pairs), 4, 2)) * length[:, None, None]
    bend[:, [0, 3]] = 0.0  # ends must meet exactly
    bent: Floats = np.where(share == 1.0, end, start + (end - start) * share) + bend
    return bent


def _layer(lines: Floats, length: Floats, chance: np.random.Generator) -> gpd.GeoDataFrame:
    count = len(lines)
    degrees = MIDDLE.degrees(lines.reshape(-1, 2))
    shapes = shapely.linestrings(degrees, indices=np.repeat(np.arange(count), lines.shape[1]))
    town = length < LONGEST_STREET_M
    in_town = chance.choice(
        ["residential", "tertiary", "secondary", "service"], count, p=[0.66, 0.16, 0.08, 0.1]
    )
    outside = chance.choice(
        ["residential", "tertiary", "secondary", "primary"], count, p=[0.4, 0.3, 0.2, 0.1]
    )
    oneway = np.where(town & (chance.random(count) < 0.08), chance.choice([1, -1], count), 0)
    columns = {
        "way_id": np.arange(count).astype(str), "class": np.where(town, in_town, outside), "oneway": oneway,
        "name": "", "name_en": "", "ref": "", "access": "", "surface": "", "maxspeed_kmh": np.nan, "link": False,
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
