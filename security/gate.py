"""The gate: the outermost ASGI layer, through which every request and socket comes; what no rule lets in stays out."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from security.answers import HeaderPolicy, refusal
from security.conversation import POLICY_VIOLATION, Conversation
from security.credentials import Bearer, Credentials, Right, presented, principal_of
from security.edge import VISIT, Edge, Visit
from security.keys import ApiKey
from security.kiosks import WALL_ASKS, OpenWall
from security.permissions import PERMISSIONS
from security.principal import Principal, acting_as, current, current_or_none
from security.routes import SIGNED_IN, RouteTable, Rule
from vocabulary.errors import Refused, Told

__all__ = ["Gate", "Principal", "current", "current_or_none"]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Entry:
    """Who was let in, by which rule; both None-like on a public route."""

    rule: Rule
    bearer: Bearer | None = None
    principal: Principal | None = None


class Gate:
    """Default deny: a path without a rule is not found for those signed in and closed to everybody else."""

    def __init__(
        self,
        app: ASGIApp,
        rules: Iterable[Rule],
        credentials: Credentials,
        *,
        edge: Edge | None = None,
        headers: HeaderPolicy | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self.table = RouteTable(rules)
        self._credentials = credentials
        self._edge = edge or Edge()
        self._ticks = ticks
        policy = headers or HeaderPolicy()
        self._headers = {secure: policy.headers(secure=secure) for secure in (False, True)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] in ("http", "websocket"):
            visit = self._edge.visit(scope)
            with structlog.contextvars.bound_contextvars(request_id=visit.request_id):
                await self._meet(visit, scope, receive, send)

    async def _meet(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            entry = await self._admit(visit)
        except Told as failure:
            await self._refuse(visit, failure, send)
            return
        who = entry.principal
        with acting_as(who), structlog.contextvars.bound_contextvars(person_id=_person(who)):
            await self._let_in(visit, entry, {**scope, VISIT: visit}, (receive, send))

    async def _admit(self, visit: Visit) -> Entry:
        found = self.table.find(visit.method, visit.path)
        rule = found.rule
        if rule is not None and rule.permission is None:
            if visit.unsafe and visit.foreign:
                raise Refused("security.foreign_origin", origin=visit.foreign)
            _check_length(visit, rule)
            return Entry(rule)
        key, token = presented(visit.headers, visit.cookies)
        bearer = await self._credentials.bearer(key, token)
        if bearer is None:
            raise Refused("security.sign_in_needed")
        if rule is None:
            raise _nothing_here(visit, found.allowed)
        if not isinstance(bearer, ApiKey) and visit.unsafe:
            _check_origin(visit)
        principal = replace(
            principal_of(bearer), ip=visit.ip, language=visit.language, request_id=visit.request_id
        )
        _check_permission(principal, rule)
        if isinstance(bearer, OpenWall) and rule.pattern not in WALL_ASKS:
            raise Refused("security.only_the_wall", path=visit.path)
        _check_length(visit, rule)
        if not rule.background or (not isinstance(bearer, ApiKey) and bearer.kiosk):
            await self._credentials.touch(bearer)
        return Entry(rule, bearer, principal)

    async def _let_in(
        self, visit: Visit, entry: Entry, scope: Scope, channel: tuple[Receive, Send]
    ) -> None:
        bearer = entry.bearer
        headers = self._answer_headers(visit)
        right = Right(self._credentials, bearer) if bearer else None
        conversation = Conversation(visit, entry.rule, headers, channel, right, self._ticks)
        try:
            await self._app(scope, conversation.receive, conversation.send)
        except (OSError, ClientDisconnect):
            if not conversation.over:
                raise
        except Told as failure:
            if conversation.started:
                raise
            await self._refuse(visit, failure, channel[1])

    async def _refuse(self, visit: Visit, failure: Told, send: Send) -> None:
        log.info(
            "request_refused",
            code=failure.code,
            status=failure.status,
            method=visit.method,
            path=visit.path,
            ip=visit.ip,
        )
        if visit.websocket:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await refusal(visit, failure).send(send, self._answer_headers(visit))

    def _answer_headers(self, visit: Visit) -> list[tuple[bytes, bytes]]:
        return [*self._headers[visit.secure], (b"x-request-id", visit.request_id.encode())]


def _person(principal: Principal | None) -> str:
    return principal.actor.id if principal else "-"


def _nothing_here(visit: Visit, allowed: frozenset[str]) -> Refused:
    if not allowed or visit.websocket:
        return Refused("security.not_found", path=visit.path)
    return Refused(
        "security.method_not_allowed",
        path=visit.path,
        method=visit.method,
        allowed=", ".join(sorted(allowed)),
    )


def _check_origin(visit: Visit) -> None:
    # A cookie goes along with what other sites send, too; an API key does not.
    if visit.foreign or not visit.told_origin:
        raise Refused("security.foreign_origin", origin=visit.foreign or "-")


def _check_permission(principal: Principal, rule: Rule) -> None:
    wanted = rule.permission
    if wanted in (None, SIGNED_IN) or wanted in principal.permissions:
        return
    raise Refused("security.forbidden", **PERMISSIONS[wanted].told)


def _check_length(visit: Visit, rule: Rule) -> None:
    # What is announced as too large is not even begun; what is not announced is counted as it comes.
    announced = visit.headers.get("content-length", "0")
    if not (announced.isascii() and announced.isdigit()):
        raise Refused("security.bad_content_length", value=repr(announced[:40]))
    if int(announced) > rule.body_limit:
        raise Refused("security.body_too_large", limit=rule.body_limit)
