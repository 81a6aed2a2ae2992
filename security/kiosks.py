"""Wall screens that open with no person at them: a token, kept as its hash, is exchanged for a session that shows the wall."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Protocol

from security.policy import ROLES
from security.sessions import Session, hash_of
from vocabulary.ids import id_at
from vocabulary.message import Actor

FORM: Final = re.compile(r"onw_([0-9A-HJKMNP-TV-Z]{26})_([0-9a-f]{64})")
ROLE: Final = ROLES["operator"]
# All that the wall's page asks for. A kiosk is let in nowhere else, whatever its role would permit a person.
WALL_ASKS: Final = frozenset(
    {
        *("/wall", "/wall/_dash-layout", "/wall/_dash-dependencies", "/wall/_dash-update-component"),
        *("/wall/_dash-component-suites/{file:path}", "/assets/{file:path}"),
        *("/live", "/live/snapshot", "/live/painted", "/tiles/{theme}/{z}/{x}/{y}"),
        "/coverage/tiles/{version}/{quantity}/{technology}/{operator}/{band}/{z}/{x}/{y}.png",
        *("/api/v1/county", "/api/v1/categories", "/api/v1/departments"),
        *("/api/v1/sensors", "/api/v1/sites", "/api/v1/outages", "/api/v1/coverage"),
        *("/api/v1/coverage/figures", "/api/v1/figures/acknowledgement", "/api/v1/figures/{figure_id}"),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """A wall screen's right to open. `opened_at` is when its token was last exchanged for a session."""

    id: str
    name: str
    secret_hash: str
    created_at: datetime
    created_by: str
    opened_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, text: str) -> bool:
        """Say whether `text` is this kiosk's token and it still holds; the time taken does not depend on the secret."""
        parts = read_token(text)
        right = parts is not None and hmac.compare_digest(hash_of(parts[1]), self.secret_hash)
        return right and self.revoked_at is None

    @property
    def actor(self) -> Actor:
        """Return who this is in the audit trail."""
        return Actor(id=f"kiosk:{self.id}", name=self.name, kind="key", roles=frozenset({ROLE.id}))


@dataclass(frozen=True, slots=True)
class OpenWall:
    """A live session of a kiosk; `session.account_id` is the kiosk's id."""

    session: Session
    screen: Kiosk
    kiosk: ClassVar[bool] = True  # what its page does by itself counts as activity


def mint(name: str, *, at: datetime, by: str) -> tuple[str, Kiosk]:
    """Return a new kiosk's token, shown once, and the kiosk as it is kept."""
    kiosk_id, secret = id_at(at), secrets.token_hex(32)
    kiosk = Kiosk(id=kiosk_id, name=name, secret_hash=hash_of(secret), created_at=at, created_by=by)
    return f"onw_{kiosk_id}_{secret}", kiosk


def read_token(text: str) -> tuple[str, str] | None:
    """Return a token's kiosk and secret, or None for what is no token at all."""
    found = FORM.fullmatch(text)
    return (found[1], found[2]) if found else None


def address_of(token: str) -> str:
    """Return the path a wall's browser starts with: what stands behind # never leaves the browser, nor enters any log."""
    return f"/kiosk#{token}"


class KioskStore(Protocol):
    """What is kept about kiosks, in the same unit of work as accounts."""

    def kiosk(self, kiosk_id: str) -> Kiosk | None:
        """Return a kiosk by id, revoked ones too."""
        ...

    def kiosks(self) -> list[Kiosk]:
        """Return every kiosk, newest first."""
        ...

    def add_kiosk(self, kiosk: Kiosk) -> None:
        """Keep a new kiosk."""
        ...

    def revoke_kiosk(self, kiosk_id: str, at: datetime) -> None:
        """End a kiosk and every session of it."""
        ...

    def kiosk_session(self, session_hash: str) -> Session | None:
        """Return a kiosk's session by its hash."""
        ...

    def open_kiosk(self, session: Session) -> None:
        """Keep a kiosk's new session and that it was opened."""
        ...

    def touch_kiosk_session(self, session_hash: str, at: datetime) -> None:
        """Note that the screen is there; never moves it back."""
        ...

    def drop_kiosk_session(self, session_hash: str) -> None:
        """Forget a kiosk's session."""
        ...
