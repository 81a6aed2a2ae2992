"""The seat: avenues along and across its river, an inner ring of streets, a bypass outside, bridges where avenues cross."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.sample import names
from county.sample.frame import Points, Warp, line_of, normals, passed, rounded, smoothed
from county.sample.land.rivers import River
from county.sample.road import Road
from county.sample.towns.lattice import Bend, Lattice, Street, Stretch
from county.sample.towns.quarter import Gate, Quarter

HALF_ALONG_M: Final = 3_250.0
NEAR_M, FAR_M = (
    2_650.0,
    1_900.0,
)  # how far it reaches from the river, on the older bank and on the newer
BANK_M: Final = 58.0
PACE_M: Final = (185.0, 265.0)
BYPASS_M: Final = 620.0
AVENUE: Final = 4  # every fourth street
CLASSES: Final = ("secondary", "tertiary", "residential")


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Plan coordinates along and across the river, and the scale of the town."""

    bend: Bend
    bank_m: float
    scale: float


def seat(
    rng: np.random.Generator,
    at: Points,
    river: River,
    scale: float,
    bend: Warp,
    land: BaseGeometry,
) -> Quarter:
    """Return the seat beside `river`, its streets on `land`."""
    plan = Plan(_plan(river, at, bend), _bank(river, at), scale)
    lattice = Lattice(*_lines(rng, plan), plan.bend)
    ring = _ring(plan, BYPASS_M * (0.6 + 0.4 * scale))
    lattice.fill(shapely.intersection(land, shapely.Polygon(_ring(plan, 0.0))))
    lattice.drop(lambda one: _wet_without_bridge(lattice, one))
    lattice.thin(rng, Loss(lattice, plan))
    lattice.close()
    bypass = Road("trunk", ring, names.BYPASS)
    feeders = list(_feeders(lattice, line_of(ring)))
    old = shapely.Polygon(
        plan.bend(_oval(0.0, 620 * scale + plan.bank_m, 900 * scale, 560 * scale))
    )
    works = shapely.Polygon(
        plan.bend(_oval(2_600 * scale, 300 * scale, 1_250 * scale, 2_600 * scale))
    )
    gates = [Gate(road.line[-1], _unit(road.line[-1] - road.line[-2])) for road in feeders]
    return Quarter(
        "city", at, [bypass, *_streets(lattice), *feeders], gates, shapely.Polygon(ring).buffer(60.0),
        old, works, _labels(plan),
    )  # fmt: skip


def _plan(river: River, at: Points, bend: Warp) -> Bend:
    along = passed(river.line)
    here = along[np.argmin(((river.line - at) ** 2).sum(axis=1))]
    near = np.abs(along - here) < 9_000.0
    line = smoothed(river.line[near], 5.0)
    place = along[near] - here
    left = smoothed(normals(smoothed(line, 20.0)), 40.0)
    left /= np.hypot(*left.T)[:, None]
    if left[np.argmin(np.abs(place))][1] < 0:  # the older bank is the northern one
        place, left = -place, -left
        order = np.argsort(place)
        line, place, left = line[order], place[order], left[order]
    sides = left

    def bent(spots: Points) -> Points:
        base = np.stack([np.interp(spots[:, 0], place, line[:, k]) for k in (0, 1)], axis=1)
        side = np.stack([np.interp(spots[:, 0], place, sides[:, k]) for k in (0, 1)], axis=1)
        beyond = spots[:, 0] - np.clip(spots[:, 0], place[0], place[-1])
        ahead = np.stack([side[:, 1], -side[:, 0]], axis=1)
        return bend(base + side * spots[:, 1:] + ahead * beyond[:, None])

    return bent


def _bank(river: River, at: Points) -> float:
    return float(river.width_m[np.argmin(((river.line - at) ** 2).sum(axis=1))]) / 2 + BANK_M


def _oval(
    along_m: float, across_m: float, half_along_m: float, half_across_m: float, power: float = 0.62
) -> Points:
    angle = np.linspace(0, 2 * np.pi, 120)
    u = half_along_m * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    v = half_across_m * np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
    return np.stack([along_m + u, across_m + v], axis=1)


def _ring(plan: Plan, out_m: float) -> Points:
    near, far = NEAR_M * plan.scale + out_m, FAR_M * plan.scale + out_m
    oval = _oval(0.0, (near - far) / 2, HALF_ALONG_M * plan.scale + out_m, (near + far) / 2)
    ring = rounded(oval, 2)
    return plan.bend(np.vstack([ring[:-1], ring[:1]]))


def _lines(rng: np.random.Generator, plan: Plan) -> tuple[list[Street], list[Street]]:
    half = HALF_ALONG_M * plan.scale
    columns = _spread(rng, 0.0, half)
    columns = [-one for one in _spread(rng, 0.0, half)[:0:-1]] + columns
    north = [plan.bank_m + one for one in _spread(rng, 0.0, NEAR_M * plan.scale - plan.bank_m)]
    south = [-plan.bank_m - one for one in _spread(rng, 0.0, FAR_M * plan.scale - plan.bank_m)][
        ::-1
    ]
    middle = columns.index(0.0)
    rim_c, rim_n, rim_s = (
        middle // AVENUE * AVENUE,
        (len(north) - 2) // AVENUE * AVENUE,
        (len(south) - 2) // AVENUE * AVENUE,
    )
    rings = {middle - rim_c: "west", middle + rim_c: "east"}
    across = _named(columns, middle, names.ACROSS, rings)
    first = len(south)
    rings = {first + rim_n: "north", first - 1 - rim_s: "south"}
    along = _named([*south, *north], first, names.ALONG, rings, banks={first: 0, first - 1: 1})
    return across, along


