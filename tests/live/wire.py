"""Reading Server-Sent Events as a browser does."""

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Frame:
    """One event as a browser would dispatch it."""

    event: str
    data: Any
    id: int | None


def frames_of(body: bytes) -> list[Frame]:
    """Return the complete events in a body; what is only a comment or a retry is none."""
    frames = []
    for block in body.split(b"\n\n"):
        fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if b": " in line)
        if b"data" in fields:
            number = fields.get(b"id")
            frames.append(
                Frame(
                    event=fields.get(b"event", b"message").decode(),
                    data=orjson.loads(fields[b"data"]),
                    id=None if number is None else int(number),
                )
            )
    return frames
