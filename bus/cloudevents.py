"""CloudEvents 1.0: how an event looks on the wire, to other departments' programs and to our own consumers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bus.codec import Codec
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import Event, Recorded

Redact = Callable[[Event], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An event as a consumer hears it: what the journal kept, without what is not told (actor, chain, personal data)."""

    seq: int
    event_id: str
    stream: str
    version: int
    event: Event
    recorded_at: datetime


def to_cloudevent(
    recorded: Recorded[Event], *, source: str, data: dict[str, Any]
) -> dict[str, Any]:
    """Return `recorded` as a CloudEvent with `data` (already without personal data); `time` is when it was kept."""
    return {
        "specversion": "1.0",
        "id": recorded.event_id,
        "source": source,
        "type": recorded.event.kind,
        "subject": recorded.stream,
        "time": to_text(recorded.recorded_at),
        "datacontenttype": "application/json",
        "sequence": str(recorded.seq),
        "onenetversion": recorded.version,
        "data": data,
    }


def kind_told(payload: bytes) -> str:
    """Return the kind that a CloudEvent tells of, without reading the rest; empty where it cannot be read."""
    try:
        told = orjson.loads(payload)
    except ValueError:
        return ""
    return str(told.get("type", "")) if isinstance(told, dict) else ""


class CloudEventWriter:
    """Writes events for the bus.

    `source` is `/onenet/<county code>`; `redact` returns an event's members with personal data masked and its shape
    kept, so that `Codec.from_dict` takes them back.
    """

    def __init__(self, source: str, redact: Redact) -> None:
        self.source = source
        self._redact = redact

    def write(self, recorded: Recorded[Event]) -> bytes:
        """Return the CloudEvent of `recorded` as JSON."""
        data = self._redact(recorded.event)
        return orjson.dumps(to_cloudevent(recorded, source=self.source, data=data))


def read_cloudevent(payload: bytes, codec: Codec) -> Heard:
    """Return what a CloudEvent of ours carries; `Refused("message.unreadable")` names the attribute that is wrong."""
    try:
        members = orjson.loads(payload)
        return Heard(
            seq=int(members["sequence"]),
            event_id=members["id"],
            stream=members["subject"],
            version=int(members["onenetversion"]),
            event=codec.from_dict(members["data"]),
            recorded_at=datetime.fromisoformat(members["time"]),
        )
    except KeyError as problem:
        name = str(problem.args[0])
        raise Refused("message.unreadable", field=name, problem="it is missing") from problem
    except (TypeError, ValueError) as problem:
        raise Refused("message.unreadable", field="message", problem=str(problem)) from problem
