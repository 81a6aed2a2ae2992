"""What a page asks of the feed, read from the request once; anything unclear is refused by name."""

from typing import Any, Final
from urllib.parse import parse_qs

import orjson
from starlette.types import Receive, Scope

from vocabulary.errors import Refused

SEQ_MAX: Final = 2**63 - 1
LANES: Final = frozenset("eus")
SAMPLES_MAX: Final = 1000
BODY_MAX: Final = 32_768


def header(scope: Scope, name: bytes) -> bytes:
    """Return a request header, empty where it is absent."""
    return next((value for key, value in scope["headers"] if key == name), b"")


def cursor_of(scope: Scope) -> int | None:
    """Return the last seq the page says it has; what a browser adds when it reconnects is newer than its URL."""
    if last := header(scope, b"last-event-id"):
        return _seq("Last-Event-ID", last.decode("latin-1"))
    asked = _query(scope).get("from")
    return None if asked is None else _seq("from", asked[-1])


def lanes_of(scope: Scope) -> frozenset[str]:
    """Return the lanes asked for, all of them by default."""
    asked = _query(scope).get("lanes")
    if asked is None:
        return LANES
    lanes = frozenset(asked[-1].split(","))
    for lane in sorted(lanes - LANES):
        raise Refused("live.bad_lane", value=repr(lane[:40]))
    return lanes


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _seq(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(SEQ_MAX))):
        raise Refused("live.bad_seq", field=field, value=repr(text[:40]))
    value = int(text)
    if value > SEQ_MAX:
        raise Refused("live.bad_seq", field=field, value=repr(text[:40]))
    return value


def read_samples(body: bytes) -> tuple[list[float], list[float]]:
    """Return the milliseconds a page reports: of everything it painted, and of dispatches alone; refuse any other shape."""
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError as broken:
        raise _unreadable(str(broken)) from broken
    if not isinstance(document, dict) or document.keys() - {"dispatches"} != {"samples"}:
        raise _unreadable("{…}" if isinstance(document, dict) else type(document).__name__)
    return _numbers(document["samples"]), _numbers(document.get("dispatches", []))


def _numbers(samples: Any) -> list[float]:
    if not isinstance(samples, list) or len(samples) > SAMPLES_MAX:
        raise _unreadable(type(samples).__name__)
    for sample in samples:
        if isinstance(sample, bool) or not isinstance(sample, int | float):
            raise _unreadable(repr(sample)[:40])
    return samples


def _unreadable(found: str) -> Refused:
    return Refused("live.painted_unreadable", limit=SAMPLES_MAX, problem=found)


async def body_of(receive: Receive) -> bytes:
    """Return the request's body; refuse one that is too large before it is all here."""
    body = b""
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > BODY_MAX:
            raise Refused("live.too_large", limit=BODY_MAX)
        if not message.get("more_body", False):
            return body
