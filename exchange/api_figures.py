"""Figures are told here: the catalogue, a summary of a span, one figure, and the cases behind it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from exchange.figures_ports import FiguresService
from exchange.figures_shapes import (
    BehindQuery,
    CasesBehind,
    FigureRow,
    IndicatorList,
    SpanQuery,
    Summary,
)
from exchange.operations import READS, READS_ONE, operation
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from security.principal import Principal, current

PERMISSION = "figures.read"
FigureId = Annotated[str, Path(pattern=r"^[A-Z][0-9]{2}[a-z]?$", examples=["G13"])]


def figures_router(service: FiguresService) -> APIRouter:
    """Return the operations on figures."""
    router = APIRouter(tags=["figures"], route_class=StrictRoute)

    @router.get("/figures", **operation(PERMISSION, "List indicators", IndicatorList, READS))
    async def catalogue() -> Response:
        """Return every indicator: its names, formula, source, what is left out, which way is better."""
        return reply({"items": service.figures_catalogue()}, _asker())

    @router.get("/figures/summary", **operation(PERMISSION, "Figures of a span", Summary, READS))
    async def summary(query: Annotated[SpanQuery, Query()]) -> Response:
        """Return all figures of a span with trend and comparison, by town, by department, and the scores."""
        principal = _asker()
        return reply(await service.figures_summary(principal, query.asked()), principal)

    @router.get("/figures/{figure_id}", **operation(PERMISSION, "One figure", FigureRow, READS_ONE))
    async def figure(figure_id: FigureId, query: Annotated[SpanQuery, Query()]) -> Response:
        """Return one figure of a span."""
        principal = _asker()
        return reply(await service.figure(principal, figure_id, query.asked()), principal)

    _add_cases(router, service)
    return router


def _add_cases(router: APIRouter, service: FiguresService) -> None:
    told = operation(PERMISSION, "Cases behind a figure", CasesBehind, READS_ONE)

    @router.get("/figures/{figure_id}/cases", **told)
    async def cases(figure_id: FigureId, query: Annotated[BehindQuery, Query()]) -> Response:
        """Return the cases that a figure counted, its hits, its misses or those exempt; asks for case.read besides."""
        principal = _asker()
        principal.need("case.read")
        answer = await service.figure_cases(
            principal, figure_id, query.asked(), query.which, query.limit, query.offset
        )
        return reply(answer, principal)


def _asker() -> Principal:
    principal = current()
    principal.need(PERMISSION)
    return principal
