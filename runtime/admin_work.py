"""What administrators do from their page: accounts and keys through `security.administration`, the audit trail to read."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from runtime.people import anchor_file, check_department
from runtime.rooms import Rooms
from security.accounts import Account
from security.administration import Administration
from security.anchors import last_anchor
from security.audit import entry_of
from security.keys import ApiKey
from security.kiosks import Kiosk, address_of
from security.passwords import random_password
from security.policy import CONFLICTS, ROLES
from security.principal import Principal
from storage.audit import Verdict, append_audit, read_audit, verify_audit
from storage.transaction import Transaction
from vocabulary.clock import to_text

Json = dict[str, Any]
AUDIT_PAGE: Final = 200


class AdminWork:
    """Accounts, keys and the audit trail of `exchange.admin_ports.AdminService`."""

    def __init__(self, rooms: Rooms, admin: Administration, home: Path) -> None:
        self._rooms, self._admin, self._home = rooms, admin, home

    async def accounts(self, _principal: Principal) -> Json:
        """Return every account, and what the forms offer."""
        found = await self._admin.accounts()
        return {"items": [_account(one) for one in found], **self._offered()}

    def _offered(self) -> Json:
        departments = self._rooms.tables.departments
        return {
            "roles": [
                {"id": role.id, "zh": role.zh, "en": role.en, "bound": role.bound}
                for role in ROLES.values()
            ],
            "conflicts": [list(pair) for pair in CONFLICTS],
            "departments": [
                {"id": row.id, "name_zh": row.zh, "name_en": row.en} for row in departments.values()
            ],
        }

    async def add_account(
        self, _principal: Principal, user_name: str, name: str, department: str | None
    ) -> Json:
        """Make an account with a random password, told this once."""
        check_department(department)
        password = random_password()
        account = await self._admin.create_account(user_name, name, password, department=department)
        return {"account": _account(account), "password": password}

    async def change_account(self, _principal: Principal, account_id: str, act: str) -> Json:
        """Disable or enable an account, or give it a new random password."""
        admin = self._admin
        if act == "password":
            password = random_password()
            account = await admin.reset_password(account_id, password)
            return {"account": _account(account), "password": password}
        done = admin.disable if act == "disable" else admin.enable
        return {"account": _account(await done(account_id))}

    async def grant(
        self,
        _principal: Principal,
        account_id: str,
        roles: tuple[str, ...],
        department: str | None,
    ) -> Json:
        """Set an account's roles."""
        check_department(department)
        return {"account": _account(await self._admin.grant(account_id, roles, department))}

    async def keys(self, _principal: Principal) -> Json:
        """Return every key, those that hold first, the newest before."""
        found = sorted(await self._admin.keys(), key=lambda key: key.created_at, reverse=True)
        found.sort(key=lambda key: key.revoked_at is not None)
        return {"items": [_key(one) for one in found], **self._offered()}

    async def add_key(
        self, _principal: Principal, name: str, roles: tuple[str, ...], department: str | None
    ) -> Json:
        """Issue a key, its text told this once."""
        check_department(department)
        text, key = await self._admin.issue_key(name, roles, department)
        return {"key": _key(key), "secret": text}  # no member of people's words: those are masked

    async def revoke_key(self, _principal: Principal, key_id: str) -> Json:
        """End a key."""
        await self._admin.revoke_key(key_id)
        return {"revoked": key_id}

    async def kiosks(self, _principal: Principal) -> Json:
        """Return every wall screen, those that hold first, the newest before."""
        found = await self._admin.kiosks()
        found.sort(key=lambda kiosk: kiosk.revoked_at is not None)
        return {"items": [_kiosk(one) for one in found]}

    async def add_kiosk(self, _principal: Principal, name: str) -> Json:
        """Let a wall screen open by itself; the path it starts with is told this once."""
        token, kiosk = await self._admin.issue_kiosk(name)
        return {"kiosk": _kiosk(kiosk), "secret": address_of(token)}

    async def revoke_kiosk(self, _principal: Principal, kiosk_id: str) -> Json:
        """End a wall screen with its sessions."""
        await self._admin.revoke_kiosk(kiosk_id)
        return {"revoked": kiosk_id}

    async def audit(
        self,
        principal: Principal,
        before: int | None,
        actor: str | None,
        action: str | None,
        what: str | None,
    ) -> Json:
        """Return a page of the trail, newest first; looking is in the trail itself."""

        def work(transaction: Transaction, /) -> list[Json]:
            now = self._rooms.clock.now()
            asked = {"actor": actor, "action": action, "what": what, "before": before}
            looked = entry_of(principal, "audit.search", "audit", now, after=asked)
            append_audit(transaction.connection, looked, self._rooms.audit_key)
            rows = read_audit(
                transaction.connection,
                before_seq=before,
                actor_id=actor,
                action=action,
                object_=what,
                limit=AUDIT_PAGE,
            )
            return [_row(dict(row)) for row in rows]

        rows = await self._rooms.journal.write(work)
        return {"items": rows, "next": rows[-1]["seq"] if len(rows) == AUDIT_PAGE else None}

    async def verify_audit(self, _principal: Principal) -> Json:
        """Check every seal against the head kept outside the database."""
        anchor = last_anchor(anchor_file(self._home))

        def work(connection: Connection) -> Verdict:
            return verify_audit(connection, self._rooms.audit_key, anchor)

        found = await self._rooms.journal.read(work)
        return {"rows": found.rows, "whole": found.whole, "problem": found.problem}


def _account(one: Account) -> Json:
    return {
        "id": one.id,
        "user_name": one.user_name,
        "name": one.name,
        "roles": sorted(one.roles),
        "department": one.department,
        "created_at": to_text(one.created_at),
        "signed_in_at": _told(one.signed_in_at),
        "disabled_at": _told(one.disabled_at),
    }


def _key(one: ApiKey) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "roles": sorted(one.roles),
        "department": one.department,
        "created_at": to_text(one.created_at),
        "used_at": _told(one.used_at),
        "revoked_at": _told(one.revoked_at),
    }


def _kiosk(one: Kiosk) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "created_at": to_text(one.created_at),
        "opened_at": _told(one.opened_at),
        "revoked_at": _told(one.revoked_at),
    }


def _row(row: Json) -> Json:
    kept = ("seq", "actor_id", "actor_name", "ip", "action", "object", "result", "before", "after")
    return {"at": to_text(row["at"]), **{name: row[name] for name in kept}}


def _told(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)
