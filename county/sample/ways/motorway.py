"""The motorway: a carriageway for each direction, and interchanges whose ramps lead to a road over or under it."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from county.sample import names
from county.sample.frame import Points, passed, rounded
from county.sample.road import Road
from county.sample.ways.lines import Line, sections

HALF_M: Final = 12.5  # from the middle to each carriageway
RAMP_M: Final = 520.0
JOINT_M: Final = 120.0  # from the middle to where ramps meet the road that crosses
TOLL_M: Final = 420.0


@dataclass(frozen=True, slots=True, eq=False)
class Interchange:
    """Where one drives on: the toll gate to which roads lead, and the ramps and the road between."""

    toll: Points
    outward: Points  # from the motorway, one metre long
    roads: list[Road]


def carriageways(line: Line) -> list[Road]:
    """Return both carriageways in pieces; traffic keeps right."""
    out = []
    for left_m, ahead in ((-HALF_M, True), (HALF_M, False)):
        points = line.offset(left_m)
        for piece, tunnel, bridge in line.pieces(points):
            way = piece if ahead else piece[::-1]
            out.append(
                Road("motorway", way, *names.MOTORWAY, bridge=bridge, tunnel=tunnel, oneway=1)
            )
    return [*out, *_turns_at_the_ends(line)]


def _turns_at_the_ends(line: Line) -> list[Road]:
    """Return the loops by which traffic that leaves the map comes back: beyond the edge it goes on, here it must turn."""
    right, left = line.offset(-HALF_M), line.offset(HALF_M)
    out = []
    for leaving, coming, ahead in (
        (right[-1], left[-1], line.points[-1] - line.points[-2]), (left[0], right[0], line.points[0] - line.points[1])
    ):  # fmt: skip
        tip = (leaving + coming) / 2 + ahead / max(float(np.hypot(*ahead)), 1e-9) * 2 * HALF_M
        out.append(
            Road("motorway", rounded(np.array([leaving, tip, coming]), 3), oneway=1, link=True)
        )
    return out


def interchange(line: Line, index: int, side: int, name: str) -> Interchange:
    """Return the interchange at a point of the line; its toll gate lies to the left (side 1) or right (-1)."""
    before, after = sections(line, index, RAMP_M)
    normal = line.offset(1.0)[index] - line.points[index]
    middle = line.points[index]
    near, far = middle + side * JOINT_M * normal, middle - side * JOINT_M * normal
    toll = middle + side * TOLL_M * normal
    road = Road("secondary", np.linspace(toll, near, 8), f"{name}互通连接线")
    roads = [road, replace(road, line=np.linspace(near, far, 8), bridge=True)]
    # Each carriageway has a ramp off before the crossing and one on after it, on its own side.
    for left, ahead in ((-1, True), (1, False)):
        joint = near if left == side else far
        off, on = (before, after) if ahead else (after, before)
        roads.append(_ramp(line, off, index, left, joint, leaving=True))
        roads.append(_ramp(line, on, index, left, joint, leaving=False))
    return Interchange(toll, side * normal, roads)


def _ramp(line: Line, start: int, index: int, left: int, joint: Points, *, leaving: bool) -> Road:
    step = 1 if index > start else -1
    numbers = np.arange(start, index + step, step)
    base = line.points[numbers]
    normal = line.offset(1.0)[numbers] - base
    share = passed(base) / max(passed(base)[-1], 1e-9)
    swing = share**2 * (3 - 2 * share)
    points = base + left * normal * (HALF_M + (JOINT_M - HALF_M) * swing)[:, None]
    points[-1] = joint
    return Road("motorway", points if leaving else points[::-1], "", oneway=1, link=True)
