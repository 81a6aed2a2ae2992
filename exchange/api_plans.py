"""Plans are read and kept here, version by version."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from exchange.dispatch_ports import DispatchService
from exchange.fields import Flag, Strict, Version, text
from exchange.operations import READS, READS_ONE, WRITES_ONCE, operation
from exchange.replies import reply
from exchange.strict_route import StrictRoute
from security.principal import current

_SEES: Final = "case.read"
_EDITS: Final = "plan.edit"
PlanId = Annotated[str, Path(max_length=40, pattern=r"^[a-z][a-z0-9_]*$", examples=["gas_leak"])]


class PlanView(BaseModel):
    """A plan at one version."""

    model_config = ConfigDict(extra="allow")

    id: str
    version: int
    name_zh: str
    name_en: str
    categories: list[str]
    levels: dict[str, Any]


class PlanList(BaseModel):
    """Plans, or the versions of one."""

    items: list[PlanView]


class PlanBody(Strict):
    """A plan as it should be; `version` is the one that was edited (0: a new plan). Its fields are checked one by one."""

    plan: dict[str, Any]
    version: Version
    note: Annotated[str, text(200)] = ""
    dry_run: Flag = False


def plans_router(service: DispatchService) -> APIRouter:
    """Return the operations on plans."""
    router = APIRouter(tags=["dispatch"], route_class=StrictRoute)

    @router.get("/plans", **operation(_SEES, "List plans", PlanList, READS))
    async def plans() -> Response:
        """Return every plan at its newest version."""
        principal = current()
        principal.need(_SEES)
        return reply({"items": await service.plans(principal)}, principal)

    versions = operation(_SEES, "List a plan's versions", PlanList, READS_ONE)

    @router.get("/plans/{plan_id}/versions", **versions)
    async def plan_versions(plan_id: PlanId) -> Response:
        """Return every version of a plan, the newest first, with who kept it when and why."""
        principal = current()
        principal.need(_SEES)
        return reply({"items": await service.plan_versions(principal, plan_id)}, principal)

    @router.post("/plans", **operation(_EDITS, "Keep a plan", PlanView, WRITES_ONCE))
    async def keep_plan(body: PlanBody) -> Response:
        """Keep a plan as its next version; refused where somebody kept another one since `version`."""
        principal = current()
        principal.need(_EDITS)
        kept = await service.keep_plan(
            principal, body.plan, body.version, body.note, dry_run=body.dry_run
        )
        return reply(kept, principal)

    return router
