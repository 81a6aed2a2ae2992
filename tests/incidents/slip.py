"""The lifecycle as a clerk would keep it on a slip of paper: a table of steps, a few counts, nothing of the real rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from incidents import commands as c
from incidents.model import ENDED, State
from tests.incidents.stories import MONDAY_10
from vocabulary.message import Command

S = State
WHY = "理由"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TWO = ("sensor:a", "unit:b")

# The whole machine as a person would draw it: (from, step) to.
NEXT: Final[dict[tuple[State, str], State]] = {
    (S.NEW, "verify"): S.VERIFYING,
    (S.NEW, "file"): S.FILED,
    (S.VERIFYING, "file"): S.FILED,
    (S.NEW, "reject"): S.REJECTED,
    (S.VERIFYING, "reject"): S.REJECTED,
    (S.FILED, "dispatch"): S.DISPATCHED,
    (S.DISPATCHED, "accept"): S.ACCEPTED,
    (S.DISPATCHED, "return"): S.FILED,
    (S.DISPATCHED, "arrive"): S.ON_SCENE,
    (S.ACCEPTED, "arrive"): S.ON_SCENE,
    (S.ON_SCENE, "control"): S.CONTROLLED,
    (S.ON_SCENE, "resolve"): S.RESOLVED,
    (S.CONTROLLED, "resolve"): S.RESOLVED,
    (S.RESOLVED, "check"): S.CHECKING,
    (S.RESOLVED, "close"): S.CLOSED,
    (S.CHECKING, "close"): S.CLOSED,
    (S.CHECKING, "rework"): S.DISPATCHED,
    (S.CLOSED, "reopen"): S.DISPATCHED,
}
STEPS: Final[dict[str, Command]] = {
    "verify": c.RequestVerification(),
    "file": c.File(condition="01"),
    "reject": c.Reject(reason="not_true"),
    "dispatch": c.Dispatch(),
    "accept": c.Accept(),
    "return": c.Return(reason=WHY),
    "arrive": c.Arrive(),
    "control": c.Control(),
    "resolve": c.Resolve(note=WHY, photos=("p1",)),
    "check": c.AssignCheck(),
    "close": c.Close(),
    "rework": c.OrderRework(reason=WHY),
    "reopen": c.Reopen(reason=WHY),
}


@dataclass
class Model:
    """What a clerk would keep on a slip of paper beside the case."""

    urgent: bool
    emergency: bool
    state: State = S.NEW
    hold_until: datetime | None = None
    holds: int = 0
    extensions: int = 0
    wish: str = ""
    wish_until: datetime = MONDAY_10
    left_to_ask: int = 0
    wish_state: State = S.NEW
    returns: int = 0
    supervised: bool = False
    rework: int = 0
    episode: int = 1
    closes_at: datetime | None = None
    closed_at: datetime = MONDAY_10
    calls: bool = False
    called: bool = False

    @property
    def open(self) -> bool:
        return self.state not in ENDED

    def can(self, step: str, at: datetime) -> bool:
        if self.hold_until:
            return False
        if step == "dispatch" and self.state is S.NEW:
            return self.emergency
        if step == "reopen":
            return self.state is S.CLOSED and at - self.closed_at <= 30 * DAY
        return (self.state, step) in NEXT

    def takes(self, step: str, at: datetime) -> None:
        before = self.state
        self.state = NEXT.get((before, step), S.DISPATCHED)
        self.returns += step == "return"
        self.rework += step == "rework"
        self.episode += step == "reopen"
        self.supervised |= self.returns >= 3
        if step == "close":
            self.closed_at = at
        self.moved()

    def moved(self) -> None:
        self.closes_at = self.closes_at if self.state is S.RESOLVED else None
        if not self.open:
            self.wish, self.calls = "", False

    def passes(self, at: datetime) -> None:
        if self.hold_until and self.hold_until <= at:
            self.hold_until = None
        if self.closes_at and self.closes_at <= at and not self.hold_until:
            self.state, self.closed_at = S.CLOSED, at
            self.moved()
