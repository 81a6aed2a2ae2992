"""Units are made known, listed and located here."""

from fastapi import APIRouter
from starlette.responses import Response

from exchange.answers import PositionTaken, UnitList, UnitView
from exchange.bodies import PositionBody, UnitBody
from exchange.fields import UnitId
from exchange.operations import READS, WRITES, operation
from exchange.ports import CaseService
from exchange.replies import reply, reply_once
from exchange.strict_route import StrictRoute
from security.principal import current


def units_router(service: CaseService) -> APIRouter:
    """Return the operations on units."""
    router = APIRouter(tags=["units"], route_class=StrictRoute)

    @router.get("/units", **operation("units.read", "List units", UnitList, READS))
    async def list_units() -> Response:
        """Return every unit with its state and where it was seen last."""
        principal = current()
        principal.need("units.read")
        return reply({"items": await service.units(principal)}, principal)

    add = operation("units.register", "Add a unit", UnitView, WRITES, 201)
    add["responses"][200] = {"model": UnitView, "description": "It was known already."}

    @router.post("/units", **add)
    async def add_unit(body: UnitBody) -> Response:
        """Make a unit known (201), or set a known one's particulars anew (200): safe to send again."""
        principal = current()
        principal.need("units.register")
        return reply_once(await service.add_unit(principal, body.unit()), principal)

    _add_position(router, service)
    return router


def _add_position(router: APIRouter, service: CaseService) -> None:
    told = operation("units.position", "Say where a unit is", PositionTaken, (*WRITES, 404), 202)

    @router.post("/units/{unit_id}/position", **told)
    async def unit_position(unit_id: UnitId, body: PositionBody) -> Response:
        """Take a position; one older than what is known is not accepted, which is no mistake."""
        principal = current()
        principal.need("units.position")
        taken = await service.unit_position(principal, unit_id, body.position())
        return reply(taken, principal, 202)
