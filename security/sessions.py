"""Sessions: opaque 256-bit ids of which only the SHA-256 is kept, idle and absolute ends judged by our own clock."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

COOKIE: Final = "onenet_session"
# A look at the store per request is cheap, a write is not: activity is written down at most this often.
TOUCH_EVERY: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that was let in, by an account or as a kiosk. `seen_at` is the last activity; `ends_at` the absolute end."""

    hash: str
    account_id: str
    started_at: datetime
    seen_at: datetime
    idle_s: int
    ends_at: datetime
    ip: str

    def alive(self, at: datetime) -> bool:
        """Say whether the session still holds at `at`; a clock set back before its start revives nothing."""
        idle = at - self.seen_at
        return self.started_at <= at < self.ends_at and idle < timedelta(seconds=self.idle_s)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long sessions last: a person's by idle time and shift; a kiosk, which only shows, through weeks of no input.

    `concurrent` is how many sessions one account may have (0 = any number); the oldest gives way.
    """

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=12)
    kiosk_idle: timedelta = timedelta(hours=12)
    kiosk_absolute: timedelta = timedelta(days=30)
    # A wall by token comes back after a hall was shut for weeks; browsers keep no cookie longer than 400 days.
    wall_idle: timedelta = timedelta(days=30)
    wall_absolute: timedelta = timedelta(days=365)
    concurrent: int = 0

    def start(self, account_id: str, *, kiosk: bool, at: datetime, ip: str) -> tuple[str, Session]:
        """Return a new session's secret id, for the cookie, and the session, for the store."""
        idle = self.kiosk_idle if kiosk else self.idle
        absolute = self.kiosk_absolute if kiosk else self.absolute
        return _started(account_id, idle, absolute, at, ip)

    def start_wall(self, kiosk_id: str, *, at: datetime, ip: str) -> tuple[str, Session]:
        """Return the same for a wall that opens by a kiosk's token."""
        return _started(kiosk_id, self.wall_idle, self.wall_absolute, at, ip)


def _started(
    holder: str, idle: timedelta, absolute: timedelta, at: datetime, ip: str
) -> tuple[str, Session]:
    token = secrets.token_urlsafe(32)
    session = Session(
        hash=hash_of(token),
        account_id=holder,
        started_at=at,
        seen_at=at,
        idle_s=int(idle.total_seconds()),
        ends_at=at + absolute,
        ip=ip,
    )
    return token, session


def hash_of(token: str) -> str:
    """Return the SHA-256 (hex) under which a session or key is kept; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
