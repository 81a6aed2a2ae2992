"""A warning as values: what its issuer says of it, where it reaches in the county, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

Ring = tuple[tuple[float, float], ...]


class Colour(StrEnum):
    """The colour the issuer gives (预警颜色), the gravest first; never derived from a case's priority or level."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def rank(self) -> int:
        """Return 0 for the gravest, and more the less grave."""
        return list(Colour).index(self)


class Act(StrEnum):
    """What a message does (CAP msgType)."""

    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"


class Status(StrEnum):
    """Whether it is meant (CAP status): an exercise and a test never stand among what is."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


class Source(StrEnum):
    """How it came."""

    CAP = "cap"
    HAND = "hand"


class State(StrEnum):
    """What a warning is at an instant."""

    COMING = "coming"
    IN_FORCE = "in_force"
    UPDATED = "updated"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is told in one language; a part that was not told is empty."""

    language: Literal["zh", "en"]
    event: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A circle around a place."""

    lon_deg: float
    lat_deg: float
    radius_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area as it was told: its name, rings in WGS 84 (longitude first, not closed), circles, codes of divisions."""

    name: str
    rings: tuple[Ring, ...] = ()
    circles: tuple[Circle, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedTown:
    """A town that is warned."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a warning holds within the county: the whole of it or these towns; `outline` are rings to draw, not closed."""

    whole: bool = False
    towns: tuple[ReachedTown, ...] = ()
    outline: tuple[Ring, ...] = ()

    @property
    def here(self) -> bool:
        """Say whether any of the county is warned."""
        return self.whole or bool(self.towns)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningMessage:
    """One message of its issuer, as GB/T 35965.1-2018 names its parts.

    `hazard` is our own word for the event, empty where the code is not in our table; `event_code` is the issuer's.
    `references` are the identifiers of the messages it updates or cancels. A cancellation needs no colour.
    `expires_told` is False where the issuer named no end and ours was set.
    """

    identifier: str
    sender: str
    sent_at: datetime
    status: Status
    act: Act
    references: tuple[str, ...]
    source: Source
    hazard: str
    event_code: str
    colour: Colour | None
    severity: str
    urgency: str
    certainty: str
    effective_at: datetime
    onset_at: datetime | None
    expires_at: datetime
    expires_told: bool
    words: tuple[Words, ...]
    areas: tuple[Area, ...]

    @property
    def drill(self) -> bool:
        """Say whether it is an exercise or a test."""
        return self.status is not Status.ACTUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What took a warning's place, or called it off: the message's identifier and when it was sent."""

    how: Literal["updated", "cancelled"]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardWarning:
    """A message that was kept, where it reaches, and what ended it. `expired` once it was told that its time is up."""

    version: int
    message: WarningMessage
    reach: Reach
    kept_at: datetime
    kept_by: str
    ending: Ending | None = None
    expired: bool = False

    @property
    def id(self) -> str:
        """Return the issuer's identifier."""
        return self.message.identifier

    @property
    def open(self) -> bool:
        """Say whether it is a warning for this county that nothing has ended."""
        warns = self.message.act is not Act.CANCEL and self.reach.here
        return warns and self.ending is None and not self.expired

    def state_at(self, at: datetime) -> State:
        """Return what it is at an instant: by its ending, else by its times alone."""
        if self.ending is not None:
            return State(self.ending.how)
        if at >= self.message.expires_at:
            return State.EXPIRED
        return State.COMING if at < self.message.effective_at else State.IN_FORCE
