"""Shifts are handed over here: the sheet as it stands, signed by who goes, countersigned by who comes, printed."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from exchange.fields import IdempotencyKey
from exchange.language import language_of
from exchange.operations import READS, READS_ONE, WRITES_ONCE, WRITES_ONE, operation
from exchange.papers import paper, paper_operation
from exchange.replies import once, reply, reply_once
from exchange.shift_forms import (
    CountersignBody,
    HandoverChanged,
    HandoverList,
    HandoversQuery,
    HandoverView,
    SheetView,
    SignBody,
    WithdrawBody,
)
from exchange.shift_ports import ShiftService
from exchange.strict_route import StrictRoute
from security.principal import current

_READS: Final = "shift.read"
_SIGNS: Final = "shift.hand_over"
HandoverId = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9]+$")]


def shifts_router(service: ShiftService) -> APIRouter:
    """Return the operations on shifts."""
    router = APIRouter(tags=["shifts"], route_class=StrictRoute)
    _add_reading(router, service)
    _add_signing(router, service)
    return router


def _add_reading(router: APIRouter, service: ShiftService) -> None:
    @router.get("/shifts/sheet", **operation(_READS, "Draft a sheet", SheetView, READS))
    async def draft() -> Response:
        """Return what stands open now, as it would be signed; nothing is kept."""
        principal = current()
        principal.need(_READS)
        return reply(await service.shift_sheet(principal), principal)

    @router.get("/shifts", **operation(_READS, "List handovers", HandoverList, READS))
    async def handovers(query: Annotated[HandoversQuery, Query()]) -> Response:
        """Return the newest handovers without their cases, those that wait for a second signature first."""
        principal = current()
        principal.need(_READS)
        return reply({"items": await service.handovers(principal, query.limit)}, principal)

    @router.get("/shifts/{handover_id}", **operation(_READS, "Read one", HandoverView, READS_ONE))
    async def handover(handover_id: HandoverId) -> Response:
        """Return one handover with its cases as they stood."""
        principal = current()
        principal.need(_READS)
        return reply(await service.handover(principal, handover_id), principal)

    @router.get("/shifts/{handover_id}/sheet.pdf", **paper_operation(_READS, "Print a handover"))
    async def print_one(request: Request, handover_id: HandoverId) -> Response:
        """Return one handover as a paper in the asker's language."""
        principal = current()
        principal.need(_READS)
        made = await service.print_handover(principal, handover_id, language_of(request))
        return paper(made, f"shift-{handover_id}")


def _add_signing(router: APIRouter, service: ShiftService) -> None:
    sign = operation(_SIGNS, "Sign a shift out", HandoverChanged, WRITES_ONCE, 201)

    @router.post("/shifts", **sign)
    async def sign_shift(body: SignBody, idempotency_key: IdempotencyKey) -> Response:
        """Sign, as who goes, what stands open at this instant; a person signs, a key cannot."""
        principal = current()
        principal.need(_SIGNS)
        sent = once(idempotency_key, "shifts", body.model_dump(mode="json"))
        return reply_once(await service.sign_shift(principal, body.wish(), sent), principal)

    take = operation(_SIGNS, "Take a shift over", HandoverChanged, WRITES_ONE)

    @router.post("/shifts/{handover_id}/countersign", **take)
    async def countersign(
        handover_id: HandoverId, body: CountersignBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Sign as who comes; never one's own sheet, and only once."""
        principal = current()
        principal.need(_SIGNS)
        path = f"shifts/{handover_id}/countersign"
        sent = once(idempotency_key, path, body.model_dump(mode="json"))
        wish = body.wish(handover_id)
        return reply_once(await service.countersign_shift(principal, wish, sent), principal)

    back = operation(_SIGNS, "Take a signature back", HandoverChanged, WRITES_ONE)

    @router.post("/shifts/{handover_id}/withdraw", **back)
    async def withdraw(
        handover_id: HandoverId, body: WithdrawBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Take one's own signature back, with a reason, while nobody has countersigned."""
        principal = current()
        principal.need(_SIGNS)
        path = f"shifts/{handover_id}/withdraw"
        sent = once(idempotency_key, path, body.model_dump(mode="json"))
        wish = body.wish(handover_id)
        return reply_once(await service.withdraw_shift(principal, wish, sent), principal)
