"""Assignments are listed and answered here, and crews say what they do."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from dispatch.assignment_rules import Step
from dispatch.model import Declared
from exchange.answers import UnitView
from exchange.fields import IdempotencyKey, Instant, Strict, UnitId, text
from exchange.operations import READS, WRITES_ONE, operation
from exchange.ports import CaseService
from exchange.replies import once, reply, reply_once
from exchange.strict_route import StrictRoute
from security.principal import current

_SEES: Final = "units.read"
_SAYS: Final = "units.position"
_ID: Final = r"^[0-9A-Za-z]+$"
AssignmentId = Annotated[
    str, Path(max_length=40, pattern=_ID, examples=["01KAMZ6Q9Z0000000000000000"])
]


class AssignmentView(BaseModel):
    """An assignment (派遣单): who is asked to go where, and what was answered when."""

    model_config = ConfigDict(extra="allow")

    id: str
    unit_id: str
    case_id: str
    state: str
    open: bool
    attempt: int
    offered_by: str
    offered_at: str
    answer_by: str | None


class AssignmentList(BaseModel):
    """Assignments, oldest first."""

    items: list[AssignmentView]


class AssignmentChanged(BaseModel):
    """An assignment as it stands after the step."""

    assignment: AssignmentView
    seq: int


class Warned(BaseModel):
    """What spoke against a crew's word; it was taken all the same."""

    code: str
    text: str


class StatusTaken(BaseModel):
    """A crew's word was taken."""

    unit: UnitView
    warnings: list[Warned]
    seq: int


class AssignmentQuery(Strict):
    """Whose assignments: of a case, of a unit, open ones or ended ones."""

    case: Annotated[str | None, text(40)] = None
    unit: Annotated[str | None, text(40)] = None
    open: bool | None = None


class StepBody(Strict):
    """One step; `reason` is needed to decline and to cancel, `occurred_at` is the crew's own clock."""

    reason: Annotated[str, text(200), Field(examples=["车辆故障"])] = ""
    occurred_at: Instant = None


class StatusBody(Strict):
    """What a crew says of itself; `until` may be left out, then the kind's own time holds."""

    status: Declared
    until: Instant = None
    note: Annotated[str, text(200)] = ""
    occurred_at: Instant = None


def assignments_router(service: CaseService) -> APIRouter:
    """Return the operations on assignments and on what crews say."""
    router = APIRouter(tags=["units"], route_class=StrictRoute)

    @router.get("/assignments", **operation(_SEES, "List assignments", AssignmentList, READS))
    async def list_assignments(query: Annotated[AssignmentQuery, Query()]) -> Response:
        """Return the newest thousand assignments; who belongs to a department sees those of its own units."""
        principal = current()
        principal.need(_SEES)
        items = await service.assignments(principal, query.case, query.unit, query.open)
        return reply({"items": items}, principal)

    _add_steps(router, service)
    _add_status(router, service)
    return router


def _add_steps(router: APIRouter, service: CaseService) -> None:
    told = operation(_SEES, "Answer an assignment", AssignmentChanged, WRITES_ONE)

    @router.post("/assignments/{assignment_id}/{step}", **told)
    async def answer_assignment(
        assignment_id: AssignmentId, step: Step, body: StepBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Do one step: a department for its own units (case.act), the centre by radio (case.act_for; cancel: case.dispatch).

        The first acceptance signs for the department, the first arrival is the case's. A step done before changes nothing.
        """
        principal = current()
        sent = once(idempotency_key, f"assignments/{assignment_id}/{step}", _sent(body))
        answer = await service.assignment_step(
            principal, assignment_id, step, body.reason, body.occurred_at, sent
        )
        return reply_once(answer, principal)


def _add_status(router: APIRouter, service: CaseService) -> None:
    told = operation(_SAYS, "Say what a unit does", StatusTaken, WRITES_ONE)

    @router.post("/units/{unit_id}/status", **told)
    async def unit_status(
        unit_id: UnitId, body: StatusBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Take a crew's word: a radio call is never refused; what speaks against it is told and kept as warnings."""
        principal = current()
        principal.need(_SAYS)
        sent = once(idempotency_key, f"units/{unit_id}/status", _sent(body))
        answer = await service.unit_status(
            principal, unit_id, body.status, body.until, body.note, body.occurred_at, sent
        )
        return reply_once(answer, principal)


def _sent(body: Strict) -> dict[str, Any]:
    return body.model_dump(mode="json", exclude_unset=True)
