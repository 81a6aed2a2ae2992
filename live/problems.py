"""How the feed tells a failure: RFC 9457 problem+json, the same shape as everywhere in this console."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import orjson
from starlette.types import Send

from vocabulary.errors import Told, Unavailable

RETRY_AFTER_S: Final = b"2"


async def answer(
    send: Send, status: int, body: bytes, more: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Send a whole JSON answer that nobody may store."""
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    named = {name for name, _ in more}
    headers = [*(pair for pair in headers if pair[0] not in named), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def tell_problem(send: Send, failure: Told, language: str) -> None:
    """Send a failure as problem+json in the reader's language."""
    status = failure.status
    values = {name: _plain(value) for name, value in failure.values.items()}
    told = {
        **values,
        "type": f"/problems/{failure.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": failure.text(language),
        "code": failure.code,
    }
    more = [(b"content-type", b"application/problem+json")]
    if isinstance(failure, Unavailable):
        more.append((b"retry-after", RETRY_AFTER_S))
    if "allowed" in failure.values:
        more.append((b"allow", str(failure.values["allowed"]).encode()))
    await answer(send, status, orjson.dumps(told), more)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
