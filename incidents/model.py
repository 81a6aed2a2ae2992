"""The case (案件) and its parts as values; the only way to change one is `incidents.rules.apply`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vocabulary.ids import CaseId, ReportId, UnitId
from vocabulary.place import Place


class State(StrEnum):
    """Where a case stands (domain.md C5). Flags such as suspended or rework are not states: they combine with these."""

    NEW = "NEW"
    VERIFYING = "VERIFYING"
    FILED = "FILED"
    DISPATCHED = "DISPATCHED"
    ACCEPTED = "ACCEPTED"
    ON_SCENE = "ON_SCENE"
    CONTROLLED = "CONTROLLED"
    RESOLVED = "RESOLVED"
    CHECKING = "CHECKING"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    MERGED = "MERGED"
    VOID = "VOID"


ENDED = frozenset({State.CLOSED, State.REJECTED, State.MERGED, State.VOID})


class Lane(StrEnum):
    """Routine files before it dispatches; emergency dispatches first (派遣先行)."""

    ROUTINE = "routine"
    EMERGENCY = "emergency"


class Priority(StrEnum):
    """How urgent our own action is (domain.md D2). Not the event level, not the warning colour, not the closing limit."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Level(StrEnum):
    """How large an emergency is (突发事件分级), Ⅰ largest."""

    I = "I"  # noqa: E741 - the level's own name
    II = "II"
    III = "III"
    IV = "IV"


class Stage(StrEnum):
    """Which clock runs: each stage of the case has one."""

    VERIFY = "verify"
    FILE = "file"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    HANDLE = "handle"
    CHECK = "check"


class LimitKind(StrEnum):
    """How a limit counts (domain.md S3): round the clock, in working hours, in working days, in days."""

    URGENT_HOURS = "urgent_hours"  # 紧急工作时
    WORK_HOURS = "work_hours"  # 工作时
    WORK_DAYS = "work_days"  # 工作日
    CALENDAR_DAYS = "calendar_days"  # 自然日


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningClock:
    """The clock of the present stage; `due_at` is None only where the table sets no limit; `kind` says which hours count.

    `warn_at` is when most of the limit (80 %) will have passed: from then on it is amber, from `due_at` on red.
    """

    stage: Stage
    started_at: datetime
    due_at: datetime | None
    kind: LimitKind = LimitKind.URGENT_HOURS
    warn_at: datetime | None = None


class ApprovalKind(StrEnum):
    """What is granted only by two voices: a hold (挂账), more time (延期)."""

    SUSPENSION = "suspension"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A wish that waits for its approval: `steps` are the roles still to be asked, in order, `voices` who has spoken for it."""

    what: ApprovalKind
    until: datetime
    reason: str
    stage: Stage | None
    asked_at: datetime
    steps: tuple[str, ...]
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationDue:
    """Whom an unacknowledged alert reaches at an instant, beside those who hear it already."""

    step: int
    roles: tuple[str, ...]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A case that somebody must say they have seen. `roles` hear it until then; `steps` says who will."""

    priority: Priority
    offered_at: datetime
    ack_due_at: datetime | None
    roles: tuple[str, ...]
    steps: tuple[EscalationDue, ...]
    step: int = 0
    missed: bool = False
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    desk: str = ""

    @property
    def waiting(self) -> bool:
        """Say whether nobody has acknowledged it yet."""
        return self.acknowledged_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """An all-clear (险情解除): the case closes by itself at `closes_at` with these words, unless somebody objects."""

    closes_at: datetime
    disposition: str
    note: str
    conditions: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One department's part of the case: the lead's or an assistant's (联动), with its own times.

    `clock` is an assistant's own, first for its signature, then for its part; the lead's is the case's. `note` is what it
    reported back, `joined_from` names the merged case that brought it.
    """

    department: str
    lead: bool
    offered_at: datetime
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    cleared_at: datetime | None = None
    released_at: datetime | None = None
    joined_from: CaseId | None = None
    clock: RunningClock | None = None
    note: str = ""

    @property
    def live(self) -> bool:
        """Say whether the department still has something to do."""
        return self.cleared_at is None and self.released_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as the fold of its events. Instants are UTC; `version` is that of the last event applied.

    `clock` is the present stage's; `handling` is the handling deadline, which outlives its stage: rework keeps it.
    `decided_version` is that of the last event that a decision rests on: a bell that rings meanwhile makes nobody's look stale.
    `fired` names the timers that have gone off.
    """

    id: CaseId
    number: str
    version: int
    state: State
    lane: Lane
    priority: Priority
    priority_rule: str
    category: str
    text: str
    place: Place
    address: str
    town: str
    source: str
    reported_at: datetime
    opened_at: datetime
    updated_at: datetime
    reports: tuple[ReportId, ...]
    clock: RunningClock | None
    updated_by: str = ""
    handling: RunningClock | None = None
    cell: str = ""
    exercise: bool = False
    episode: int = 1
    level: Level | None = None
    tasks: tuple[Task, ...] = ()
    units: tuple[UnitId, ...] = ()
    filing_condition: str | None = None
    filed_at: datetime | None = None
    filed_by_rule: str | None = None
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    controlled_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    handled_by: str | None = None
    checker: str | None = None
    disposition: str | None = None
    reject_reason: str | None = None
    merged_into: CaseId | None = None
    state_before_merge: State | None = None
    clock_before_merge: RunningClock | None = None
    merged_from: tuple[CaseId, ...] = ()
    rework_n: int = 0
    returned_n: int = 0
    returned_from: frozenset[str] = frozenset()
    extended_n: int = 0
    supervised: bool = False
    suspended_at: datetime | None = None
    suspended_until: datetime | None = None
    suspended_n: int = 0
    decided_version: int = 0
    decided_at: datetime | None = None
    collector: str | None = None
    approval: Approval | None = None
    alert: Alert | None = None
    closing: Closing | None = None
    fired: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Say whether the case still needs somebody."""
        return self.state not in ENDED

    @property
    def suspended(self) -> bool:
        """Say whether the case is on hold (挂账)."""
        return self.open and self.suspended_until is not None

    @property
    def lead(self) -> str | None:
        """Return the lead department of the present dispatch, if there is one."""
        return next(
            (task.department for task in self.tasks if task.lead and task.released_at is None), None
        )
