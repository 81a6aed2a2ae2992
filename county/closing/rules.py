"""Pure rules of closures: what a wish becomes, what time does, and what the events make of a closure."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from county.closing.model import RoadClosure
from county.messages import CloseRoad, ReopenRoad, RoadClosed, RoadReopened
from vocabulary.clock import to_text, to_utc
from vocabulary.errors import Refused
from vocabulary.message import Event

LONGEST: Final = timedelta(days=90)  # a mistyped year must not close a road for ever


def decide_close(command: CloseRoad, *, closure_id: str, at: datetime) -> list[Event]:
    """Return what closing makes happen; it begins now where nothing else is said."""
    since, until = to_utc(command.since_at or at), to_utc(command.until_at)
    if until <= max(since, at):
        raise Refused("roads.closure_time", since=to_text(max(since, at)), until=to_text(until))
    if until - at > LONGEST:
        raise Refused("roads.closure_long", until=to_text(until), days=LONGEST.days)
    if not (math.isfinite(command.speed_share) and 0.0 <= command.speed_share < 1.0):
        raise Refused("roads.closure_speed", value=repr(command.speed_share))
    if command.one_way and command.ground.kind != "line":
        raise Refused("roads.closure_one_way")
    return [
        RoadClosed(
            closure_id=closure_id,
            ground=command.ground,
            since_at=since,
            until_at=until,
            speed_share=command.speed_share,
            one_way=command.one_way,
            cause=command.cause,
            road=command.road,
            note=command.note,
        )
    ]


def decide_reopen(closure: RoadClosure | None, command: ReopenRoad) -> list[Event]:
    """Return what ending makes happen; one that is over cannot be ended again."""
    if closure is None:
        raise Refused("roads.closure_unknown", value=command.closure_id)
    if closure.ended_at is not None:
        raise Refused("roads.closure_over", who=closure.ended_by, at=to_text(closure.ended_at))
    return [RoadReopened(closure_id=closure.id, by_time=False, note=command.note)]


def decide_time(closure: RoadClosure | None, at: datetime) -> list[Event]:
    """Return what the clock makes happen: a closure whose time is up ends."""
    if closure is None or not closure.open or at < closure.until_at:
        return []
    return [RoadReopened(closure_id=closure.id, by_time=True, note="")]


def apply(
    closure: RoadClosure | None, event: Event, *, version: int, at: datetime, by: str
) -> RoadClosure | None:
    """Return the closure after one event of its stream."""
    if isinstance(event, RoadClosed):
        return RoadClosure(
            id=event.closure_id,
            version=version,
            ground=event.ground,
            since_at=event.since_at,
            until_at=event.until_at,
            speed_share=event.speed_share,
            one_way=event.one_way,
            cause=event.cause,
            road=event.road,
            note=event.note,
            closed_by=by,
            closed_at=at,
        )
    if closure is not None and isinstance(event, RoadReopened):
        over = replace(closure, ended_at=at, ended_by=by, by_time=event.by_time)
        return replace(over, version=version)
    return closure
