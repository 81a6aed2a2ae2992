"""A shift's sheet and its signatures as values; the sheet is frozen when the outgoing officer signs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidents.model import Priority, Stage, State
from vocabulary.ids import CaseId


class Why(StrEnum):
    """Why a case stands on the sheet before the others."""

    UNACKNOWLEDGED = "unacknowledged"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    URGENT = "urgent"
    APPROVAL = "approval"
    ON_HOLD = "on_hold"
    SUPERVISED = "supervised"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One open case as it stood; `why` is empty where it is merely open, `note` is what the outgoing officer says of it."""

    case_id: CaseId
    number: str
    priority: Priority
    category: str
    state: State
    where: str
    lead: str | None
    stage: Stage | None
    due_at: datetime | None
    resumes_at: datetime | None
    why: tuple[Why, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands open at an instant: how much of what, and the cases that matter most; `left_out` are counted alone.

    Exercises are not counted, but for `exercises`.
    """

    taken_at: datetime
    open: int
    by_priority: dict[str, int]
    by_state: dict[str, int]
    by_why: dict[str, int]
    exercises: int
    items: tuple[Item, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed, and when by the console's clock."""

    id: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One handing over: signed by who goes, then by who comes; or withdrawn before that."""

    id: str
    version: int
    sheet: Sheet
    seat: str
    note: str
    outgoing: Signature
    incoming: Signature | None = None
    remarks: str = ""
    withdrawn_at: datetime | None = None
    reason: str = ""

    @property
    def open(self) -> bool:
        """Say whether the second signature is still to come."""
        return self.incoming is None and self.withdrawn_at is None
