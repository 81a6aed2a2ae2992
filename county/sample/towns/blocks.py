"""What stands between the streets: what each block is used for, and its buildings in rows."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Points
from county.sample.towns.houses import Houses, rectangles
from county.sample.towns.quarter import Quarter


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a use is built: length and depth of a building, room between them, height, how many there are, people in one."""

    long_m: float
    deep_m: float
    apart_m: float
    rows_m: float
    height_m: tuple[float, float]
    built: float
    people: float
    kind: str


PATTERNS: Final = {
    "residential": Pattern(46.0, 13.0, 11.0, 21.0, (15.0, 21.0), 0.92, 62.0, "slab"),
    "towers": Pattern(30.0, 17.0, 26.0, 34.0, (36.0, 96.0), 0.85, 150.0, "slab"),
    "commercial": Pattern(44.0, 32.0, 14.0, 16.0, (12.0, 48.0), 0.85, 16.0, "shop"),
    "industrial": Pattern(88.0, 42.0, 20.0, 22.0, (8.0, 14.0), 0.82, 3.0, "works"),
    "campus": Pattern(58.0, 16.0, 30.0, 34.0, (10.0, 22.0), 0.72, 5.0, "public"),
    "lanes": Pattern(15.0, 10.0, 3.5, 7.5, (5.0, 11.0), 0.88, 7.0, "house"),
    "town": Pattern(22.0, 11.5, 5.0, 12.0, (9.0, 18.0), 0.86, 16.0, "house"),
}
COVER: Final = {"towers": "residential", "lanes": "residential", "town": "residential"}


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One block of a quarter and its use."""

    use: str
    shape: shapely.Polygon
    quarter: Quarter
    middle: Points


def blocks(rng: np.random.Generator, quarter: Quarter, wet: BaseGeometry) -> list[Block]:
    """Return the blocks between the quarter's streets with a use each, off the water."""
    inner = [road.shape for road in quarter.streets if road.road_class != "trunk"]
    found = shapely.get_parts(shapely.polygonize([shapely.union_all(inner)]))
    apart = shapely.buffer(found, -9.0, join_style="mitre")
    dry = shapely.get_parts(shapely.difference(apart, wet))
    kept = dry[shapely.area(dry) > 1_800.0]
    middles = shapely.get_coordinates(shapely.centroid(kept))
    return [
        Block(_use(rng, quarter, shape), shape, quarter, at)
        for shape, at in zip(kept, middles, strict=True)
    ]


def _use(rng: np.random.Generator, quarter: Quarter, shape: shapely.Polygon) -> str:
    luck, spot = float(rng.random()), shape.centroid
    if quarter.kind == "town":
        if shapely.intersects(quarter.old, spot):
            return "commercial" if luck < 0.3 else "lanes"
        return _drawn(
            luck,
            (("campus", 0.12), ("industrial", 0.1), ("park", 0.04), ("lanes", 0.25), ("town", 1.0)),
        )
    if shapely.intersects(quarter.works, spot):
        return _drawn(luck, (("industrial", 0.82), ("park", 0.05), ("residential", 1.0)))
    if shapely.intersects(quarter.old, spot):
        return _drawn(
            luck, (("commercial", 0.34), ("lanes", 0.42), ("park", 0.05), ("residential", 1.0))
        )
    return _drawn(
        luck,
        (
            ("park", 0.07),
            ("campus", 0.11),
            ("commercial", 0.11),
            ("towers", 0.24),
            ("residential", 1.0),
        ),
    )


def _drawn(luck: float, shares: tuple[tuple[str, float], ...]) -> str:
    for use, share in shares:
        if luck < share:
            return use
        luck -= share
    return shares[-1][0]


def houses(rng: np.random.Generator, blocks_: list[Block]) -> list[Houses]:
    """Return the buildings of all blocks."""
    built = [block for block in blocks_ if block.use in PATTERNS]
    shapes = np.array([block.shape for block in built], dtype=object)
    boxes = shapely.oriented_envelope(shapes)
    return [_rows(rng, block, box) for block, box in zip(built, boxes, strict=True)]


def _rows(rng: np.random.Generator, block: Block, box: BaseGeometry) -> Houses:
    pattern = PATTERNS[block.use]
    turn = _angle(box)
    room = shapely.buffer(block.shape, -3.5, join_style="mitre")
    corners = np.asarray(shapely.get_coordinates(box))[:4]
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    flat = corners @ spin
    (u0, v0), (u1, v1) = flat.min(axis=0) + 4.0, flat.max(axis=0) - 4.0
    u, v = np.meshgrid(
        _even(u0, u1, pattern.long_m, pattern.apart_m),
        _even(v0, v1, pattern.deep_m, pattern.rows_m),
    )
    spots = np.stack([u.ravel(), v.ravel()], axis=1)
    spots = spots[rng.random(len(spots)) < pattern.built]
    count = len(spots)
    spots = spots + rng.normal(0, 0.6, spots.shape)
    shapes = rectangles(
        spots @ spin.T, pattern.long_m * rng.uniform(0.74, 1.0, count), pattern.deep_m * rng.uniform(0.85, 1.0, count),
        np.full(count, turn),
    )  # fmt: skip
    shapely.prepare(room)
    kept = shapely.contains(room, shapes)
    made = Houses(
        shapes, np.full(count, pattern.kind, dtype=object), rng.uniform(*pattern.height_m, count).round(1),
        pattern.people * rng.uniform(0.7, 1.3, count),
    )  # fmt: skip
    return made.only(np.asarray(kept))


def _even(low: float, high: float, size: float, gap: float) -> Points:
    """Return the middles of as many as fit, spread evenly from end to end."""
    count = int((high - low + gap) // (size + gap))
    if count < 1:
        return np.array([(low + high) / 2])
    spare = (high - low - count * size) / max(count - 1, 1) if count > 1 else 0.0
    first = low + size / 2 if count > 1 else (low + high) / 2
    return np.asarray(first + np.arange(count) * (size + spare), dtype=np.float64)


def _angle(box: BaseGeometry) -> float:
    """Return the direction of the box's side that runs more from west to east: rows face south."""
    corners = np.asarray(shapely.get_coordinates(box))
    sides = np.diff(corners[:3], axis=0)
    angles = np.arctan2(sides[:, 1], sides[:, 0])
    turned = (angles + np.pi / 2) % np.pi - np.pi / 2
    return float(turned[np.argmin(np.abs(turned))])
