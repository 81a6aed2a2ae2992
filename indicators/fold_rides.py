"""How a unit's way to a case enters the case's record."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from dispatch import messages as d
from indicators.record import CaseRecord, Ride
from vocabulary.message import Event, Recorded


def told_at(recorded: Recorded[Event]) -> datetime:
    """Return when its source says it happened, but never later than the server heard of it."""
    said = recorded.source_at
    return recorded.recorded_at if said is None else min(said, recorded.recorded_at)


def arrived(record: CaseRecord, at: datetime) -> CaseRecord:
    """Return the record with its first arrival: whoever was there first, a department or a unit."""
    first = at if record.arrived_at is None else min(at, record.arrived_at)
    return replace(record, arrived_at=first)


def by_its_senders_clock(record: CaseRecord, dispatched_at: datetime) -> CaseRecord:
    """Return the record as it counts when its sender tells of a dispatch: from its call on, where we heard of that only later."""
    said = record.said_at
    if said is None or not said <= dispatched_at < record.reported_at:
        return record
    return replace(record, reported_at=said)


def offered(record: CaseRecord, event: d.AssignmentOffered, at: Recorded[Event]) -> CaseRecord:
    """A unit is asked."""
    ride = Ride(id=event.assignment_id, unit=event.unit_id, offered_at=told_at(at))
    first = min(record.dispatched_at or ride.offered_at, ride.offered_at)
    sent = replace(record, rides=(*record.rides, ride), dispatched_at=first)
    return by_its_senders_clock(sent, ride.offered_at)


def acked(record: CaseRecord, event: d.AssignmentAcked, at: Recorded[Event]) -> CaseRecord:
    """It goes."""
    return _with(record, event.assignment_id, acked_at=told_at(at))


def enroute(record: CaseRecord, event: d.AssignmentEnroute, at: Recorded[Event]) -> CaseRecord:
    """It rolls."""
    return _with(record, event.assignment_id, enroute_at=told_at(at))


def on_scene(record: CaseRecord, event: d.AssignmentOnScene, at: Recorded[Event]) -> CaseRecord:
    """It is there."""
    there = _with(record, event.assignment_id, on_scene_at=told_at(at))
    return arrived(there, told_at(at))


def ended(record: CaseRecord, event: Any, at: Recorded[Event]) -> CaseRecord:
    """It is done, or does not go."""
    how = event.kind.removeprefix("dispatch.assignment_").removesuffix(".v1")
    return _with(record, event.assignment_id, ended_at=told_at(at), ended=how)


def _with(record: CaseRecord, ride_id: str, **changes: Any) -> CaseRecord:
    rides = tuple(replace(ride, **changes) if ride.id == ride_id else ride for ride in record.rides)
    return replace(record, rides=rides)
