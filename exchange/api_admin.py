"""The administrators' operations: accounts, roles, keys, wall screens, health, backups, audit. For their page alone."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from exchange.admin_ports import AdminService
from exchange.fields import Strict, text
from exchange.replies import reply
from exchange.routes import PREFIX
from exchange.strict_route import StrictRoute
from security.principal import Principal, current
from security.routes import Rule, rule

ADMIN: Final = f"{PREFIX}/admin"
Id = Annotated[str, text(26, 26, r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Department = Annotated[str | None, text(40, 1)]
Roles = Annotated[tuple[Annotated[str, text(40, 1)], ...], Field(max_length=11)]

# Which of several powers is needed depends on the act: the service holds that.
ADMIN_RULES: Final[tuple[Rule, ...]] = (
    rule("GET", f"{ADMIN}/accounts", "admin.view"),
    rule("POST", f"{ADMIN}/accounts", "account.manage"),
    rule("POST", f"{ADMIN}/accounts/{{account_id}}/roles", "role.grant"),
    rule("POST", f"{ADMIN}/accounts/{{account_id}}/{{act}}", "account.manage"),
    rule("GET", f"{ADMIN}/keys", "key.manage"),
    rule("POST", f"{ADMIN}/keys", "key.manage"),
    rule("POST", f"{ADMIN}/keys/{{key_id}}/revoke", "key.manage"),
    rule("GET", f"{ADMIN}/kiosks", "key.manage"),
    rule("POST", f"{ADMIN}/kiosks", "key.manage"),
    rule("POST", f"{ADMIN}/kiosks/{{kiosk_id}}/revoke", "key.manage"),
    rule("GET", f"{ADMIN}/health", "health.detail"),
    rule("GET", f"{ADMIN}/backups", "backup.make"),
    rule("POST", f"{ADMIN}/backups", "backup.make"),
    rule("GET", f"{ADMIN}/audit", "audit.read"),
    rule("POST", f"{ADMIN}/audit/verify", "audit.read"),
)


class NewAccount(Strict):
    """An account to be made; its roles are another power's to give."""

    user_name: Annotated[str, text(40, 1)]
    name: Annotated[str, text(60, 1)]
    department: Department = None


class Granted(Strict):
    """The roles an account shall have, and the department it is bound to."""

    roles: Roles
    department: Department = None


class NewKey(Strict):
    """A key for another system."""

    name: Annotated[str, text(60, 1)]
    roles: Roles
    department: Department = None


class NewKiosk(Strict):
    """A wall screen that opens by itself."""

    name: Annotated[str, text(60, 1)]


class AuditQuery(Strict):
    """Which rows of the trail."""

    before: Annotated[int | None, Field(ge=1, le=2**53)] = None
    actor: Annotated[str | None, text(80, 1)] = None
    action: Annotated[str | None, text(80, 1)] = None
    what: Annotated[str | None, text(200, 1)] = None


def _asking(permission: str) -> Principal:
    principal = current()
    principal.need(permission)
    return principal


def admin_router(service: AdminService) -> APIRouter:
    """Return the operations; they stand in no public description."""
    router = APIRouter(prefix=ADMIN, route_class=StrictRoute, include_in_schema=False)
    _add_accounts(router, service)
    _add_keys(router, service)
    _add_kiosks(router, service)
    _add_care(router, service)
    _add_audit(router, service)
    return router


def _add_accounts(router: APIRouter, service: AdminService) -> None:
    @router.get("/accounts")
    async def accounts() -> Response:
        principal = current()
        if not principal.may("role.grant"):  # whoever gives roles must see to whom
            principal.need("account.manage")
        return reply(await service.accounts(principal), principal)

    @router.post("/accounts", status_code=201)
    async def add_account(body: NewAccount) -> Response:
        principal = _asking("account.manage")
        told = await service.add_account(principal, body.user_name, body.name, body.department)
        return reply(told, principal, 201)

    @router.post("/accounts/{account_id}/roles")
    async def grant(account_id: Id, body: Granted) -> Response:
        principal = _asking("role.grant")
        told = await service.grant(principal, account_id, body.roles, body.department)
        return reply(told, principal)

    @router.post("/accounts/{account_id}/{act}")
    async def change(account_id: Id, act: Literal["disable", "enable", "password"]) -> Response:
        principal = _asking("account.manage")
        return reply(await service.change_account(principal, account_id, act), principal)


def _add_keys(router: APIRouter, service: AdminService) -> None:
    @router.get("/keys")
    async def keys() -> Response:
        principal = _asking("key.manage")
        return reply(await service.keys(principal), principal)

    @router.post("/keys", status_code=201)
    async def add_key(body: NewKey) -> Response:
        principal = _asking("key.manage")
        told = await service.add_key(principal, body.name, body.roles, body.department)
        return reply(told, principal, 201)

    @router.post("/keys/{key_id}/revoke")
    async def revoke_key(key_id: Id) -> Response:
        principal = _asking("key.manage")
        return reply(await service.revoke_key(principal, key_id), principal)


def _add_kiosks(router: APIRouter, service: AdminService) -> None:
    @router.get("/kiosks")
    async def kiosks() -> Response:
        principal = _asking("key.manage")
        return reply(await service.kiosks(principal), principal)

    @router.post("/kiosks", status_code=201)
    async def add_kiosk(body: NewKiosk) -> Response:
        principal = _asking("key.manage")
        return reply(await service.add_kiosk(principal, body.name), principal, 201)

    @router.post("/kiosks/{kiosk_id}/revoke")
    async def revoke_kiosk(kiosk_id: Id) -> Response:
        principal = _asking("key.manage")
        return reply(await service.revoke_kiosk(principal, kiosk_id), principal)


def _add_care(router: APIRouter, service: AdminService) -> None:
    @router.get("/health")
    async def health() -> Response:
        principal = _asking("health.detail")
        return reply(await service.inner_health(principal), principal)

    @router.get("/backups")
    async def backups() -> Response:
        principal = _asking("backup.make")
        return reply(await service.backups(principal), principal)

    @router.post("/backups", status_code=202)
    async def start_backup() -> Response:
        principal = _asking("backup.make")
        return reply(await service.start_backup(principal), principal, 202)


def _add_audit(router: APIRouter, service: AdminService) -> None:
    @router.get("/audit")
    async def audit(query: Annotated[AuditQuery, Query()]) -> Response:
        principal = _asking("audit.read")
        told = await service.audit(principal, query.before, query.actor, query.action, query.what)
        return reply(told, principal)

    @router.post("/audit/verify")
    async def verify() -> Response:
        principal = _asking("audit.read")
        return reply(await service.verify_audit(principal), principal)
