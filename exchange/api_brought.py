"""Values that are brought, not counted: the evaluation sheet, industry, the digital supply chain."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from exchange.figures_ports import FiguresService
from exchange.file_route import FileRoute, file_body, read_sheet_file
from exchange.intake_answers import CategoryReport
from exchange.intake_bodies import ImportQuery
from exchange.operations import READS, WRITES, operation
from exchange.replies import reply
from security.principal import current
from vocabulary.errors import Refused

_READ, _BRING = "figures.read", "figures.import"


class BroughtValue(BaseModel):
    """One value; `counted` says that we count it ourselves, over the last 30 days."""

    set: Literal["evaluation", "industry", "supply_chain"]
    code: str
    parent: str
    name_zh: str
    name_en: str
    value: float | None
    unit: str
    period: str
    source: str
    indicator: str
    counted: bool
    added_at: str


class SheetLevel(BaseModel):
    """How many indicators of a level stand, and how many a whole sheet has."""

    level: int
    known: int
    whole: int


class BroughtValues(BaseModel):
    """Every value that was brought, and how much of the evaluation sheet stands."""

    items: list[BroughtValue]
    sheet: list[SheetLevel]


def brought_router(service: FiguresService) -> APIRouter:
    """Return the operations on values that are brought."""
    router = APIRouter(tags=["figures"], route_class=FileRoute)
    brings = operation(_BRING, "Bring values", CategoryReport, WRITES)
    brings["openapi_extra"] |= {"requestBody": file_body("CSV, a value a row", "csv")}

    @router.get("/figures/imported", **operation(_READ, "Values brought", BroughtValues, READS))
    async def imported() -> Response:
        """Return the evaluation sheet, industry and supply chain as they were brought."""
        principal = current()
        principal.need(_READ)
        return reply(await service.brought.values(), principal)

    @router.post("/figures/import", **brings)
    async def bring(query: Annotated[ImportQuery, Query()], request: Request) -> Response:
        """Take values; a row with the same set, code and period takes the place of the former one."""
        principal = current()
        principal.need(_BRING)
        sheet = await read_sheet_file(request, query.name)
        if sheet.form != "csv":
            raise Refused("exchange.unknown_form", value=sheet.form, known="csv")
        told = await service.brought.bring(
            principal, sheet.name, sheet.text(), dry_run=query.dry_run
        )
        return reply(told, principal)

    return router
