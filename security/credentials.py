"""Credentials: a session cookie or an API key becomes a Principal in microseconds, and dies within five seconds of its end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Generic, TypeVar

import structlog

from security.accounts import Account, AccountStore, People
from security.keys import ApiKey, read_key
from security.kiosks import ROLE, OpenWall
from security.policy import is_kiosk, permissions_of
from security.principal import Principal
from security.sessions import COOKIE, TOUCH_EVERY, Session, hash_of
from vocabulary.clock import Clock
from vocabulary.errors import Refused, Unavailable
from vocabulary.message import Actor

log = structlog.get_logger()
T = TypeVar("T")
FRESH_S: Final = 5.0
REMEMBERED: Final = 4096


class Remembered(Generic[T]):
    """What was just read from the store, for `FRESH_S` seconds; when full it starts anew."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._kept: dict[str, tuple[float, T]] = {}

    def get(self, name: str) -> T | None:
        """Return what is kept under `name` while it is fresh."""
        kept = self._kept.get(name)
        return kept[1] if kept and self._ticks() - kept[0] < FRESH_S else None

    def put(self, name: str, value: T) -> None:
        """Keep `value`, fresh from now."""
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[name] = (self._ticks(), value)

    def renew(self, name: str, value: T) -> None:
        """Exchange what is kept for `value` without making it fresher."""
        if name in self._kept:
            self._kept[name] = (self._kept[name][0], value)

    def forget(self, name: str | None = None) -> None:
        """Forget one name, or everything."""
        if name is None:
            self._kept.clear()
        else:
            self._kept.pop(name, None)


@dataclass(frozen=True, slots=True)
class SignedInSession:
    """A live session with its account."""

    session: Session
    account: Account

    @property
    def kiosk(self) -> bool:
        """Say whether it is a screen that only shows: what its page does by itself counts as activity."""
        return is_kiosk(self.account.roles)


Present = SignedInSession | OpenWall
Bearer = Present | ApiKey


