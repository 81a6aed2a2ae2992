"""A case's timeline leaves the house here: as JSON that can be checked without us, and as a paper."""

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from exchange.export_answers import CaseExport
from exchange.export_ports import ExportService
from exchange.fields import CaseId
from exchange.language import language_of
from exchange.operations import READS_ONE, operation
from exchange.papers import paper, paper_operation
from exchange.strict_route import StrictRoute
from security.principal import current

JSON: Final = "application/json"
Personal = Annotated[
    bool,
    Query(description="with callers' names and numbers; asks for personal.read as well"),
]


def export_router(service: ExportService) -> APIRouter:
    """Return the operations that give a case away."""
    router = APIRouter(tags=["cases"], route_class=StrictRoute)

    @router.get(
        "/cases/{case_id}/export.json",
        **operation("case.export", "Export as JSON", CaseExport, READS_ONE),
    )
    async def export_json(case_id: CaseId, personal: Personal = False) -> Response:
        """Return the case with its sealed timeline; masked unless `personal=true`. Every export is audited."""
        principal = current()
        principal.need("case.export")
        told = await service.export_case(principal, case_id, personal=personal)
        return paper(orjson.dumps(told, option=orjson.OPT_INDENT_2), f"case-{case_id}", JSON)

    @router.get("/cases/{case_id}/export.pdf", **paper_operation("case.export", "Export as PDF"))
    async def export_pdf(request: Request, case_id: CaseId, personal: Personal = False) -> Response:
        """Return the same as a paper in the asker's language."""
        principal = current()
        principal.need("case.export")
        language = language_of(request)
        made = await service.print_case(principal, case_id, language, personal=personal)
        return paper(made, f"case-{case_id}")

    return router
