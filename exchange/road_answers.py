"""What the API answers about roads, as its description shows it."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from county.closures import Cause


class Geometry(BaseModel):
    """A GeoJSON geometry."""

    type: str
    coordinates: list[Any]


class ClosureRow(BaseModel):
    """A closed or slow road or area; `ended_at` once it is over, `by_time` where its time was up."""

    id: str
    version: int
    ground: Geometry
    since_at: str
    until_at: str
    speed_share: float
    one_way: bool
    cause: Cause
    road: str
    note: str
    closed_by: str
    closed_at: str
    ended_at: str | None
    ended_by: str
    by_time: bool


class ClosureList(BaseModel):
    """Closures, and the seq they are true for."""

    items: list[ClosureRow]
    seq: int


class ClosureChanged(BaseModel):
    """A closure after what was asked."""

    closure: ClosureRow
    seq: int


class Stretch(BaseModel):
    """A stretch of road from one junction to the next."""

    model_config = ConfigDict(extra="allow")

    road: str
    ref: str
    oneway: bool
    length_m: float
    away_m: float
    line: Geometry


class UnitTime(BaseModel):
    """How long one unit needs; `reach` says why where there is no time: no_position, no_road, closed, cut_off."""

    model_config = ConfigDict(extra="allow")

    unit: str
    name: str
    seconds: float | None
    minutes: float | None
    reach: str
    observed_at: str | None
    path: Geometry | None = None


class TravelTimes(BaseModel):
    """Times by road of all units, soonest first, under so many closures."""

    to: dict[str, float]
    closures: int
    at: str
    units: list[UnitTime]


class Reached(BaseModel):
    """Isochrones as a GeoJSON feature collection, the largest first."""

    type: str
    features: list[dict[str, Any]]
    to: dict[str, float]
    closures: int
