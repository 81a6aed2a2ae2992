"""The parts of a case as the API answers them: departments' shares, approvals, alerts, its clock; and figures about alerts."""

from pydantic import BaseModel

from incidents.model import ApprovalKind, LimitKind, Priority, Stage


class TaskView(BaseModel):
    """One department's part of a case, with its own clock (the lead's is the case's)."""

    department: str
    lead: bool
    offered_at: str
    accepted_at: str | None
    arrived_at: str | None
    cleared_at: str | None
    stage: Stage | None
    started_at: str | None
    warn_at: str | None
    due_at: str | None
    limit_kind: LimitKind | None


class PartView(TaskView):
    """One department's part with what it reported back."""

    released_at: str | None
    note: str


class ApprovalView(BaseModel):
    """A hold or an extension that waits: `role` is whose turn it is, `left` how many voices are missing."""

    what: ApprovalKind
    until: str
    role: str | None
    left: int
    asked_at: str
    reason: str | None = None


class AlertView(BaseModel):
    """An alert that nobody has acknowledged: `roles` hear it, `escalates_at` is when more will."""

    priority: Priority
    offered_at: str
    ack_due_at: str | None
    step: int
    roles: list[str]
    escalates_at: str | None
    missed: bool


class ClockView(BaseModel):
    """The running clock at the instant of the answer; `remaining_s` counts only the time that counts."""

    stage: Stage
    started_at: str | None
    warn_at: str | None
    due_at: str | None
    limit_kind: LimitKind | None
    paused: bool
    remaining_s: int | None
    colour: str
    at: str


class AlertRow(BaseModel):
    """One alert: when it was offered, and who acknowledged it when and where; `ended_at` where the case ended first."""

    case_id: str
    number: str
    priority: Priority
    exercise: bool
    offered_at: str
    ack_due_at: str | None
    step: int
    missed: bool
    acknowledged_at: str | None
    acknowledged_by: str | None
    desk: str
    implied: bool
    ended_at: str | None
    latency_s: float | None


class AlertList(BaseModel):
    """Alerts: those that wait first, then the newest."""

    items: list[AlertRow]


class AcknowledgementFigure(BaseModel):
    """How fast alerts were acknowledged: `in_time` of those `due`, latency over those acknowledged; None where there is none."""

    priority: Priority | None
    offered: int
    acknowledged: int
    waiting: int
    due: int
    in_time: int
    missed: int
    escalated: dict[str, int]
    share_in_time: float | None
    latency_p50_s: float | None
    latency_p90_s: float | None
    latency_max_s: float | None


class AcknowledgementFigures(BaseModel):
    """Figure C07/C08: exercises are left out and counted; `window` is by when an alert was offered."""

    formula: str
    since: str
    until: str
    exercises: int
    total: AcknowledgementFigure
    by_priority: list[AcknowledgementFigure]
