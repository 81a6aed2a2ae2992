"""The administrators' acts: accounts, roles and keys, each with its permission asked, its duties kept apart and its audit row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from security.accounts import Account, AccountStore, People, read_user_name
from security.audit import entry_of
from security.keys import ApiKey, mint
from security.kiosks import Kiosk
from security.kiosks import mint as mint_kiosk
from security.passwords import Hasher, PasswordRules
from security.permissions import PERMISSIONS
from security.policy import ADMINISTRATORS, ROLES, check_roles
from security.principal import Principal, current
from vocabulary.clock import Clock
from vocabulary.errors import Refused
from vocabulary.ids import id_at
from vocabulary.message import SYSTEM

# For the command line and the first start, under `acting_as`; never for a request.
SYSTEM_PRINCIPAL = Principal(actor=SYSTEM, permissions=frozenset(PERMISSIONS))
LONGEST_NAME = 60


def _nothing_changed() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """Manages accounts and keys for whoever is asking; `changed` is told so that what is remembered can be forgotten."""

    people: People
    hasher: Hasher
    clock: Clock
    rules: PasswordRules = field(default_factory=PasswordRules)
    changed: Callable[[], None] = _nothing_changed

    async def create_account(
        self,
        user_name: str,
        name: str,
        password: str,
        *,
        roles: Iterable[str] = (),
        department: str | None = None,
    ) -> Account:
        """Keep a new account. `account.manage` makes it; giving it roles at once needs `role.grant` too."""
        who, held, at = current(), check_roles(roles, department), self.clock.now()
        _need_all(who, "account.manage", *(("role.grant",) if held else ()))
        user_name = read_user_name(user_name)
        self._check_password(password, user_name, held)
        account = Account(
            id=id_at(at),
            user_name=user_name,
            name=_read_name(name),
            password_hash=await self.hasher.hash(password),
            roles=held,
            department=department,
            created_at=at,
            password_changed_at=at,
        )
        await self.people.write(partial(_add, who, account, at))
        return account

    async def grant(
        self, account_id: str, roles: Iterable[str], department: str | None = None
    ) -> Account:
        """Set an account's roles and department; it has to sign in again. Never one's own."""
        held = check_roles(roles, department)
        change = partial(replace, roles=held, department=department)
        return await self._change("role.grant", "security.grant", account_id, change)

    async def disable(self, account_id: str) -> Account:
        """End an account and its sessions; never one's own."""
        change = partial(replace, disabled_at=self.clock.now())
        return await self._change("account.manage", "security.disable", account_id, change)

    async def enable(self, account_id: str) -> Account:
        """Let a disabled account sign in again."""
        change = partial(replace, disabled_at=None)
        return await self._change("account.manage", "security.enable", account_id, change)

    async def reset_password(self, account_id: str, password: str) -> Account:
        """Set another person's password; every session of the account ends."""
        current().need("account.manage")
        account = await self.people.read(lambda store: _get(store, account_id))
        self._check_password(password, account.user_name, account.roles)
        change = partial(
            replace,
            password_hash=await self.hasher.hash(password),
            password_changed_at=self.clock.now(),
        )
        return await self._change("account.manage", "security.reset_password", account_id, change)

    async def change_own_password(self, old: str, new: str) -> None:
        """Change the password of who is asking, who knows the old one; every session of the account ends."""
        who = current()
        account = await self.people.read(lambda store: _get(store, who.actor.id))
        async with self.hasher.turns:
            right = await self.hasher.verify_held(account.password_hash, old)
        if not right:
            raise Refused("security.wrong_credentials")
        self._check_password(new, account.user_name, account.roles)
        at, hashed = self.clock.now(), await self.hasher.hash(new)
        change = partial(replace, password_hash=hashed, password_changed_at=at)
        work = partial(_replace, who, "security.change_password", account.id, change, at)
        await self.people.write(work)
        self.changed()

    async def accounts(self) -> list[Account]:
        """Return every account, for those who manage accounts or roles."""
        _need_one_of(current(), "account.manage", "role.grant")
        return await self.people.read(lambda store: store.accounts())

    async def issue_key(
        self, name: str, roles: Iterable[str], department: str | None = None
    ) -> tuple[str, ApiKey]:
        """Return a new key's text, which is shown this once, and the key."""
        who, at = current(), self.clock.now()
        who.need("key.manage")
        held = check_roles(roles, department)
        text, key = mint(_read_name(name), held, department=department, at=at, by=who.actor.id)
        await self.people.write(partial(_add_key, who, key, at))
        return text, key

    async def revoke_key(self, key_id: str) -> None:
        """End a key; it opens nothing more within five seconds, in every process."""
        who, at = current(), self.clock.now()
        who.need("key.manage")
        await self.people.write(partial(_revoke_key, who, key_id, at))
        self.changed()

    async def keys(self) -> list[ApiKey]:
        """Return every key, revoked ones too."""
        current().need("key.manage")
        return await self.people.read(lambda store: store.keys())

    async def issue_kiosk(self, name: str) -> tuple[str, Kiosk]:
        """Return a new wall screen's token, which is shown this once, and the kiosk."""
        who, at = current(), self.clock.now()
        who.need("key.manage")
        token, kiosk = mint_kiosk(_read_name(name), at=at, by=who.actor.id)
        await self.people.write(partial(_add_kiosk, who, kiosk, at))
        return token, kiosk

    async def revoke_kiosk(self, kiosk_id: str) -> None:
        """End a wall screen with every session of it: at once here, within seconds in every other process."""
        who, at = current(), self.clock.now()
        who.need("key.manage")
        await self.people.write(partial(_revoke_kiosk, who, kiosk_id, at))
        self.changed()

    async def kiosks(self) -> list[Kiosk]:
        """Return every wall screen, revoked ones too."""
        current().need("key.manage")
        return await self.people.read(lambda store: store.kiosks())

    def _check_password(self, password: str, user_name: str, roles: frozenset[str]) -> None:
        administrator = bool(roles.intersection(ADMINISTRATORS))
        self.rules.check(password, user_name=user_name, administrator=administrator)

    async def _change(
        self, permission: str, action: str, account_id: str, change: Callable[[Account], Account]
    ) -> Account:
        who, at = current(), self.clock.now()
        who.need(permission)
        if account_id == who.actor.id:
            raise Refused("security.own_account")
        account = await self.people.write(partial(_replace, who, action, account_id, change, at))
        self.changed()
        return account


