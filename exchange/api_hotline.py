"""Call logs and 12345 orders are brought here, for the figures that no case of ours can tell (C01, H01)."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from exchange.figures_ports import FiguresService
from exchange.file_route import FileRoute, file_body, read_sheet_file
from exchange.intake_answers import CategoryReport
from exchange.intake_bodies import ImportQuery
from exchange.operations import WRITES, operation
from exchange.replies import reply
from security.principal import current

_BRING = "figures.import"


class HotlineReport(CategoryReport):
    """What became of a sheet, and how often each reason of refusal came; of many rows those refused are told first."""

    reasons: dict[str, int]


def hotline_router(service: FiguresService) -> APIRouter:
    """Return the operations that bring calls and orders."""
    router = APIRouter(tags=["figures"], route_class=FileRoute)
    calls = operation(_BRING, "Bring a call log", HotlineReport, WRITES)
    calls["openapi_extra"] |= {"requestBody": file_body("A call a row", "csv", "xlsx")}
    orders = operation(_BRING, "Bring 12345 orders", HotlineReport, WRITES)
    orders["openapi_extra"] |= {"requestBody": file_body("An order a row", "csv", "xlsx")}

    async def bring(what: str, query: ImportQuery, request: Request) -> Response:
        principal = current()
        principal.need(_BRING)
        sheet = await read_sheet_file(request, query.name)
        told = await service.hotline.bring(principal, what, sheet, dry_run=query.dry_run)
        return reply(told, principal)

    @router.post("/calls/import", **calls)
    async def bring_calls(query: Annotated[ImportQuery, Query()], request: Request) -> Response:
        """Take a call log; a call with the same id and line takes the place of the former one. Phone numbers are not kept."""
        return await bring("calls", query, request)

    @router.post("/hotline/import", **orders)
    async def bring_orders(query: Annotated[ImportQuery, Query()], request: Request) -> Response:
        """Take 12345 orders; an order with the same number takes the place of the former one. Names and texts are not kept."""
        return await bring("hotline", query, request)

    return router
