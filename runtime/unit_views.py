"""Units, positions and assignments as the API and the screens show them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.assignment import Assignment
from dispatch.duty import is_stale, next_duty, on_duty, rests_until, status_at, word_at
from dispatch.model import Position, Unit
from vocabulary.clock import to_text
from vocabulary.place import Place

Json = dict[str, Any]


def unit_view(unit: Unit, seen: Position | None, at: datetime, zone: ZoneInfo) -> Json:
    """Return a unit: who, what it can do, what it does now and why, where it was seen."""
    word = word_at(unit, at)
    held = unit.open_assignment
    return {
        "id": unit.id,
        "name": unit.name,
        "name_en": unit.name_en,
        "kind": unit.kind.value,
        "department": unit.department,
        "skills": list(unit.skills),
        "crew": unit.crew,
        "vehicle": unit.vehicle,
        "radio": unit.radio,
        "home": _place(unit.home),
        "status": status_at(unit, at, zone).value,
        "on_duty": on_duty(unit, at, zone),
        "duty_at": _text(next_duty(unit, at, zone)),
        "rests_until": _text(rests_until(unit, at)),
        "said": {
            "status": word.status.value,
            "said_at": to_text(word.said_at),
            "until": _text(word.until),
            "note": word.note,
            "warnings": list(word.warnings),
        }
        if word
        else None,
        "cases": list(unit.cases),
        "assignment": assignment_view(held) if held else None,
        "position": position_view(seen, stale=is_stale(unit, seen, at)) if seen else None,
    }


def position_view(seen: Position, *, stale: bool) -> Json:
    """Return where a unit was seen, and whether that is too long ago for its kind."""
    return {
        "lon": seen.place.lon_deg,
        "lat": seen.place.lat_deg,
        "observed_at": to_text(seen.observed_at),
        "received_at": to_text(seen.received_at),
        "speed_mps": seen.speed_mps,
        "heading_deg": seen.heading_deg,
        "accuracy_m": seen.accuracy_m,
        "stale": stale,
    }


def assignment_view(held: Assignment) -> Json:
    """Return an assignment with its instants."""
    return {
        "id": held.id,
        "unit_id": held.unit_id,
        "case_id": held.case_id,
        "state": held.state.value,
        "open": held.open,
        "attempt": held.attempt,
        "follows": held.follows,
        "offered_by": held.offered_by,
        "offered_at": to_text(held.offered_at),
        "answer_by": _text(held.answer_by),
        "acked_at": _text(held.acked_at),
        "enroute_at": _text(held.enroute_at),
        "on_scene_at": _text(held.on_scene_at),
        "ended_at": _text(held.ended_at),
        "reason": held.reason,
    }


def _place(place: Place | None) -> Json | None:
    return {"lon": place.lon_deg, "lat": place.lat_deg} if place else None


def _text(at: datetime | None) -> str | None:
    return to_text(at) if at else None
