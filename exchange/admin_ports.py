"""What the administrators' page asks of the console; every method holds its own permission."""

from typing import Protocol

from exchange.ports import Json
from security.principal import Principal


class AdminService(Protocol):
    """Accounts, keys, health, backups and the audit trail."""

    async def accounts(self, principal: Principal) -> Json:
        """Return {"items": [account], "roles": [role], "departments": [department]}: all that the forms offer."""
        ...

    async def add_account(
        self, principal: Principal, user_name: str, name: str, department: str | None
    ) -> Json:
        """Make an account without roles: {"account", "password"}, the password this once."""
        ...

    async def change_account(self, principal: Principal, account_id: str, act: str) -> Json:
        """Disable, enable or give a new password: {"account"} and for a new password {"password"}."""
        ...

    async def grant(
        self,
        principal: Principal,
        account_id: str,
        roles: tuple[str, ...],
        department: str | None,
    ) -> Json:
        """Set the roles of an account: {"account"}."""
        ...

    async def keys(self, principal: Principal) -> Json:
        """Return {"items": [key]}, revoked ones last."""
        ...

    async def add_key(
        self, principal: Principal, name: str, roles: tuple[str, ...], department: str | None
    ) -> Json:
        """Issue a key: {"key", "secret"}, the secret this once."""
        ...

    async def revoke_key(self, principal: Principal, key_id: str) -> Json:
        """End a key: {"revoked": id}."""
        ...

    async def kiosks(self, principal: Principal) -> Json:
        """Return {"items": [kiosk]}, revoked ones last."""
        ...

    async def add_kiosk(self, principal: Principal, name: str) -> Json:
        """Let a wall screen open by itself: {"kiosk", "secret"}, the path it starts with told this once."""
        ...

    async def revoke_kiosk(self, principal: Principal, kiosk_id: str) -> Json:
        """End a wall screen and its sessions: {"revoked": id}."""
        ...

    async def inner_health(self, principal: Principal) -> Json:
        """Return how the console stands inside: {"items": [{"name", "value", "unit", "level"}], "at"}."""
        ...

    async def backups(self, principal: Principal) -> Json:
        """Return {"items": [backup], "under_way": {...} | None, "last_problem": str}."""
        ...

    async def start_backup(self, principal: Principal) -> Json:
        """Begin a backup in the background and return as `backups` does; refused while one is under way."""
        ...

    async def audit(
        self,
        principal: Principal,
        before: int | None,
        actor: str | None,
        action: str | None,
        what: str | None,
    ) -> Json:
        """Return {"items": [row], "next": seq | None}, newest first."""
        ...

    async def verify_audit(self, principal: Principal) -> Json:
        """Check every seal: {"rows", "whole", "problem"}."""
        ...