class Credentials:
    """Turns what a request carries into who is asking."""

    def __init__(
        self, people: People, clock: Clock, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._people = people
        self._clock = clock
        self._sessions: Remembered[Present] = Remembered(ticks)
        self._keys: Remembered[ApiKey] = Remembered(ticks)
        self._used: dict[str, datetime] = {}
        self.changes = (
            0  # how often something was forgotten: streams that stay open look again at once
        )

    async def bearer(self, key: str, session_token: str) -> Bearer | None:
        """Return who presents these ("" = not presented); a key that does not open is refused, a dead session is nobody."""
        if key:
            return await self._by_key(key)
        return await self._by_session(hash_of(session_token)) if session_token else None

    async def _by_key(self, text: str) -> ApiKey:
        name = hash_of(text)
        key = self._keys.get(name)
        if key is None:
            key = await self._people.read(lambda store: _find_key(store, text))
            if key is None:
                raise Refused("security.key_refused")
            self._keys.put(name, key)
        return key

    async def _by_session(self, session_hash: str) -> Present | None:
        kept = self._sessions.get(session_hash)
        if kept and kept.session.alive(self._clock.now()):
            return kept
        # Even a kept one that looks dead is read again: another process may have noted activity.
        found = await self._people.read(lambda store: _find(store, session_hash))
        if found is None or not found.session.alive(self._clock.now()):
            self._sessions.forget(session_hash)
            return None
        self._sessions.put(session_hash, found)
        return found

    async def still_there(self, bearer: Bearer) -> bool:
        """Say whether a bearer seen earlier still holds, without counting as activity; for streams that stay open."""
        try:
            if not isinstance(bearer, ApiKey):
                return await self._by_session(bearer.session.hash) is not None
            key = await self._people.read(lambda store: store.key(bearer.id))
        except Unavailable:
            return True  # the store is away, not the right: the next look decides
        return key is not None and key.revoked_at is None

    async def touch(self, bearer: Bearer) -> None:
        """Note activity, at most every `TOUCH_EVERY`; a store that is away does not fail the request."""
        at = self._clock.now()
        try:
            if isinstance(bearer, ApiKey):
                await self._touch_key(bearer, at)
            else:
                await self._touch_session(bearer, at)
        except Unavailable as problem:
            log.warning("activity_not_noted", problem=str(problem))

    async def _touch_session(self, bearer: Present, at: datetime) -> None:
        session = bearer.session
        if at - session.seen_at < TOUCH_EVERY:
            return
        # Remembered before it is written, so that a page's twenty parallel requests write once.
        self._sessions.renew(session.hash, replace(bearer, session=replace(session, seen_at=at)))
        if isinstance(bearer, OpenWall):
            await self._people.write(lambda store: store.touch_kiosk_session(session.hash, at))
        else:
            await self._people.write(lambda store: store.touch_session(session.hash, at))

    async def _touch_key(self, key: ApiKey, at: datetime) -> None:
        used_at = self._used.get(key.id, key.used_at)
        if used_at is None or at - used_at >= TOUCH_EVERY:
            self._used[key.id] = at
            await self._people.write(lambda store: store.touch_key(key.id, at))

    def forget(self, session_token: str = "") -> None:
        """Forget a session at once, or everything that is remembered (after roles changed)."""
        self.changes += 1
        if session_token:
            self._sessions.forget(hash_of(session_token))
        else:
            self._sessions.forget()
            self._keys.forget()


@dataclass(frozen=True, slots=True)
class Right:
    """The right to a stream that stays open: whether its bearer still holds, and a count that moves when any right ended."""

    credentials: Credentials
    bearer: Bearer

    async def holds(self) -> bool:
        """Say whether the bearer still holds."""
        return await self.credentials.still_there(self.bearer)

    @property
    def changes(self) -> int:
        """Return how often something was forgotten in this process."""
        return self.credentials.changes


def _find(store: AccountStore, session_hash: str) -> Present | None:
    session = store.session(session_hash)
    if session is None:
        return _find_wall(store, session_hash)
    account = store.account(session.account_id)
    if account is None or account.disabled_at is not None:
        return None
    return SignedInSession(session, account)


def _find_wall(store: AccountStore, session_hash: str) -> OpenWall | None:
    session = store.kiosk_session(session_hash)
    screen = store.kiosk(session.account_id) if session else None
    if session is None or screen is None or screen.revoked_at is not None:
        return None
    return OpenWall(session, screen)


def _find_key(store: AccountStore, text: str) -> ApiKey | None:
    parts = read_key(text)
    key = store.key(parts[0]) if parts else None
    return key if key is not None and key.opens(text) else None


def principal_of(bearer: Bearer) -> Principal:
    """Return what a bearer may do."""
    if isinstance(bearer, SignedInSession):
        return Principal(
            actor=bearer.account.actor,
            permissions=permissions_of(bearer.account.roles),
            session=bearer.session.hash[:12],
        )
    if isinstance(bearer, OpenWall):
        return Principal(
            actor=bearer.screen.actor,
            permissions=ROLE.permissions,
            session=bearer.session.hash[:12],
        )
    actor = Actor(
        id=f"key:{bearer.id}",
        name=bearer.name,
        kind="key",
        roles=bearer.roles,
        department=bearer.department,
    )
    return Principal(actor=actor, permissions=permissions_of(bearer.roles))


def presented(headers: Mapping[str, str], cookies: Mapping[str, str]) -> tuple[str, str]:
    """Return the API key and the session token a request carries, "" where it carries none; a key goes first."""
    scheme, _, text = headers.get("authorization", "").partition(" ")
    bearer = text.strip() if scheme.lower() == "bearer" else ""
    return headers.get("x-api-key", "").strip() or bearer, cookies.get(COOKIE, "")
