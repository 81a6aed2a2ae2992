"""A call as a log tells it, and what reading a log came to: values only."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.model import UnitKind
from incidents.model import Priority
from vocabulary.place import Place


class Moment(StrEnum):
    """What happened along a call, in the order in which it should."""

    RECEIVED = "received"
    ENTRY = "entry"
    DISPATCH = "dispatch"
    RESPONSE = "response"
    ON_SCENE = "on_scene"
    TRANSPORT = "transport"
    HOSPITAL = "hospital"
    AVAILABLE = "available"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One moment of a call: of the call itself, or of one unit on it."""

    moment: Moment
    at: datetime
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedUnit:
    """A unit that a log names."""

    id: str
    kind: UnitKind
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCall:
    """A call with the whole chain the log has of it; `place` is where it was, not yet in our county."""

    log: str
    key: str
    text: str
    address: str
    category: str
    place: Place
    received_at: datetime
    priority: Priority | None = None
    disposition: str = "handled"
    units: tuple[LoggedUnit, ...] = ()
    chain: tuple[Step, ...] = ()

    @property
    def cancelled(self) -> bool:
        """Say whether units were sent and none ever arrived."""
        return bool(self.units) and not any(step.moment is Moment.ON_SCENE for step in self.chain)

    def when(self, moment: Moment, unit: str) -> datetime | None:
        """Return when `unit` had that moment, None where the log does not say."""
        found = (step.at for step in self.chain if step.moment is moment and step.unit == unit)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was not taken: its line in the file, a reason from `reasons.py`, and the value that was wrong."""

    line: int
    reason: str
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLog:
    """What reading a log came to: every row is in a call or is refused; `remarks` count what was taken with a reservation."""

    name: str
    rows: int
    calls: tuple[LoggedCall, ...]
    refused: tuple[RefusedRow, ...]
    remarks: Counter[str] = field(default_factory=Counter)

    @property
    def accepted(self) -> int:
        """Return how many rows were taken."""
        return self.rows - len(self.refused)

    @property
    def reasons(self) -> Counter[str]:
        """Return how many rows were refused for each reason."""
        return Counter(row.reason for row in self.refused)
