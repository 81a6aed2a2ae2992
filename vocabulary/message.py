"""Messages: commands wish (one handler, may be refused), events tell (kept first, then heard by many)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened. Subclasses carry `kind: Literal["room.verb.vN"]`; a published version is never edited."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something that is wished for. Subclasses carry `kind` as events do, in the imperative."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it: a signed-in person, an API key, or the system itself.

    `roles` are names from `security.policy.ROLES`; `department` is None for those who belong to the centre.
    """

    id: str
    name: str
    kind: Literal["person", "key", "system"]
    roles: frozenset[str] = frozenset()
    department: str | None = None


SYSTEM = Actor(id="system", name="系统", kind="system")


E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[E_co]):
    """An event as the journal keeps it.

    `seq` is global and gap-free from 1; `version` counts within `stream` from 1; `recorded_at` is the server's
    clock, `source_at` the sender's; order is by `seq`, never by time.
    `chain` is the stream's hash chain up to and with this event (hex).
    """

    seq: int
    event_id: str
    stream: str
    version: int
    event: E_co
    recorded_at: datetime
    source_at: datetime | None
    actor: Actor
    cause_id: str | None
    chain: str
