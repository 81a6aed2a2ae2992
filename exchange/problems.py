"""Problems (RFC 9457): the one shape in which this API tells that something was refused or failed."""

import math
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.responses import Response

from vocabulary.clock import to_text
from vocabulary.errors import Told

MEDIA_TYPE: Final = "application/problem+json"
_LONGEST_VALUE: Final = 200
_RESERVED: Final = frozenset({"type", "title", "status", "detail", "code", "instance"})


def problem(
    status: int,
    code: str,
    detail: str,
    values: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer that tells one problem; `values` are what the sentence named, for programs."""
    body: dict[str, Any] = {
        name: plain(value) for name, value in (values or {}).items() if name not in _RESERVED
    }
    body |= {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)


def told(failure: Told, language: str) -> Response:
    """Return the answer that tells a `Refused` or an `Unavailable` as it is written."""
    headers = {}
    if failure.status in {429, 503}:
        headers["Retry-After"] = str(failure.values.get("retry_after", 2))
    return problem(failure.status, failure.code, failure.text(language), failure.values, headers)


def plain(value: Any) -> Any:
    """Return `value` as JSON can carry it; what it cannot is shown as text, shortened."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return shortened(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return to_text(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else shortened(_digits(value))
    if isinstance(value, float):
        return value if math.isfinite(value) and abs(value) < 2**53 else str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return shortened(str(value))


def _digits(value: int) -> str:
    # str() of thousands of digits is refused by Python itself.
    return str(value) if value.bit_length() < 1000 else f"{value:#x}"


def shortened(text: str) -> str:
    """Return `text` fit to be shown: no half characters, not longer than a line or two."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= _LONGEST_VALUE else whole[:_LONGEST_VALUE] + "…"
