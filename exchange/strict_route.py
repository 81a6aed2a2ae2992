"""The route every operation of the API uses: bodies are read strictly, and one guard stands around each handler."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
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
        """Read and check query and body; refuse what is not JSON, and what is JSON only by name."""
        for name, value in self.query_params.multi_items():
            check_text(shortened(name), value)
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
    """Reads the body by `json_body`, and lets no fault of ours out but as a reference."""

    def get_route_handler(self) -> Handler:
        """Return the handler with the guard around it."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            checked = ReadRequest(request.scope, request.receive)
            await checked.read()
            return await inner(checked)

        return guarded(handle)
