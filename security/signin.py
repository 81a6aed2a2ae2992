"""Signing in and out: attempts are counted before they are judged, unknown names cost what known ones cost."""

import math
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import structlog

from security.accounts import Account, AccountStore, People, normal_name
from security.audit import AuditEntry, Result
from security.kiosks import Kiosk, read_token
from security.lockout import LockRule, ip_subject, name_subject
from security.passwords import Hasher
from security.policy import is_kiosk
from security.sessions import Session, SessionLimits, hash_of
from vocabulary.clock import Clock
from vocabulary.errors import Refused
from vocabulary.message import Actor

log = structlog.get_logger()
NOBODY = Actor(id="unknown", name="-", kind="person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to sign in. The password is not part of it."""

    user_name: str
    ip: str
    at: datetime
    request_id: str = ""
    old_token: str = ""

    def entry(self, account: Account | None, result: Result, action: str) -> AuditEntry:
        """Return the audit entry; the name that was typed is not in it, for it may be a password."""
        return AuditEntry(
            at=self.at,
            actor=account.actor if account else NOBODY,
            action=action,
            object=f"account:{account.id}" if account else name_subject(self.user_name),
            result=result,
            ip=self.ip,
            request_id=self.request_id,
        )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a successful sign-in gives: the secret for the cookie, the session and the account."""

    token: str
    session: Session
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Signs people in and out."""

    people: People
    hasher: Hasher
    clock: Clock
    limits: SessionLimits = field(default_factory=SessionLimits)
    rule: LockRule = field(default_factory=LockRule)

    async def sign_in(
        self, user_name: str, password: str, *, ip: str, old_token: str = "", request_id: str = ""
    ) -> SignedIn:
        """Return a new session, the one of `old_token` ended; Refused `security.wrong_credentials` or `security.locked`."""
        attempt = Attempt(
            user_name=normal_name(user_name),
            ip=ip,
            at=self.clock.now(),
            request_id=request_id,
            old_token=old_token,
        )
        claimed = await self.people.write(partial(self._reserve, attempt))
        if isinstance(claimed, datetime):
            raise self._locked(attempt, claimed)
        account = await self._verify(attempt, claimed, password)
        stale = self.hasher.stale(account.password_hash)
        new_hash = await self.hasher.hash(password) if stale else None
        signed_in = await self.people.write(partial(self._admit, attempt, account, new_hash))
        if signed_in is None:
            raise Refused("security.wrong_credentials")
        return signed_in

    async def open_wall(
        self, token: str, *, ip: str, old_token: str = "", request_id: str = ""
    ) -> tuple[str, Session]:
        """Return a session's secret and the session for a kiosk's token; Refused `security.kiosk_refused`."""
        attempt = Attempt(
            user_name="", ip=ip, at=self.clock.now(), request_id=request_id, old_token=old_token
        )
        await self.people.read(partial(_kiosk_of, token))  # strangers' nonsense writes nothing
        return await self.people.write(partial(self._open_wall, attempt, token))

    def _open_wall(self, attempt: Attempt, token: str, store: AccountStore) -> tuple[str, Session]:
        kiosk = _kiosk_of(token, store)
        secret, session = self.limits.start_wall(kiosk.id, at=attempt.at, ip=attempt.ip)
        if attempt.old_token:
            store.drop_kiosk_session(hash_of(attempt.old_token))
        store.open_kiosk(session)
        entry = replace(attempt.entry(None, "done", "security.open_wall"), actor=kiosk.actor)
        store.audit(replace(entry, object=f"kiosk:{kiosk.id}", session=session.hash[:12]))
        return secret, session

    async def sign_out(self, token: str, *, ip: str = "", request_id: str = "") -> None:
        """End the session behind `token`, if it lives."""
        attempt = Attempt(user_name="", ip=ip, at=self.clock.now(), request_id=request_id)
        await self.people.write(partial(_leave, attempt, hash_of(token)))

    async def sweep(self) -> int:
        """Forget ended sessions and failures that no longer matter; for a task that runs once a minute or so."""
        at = self.clock.now()
        return await self.people.write(lambda store: store.drop_dead(at, at - self.rule.memory))

    def _reserve(self, attempt: Attempt, store: AccountStore) -> Account | datetime | None:
        # Counted before it is judged: a thousand guesses sent at once are still five guesses.
        if until := self._locked_until(attempt, store):
            return until
        store.add_failure(name_subject(attempt.user_name), attempt.at)
        return store.account_named(attempt.user_name)

    def _locked_until(self, attempt: Attempt, store: AccountStore) -> datetime | None:
        since = attempt.at - self.rule.memory
        subjects = (name_subject(attempt.user_name), ip_subject(attempt.ip))
        ends = [
            self.rule.locked_until(store.failures(each, since), attempt.at) for each in subjects
        ]
        return max((end for end in ends if end), default=None)

    async def _verify(self, attempt: Attempt, account: Account | None, password: str) -> Account:
        async with self.hasher.turns:
            # Others from this address may have failed while we waited; we keep our turn until our own failure is kept.
            until = await self.people.read(partial(self._ip_locked_until, attempt))
            if until:
                raise self._locked(attempt, until)
            kept = account.password_hash if account else None
            right = await self.hasher.verify_held(kept, password)
            if account is not None and right and account.disabled_at is None:
                return account
            await self.people.write(partial(_fail, attempt, account))
        raise Refused("security.wrong_credentials")

    def _ip_locked_until(self, attempt: Attempt, store: AccountStore) -> datetime | None:
        failures = store.failures(ip_subject(attempt.ip), attempt.at - self.rule.memory)
        return self.rule.locked_until(failures, attempt.at)

    def _locked(self, attempt: Attempt, until: datetime) -> Refused:
        log.warning("sign_in_locked", ip=attempt.ip, subject=name_subject(attempt.user_name))
        minutes = math.ceil((until - attempt.at).total_seconds() / 60)
        return Refused("security.locked", minutes=minutes)

    def _admit(
        self, attempt: Attempt, judged: Account, new_hash: str | None, store: AccountStore
    ) -> SignedIn | None:
        account = store.account(judged.id)
        if account is None or account.disabled_at or account.password_hash != judged.password_hash:
            return None  # changed while the password was being judged
        account = replace(
            account, signed_in_at=attempt.at, password_hash=new_hash or account.password_hash
        )
        kiosk = is_kiosk(account.roles)
        token, session = self.limits.start(account.id, kiosk=kiosk, at=attempt.at, ip=attempt.ip)
        store.replace_account(account)
        store.clear_failures(name_subject(attempt.user_name))
        if attempt.old_token:
            store.drop_session(hash_of(attempt.old_token))
        self._make_room(account.id, store)
        store.add_session(session)
        entry = attempt.entry(account, "done", "security.sign_in")
        store.audit(replace(entry, session=session.hash[:12]))
        return SignedIn(token, session, account)

    def _make_room(self, account_id: str, store: AccountStore) -> None:
        if not self.limits.concurrent:
            return
        sessions = store.sessions_of(account_id)
        for session in sessions[: max(0, len(sessions) - self.limits.concurrent + 1)]:
            store.drop_session(session.hash)


def _kiosk_of(token: str, store: AccountStore) -> Kiosk:
    parts = read_token(token)
    kiosk = store.kiosk(parts[0]) if parts else None
    if kiosk is None or not kiosk.opens(token):
        raise Refused("security.kiosk_refused")
    return kiosk


def _fail(attempt: Attempt, account: Account | None, store: AccountStore) -> None:
    store.add_failure(ip_subject(attempt.ip), attempt.at)
    store.audit(attempt.entry(account, "failed", "security.sign_in"))


def _leave(attempt: Attempt, session_hash: str, store: AccountStore) -> None:
    session = store.session(session_hash)
    if session is None:
        store.drop_kiosk_session(session_hash)
        return
    store.drop_session(session_hash)
    entry = attempt.entry(store.account(session.account_id), "done", "security.sign_out")
    store.audit(replace(entry, session=session_hash[:12]))
