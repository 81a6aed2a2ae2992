"""A village: lanes like a comb along its road, back lanes between them, houses along all of these."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Frame, Points, Shapes, normals, paced, passed
from county.sample.land.ground import Ground
from county.sample.road import Road
from county.sample.towns.houses import Houses, rectangles

LANE_EVERY_M: Final = (42.0, 75.0)
LANE_M: Final = (45.0, 135.0)
HOUSE_EVERY_M: Final = (14.0, 19.0)
STEEP: Final = 0.22
APART_M: Final = 11.0


@dataclass(frozen=True, slots=True, eq=False)
class Village:
    """The lanes of one village, and the lines its houses stand along."""

    lanes: list[Road]
    fronts: list[Points]


def village(
    frame: Frame, rng: np.random.Generator, ground: Ground, at: Points, roads: list[Road], reach_m: float,
    wet: BaseGeometry,
) -> Village:  # fmt: skip
    """Return the village at `at`, where `roads` meet; it reaches `reach_m` along them."""
    lanes: list[Road] = []
    fronts: list[Points] = []
    there = [road.shape for road in roads]
    for road in roads[:3]:
        street = _from(road.line, at, reach_m)
        if len(street) < 3:
            continue
        fronts.append(street)
        for side in (-1.0, 1.0):
            ends: list[Points] = []
            for start, way in _teeth(rng, street, side):
                lane = _lane(rng, start, way)
                if _dry(frame, ground, lane, wet) and _apart(lane[1:], there):
                    lanes.append(Road("residential", lane))
                    there.append(lanes[-1].shape)
                    ends.append(lane[-1])
            for back in _back(rng, frame, ground, ends, wet):
                if _apart(back.line[1:-1], there):
                    lanes.append(back)
                    there.append(back.shape)
    return Village(lanes, fronts + [lane.line for lane in lanes])


def _from(line: Points, at: Points, reach_m: float) -> Points:
    """Return the vertices of the road from the village outward; lanes begin at these."""
    ordered = line if np.hypot(*(line[0] - at)) <= np.hypot(*(line[-1] - at)) else line[::-1]
    if np.hypot(*(ordered[0] - at)) > 30.0:
        return line[:0]
    return ordered[passed(ordered) <= reach_m]


def _teeth(rng: np.random.Generator, street: Points, side: float) -> list[tuple[Points, Points]]:
    along, left = passed(street), normals(street)
    out, place = [], float(rng.uniform(5.0, 45.0))
    while place < along[-1]:
        index = int(np.argmin(np.abs(along - place)))
        out.append((street[index], side * left[index]))
        place += float(rng.uniform(*LANE_EVERY_M))
    return out


def _lane(rng: np.random.Generator, start: Points, way: Points) -> Points:
    length, turn = float(rng.uniform(*LANE_M)), float(rng.normal(0, 0.13))
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    ahead = way @ spin
    share = np.linspace(0, 1, 5)[:, None]
    bow = np.array([-ahead[1], ahead[0]]) * float(rng.normal(0, 6.0))
    out: Points = start + ahead * length * share + bow * np.sin(np.pi * share)
    return out


def _dry(frame: Frame, ground: Ground, lane: Points, wet: BaseGeometry) -> bool:
    slope = frame.at(ground.slope, lane)
    return bool(slope.max() < STEEP) and not shapely.intersects(wet, shapely.LineString(lane))


def _apart(part: Points, there: list[shapely.LineString]) -> bool:
    """Say whether a part of a lane keeps off the ways that are there."""
    return bool((shapely.distance(shapely.LineString(part), there) > APART_M).all())


def _back(
    rng: np.random.Generator,
    frame: Frame,
    ground: Ground,
    ends: list[Points],
    wet: BaseGeometry,
) -> list[Road]:
    out = []
    for one, other in pairwise(ends):
        gap = float(np.hypot(*(one - other)))
        lane = np.linspace(one, other, 7)
        if 25.0 < gap < 115.0 and rng.random() < 0.6 and _dry(frame, ground, lane, wet):
            out.append(Road("residential", lane))
    return out


def houses(rng: np.random.Generator, fronts: list[Points], share: float) -> Houses:
    """Return houses on both sides of the lanes."""
    middles, turns = [np.zeros((0, 2))], [np.zeros(0)]
    for front in fronts:
        line = paced(front, float(rng.uniform(*HOUSE_EVERY_M)))
        left = normals(line)
        for side in (-1.0, 1.0):
            off = rng.uniform(10.5, 14.5, len(line))
            middles.append(line + side * left * off[:, None] + rng.normal(0, 1.0, line.shape))
            turns.append(np.arctan2(-left[:, 0], left[:, 1]))
    spots, turn = (
        np.vstack(middles),
        np.concatenate(turns) + rng.normal(0, 0.06, sum(map(len, turns))),
    )
    kept = rng.random(len(spots)) < share
    spots, turn = spots[kept], turn[kept]
    count = len(spots)
    shapes = rectangles(spots, rng.uniform(9.5, 13.5, count), rng.uniform(8.0, 11.5, count), turn)
    return Houses(
        shapes, np.full(count, "house", dtype=object), rng.choice([3.5, 6.5, 9.5, 10.0], count, p=[0.2, 0.45, 0.3, 0.05]),
        rng.uniform(2.0, 5.5, count),
    )  # fmt: skip


def land(shapes: Shapes) -> Shapes:
    """Return the built-up land around houses."""
    if not len(shapes):
        return np.array([], dtype=object)
    whole = shapely.union_all(shapely.buffer(shapes, 16.0, join_style="mitre")).buffer(
        -6.0, join_style="bevel"
    )
    parts = shapely.get_parts(shapely.simplify(whole, 3.0))
    out: Shapes = parts[shapely.area(parts) > 900.0]
    return out
