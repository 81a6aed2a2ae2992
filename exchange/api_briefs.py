"""Briefs: past ones listed and taken, a new one ordered and waited for."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from exchange.fields import Strict
from exchange.figures_ports import FiguresService
from exchange.operations import READS, READS_ONE, WRITES, operation
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from indicators.spans import MOST_DAYS
from security.principal import Principal, current
from vocabulary.errors import Refused

_READ, _MAKE = "brief.read", "brief.make"
MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BriefId = Annotated[str, Path(pattern=r"^[0-9A-Z]{26}$", examples=["01M8DE9VHTH1QR40GMV5R1AWK4"])]


class BriefBody(Strict):
    """Which days a brief is of, both included."""

    kind: Literal["daily", "weekly", "span"] = "span"
    first: Annotated[date, Field(examples=["2026-11-16"])]
    last: Annotated[date, Field(examples=["2026-11-22"])]

    def check(self) -> None:
        """Refuse days that make no span."""
        if self.last < self.first:
            raise Refused("figures.days_backwards", first=self.first, last=self.last)
        if (self.last - self.first).days >= MOST_DAYS:
            raise Refused("figures.too_many_days", first=self.first, last=self.last, most=MOST_DAYS)


class ListQuery(Strict):
    """How many are listed."""

    limit: Annotated[int, Field(ge=1, le=200)] = 30


class ProgressQuery(Strict):
    """The answer waits until the brief is further than this, or 20 s have passed."""

    beyond: Annotated[int, Field(ge=-1, le=100)] = -1


class BriefView(BaseModel):
    """A brief and how far it is, in hundredths."""

    id: str
    kind: str
    first: str
    last: str
    language: str
    ordered_by: str
    scheduled: bool
    state: Literal["waiting", "making", "done", "failed"]
    step: int
    made_at: str | None
    problem: str


class BriefList(BaseModel):
    """Briefs, the newest first."""

    items: list[BriefView]


def briefs_router(service: FiguresService) -> APIRouter:
    """Return the operations on briefs."""
    router = APIRouter(tags=["figures"], route_class=StrictRoute)

    @router.get("/briefs", **operation(_READ, "List briefs", BriefList, READS))
    async def list_briefs(query: Annotated[ListQuery, Query()]) -> Response:
        """Return briefs, the newest first."""
        principal = _asker(_READ)
        return reply({"items": await service.briefs.list(query.limit)}, principal)

    @router.post("/briefs", **operation(_MAKE, "Order a brief", BriefView, WRITES, 202))
    async def order(body: BriefBody) -> Response:
        """Order a brief in the asker's language; it is made in the background."""
        principal = _asker(_MAKE)
        body.check()
        made = await service.briefs.order(principal, body.kind, body.first, body.last)
        return reply(made, principal, 202)

    @router.get("/briefs/{brief_id}", **operation(_READ, "How far it is", BriefView, READS_ONE))
    async def progress(brief_id: BriefId, query: Annotated[ProgressQuery, Query()]) -> Response:
        """Return a brief, as soon as it is further than `beyond`."""
        principal = _asker(_READ)
        return reply(await service.briefs.progress(brief_id, query.beyond), principal)

    @router.get("/briefs/{brief_id}/{form}", **operation(_READ, "Take a file", bytes, READS_ONE))
    async def take(brief_id: BriefId, form: Literal["pdf", "xlsx"]) -> Response:
        """Return a made brief as PDF or Excel."""
        _asker(_READ)
        name, content = await service.briefs.file(brief_id, form)
        heads = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        return Response(content, media_type=MEDIA[form], headers=heads)

    return router


def _asker(permission: str) -> Principal:
    principal = current()
    principal.need(permission)
    return principal
