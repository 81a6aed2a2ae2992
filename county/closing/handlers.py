"""The effects of closing: a road is closed, opened again by a person, or by the time that was set."""

from dataclasses import dataclass
from datetime import datetime

from county.closing.model import RoadClosure
from county.closing.rules import decide_close, decide_reopen, decide_time
from county.closing.store import RoadClosures
from county.messages import CloseRoad, ReopenRoad
from vocabulary.message import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class Changed:
    """A closure after a change, and the number of the event that made it."""

    closure: RoadClosure
    seq: int


def close_road(
    closures: RoadClosures, command: CloseRoad, *, closure_id: str, actor: Actor, at: datetime
) -> Changed:
    """Close a road."""
    recorded = closures.append(
        closure_id, 0, decide_close(command, closure_id=closure_id, at=at), actor
    )
    return _changed(closures, closure_id, recorded[-1].seq)


def reopen_road(closures: RoadClosures, command: ReopenRoad, *, actor: Actor) -> Changed:
    """End a closure before its time."""
    closure = closures.load(command.closure_id)
    events = decide_reopen(closure, command)
    version = closure.version if closure else 0
    recorded = closures.append(command.closure_id, version, events, actor)
    return _changed(closures, command.closure_id, recorded[-1].seq)


def end_due(closures: RoadClosures, at: datetime) -> int:
    """End every closure whose time is up; return how many."""
    due = closures.due(at)
    for closure in due:
        closures.append(closure.id, closure.version, decide_time(closure, at), SYSTEM)
    return len(due)


def _changed(closures: RoadClosures, closure_id: str, seq: int) -> Changed:
    closure = closures.load(closure_id)
    assert closure is not None  # noqa: S101 - its events were kept a moment ago
    return Changed(closure, seq)
