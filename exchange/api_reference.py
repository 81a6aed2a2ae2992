"""What other systems need to speak our words: categories, departments, the county."""

from fastapi import APIRouter
from starlette.responses import Response

from exchange.answers import County, Rows, TownShapes
from exchange.operations import operation
from exchange.ports import CaseService
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from security.principal import current

_PERMISSION = "map.read"


def reference_router(service: CaseService) -> APIRouter:
    """Return the operations on reference tables."""
    router = APIRouter(tags=["reference"], route_class=StrictRoute)

    @router.get("/categories", **operation(_PERMISSION, "List categories", Rows, ()))
    async def list_categories() -> Response:
        """Return the category table: code, names, lane, priority, limits, lead department."""
        principal = current()
        principal.need(_PERMISSION)
        return reply({"items": service.categories()}, principal)

    @router.get("/departments", **operation(_PERMISSION, "List departments", Rows, ()))
    async def list_departments() -> Response:
        """Return the departments that cases may be given to."""
        principal = current()
        principal.need(_PERMISSION)
        return reply({"items": await service.departments()}, principal)

    @router.get("/county", **operation(_PERMISSION, "Describe the county", County, ()))
    async def describe_county() -> Response:
        """Return name, code, bbox, centre, boundary, tiles and their attribution."""
        principal = current()
        principal.need(_PERMISSION)
        return reply(await service.county(), principal)

    @router.get("/county/towns", **operation(_PERMISSION, "Towns as GeoJSON", TownShapes, ()))
    async def towns() -> Response:
        """Return the towns with their outlines, simplified to what a screen shows."""
        principal = current()
        principal.need(_PERMISSION)
        return reply(service.towns(), principal)

    return router
