"""Requests whose body is a file as it is: counted as it comes, its form by Content-Type, read by the service."""

from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from exchange.json_body import read_bytes
from exchange.problems import shortened
from exchange.routes import FILE_MOST
from exchange.sheet import Sheet
from exchange.strict_route import Handler, check_query, guarded, known_parameters
from vocabulary.errors import Refused

FORMS: Final = {
    "text/csv": "csv",
    "application/geo+json": "geojson",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


class FileRoute(APIRoute):
    """Lets no fault of ours out but as a reference, and hands the body on as it came."""

    def get_route_handler(self) -> Handler:
        """Return the handler with the guard around it."""
        inner, known = super().get_route_handler(), known_parameters(self)

        async def handle(request: Request) -> Response:
            check_query(request, known)
            return await inner(request)

        return guarded(handle)


async def read_sheet_file(request: Request, name: str) -> Sheet:
    """Return the file that a request carries; one too large is refused before it is all in memory."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in FORMS:
        known = ", ".join(FORMS)
        raise Refused("exchange.unknown_form", value=shortened(said) or "-", known=known)
    return Sheet(name=name, form=FORMS[said], content=await read_bytes(request, FILE_MOST))


def file_body(what: str, *forms: str) -> dict[str, Any]:
    """Return how the description tells of a file of one of these forms as the body."""
    shape = {"schema": {"type": "string", "format": "binary"}}
    content = {name: shape for name, form in FORMS.items() if form in forms}
    return {"description": what, "required": True, "content": content}
