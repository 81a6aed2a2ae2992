"""How an operation is described: its permission and the problems it may tell."""

from copy import deepcopy
from typing import Any, Final

from exchange.answers import Problem
from exchange.problems import MEDIA_TYPE

_PROBLEM: Final = (
    Problem.model_json_schema()
)  # made once: eight hundred times cost a start a second
_ALWAYS: Final = (401, 403, 500, 503)
_MEANING: Final = {
    400: "The body is not readable JSON.",
    401: "Nobody is signed in, or the key is not valid.",
    403: "Signed in, but not permitted.",
    404: "Not there, or not for you to see.",
    409: "Somebody was faster, or the idempotency key stands for another request.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "A field is wrong: the problem names it, its value and what would be right.",
    429: "Too many requests: Retry-After says when to come again.",
    500: "Our fault: the problem holds a reference and nothing else.",
    503: "Something we depend on does not answer; send it again with the same key.",
}
READS: Final = (422,)
READS_ONE: Final = (404, 422)
WRITES: Final = (400, 413, 415, 422, 429)
WRITES_ONCE: Final = (*WRITES, 409)
WRITES_ONE: Final = (*WRITES_ONCE, 404)


def operation(
    permission: str, summary: str, answer: type[Any], problems: tuple[int, ...], status: int = 200
) -> dict[str, Any]:
    """Return what FastAPI is told of one operation, ready for `**`."""
    told = sorted({*_ALWAYS, *problems})
    return {
        "summary": summary,
        "status_code": status,
        "response_model": answer,
        "openapi_extra": {"x-permission": permission},
        "response_description": f"Permission: {permission}",
        "responses": {
            code: {
                "description": _MEANING[code],
                "content": {MEDIA_TYPE: {"schema": deepcopy(_PROBLEM)}},
            }
            for code in told
        },
    }
