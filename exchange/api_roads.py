"""Roads are closed and opened here, and asked how long it takes and how far one comes."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from exchange.fields import ClosureId, IdempotencyKey
from exchange.operations import READS, READS_ONE, WRITES_ONCE, WRITES_ONE, operation
from exchange.ports import CaseService
from exchange.replies import once, reply, reply_once
from exchange.road_answers import ClosureChanged, ClosureList, Reached, Stretch, TravelTimes
from exchange.road_bodies import (
    ClosureBody,
    ClosuresQuery,
    EndBody,
    PlaceQuery,
    ReachQuery,
    TravelQuery,
)
from exchange.strict_route import StrictRoute
from security.principal import current

_CLOSES: Final = "roads.close"
_SEES: Final = "map.read"


def roads_router(service: CaseService) -> APIRouter:
    """Return the operations on roads."""
    router = APIRouter(tags=["roads"], route_class=StrictRoute)
    _add_closures(router, service)
    _add_end(router, service)
    _add_travel(router, service)
    return router


def _add_closures(router: APIRouter, service: CaseService) -> None:
    @router.get("/closures", **operation(_SEES, "List closed roads", ClosureList, READS))
    async def list_closures(query: Annotated[ClosuresQuery, Query()]) -> Response:
        """Return the closures that stand, oldest first; with `ended` the newest hundred that are over."""
        principal = current()
        principal.need(_SEES)
        return reply(await service.closures(principal, ended=query.ended), principal)

    add = operation(_CLOSES, "Close a road", ClosureChanged, WRITES_ONCE, 201)

    @router.post("/closures", **add)
    async def close_road(body: ClosureBody, idempotency_key: IdempotencyKey) -> Response:
        """Close a stretch or an area until an instant, or slow it: travel times change at once, every open map draws it."""
        principal = current()
        principal.need(_CLOSES)
        sent = once(idempotency_key, "closures", body.model_dump(mode="json", exclude_unset=True))
        return reply_once(await service.close_road(principal, body.wish(), sent), principal)


def _add_end(router: APIRouter, service: CaseService) -> None:
    told = operation(_CLOSES, "Open a road again", ClosureChanged, WRITES_ONE)

    @router.post("/closures/{closure_id}/end", **told)
    async def end_closure(
        closure_id: ClosureId, body: EndBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """End a closure before its time; one that is over is refused with 409 and says who ended it."""
        principal = current()
        principal.need(_CLOSES)
        sent = once(idempotency_key, f"closures/{closure_id}", body.model_dump(mode="json"))
        wish = body.wish(closure_id)
        return reply_once(await service.reopen_road(principal, wish, sent), principal)

    @router.get("/roads/nearest", **operation(_SEES, "Find the road here", Stretch, READS_ONE))
    async def nearest_road(query: Annotated[PlaceQuery, Query()]) -> Response:
        """Return the road within 100 m of a place, from one junction to the next: what a click closes."""
        principal = current()
        principal.need(_SEES)
        return reply(await service.nearest_road(principal, query.place()), principal)


def _add_travel(router: APIRouter, service: CaseService) -> None:
    @router.get("/travel", **operation("units.read", "Time the units", TravelTimes, READS_ONE))
    async def travel(query: Annotated[TravelQuery, Query()]) -> Response:
        """Return how long every unit needs by road to a case (`case.read`) or a place, under the closures of the moment."""
        principal = current()
        principal.need("units.read")
        return reply(await service.travel(principal, query.question()), principal)

    @router.get("/isochrones", **operation(_SEES, "Draw what is reached", Reached, READS_ONE))
    async def isochrones(query: Annotated[ReachQuery, Query()]) -> Response:
        """Return as GeoJSON from where a case or a place is reached within so many minutes."""
        principal = current()
        principal.need(_SEES)
        return reply(await service.isochrones(principal, query.question()), principal)
