"""Alerts are listed here, and how fast they are acknowledged is told."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from exchange.answers_of_cases import AcknowledgementFigures, AlertList
from exchange.bodies import AlertQuery, WindowQuery
from exchange.operations import READS, operation
from exchange.ports import CaseService
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from security.principal import current

_LISTS = "case.acknowledge"
_FIGURES = "figures.read"


def alerts_router(service: CaseService) -> APIRouter:
    """Return the operations on alerts; a case's own is acknowledged by the command `acknowledge`."""
    router = APIRouter(tags=["alerts"], route_class=StrictRoute)

    @router.get("/alerts", **operation(_LISTS, "List alerts", AlertList, READS))
    async def list_alerts(query: Annotated[AlertQuery, Query()]) -> Response:
        """Return alerts, those that wait for somebody first, then the newest: who acknowledged which, when and where."""
        principal = current()
        principal.need(_LISTS)
        return reply(await service.alerts(principal, query.waiting, query.limit), principal)

    told = operation(_FIGURES, "Figures of acknowledgement", AcknowledgementFigures, READS)

    @router.get("/figures/acknowledgement", **told)
    async def acknowledgement(query: Annotated[WindowQuery, Query()]) -> Response:
        """Return how many alerts of a window (default: the last day) were acknowledged, how fast, how many missed."""
        principal = current()
        principal.need(_FIGURES)
        figures = await service.acknowledgement(principal, query.since, query.until)
        return reply(figures, principal)

    return router
