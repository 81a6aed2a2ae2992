"""Places of the county are found here by what people call them, and told where they are."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from exchange.answers import PlacesFound
from exchange.answers_of_places import PlaceTold
from exchange.bodies import LocateQuery, SearchQuery
from exchange.operations import READS, operation
from exchange.ports import CaseService
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from security.principal import current

_PERMISSION = "map.read"


def search_router(service: CaseService) -> APIRouter:
    """Return the operations that turn names into places, and places into names."""
    router = APIRouter(tags=["reference"], route_class=StrictRoute)

    @router.get("/search", **operation(_PERMISSION, "Search for places", PlacesFound, READS))
    async def search(query: Annotated[SearchQuery, Query()]) -> Response:
        """Return places by name, pinyin, initials, address or crossing, the best first; with lon and lat the nearer of equals."""
        principal = current()
        principal.need(_PERMISSION)
        found = await service.search(principal, query.q, query.near(), query.limit)
        return reply({"items": found}, principal)

    @router.get("/locate", **operation(_PERMISSION, "Tell where a position is", PlaceTold, READS))
    async def locate(query: Annotated[LocateQuery, Query()]) -> Response:
        """Return a position's town, unit grid cell, nearest named road and nearest known place, and all of it as one line."""
        principal = current()
        principal.need(_PERMISSION)
        return reply(await service.locate(principal, query.lon, query.lat), principal)

    return router
