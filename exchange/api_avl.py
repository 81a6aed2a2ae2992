"""Positions in bulk, tracks, and the terminals of vehicles."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from exchange.avl import AvlService, Fix, Terminal
from exchange.bodies import PositionBody
from exchange.fields import Instant, Strict, UnitId, text
from exchange.operations import READS, READS_ONE, WRITES, operation
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from security.principal import current

POSITIONS_MOST: Final = 500
_UNIT: Final = r"^[A-Za-z0-9_.:-]+$"


class UnitPositionBody(PositionBody):
    """One position of one unit."""

    unit_id: Annotated[str, text(40, 1, _UNIT), Field(examples=["E32"])]

    def fix(self) -> Fix:
        """Return the position as a fix of its unit."""
        return Fix(unit_id=self.unit_id, report=self.position(), source="http")


class PositionsBody(Strict):
    """Positions of one unit or many, in any order; each is taken or refused by itself."""

    items: Annotated[list[UnitPositionBody], Field(min_length=1, max_length=POSITIONS_MOST)]


class TerminalBody(Strict):
    """A terminal by the number it calls itself by; `unit_id` null takes it away from its unit."""

    id: Annotated[str, text(20, 1, r"^[1-9][0-9]*$"), Field(examples=["13912344329"])]
    unit_id: Annotated[str | None, text(40, 1, _UNIT), Field(examples=["E32"])]
    plate: Annotated[str, text(20), Field(examples=["川A12345"])] = ""
    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84"

    def terminal(self) -> Terminal:
        """Return the terminal in our own words."""
        return Terminal(id=self.id, unit_id=self.unit_id, plate=self.plate, datum=self.datum)


class TrackQuery(Strict):
    """From when until when; the last hour where neither is said, seven days at most."""

    model_config = ConfigDict(populate_by_name=True)

    since: Annotated[Instant, Field(alias="from")] = None
    until: Annotated[Instant, Field(alias="to")] = None


class PositionsTaken(BaseModel):
    """Of each position: whether it is where the unit is now, or why it was refused."""

    items: list[dict[str, Any]]


class Track(BaseModel):
    """A GeoJSON feature; `properties.times` says when it was where, `received` when that was told."""

    model_config = ConfigDict(extra="allow")

    type: Literal["Feature"]
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class TerminalView(BaseModel):
    """A terminal, the unit it speaks for, and when it was heard."""

    model_config = ConfigDict(extra="allow")

    id: str
    unit_id: str | None
    connected: bool
    heard_at: str | None


class TerminalList(BaseModel):
    """Terminals by their numbers."""

    items: list[TerminalView]


class AvlFigures(BaseModel):
    """What came by each wire since the start, and the newest that was refused."""

    model_config = ConfigDict(extra="allow")

    taken: dict[str, int]
    refused: dict[str, int]
    newest_refused: list[dict[str, Any]]


def avl_router(service: AvlService) -> APIRouter:
    """Return the operations on positions in bulk, tracks and terminals."""
    router = APIRouter(tags=["units"], route_class=StrictRoute)
    told = operation("units.position", "Say where units are", PositionsTaken, WRITES)

    @router.post("/positions", **told)
    async def positions(body: PositionsBody) -> Response:
        """Take up to 500 positions in any order; sent again they change nothing."""
        principal = current()
        principal.need("units.position")
        fixes = [item.fix() for item in body.items]
        return reply(await service.positions(principal, fixes), principal)

    read = operation("units.read", "Where a unit was", Track, READS_ONE)

    @router.get("/units/{unit_id}/track", **read)
    async def track(unit_id: UnitId, query: Annotated[TrackQuery, Query()]) -> Response:
        """Return a unit's track as GeoJSON, the newest 20,000 positions of the window."""
        principal = current()
        principal.need("units.read")
        found = await service.track(principal, unit_id, query.since, query.until)
        return reply(found, principal)

    _add_terminals(router, service)
    return router


def _add_terminals(router: APIRouter, service: AvlService) -> None:
    seen = operation("units.register", "List terminals", TerminalList, READS)

    @router.get("/terminals", **seen)
    async def list_terminals() -> Response:
        """Return the terminals that were made known, and when each was heard."""
        principal = current()
        principal.need("units.register")
        return reply({"items": await service.terminals(principal)}, principal)

    change = operation("units.register", "Make a terminal known", TerminalView, (*WRITES, 404))

    @router.post("/terminals", **change)
    async def set_terminal(body: TerminalBody) -> Response:
        """Say for which unit a terminal speaks: safe to send again."""
        principal = current()
        principal.need("units.register")
        return reply(await service.set_terminal(principal, body.terminal()), principal)

    figures = operation("units.register", "How positions come in", AvlFigures, READS)

    @router.get("/avl", **figures)
    async def avl() -> Response:
        """Return counts by wire and reason, and the newest 200 frames that were refused."""
        principal = current()
        principal.need("units.register")
        return reply(await service.avl(principal), principal)
