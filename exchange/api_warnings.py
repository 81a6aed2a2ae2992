"""Warnings come in here as CAP or by hand, are called off, and are listed."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from exchange.cap import read_cap
from exchange.fields import IdempotencyKey
from exchange.file_route import FileRoute
from exchange.json_body import read_bytes
from exchange.operations import (
    READS,
    READS_ONE,
    WRITES,
    WRITES_ONCE,
    WRITES_ONE,
    operation,
)
from exchange.problems import shortened
from exchange.replies import once, reply, reply_once
from exchange.routes import XML_MOST
from exchange.strict_route import StrictRoute
from exchange.warning_forms import (
    CancelBody,
    IssueBody,
    WarningList,
    WarningsQuery,
    WarningTaken,
    WarningView,
)
from exchange.warning_ports import WarningService
from incidents.warnings.messages import TakeWarning
from security.principal import current
from vocabulary.errors import Refused

_ISSUES: Final = "warnings.issue"
_SEES: Final = "map.read"
FORMS: Final = ("application/cap+xml", "application/xml", "text/xml")
Identifier = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_]+$")]


def warnings_router(service: WarningService) -> APIRouter:
    """Return the operations on warnings."""
    router = APIRouter(tags=["warnings"])
    _add_cap(router, service)
    by_hand = APIRouter(route_class=StrictRoute)
    _add_lists(by_hand, service)
    _add_by_hand(by_hand, service)
    router.include_router(by_hand)
    return router


def _add_cap(router: APIRouter, service: WarningService) -> None:
    files = APIRouter(route_class=FileRoute)
    take: dict[str, Any] = operation(
        _ISSUES, "Send a warning", WarningTaken, (*WRITES, 409), status=201
    )
    take["openapi_extra"] = {**take["openapi_extra"], "requestBody": _cap_body()}

    @files.post("/warnings", **take)
    async def take_warning(request: Request) -> Response:
        """Take a CAP 1.2 message (alert, update or cancel); sent again it is answered with 200 and changes nothing.

        Messages may come in any order. What is refused names the element, its value and what would be right.
        """
        principal = current()
        principal.need(_ISSUES)
        wish = TakeWarning(message=read_cap(await _xml_of(request)))
        return reply_once(await service.take_warning(principal, wish), principal)

    router.include_router(files)


async def _xml_of(request: Request) -> bytes:
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in FORMS:
        known = ", ".join(FORMS)
        raise Refused("warnings.not_xml_type", value=shortened(said) or "-", known=known)
    return await read_bytes(request, XML_MOST)


def _cap_body() -> dict[str, Any]:
    shape = {"schema": {"type": "string"}}
    return {
        "description": "A CAP 1.2 message, as GB/T 35965.1-2018 profiles it.",
        "required": True,
        "content": dict.fromkeys(FORMS, shape),
    }


def _add_lists(router: APIRouter, service: WarningService) -> None:
    @router.get("/warnings", **operation(_SEES, "List warnings", WarningList, READS))
    async def warnings(query: Annotated[WarningsQuery, Query()]) -> Response:
        """Return the warnings in force or to come, oldest first; with `past` the newest of those that are over."""
        principal = current()
        principal.need(_SEES)
        told = await service.warnings(principal, past=query.past, limit=query.limit)
        return reply(told, principal)

    @router.get("/warnings/{identifier}", **operation(_SEES, "Read one", WarningView, READS_ONE))
    async def warning(identifier: Identifier) -> Response:
        """Return one warning, or the message that updated or cancelled one."""
        principal = current()
        principal.need(_SEES)
        return reply(await service.warning(principal, identifier), principal)


def _add_by_hand(router: APIRouter, service: WarningService) -> None:
    enter = operation(_ISSUES, "Enter a warning", WarningTaken, WRITES_ONCE, 201)

    @router.post("/warnings/by-hand", **enter)
    async def issue_warning(body: IssueBody, idempotency_key: IdempotencyKey) -> Response:
        """Enter a warning that came by telephone or on paper, for the whole county or for towns of it."""
        principal = current()
        principal.need(_ISSUES)
        sent = once(idempotency_key, "warnings", body.model_dump(mode="json"))
        return reply_once(await service.issue_warning(principal, body.wish(), sent), principal)

    off = operation(_ISSUES, "Call a warning off", WarningTaken, WRITES_ONE)

    @router.post("/warnings/{identifier}/cancel", **off)
    async def cancel_warning(
        identifier: Identifier, body: CancelBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Call a warning off before its time, however it came; one that is over is refused with 409."""
        principal = current()
        principal.need(_ISSUES)
        path = f"warnings/{identifier}/cancel"
        sent = once(idempotency_key, path, body.model_dump(mode="json"))
        wish = body.wish(identifier)
        return reply_once(await service.cancel_warning(principal, wish, sent), principal)
