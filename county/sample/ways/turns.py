"""Forbidden turns at the busiest crossings of the seat: no left turn from the lesser avenue, no turning round."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from county.sample.frame import Points
from county.sample.road import Road
from county.sample.ways.crossings import cut_at

BUSY: Final = ("primary", "secondary")
MOST: Final = 14
LEFT_RAD: Final = (0.9, 2.3)


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """From road number `start` one may not go on to road number `end` at `at`."""

    start: int
    end: int
    at: Points
    kind: str


def forbidden(roads: list[Road], middle: Points, reach_m: float) -> tuple[list[Road], list[Turn]]:
    """Return the roads, cut at the busiest crossings, and the turns forbidden there."""
    spots = _crossings(roads, middle, reach_m)
    cut = cut_at(roads, spots)
    ends: dict[tuple[float, float], list[tuple[int, bool]]] = {}
    for number, road in enumerate(cut):
        if road.road_class in BUSY:
            ends.setdefault(_key(road.line[0]), []).append((number, True))
            ends.setdefault(_key(road.line[-1]), []).append((number, False))
    turns: list[Turn] = []
    for order, spot in enumerate(spots):
        arms = ends.get(_key(spot), [])
        if len(arms) == 4:
            turns += _at(cut, arms, spot, order)
    return cut, turns


def _at(roads: list[Road], arms: list[tuple[int, bool]], spot: Points, order: int) -> list[Turn]:
    out = []
    for number, begins in arms:
        road = roads[number]
        if road.road_class == "primary" and order % 3:
            continue
        for other, other_begins in arms:
            if other == number:
                continue
            turn = _turn(road, begins, roads[other], other_begins)
            if LEFT_RAD[0] < turn < LEFT_RAD[1]:
                out.append(Turn(number, other, spot, "no_left_turn"))
        if order % 4 == 0:
            out.append(Turn(number, number, spot, "no_u_turn"))
    return out[:4]


def _turn(road: Road, begins: bool, other: Road, other_begins: bool) -> float:
    arriving = road.line[0] - road.line[1] if begins else road.line[-1] - road.line[-2]
    leaving = other.line[1] - other.line[0] if other_begins else other.line[-2] - other.line[-1]
    angle = np.arctan2(leaving[1], leaving[0]) - np.arctan2(arriving[1], arriving[0])
    return float((angle + np.pi) % (2 * np.pi) - np.pi)


def _crossings(roads: list[Road], middle: Points, reach_m: float) -> Points:
    """Return where two avenues cross, nearest to the middle first."""
    owners: dict[tuple[float, float], set[str]] = {}
    for road in roads:
        if road.road_class in BUSY and not road.bridge and road.name:
            for x, y in road.line:
                owners.setdefault(_key((x, y)), set()).add(road.name)
    found = np.array([key for key, several in owners.items() if len(several) == 2])
    if not len(found):
        return np.zeros((0, 2))
    away = np.hypot(*(found - middle).T)
    near = found[np.argsort(away, kind="stable")]
    out: Points = near[np.sort(away) < reach_m][: 2 * MOST : 2]
    return out


def _key(spot: Points | tuple[float, float]) -> tuple[float, float]:
    return (round(float(spot[0]), 3), round(float(spot[1]), 3))
