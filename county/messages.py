"""What the room is asked and tells about its roads: closed or slowed, and open again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from county.closures import Cause, Ground
from vocabulary.message import Command, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRoad(Command):
    """Close an area or a stretch of road, or slow it to a share of the usual speed, until an instant."""

    kind: Literal["county.close_road.v1"] = "county.close_road.v1"
    ground: Ground
    until_at: datetime
    cause: Cause
    since_at: datetime | None = None
    speed_share: float = 0.0
    one_way: bool = False
    road: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenRoad(Command):
    """End a closure before its time."""

    kind: Literal["county.reopen_road.v1"] = "county.reopen_road.v1"
    closure_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadClosed(Event):
    """An area or a stretch of road is closed (share 0) or slow from `since_at` until just before `until_at`."""

    kind: Literal["county.road_closed.v1"] = "county.road_closed.v1"
    closure_id: str
    ground: Ground
    since_at: datetime
    until_at: datetime
    speed_share: float
    one_way: bool
    cause: Cause
    road: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadReopened(Event):
    """A closure has ended: its time was up, or somebody ended it."""

    kind: Literal["county.road_reopened.v1"] = "county.road_reopened.v1"
    closure_id: str
    by_time: bool
    note: str
