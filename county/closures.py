"""Closures and slow zones: what lies on the roads, from when and until when; `county.obstruction` lays it over the graph."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

import shapely
from shapely.geometry.base import BaseGeometry

from vocabulary.clock import to_text, to_utc
from vocabulary.errors import Refused
from vocabulary.place import Place

LINE: Final = 1
AREA: Final = 2
MOST_POINTS: Final = 1000


class Cause(StrEnum):
    """Why a road is closed or slow; maps and lists have a word for each."""

    FLOOD = "flood"
    LANDSLIDE = "landslide"
    ACCIDENT = "accident"
    FIRE = "fire"
    SNOW = "snow"
    WORKS = "works"
    EVENT = "event"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Ground:
    """What is closed, as messages carry it: an area's one ring (not closed) or a stretch of road, longitude first."""

    kind: Literal["area", "line"]
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Refuse what is off the globe, too long, or no sound polygon or line."""
        if len(self.points) > MOST_POINTS:
            raise Refused("roads.ground_points", count=len(self.points), most=MOST_POINTS)
        for lon, lat in self.points:
            Place(lon, lat)
        enough = len(set(self.points)) >= (3 if self.kind == "area" else 2)
        if not enough or not self.shape_wgs84.is_valid:
            problem = shapely.is_valid_reason(self.shape_wgs84) if enough else "too few points"
            raise Refused("roads.ground", problem=problem)

    @property
    def shape_wgs84(self) -> BaseGeometry:
        """Return it as a shape."""
        make = shapely.Polygon if self.kind == "area" else shapely.LineString
        return make(self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A closed (0) or slow (share of the usual speed) area or stretch of road, from `since_at` until just before `until_at`.

    An area takes every road that touches it; a line takes the roads that run along it, `one_way` only as it is drawn.
    Both are ground, not numbers of edges: an import numbers those anew, and the closure outlives it.
    """

    id: str
    until_at: datetime
    since_at: datetime | None = None
    speed_share: float = 0.0
    area_wgs84: BaseGeometry | None = None
    line_wgs84: shapely.LineString | None = None
    one_way: bool = False

    def __post_init__(self) -> None:
        """Refuse what is neither area nor line, an empty time, or a speed that is no share."""
        since = None if self.since_at is None else to_utc(self.since_at)
        if since is not None and to_utc(self.until_at) <= since:
            raise Refused("roads.closure_time", since=to_text(since), until=to_text(self.until_at))
        if not 0.0 <= self.speed_share < 1.0:
            raise Refused("roads.closure_speed", value=repr(self.speed_share))
        if (self.area_wgs84 is None) == (self.line_wgs84 is None):
            raise Refused("roads.closure_where", id=self.id)
        for shape, dimension in ((self.area_wgs84, AREA), (self.line_wgs84, LINE)):
            if shape is not None and not _is_sound(shape, dimension):
                raise Refused("roads.closure_shape", id=self.id, problem=_what_is_wrong(shape))

    def __hash__(self) -> int:
        # Equality looks at the whole area; to find a closure among others, this will do and costs nothing.
        return hash((self.id, self.until_at, self.speed_share))

    def holds_at(self, at: datetime) -> bool:
        """Say whether it is in force at that instant."""
        return to_utc(at) < to_utc(self.until_at) and (
            self.since_at is None or to_utc(self.since_at) <= to_utc(at)
        )


def _is_sound(shape: BaseGeometry, dimension: int) -> bool:
    return bool(
        shapely.get_dimensions(shape) == dimension and shape.is_valid and not shape.is_empty
    )


def _what_is_wrong(shape: BaseGeometry) -> str:
    return shapely.is_valid_reason(shape) if not shape.is_valid else shape.geom_type


@dataclass(frozen=True, slots=True)
class InForce:
    """The closures that hold at one instant; equal ones cost the roads the same."""

    closures: frozenset[Closure] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.closures)


OPEN: Final = InForce()


@dataclass(frozen=True, slots=True)
class Closures:
    """All closures that are known, past and future ones too; every change is a new value."""

    items: tuple[Closure, ...] = ()

    def with_closure(self, closure: Closure) -> "Closures":
        """Return these and `closure`, which replaces one of the same id."""
        return Closures((*(one for one in self.items if one.id != closure.id), closure))

    def without(self, closure_id: str) -> "Closures":
        """Return these but the one of that id (the road is open again)."""
        return Closures(tuple(one for one in self.items if one.id != closure_id))

    def in_force(self, at: datetime) -> InForce:
        """Return what holds at `at`."""
        return InForce(frozenset(one for one in self.items if one.holds_at(at)))
