"""The translator of this edge: every exception becomes one problem, and our own faults tell a reference, never their text."""

from collections.abc import Callable
from typing import Any, Final, TypeGuard

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from exchange.language import language_of
from exchange.problems import problem, shortened, told
from exchange.wanted import wanted
from security.conversation import Ended
from vocabulary.errors import Refused, Told, Unavailable, codes, sentence
from vocabulary.ids import new_id
from vocabulary.place import seems_swapped

log = structlog.get_logger(__name__)

NOBODY_LISTENS: Final = 400
_MOST_MISTAKES: Final = 20
_MISSING: Final = "missing"
_UNKNOWN: Final = "extra_forbidden"


def answer_told(request: Request, failure: Told) -> Response:
    """Return what was refused, or what is not available, as it is written."""
    return told(failure, language_of(request))


def answer_invalid(request: Request, failure: RequestValidationError) -> Response:
    """Return which field is wrong, its value, and what would be right; the first leads, `errors` has them all."""
    language = language_of(request)
    _refuse_swapped(failure.body)
    mistakes = [_mistake(error, language) for error in failure.errors()[:_MOST_MISTAKES]]
    first = mistakes[0]
    values = {**first, "errors": mistakes}
    return problem(422, first["code"], first["detail"], values)


def _refuse_swapped(body: Any) -> None:
    if not isinstance(body, dict):
        return
    lon, lat = body.get("lon"), body.get("lat")
    if _is_number(lon) and _is_number(lat) and seems_swapped(lon, lat):
        raise Refused("place.swapped", field="lon", lon=lon, lat=lat)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def answer_http(request: Request, failure: HTTPException) -> Response:
    """Return what the framework itself refused: no such address, no such method, too large."""
    code = f"exchange.http_{failure.status_code}"
    if code not in codes():
        code = "exchange.http_other"
    values = {
        "path": shortened(request.url.path),
        "method": request.method,
        "allowed": (failure.headers or {}).get("Allow", ""),
        "status": failure.status_code,
    }
    detail = sentence(code, language_of(request)).format(**values)
    return problem(failure.status_code, code, detail, {}, failure.headers)


def answer_fault(request: Request, failure: Exception) -> Response:
    """Log our own fault under a reference and return the reference alone."""
    reference = new_id()
    log.error(
        "request_failed",
        reference=reference,
        method=request.method,
        path=request.url.path,
        exc_info=failure,
    )
    code = "exchange.our_fault"
    detail = sentence(code, language_of(request)).format(reference=reference)
    return problem(500, code, detail, {"reference": reference})


def answer_ended(_request: Request, _failure: Exception) -> Response:
    """Return what nobody hears: the gate has answered already."""
    return Response(status_code=NOBODY_LISTENS)


# One row per kind of failure; the first that fits answers.
TABLE: Final[tuple[tuple[type[Exception], Callable[..., Response]], ...]] = (
    (Refused, answer_told),
    (Unavailable, answer_told),
    (RequestValidationError, answer_invalid),
    (HTTPException, answer_http),
    (Ended, answer_ended),
    (Exception, answer_fault),
)


def answer(request: Request, failure: Exception) -> Response:
    """Return the problem that tells `failure`; one whose sentence is missing or lacks a value is a fault of ours."""
    tell = next(row[1] for row in TABLE if isinstance(failure, row[0]))
    try:
        return tell(request, failure)
    except Refused as clearer:
        return answer_told(request, clearer)
    except (KeyError, IndexError):
        return answer_fault(request, failure)


def install(app: FastAPI) -> None:
    """Make `app` tell every failure by the table."""

    async def tell(request: Request, failure: Exception) -> Response:
        return answer(request, failure)

    for kind, _ in TABLE:
        if kind is not Ended:  # it passes through to the gate, whose it is
            app.add_exception_handler(kind, tell)


def _mistake(error: dict[str, Any], language: str) -> dict[str, Any]:
    field = _field(error["loc"])
    values: dict[str, Any] = {"field": field}
    if error["type"] == _MISSING:
        hint = f"exchange.hint.{field.lower()}"
        hint = hint if hint in codes() else "exchange.hint.other"
        code = "exchange.field_missing"
        values["hint"] = sentence(hint, language)
    elif error["type"] == _UNKNOWN:
        code = "exchange.field_unknown"
        values["value"] = shortened(repr(error["input"]))
    else:
        code = "exchange.field_invalid"
        values["value"] = shortened(repr(error["input"]))
        values["wanted"] = wanted(error, language)
    return {**values, "code": code, "detail": sentence(code, language).format(**values)}


def _field(location: tuple[str | int, ...]) -> str:
    """Return the path to the field without the part of the request it stood in: arguments.units[3]."""
    path = ""
    for step in location[1:] if len(location) > 1 else location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path
