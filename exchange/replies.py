"""How the API answers well: JSON by orjson, veiled for who asks, and marked where the answer was given before."""

import hashlib
from typing import Any, Final

import orjson
from starlette.responses import Response

from exchange.ports import Answer, Once
from exchange.veil import veiled
from security.principal import Principal

REPLAYED: Final = "Idempotent-Replay"
_PRIVATE: Final = {"Cache-Control": "no-store"}


def reply(body: Any, principal: Principal, status: int = 200) -> Response:
    """Return `body` as `principal` may see it."""
    return Response(orjson.dumps(veiled(body, principal)), status, _PRIVATE, "application/json")


def reply_once(answer: Answer, principal: Principal) -> Response:
    """Return the answer to a writing request; a repeated one says so in a header."""
    response = reply(answer.body, principal, answer.status)
    if answer.replayed:
        response.headers[REPLAYED] = "true"
    return response


def once(key: str, operation: str, sent: Any) -> Once:
    """Return the key with a digest of what is sent under it, so that one key cannot stand for two requests."""
    digest = hashlib.sha256(orjson.dumps([operation, sent], option=orjson.OPT_SORT_KEYS))
    return Once(key=key, fingerprint=digest.hexdigest())
