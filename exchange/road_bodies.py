"""What may be sent about roads: what is closed, and what is asked of travel times."""

import math
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from county.closures import Cause, Ground
from county.messages import CloseRoad, ReopenRoad
from county.roads.metric import Plane
from exchange.fields import (
    Flag,
    Instant,
    Latitude,
    Longitude,
    RequiredInstant,
    Strict,
    split_list,
    text,
)
from exchange.ports import TravelQuestion
from vocabulary.errors import Refused
from vocabulary.place import Place

CIRCLE_POINTS: Final = 48
MOST_MINUTES: Final = 120
Position = tuple[Longitude, Latitude]
Positions = Annotated[list[Position], Field(min_length=2, max_length=1000)]
_EXAMPLE: Final[JsonDict] = {
    "ground": {"type": "Circle", "center": [119.905, 30.612], "radius_m": 150},
    "until_at": "2026-11-22T18:00:00+08:00",
    "cause": "flood",
}


class StretchBody(Strict):
    """A stretch of road: a line along it, as GET /roads/nearest gives it."""

    type: Literal["LineString"]
    coordinates: Positions

    def ground(self) -> Ground:
        """Return it in our own words."""
        return Ground("line", tuple(self.coordinates))


class AreaBody(Strict):
    """An area: a GeoJSON polygon of one ring."""

    type: Literal["Polygon"]
    coordinates: Annotated[list[Positions], Field(min_length=1, max_length=1)]

    def ground(self) -> Ground:
        """Return it in our own words: the last point is not said twice."""
        ring = list(self.coordinates[0])
        return Ground("area", tuple(ring[:-1] if ring[0] == ring[-1] else ring))


class CircleBody(Strict):
    """A circle around a place."""

    type: Literal["Circle"]
    center: Position
    radius_m: Annotated[float, Field(strict=True, ge=5, le=20_000)]

    def ground(self) -> Ground:
        """Return it in our own words: a polygon of 48 corners."""
        turn = np.arange(CIRCLE_POINTS) * (2 * math.pi / CIRCLE_POINTS)
        corners = np.stack([np.cos(turn), np.sin(turn)], axis=1) * self.radius_m
        ring = np.round(Plane(*self.center).degrees(corners), 7).tolist()
        return Ground("area", tuple((lon, lat) for lon, lat in ring))


GroundBody = Annotated[StretchBody | AreaBody | CircleBody, Field(discriminator="type")]


class ClosureBody(Strict):
    """Closes a road or an area until an instant; `speed_share` above 0 slows it to that share of the usual speed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    ground: GroundBody
    until_at: RequiredInstant
    cause: Cause
    since_at: Instant = None
    speed_share: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.0
    one_way: Flag = False
    road: Annotated[str, text(80)] = ""
    note: Annotated[str, text(200)] = ""

    def wish(self) -> CloseRoad:
        """Return the wish in our own words."""
        values: dict[str, Any] = self.model_dump(exclude={"ground"})
        return CloseRoad(ground=self.ground.ground(), **values)


class EndBody(Strict):
    """Ends a closure before its time."""

    note: Annotated[str, text(200)] = ""

    def wish(self, closure_id: str) -> ReopenRoad:
        """Return the wish in our own words."""
        return ReopenRoad(closure_id=closure_id, note=self.note)


class ClosuresQuery(Strict):
    """Which closures are listed."""

    ended: bool = False


class PlaceQuery(Strict):
    """A place on the map."""

    lon: Annotated[float, Field(ge=-180, le=180, examples=[119.905])]
    lat: Annotated[float, Field(ge=-90, le=90, examples=[30.612])]

    def place(self) -> Place:
        """Return the place in our own words."""
        return Place(self.lon, self.lat)


class TravelQuery(Strict):
    """Where to: a case, or a place; `paths` names the units whose ways are told."""

    case: Annotated[str | None, text(40, 1)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180, examples=[119.905])] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, examples=[30.612])] = None
    paths: Annotated[list[str], BeforeValidator(split_list), Field(max_length=10)] = Field(
        default_factory=list
    )

    def question(self) -> TravelQuestion:
        """Return the question in our own words."""
        place = _place(self.case, self.lon, self.lat)
        return TravelQuestion(case_id=self.case, place=place, paths=frozenset(self.paths))


class ReachQuery(Strict):
    """Where to, in how many minutes; `toward` false asks what is reached from there instead."""

    case: Annotated[str | None, text(40, 1)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180, examples=[119.905])] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, examples=[30.612])] = None
    minutes: Annotated[
        list[Annotated[float, Field(gt=0, le=MOST_MINUTES)]],
        BeforeValidator(split_list),
        Field(min_length=1, max_length=6),
    ] = Field(default=[5.0, 10.0, 15.0])
    toward: bool = True

    def question(self) -> TravelQuestion:
        """Return the question in our own words."""
        place = _place(self.case, self.lon, self.lat)
        return TravelQuestion(
            case_id=self.case, place=place, minutes=tuple(self.minutes), toward=self.toward
        )


def _place(case: str | None, lon: float | None, lat: float | None) -> Place | None:
    if (lon is None) != (lat is None):
        raise Refused("exchange.half_a_place", field="lat" if lat is None else "lon")
    if (case is None) == (lon is None):
        raise Refused("roads.where_to")
    return None if lon is None or lat is None else Place(lon, lat)