def _spread(rng: np.random.Generator, start: float, end: float) -> list[float]:
    out = [start]
    while out[-1] + PACE_M[1] < end:
        out.append(out[-1] + float(rng.uniform(*PACE_M)))
    return out


def _named(
    places: list[float],
    middle: int,
    words: tuple[str, ...],
    rings: dict[int, str],
    banks: dict[int, int] | None = None,
) -> list[Street]:
    free = cycle(words)
    named: dict[int, Street] = {}

    def gap(i: int) -> int:
        return i - middle if i >= middle or not banks else i - middle + 1

    def rank(i: int) -> int:
        return 0 if gap(i) % AVENUE == 0 else 1 if gap(i) % 2 == 0 else 2

    # The best names go to avenues, and from the middle outward.
    for i in sorted(range(len(places)), key=lambda i: (rank(i), abs(i - middle), i)):
        if i in rings:
            named[i] = Street(places[i], "primary", names.RING[rings[i]], True)
        elif banks and i in banks:
            named[i] = Street(places[i], "secondary", names.RIVERSIDE[banks[i]], True)
        else:
            named[i] = Street(places[i], CLASSES[rank(i)], next(free), rank(i) < 2)
    return [named[i] for i in range(len(places))]


def _wet_without_bridge(lattice: Lattice, one: Stretch) -> bool:
    (c0, r0), (c1, r1) = one
    low, high = sorted((lattice.rows[r0].at_m, lattice.rows[r1].at_m))
    crosses = c0 == c1 and low < 0 < high
    return crosses and lattice.columns[c0].road_class not in ("primary", "secondary")


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """How likely a lesser stretch is left out: seldom in the old town, often among the works in the east."""

    lattice: Lattice
    plan: Plan

    def __call__(self, one: Stretch) -> float:
        """Return the share of stretches like this that are left out."""
        along = self.lattice.columns[one[0][0]].at_m / self.plan.scale
        across = self.lattice.rows[one[0][1]].at_m / self.plan.scale
        if along > 1_500.0:
            return 0.8
        old = abs(along) < 900.0 and 0.0 < across < 1_200.0
        return 0.05 if old else 0.42


def _streets(lattice: Lattice) -> Iterator[Road]:
    one_way = _couplet(lattice)
    for street, run in lattice.runs():
        yield Road(
            street.road_class, lattice.drawn(run), street.name, oneway=one_way.get(street.name, 0)
        )


def _couplet(lattice: Lattice) -> dict[str, int]:
    """Return two pairs of neighbouring streets one drives in opposite directions."""
    middle = [
        street
        for street in lattice.columns
        if street.road_class == "tertiary" and abs(street.at_m) < 1_300.0
    ]
    rows = [
        street
        for street in lattice.rows
        if street.road_class == "tertiary" and 0 < street.at_m < 1_500.0
    ]
    chosen = {street.name: way for street, way in zip(middle[:2], (1, -1), strict=False)}
    chosen.update({street.name: way for street, way in zip(rows[:2], (-1, 1), strict=False)})
    return chosen


def _feeders(lattice: Lattice, ring: shapely.LineString) -> Iterator[Road]:
    """Give the avenues' ways on to the bypass."""
    for street, run in lattice.runs():
        if street.road_class not in ("primary", "secondary") or street.name in names.RIVERSIDE:
            continue
        line = lattice.drawn(run)
        for end, before in ((line[0], line[3]), (line[-1], line[-4])):
            ahead = end + _unit(end - before) * 1_500.0
            meets = shapely.intersection(line_of(np.array([end, ahead])), ring)
            if shapely.is_empty(meets) or not _on_rim(lattice, run, end):
                continue
            spots = np.asarray(shapely.get_coordinates(meets))
            target = spots[np.argmin(((spots - end) ** 2).sum(axis=1))]
            share = np.linspace(0, 1, 8)[:, None]
            yield Road(street.road_class, end * (1 - share) + target * share, street.name)


def _on_rim(lattice: Lattice, run: list[tuple[int, int]], end: Points) -> bool:
    # A street that ends inside the town has other streets before the bypass.
    first = np.allclose(lattice.spot(run[0]), end)
    node, inner = (run[0], run[1]) if first else (run[-1], run[-2])
    step = (node[0] - inner[0], node[1] - inner[1])
    ahead = [(node[0] + k * step[0], node[1] + k * step[1]) for k in range(1, 40)]
    return not any(one in lattice.nodes for one in ahead)


def _labels(plan: Plan) -> tuple[tuple[str, Points], ...]:
    scale = plan.scale
    spots = {
        "old": (0.0, 700.0),
        "new": (250.0, -1_050.0),
        "works": (2_350.0, 900.0),
        "north": (-300.0, 2_050.0),
    }
    return tuple(
        (names.SUBURBS[key], plan.bend(np.array([[u * scale, v * scale]]))[0])
        for key, (u, v) in spots.items()
    )


def _unit(step: Points) -> Points:
    out: Points = step / max(float(np.hypot(*step)), 1e-9)
    return out
