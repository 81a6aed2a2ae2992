"""One way by road, for drawing and for telling: its line, its streets, its length and its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from county.roads.graph import FORWARD, RoadGraph
from county.roads.metric import Floats, lengths_m
from county.roads.offsets import part_of
from county.roads.snap import Snapped

Line = tuple[tuple[float, float], ...]
FULL_TURN_DEG: Final = 360.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of one edge as it is driven: from one share of its piece's length to another."""

    edge: int
    begin: float
    end: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Street:
    """A stretch of the way under one name; `turn_deg` is the bend onto it (right is positive, 0 at the start)."""

    name: str
    name_en: str
    ref: str
    length_m: float
    seconds: float
    turn_deg: float


@dataclass(frozen=True, slots=True)
class ClassShare:
    """How much of the way runs on one class of road."""

    road_class: str
    length_m: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Route:
    """The fastest way; `line_wgs84` is its road part, `off_road_m` what lies between its ends and the places asked for."""

    seconds: float
    length_m: float
    line_wgs84: Line
    streets: tuple[Street, ...]
    classes: tuple[ClassShare, ...]
    legs: tuple[Leg, ...]
    off_road_m: tuple[float, float]


def told(graph: RoadGraph, legs: Sequence[Leg], start: Snapped, goal: Snapped) -> Route:
    """Return the route that these legs are."""
    lines = [part_of(graph, int(graph.edges.piece[leg.edge]), leg.begin, leg.end) for leg in legs]
    length = [_length_of(graph, leg) for leg in legs]
    points = [point for line in lines for point in line]
    line = tuple(one for one, before in zip(points, [None, *points], strict=False) if one != before)
    return Route(
        seconds=sum(leg.seconds for leg in legs) + float(start.off_s[0] + goal.off_s[0]),
        length_m=sum(length),
        line_wgs84=line,
        streets=_streets(graph, legs, lines, length),
        classes=_classes(graph, legs, length),
        legs=tuple(legs),
        off_road_m=(float(start.off_m[0]), float(goal.off_m[0])),
    )


def leg(
    graph: RoadGraph, edge: int, seconds: float, share: tuple[float, float] = (0.0, 1.0)
) -> Leg:
    """Return a leg over `share` of an edge, counted in the direction it is driven."""
    begin, end = share if graph.edges.direction[edge] == FORWARD else (1 - share[0], 1 - share[1])
    return Leg(edge, begin, end, seconds)


def _length_of(graph: RoadGraph, part: Leg) -> float:
    return float(graph.pieces.length_m[graph.edges.piece[part.edge]]) * abs(part.end - part.begin)


def _streets(
    graph: RoadGraph,
    legs: Sequence[Leg],
    lines: list[list[tuple[float, float]]],
    length: list[float],
) -> tuple[Street, ...]:
    ways = graph.ways
    way = graph.pieces.way[graph.edges.piece[[part.edge for part in legs]]].tolist()
    names = [(ways.name[row], ways.name_en[row], ways.ref[row]) for row in way]
    streets = []
    for name, group in groupby(range(len(legs)), key=names.__getitem__):
        members = list(group)
        first = members[0]
        turn = _turn_deg(lines[first - 1], lines[first]) if first else 0.0
        metres, seconds = sum(length[i] for i in members), sum(legs[i].seconds for i in members)
        streets.append(Street(str(name[0]), str(name[1]), str(name[2]), metres, seconds, turn))
    return tuple(streets)


def _turn_deg(before: list[tuple[float, float]], after: list[tuple[float, float]]) -> float:
    turn = _bearing_deg(after[0], _other(after)) - _bearing_deg(_other(before[::-1]), before[-1])
    return (turn + FULL_TURN_DEG / 2) % FULL_TURN_DEG - FULL_TURN_DEG / 2


def _other(line: list[tuple[float, float]]) -> tuple[float, float]:
    return next((point for point in line if point != line[0]), line[0])


def _bearing_deg(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (other[0] - one[0]) * float(np.cos(np.radians(one[1])))
    return float(np.degrees(np.arctan2(east, other[1] - one[1])))


def _classes(graph: RoadGraph, legs: Sequence[Leg], length: list[float]) -> tuple[ClassShare, ...]:
    shares: dict[str, tuple[float, float]] = {}
    for part, metres in zip(legs, length, strict=True):
        road_class = str(graph.ways.road_class[graph.pieces.way[graph.edges.piece[part.edge]]])
        so_far = shares.get(road_class, (0.0, 0.0))
        shares[road_class] = (so_far[0] + metres, so_far[1] + part.seconds)
    return tuple(ClassShare(name, *share) for name, share in shares.items())


def drawn_length_m(line_wgs84: Line) -> float:
    """Return the length of a drawn line."""
    points: Floats = np.array(line_wgs84, dtype=float).reshape(-1, 2)
    return float(lengths_m(points[:-1], points[1:]).sum())
