"""Who is recommended to go, under which plan, and what is sent: asked and told here."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from exchange.dispatch_ports import DispatchService, PlanWish, Sending
from exchange.fields import CaseId, Flag, IdempotencyKey, Instant, Strict, Version, text
from exchange.operations import READS, READS_ONE, WRITES_ONE, operation
from exchange.replies import once, reply, reply_once
from exchange.strict_route import StrictRoute
from incidents.model import Level
from security.principal import current

_SEES: Final = "case.read"
_UNITS: Final = "units.read"
_FIGURES: Final = "figures.read"
_EDITS: Final = "plan.edit"


class Told(BaseModel):
    """An answer whose parts are named; more may come with later releases."""

    model_config = ConfigDict(extra="allow")


class RecommendationView(Told):
    """Who is recommended: per need the picks with reasons, who comes next, and the codes of what is missing."""

    proposal: str
    at: str
    basis: dict[str, Any]
    roads: dict[str, Any]
    reach: dict[str, Any]
    answers: list[dict[str, Any]]
    proposed: list[str]
    missing: int


class SentView(Told):
    """What was sent, beside what was proposed."""

    case: dict[str, Any]
    accepted: bool
    struck: list[str]
    added: list[str]
    seq: int


class ResponseView(Told):
    """The plan that holds for a case, or none; and the plans that would suit it."""

    case_id: str
    exercise: bool
    active: dict[str, Any] | None
    suggested: str | None


class SendBody(Strict):
    """Units to send; where they are not those proposed, a coded `reason` is needed."""

    version: Version
    units: Annotated[list[Annotated[str, text(40, 1)]], Field(min_length=1, max_length=100)]
    proposal: Annotated[str | None, text(40)] = None
    reason: Annotated[str, text(40)] = ""
    note: Annotated[str, text(200)] = ""

    def wish(self) -> Sending:
        """Return the wish in our own words."""
        values: dict[str, Any] = self.model_dump(exclude={"units"})
        return Sending(units=tuple(self.units), **values)


class StepBody(Strict):
    """One step of a response: `activate` (plan, level), `level` (level), `stand_down` or `tick` (task, done)."""

    step: Literal["activate", "level", "stand_down", "tick"]
    plan: Annotated[str, text(40)] = ""
    level: Level | None = None
    reason: Annotated[str, text(200)] = ""
    task: Annotated[str, text(40)] = ""
    done: Flag = True
    note: Annotated[str, text(200)] = ""

    def wish(self) -> PlanWish:
        """Return the wish in our own words."""
        return PlanWish(**self.model_dump())


class WindowQuery(Strict):
    """A window of time; the last thirty days where nothing is said."""

    since: Instant = None
    until: Instant = None


def dispatching_router(service: DispatchService) -> APIRouter:
    """Return the operations on recommendations and responses."""
    router = APIRouter(tags=["dispatch"], route_class=StrictRoute)
    _add_recommendation(router, service)
    _add_response(router, service)
    _add_figures(router, service)
    _add_cover(router, service)
    return router


def _add_recommendation(router: APIRouter, service: DispatchService) -> None:
    path = "/cases/{case_id}/recommendation"

    @router.get(path, **operation(_UNITS, "Recommend units", RecommendationView, READS_ONE))
    async def recommendation(case_id: CaseId) -> Response:
        """Return who is recommended to go now by the needs of the plan, with reasons and shortfall codes."""
        principal = current()
        principal.need(_SEES)
        return reply(await service.recommendation(principal, case_id), principal)

    @router.post(path, **operation(_SEES, "Send recommended units", SentView, WRITES_ONE))
    async def send(case_id: CaseId, body: SendBody, idempotency_key: IdempotencyKey) -> Response:
        """Send units by the ordinary dispatch (`case.dispatch`); what was proposed is kept beside what is sent."""
        principal = current()
        principal.need("case.dispatch")
        sent = once(idempotency_key, f"recommendation/{case_id}", body.model_dump(mode="json"))
        return reply_once(
            await service.send_recommended(principal, case_id, body.wish(), sent), principal
        )


def _add_response(router: APIRouter, service: DispatchService) -> None:
    path = "/cases/{case_id}/response"

    @router.get(path, **operation(_SEES, "See a case's plan", ResponseView, READS_ONE))
    async def response(case_id: CaseId) -> Response:
        """Return the plan that holds, its level and its checklist, and which plans would suit the case."""
        principal = current()
        return reply(await service.response(principal, case_id), principal)

    @router.post(path, **operation(_SEES, "Move a case's plan", ResponseView, WRITES_ONE))
    async def respond(case_id: CaseId, body: StepBody, idempotency_key: IdempotencyKey) -> Response:
        """Activate a plan, change its level or stand it down (`plan.activate`), or tick a line (`case.note`)."""
        principal = current()
        sent = once(idempotency_key, f"response/{case_id}", body.model_dump(mode="json"))
        return reply_once(await service.respond(principal, case_id, body.wish(), sent), principal)


def _add_figures(router: APIRouter, service: DispatchService) -> None:
    told = operation(_FIGURES, "How recommendations were taken", Told, READS)

    @router.get("/figures/recommendations", **told)
    async def figures(query: Annotated[WindowQuery, Query()]) -> Response:
        """Return the share taken as it was, the reasons given otherwise, and the places left empty; no exercises."""
        principal = current()
        principal.need(_FIGURES)
        body = await service.recommendation_figures(principal, query.since, query.until)
        return reply(body, principal)


def _add_cover(router: APIRouter, service: DispatchService) -> None:
    @router.get("/cover", **operation(_UNITS, "See the cover", Told, READS))
    async def cover() -> Response:
        """Return which towns no free unit reaches in time, since when, the blocks missed, and who might be moved up."""
        principal = current()
        principal.need(_UNITS)
        return reply(await service.cover(principal), principal)

    told = operation(_FIGURES, "Minutes without cover", Told, READS)

    @router.get("/figures/cover", **told)
    async def cover_figures(query: Annotated[WindowQuery, Query()]) -> Response:
        """Return how many minutes each town was without cover by each service (C11)."""
        principal = current()
        principal.need(_FIGURES)
        return reply(await service.cover_figures(principal, query.since, query.until), principal)
