"""Reports come in here: a call, a citizen's note, another system's alarm."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from exchange.answers import ReportTaken
from exchange.bodies import ReportBody
from exchange.fields import IdempotencyKey
from exchange.operations import WRITES_ONE, operation
from exchange.ports import CaseService
from exchange.replies import once, reply_once
from exchange.strict_route import StrictRoute
from security.principal import current


def reports_router(service: CaseService) -> APIRouter:
    """Return the operations on reports."""
    router = APIRouter(tags=["reports"], route_class=StrictRoute)
    told: dict[str, Any] = operation(
        "report.create", "Take a report and open its case", ReportTaken, WRITES_ONE, 201
    )

    @router.post("/reports", **told)
    async def receive_report(body: ReportBody, idempotency_key: IdempotencyKey) -> Response:
        """Keep the report and open its case. The same key with the same body gives the same answer again."""
        principal = current()
        principal.need("report.create")
        sent = once(idempotency_key, "reports", body.model_dump(mode="json", exclude_unset=True))
        return reply_once(
            await service.receive_report(principal, body.report(), sent, body.case), principal
        )

    return router
