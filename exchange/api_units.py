"""Units are made known, listed and located here."""

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from exchange.answers import PositionTaken, UnitList, UnitView
from exchange.api_assignments import AssignmentView
from exchange.bodies import PositionBody, UnitBody
from exchange.fields import UnitId
from exchange.operations import READS, READS_ONE, WRITES, operation
from exchange.ports import CaseService
from exchange.replies import reply, reply_once
from exchange.strict_route import StrictRoute
from security.principal import current


class LastSeen(BaseModel):
    """Where a unit was seen last: when that was, when it was told, and whether that is too long ago for its kind."""

    lon: float
    lat: float
    observed_at: str
    received_at: str
    speed_mps: float | None
    heading_deg: float | None
    accuracy_m: float | None
    stale: bool


class UnitNow(UnitView):
    """A unit with where it was seen last and what it is asked to do now; null where neither is known."""

    position: LastSeen | None = None
    assignment: AssignmentView | None = None


def units_router(service: CaseService) -> APIRouter:
    """Return the operations on units."""
    router = APIRouter(tags=["units"], route_class=StrictRoute)

    @router.get("/units", **operation("units.read", "List units", UnitList, READS))
    async def list_units() -> Response:
        """Return every unit with its state and where it was seen last."""
        principal = current()
        principal.need("units.read")
        return reply({"items": await service.units(principal)}, principal)

    one = operation("units.read", "Read a unit", UnitNow, READS_ONE)

    @router.get("/units/{unit_id}", **one)
    async def read_unit(unit_id: UnitId) -> Response:
        """Return one unit: its state, where it was seen last and how old that is, its open assignment."""
        principal = current()
        principal.need("units.read")
        return reply(await service.unit(principal, unit_id), principal)

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
