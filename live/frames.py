"""Server-Sent-Events frames, encoded once and shared by everyone who may hear them."""

from typing import Any, Final

import orjson

from live.audience import Audience
from live.deltas import Delta, delta_for

RESET: Final = b"event: reset\ndata: {}\n\n"
OPENING: Final = b"retry: 1000\n\n"  # how long a browser waits before it comes back
PARTING: Final = b"retry: 100\n\n"  # the hub ends the stream itself and expects the page at once


def frame(event: str, data: Any, seq: int | None = None) -> bytes:
    """Return one frame; `seq` becomes its id, which the browser gives back as Last-Event-ID."""
    head = b"" if seq is None else b"id: %d\n" % seq
    return head + b"event: " + event.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


def event_frame(delta: Delta, audience: Audience, at_ms: int) -> bytes | None:
    """Return an event's frame, or None where it has nothing for this audience but its number."""
    told = delta_for(delta, audience)
    if not any(
        told.get(part) for part in ("news", "changes", "closures", "warnings", "alerts", "shift")
    ):
        return None
    recorded_ms = None if delta.recorded_at is None else int(delta.recorded_at.timestamp() * 1000)
    head = {"seq": delta.seq, "at": at_ms, "recorded": recorded_ms}
    return frame("e", head | told, delta.seq)


def numbers_frame(first: int, last: int, at_ms: int) -> bytes:
    """Return the frame that only says: `first` to `last` happened and concern you not."""
    nothing: dict[str, Any] = {
        "changes": [],
        "news": None,
        "closures": [],
        "alerts": [],
        "warnings": [],
    }
    data = {"seq": last, "from": first, "at": at_ms, **nothing}
    return frame("e", data, last)
