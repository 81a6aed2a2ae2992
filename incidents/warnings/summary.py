"""A warning as lists, the live feed and the map show it: JSON-ready, its outline as GeoJSON."""

from datetime import datetime
from typing import Any

from incidents.warnings.model import HazardWarning, Reach, Words
from vocabulary.clock import to_text


def warning_row(warning: HazardWarning) -> dict[str, Any]:
    """Return a warning as one row; whether it is in force its reader tells from the times and `ended_how`."""
    message, ending = warning.message, warning.ending
    return {
        "id": warning.id,
        "version": warning.version,
        "sender": message.sender,
        "sent_at": to_text(message.sent_at),
        "status": message.status.value,
        "act": message.act.value,
        "references": list(message.references),
        "source": message.source.value,
        "hazard": message.hazard,
        "event_code": message.event_code,
        "colour": message.colour.value if message.colour else None,
        "severity": message.severity,
        "urgency": message.urgency,
        "certainty": message.certainty,
        "effective_at": to_text(message.effective_at),
        "onset_at": _instant(message.onset_at),
        "expires_at": to_text(message.expires_at),
        "expires_told": message.expires_told,
        "words": {words.language: _words(words) for words in message.words},
        "areas": [area.name for area in message.areas],
        "whole": warning.reach.whole,
        "towns": [{"id": one.id, "zh": one.zh, "en": one.en} for one in warning.reach.towns],
        "outline": outline(warning.reach),
        "kept_at": to_text(warning.kept_at),
        "kept_by": warning.kept_by,
        "ended_how": ending.how if ending else None,
        "ended_by": ending.by if ending else "",
        "ended_at": _instant(ending.at if ending else None),
    }


def _words(words: Words) -> dict[str, str]:
    return {
        "event": words.event,
        "headline": words.headline,
        "description": words.description,
        "instruction": words.instruction,
    }


def outline(reach: Reach) -> dict[str, Any] | None:
    """Return the warned ground as a GeoJSON geometry, None where there is none to draw."""
    if not reach.outline:
        return None
    rings = [[[*map(list, ring), list(ring[0])]] for ring in reach.outline]
    return {"type": "MultiPolygon", "coordinates": rings}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)
