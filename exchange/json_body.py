"""Reads JSON bodies so that nothing poisonous gets in: no NaN, no doubled names, no broken characters, no bombs."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from starlette.requests import Request

from vocabulary.errors import Refused

MAX_BODY_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 24
MAX_INTEGER: Final = 2**53  # above this a browser's number is no longer exact
# PostgreSQL keeps no NUL, UTF-8 no half of a surrogate pair, XML and office files none of the other control characters:
# all of them would fail after they were accepted.
_BROKEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


async def read_bytes(request: Request, most: int = MAX_BODY_BYTES) -> bytes:
    """Return the body, refusing one of more than `most` bytes before it is all in memory."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > most:
            raise Refused("exchange.body_too_large", limit=most)
    return bytes(received)


def read_json(body: bytes) -> Any:
    """Return what `body` says, or refuse it with the place in it that is wrong."""
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        raise Refused(
            "exchange.not_json", line=error.lineno, column=error.colno, problem=error.msg
        ) from None
    except UnicodeDecodeError as error:
        raise Refused("exchange.not_utf8", position=error.start) from None
    except RecursionError:
        raise Refused("exchange.too_deep", limit=MAX_DEPTH) from None
    except ValueError:  # int() of thousands of digits
        raise Refused("exchange.number_too_large", field="", limit=MAX_INTEGER) from None
    for path, leaf in _leaves(value, "", 0):
        _check(path, leaf)
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Refused(
            "exchange.field_twice", field=next(n for n in names if names.count(n) > 1)[:80]
        )
    return found


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > MAX_DEPTH:
        raise Refused("exchange.too_deep", limit=MAX_DEPTH)
    if isinstance(value, dict):
        for name, item in value.items():
            yield path, name
            yield from _leaves(item, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]", depth + 1)
    else:
        yield path, value


def _check(path: str, leaf: Any) -> None:
    if isinstance(leaf, float) and not math.isfinite(leaf):
        raise Refused("exchange.not_finite", field=path, value=str(leaf))
    if isinstance(leaf, int) and abs(leaf) > MAX_INTEGER:
        raise Refused("exchange.number_too_large", field=path, limit=MAX_INTEGER)
    if isinstance(leaf, str):
        check_text(path, leaf)


def check_text(field: str, text: str) -> None:
    """Refuse a text that holds a character which cannot be kept, naming the character."""
    found = _BROKEN.search(text)
    if found:
        raise Refused("exchange.broken_character", field=field, character=f"U+{ord(found[0]):04X}")