def _need_all(who: Principal, *permissions: str) -> None:
    for permission in permissions:
        who.need(permission)


def _need_one_of(who: Principal, *permissions: str) -> None:
    if not any(who.may(permission) for permission in permissions):
        who.need(permissions[0])


def _read_name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refused("security.bad_name", value=name[:LONGEST_NAME])
    return name


def _get(store: AccountStore, account_id: str) -> Account:
    account = store.account(account_id)
    if account is None:
        raise Refused("security.unknown_account", account=account_id)
    return account


def _facts(account: Account) -> dict[str, Any]:
    return {
        "user_name": account.user_name,
        "name": account.name,
        "roles": sorted(account.roles),
        "department": account.department,
        "disabled": account.disabled_at is not None,
    }


def _add(who: Principal, account: Account, at: datetime, store: AccountStore) -> None:
    store.add_account(account)
    what = f"account:{account.id}"
    store.audit(entry_of(who, "security.create_account", what, at, after=_facts(account)))


def _replace(
    who: Principal,
    action: str,
    account_id: str,
    change: Callable[[Account], Account],
    at: datetime,
    store: AccountStore,
) -> Account:
    before = _get(store, account_id)
    after = change(before)
    _check_somebody_left(store, before, after)
    store.replace_account(after)
    store.drop_sessions_of(account_id)
    what, facts = f"account:{account_id}", (_facts(before), _facts(after))
    store.audit(entry_of(who, action, what, at, before=facts[0], after=facts[1]))
    return after


def _check_somebody_left(store: AccountStore, before: Account, after: Account) -> None:
    """Refuse to take an administrator's power from the last one who can use it: nobody would be left to give it back."""
    for role in ADMINISTRATORS:
        if role not in _powers(before) or role in _powers(after):
            continue
        others = (one for one in store.accounts() if one.id != before.id)
        if not any(role in _powers(one) for one in others):
            named = ROLES[role]
            raise Refused("security.last_administrator", role_zh=named.zh, role_en=named.en)


def _powers(account: Account) -> frozenset[str]:
    return account.roles if account.disabled_at is None else frozenset()


def _key_facts(key: ApiKey) -> dict[str, Any]:
    return {"name": key.name, "roles": sorted(key.roles), "department": key.department}


def _add_key(who: Principal, key: ApiKey, at: datetime, store: AccountStore) -> None:
    store.add_key(key)
    store.audit(entry_of(who, "security.issue_key", f"key:{key.id}", at, after=_key_facts(key)))


def _revoke_key(who: Principal, key_id: str, at: datetime, store: AccountStore) -> None:
    key = store.key(key_id)
    if key is None:
        raise Refused("security.unknown_key", key=key_id)
    store.revoke_key(key_id, at)
    store.audit(entry_of(who, "security.revoke_key", f"key:{key_id}", at, before=_key_facts(key)))


def _add_kiosk(who: Principal, kiosk: Kiosk, at: datetime, store: AccountStore) -> None:
    store.add_kiosk(kiosk)
    facts = {"name": kiosk.name}
    store.audit(entry_of(who, "security.issue_kiosk", f"kiosk:{kiosk.id}", at, after=facts))


def _revoke_kiosk(who: Principal, kiosk_id: str, at: datetime, store: AccountStore) -> None:
    kiosk = store.kiosk(kiosk_id)
    if kiosk is None:
        raise Refused("security.unknown_kiosk", kiosk=kiosk_id)
    store.revoke_kiosk(kiosk_id, at)
    facts = {"name": kiosk.name}
    store.audit(entry_of(who, "security.revoke_kiosk", f"kiosk:{kiosk_id}", at, before=facts))
