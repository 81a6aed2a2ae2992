"""A built-up place: its streets, the ways into it, and the ground it covers."""

from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Points
from county.sample.road import Road


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """Where roads from outside come in."""

    at: Points
    outward: Points  # direction, one metre long


@dataclass(frozen=True, slots=True, eq=False)
class Quarter:
    """`kind` is city or town; `ground` is what no road from outside may cross."""

    kind: str
    middle: Points
    streets: list[Road]
    gates: list[Gate]
    ground: shapely.Polygon
    old: BaseGeometry = field(default_factory=shapely.Polygon)
    works: BaseGeometry = field(default_factory=shapely.Polygon)
    labels: tuple[tuple[str, Points], ...] = ()
