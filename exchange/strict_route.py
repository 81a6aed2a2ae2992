"""The route every operation of the API uses: bodies are read strictly, and one guard stands around each handler."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from exchange.http_errors import NOBODY_LISTENS, answer_fault
from exchange.json_body import check_text, read_bytes, read_json
from exchange.problems import shortened
from security.conversation import Ended
from vocabulary.errors import Refused, Told

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ReadRequest(Request):
    """A request whose JSON was read, and found sound, before anything looked at it."""

    _value: Any = None

    async def read(self) -> None:
        """Read and check the body; refuse what is not JSON, and what is JSON only by name."""
        self._body = await read_bytes(self)
        if not self._body:
            return
        packed = self.headers.get("content-encoding", "identity")
        if packed.strip().lower() != "identity":
            raise Refused("exchange.packed", value=shortened(packed))
        said = self.headers.get("content-type", "")
        if said.partition(";")[0].strip().lower() != "application/json":
            raise Refused("exchange.not_json_type", value=shortened(said) or "(empty)")
        self._value = read_json(self._body)

    async def json(self) -> Any:
        """Return what was read."""
        return self._value


def known_parameters(route: APIRoute) -> frozenset[str] | None:
    """Return the query parameters an operation reads; None where its own model refuses what it does not know."""
    fields = route.dependant.query_params
    kinds = [field.field_info.annotation for field in fields]
    if any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in kinds):
        return None
    return frozenset(field.alias for field in fields)


def check_query(request: Request, known: frozenset[str] | None) -> None:
    """Refuse a query with broken characters, and one with a parameter the operation would not read."""
    said = request.query_params.multi_items()
    for name, value in said:
        check_text(shortened(name), value)
    if known is None:
        return
    strange = [
        {"type": "extra_forbidden", "loc": ("query", name), "input": value}
        for name, value in said
        if name not in known
    ]
    if strange:
        raise RequestValidationError(strange)


def guarded(handle: Handler) -> Handler:
    """Return a handler that lets no fault of ours out but as a reference."""

    async def guard(request: Request) -> Response:
        try:
            return await handle(request)
        except (Told, RequestValidationError, HTTPException, Ended):
            raise
        except ClientDisconnect:
            return Response(status_code=NOBODY_LISTENS)
        except Exception as failure:  # noqa: BLE001 - the guard around one handler
            return answer_fault(request, failure)

    return guard


class StrictRoute(APIRoute):
    """Reads query and body strictly, and lets no fault of ours out but as a reference."""

    def get_route_handler(self) -> Handler:
        """Return the handler with the guard around it."""
        inner, known = super().get_route_handler(), known_parameters(self)

        async def handle(request: Request) -> Response:
            check_query(request, known)
            checked = ReadRequest(request.scope, request.receive)
            await checked.read()
            return await inner(checked)

        return guarded(handle)
