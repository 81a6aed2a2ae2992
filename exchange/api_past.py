"""Looking back: the days there are, a stretch of one as a reel, and the same as GeoJSON to take away."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from exchange.bodies import PastQuery
from exchange.operations import READS, operation
from exchange.past_ports import PastService
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from exchange.veil import veiled
from security.principal import current

PERMISSION = "replay.view"
GEOJSON = "application/geo+json"


class GeoJson(Response):
    """An answer that says of itself that it is GeoJSON."""

    media_type = GEOJSON


class PastDay(BaseModel):
    """A day on which something happened, in the county's own time."""

    day: str
    events: int
    since: str
    until: str


class PastDays(BaseModel):
    """The days there are, newest first, and the zone they are days of."""

    items: list[PastDay]
    zone: str


class Reel(BaseModel):
    """What stood at `since`, and every change up to `until`; `whole` is false where the stretch was cut at the most changes."""

    since: str
    until: str
    whole: bool
    start: dict[str, Any]
    deltas: list[dict[str, Any]]
    units: list[list[Any]]
    tracks: dict[str, list[list[Any]]]


class Clip(BaseModel):
    """A GeoJSON feature collection, a point a case, with `timeline` and `warnings` beside the features."""

    type: str
    features: list[dict[str, Any]]
    timeline: list[dict[str, Any]]
    warnings: list[dict[str, Any]]


def past_router(service: PastService) -> APIRouter:
    """Return the operations of the time machine."""
    router = APIRouter(tags=["replay"], route_class=StrictRoute)

    @router.get("/replay/days", **operation(PERMISSION, "List past days", PastDays, ()))
    async def days() -> Response:
        """Return the days on which something happened, newest first."""
        principal = current()
        principal.need(PERMISSION)
        return reply(await service.past_days(principal), principal)

    @router.get("/replay/reel", **operation(PERMISSION, "A stretch of the past", Reel, READS))
    async def reel(query: Annotated[PastQuery, Query()]) -> Response:
        """Return what stood at the beginning of a stretch (a day at the most) and every change in it."""
        principal = current()
        principal.need(PERMISSION)
        return reply(await service.reel(principal, query.since, query.until), principal)

    told_as = operation(PERMISSION, "A stretch as GeoJSON", Clip, READS)

    @router.get("/replay/clip", response_class=GeoJson, **told_as)
    async def clip(query: Annotated[PastQuery, Query()]) -> Response:
        """Return the same stretch as a GeoJSON file with its timeline."""
        principal = current()
        principal.need(PERMISSION)
        told = await service.clip(principal, query.since, query.until)
        name = f"replay-{query.since:%Y%m%dT%H%M%SZ}.geojson"
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        return GeoJson(orjson.dumps(veiled(told, principal)), 200, headers)

    return router
