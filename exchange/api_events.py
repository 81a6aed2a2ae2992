"""The numbered events are read here, by programs that keep their own copy."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from exchange.answers import EventPage
from exchange.bodies import EventQuery
from exchange.operations import READS, operation
from exchange.ports import CaseService
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from security.principal import current


def events_router(service: CaseService) -> APIRouter:
    """Return the operations on events."""
    router = APIRouter(tags=["events"], route_class=StrictRoute)

    @router.get("/events", **operation("events.read", "Read events on", EventPage, READS))
    async def read_events(query: Annotated[EventQuery, Query()]) -> Response:
        """Return events after a number, in order and without a gap, as CloudEvents; send `next` as `after` to read on."""
        principal = current()
        principal.need("events.read")
        return reply(await service.events(principal, query.after, query.limit), principal)

    return router
