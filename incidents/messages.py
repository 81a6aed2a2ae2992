"""What the room tells: events, past tense, in the stream of their case. A published version is never edited: add v2."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from incidents.model import (
    ApprovalKind,
    EscalationDue,
    Lane,
    Level,
    Priority,
    RunningClock,
    Stage,
    State,
)
from vocabulary.ids import CaseId, ReportId, UnitId
from vocabulary.message import Event
from vocabulary.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived(Event):
    """A call, a citizen's note or an alarm came in. The caller's phone and name are not here: see `storage` (personal)."""

    kind: Literal["incidents.report_received.v1"] = "incidents.report_received.v1"
    case_id: CaseId
    report_id: ReportId
    text: str
    category: str
    place: Place
    source: str
    occurred_at: datetime
    has_caller: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAttached(Event):
    """A report was put to a case that stood already: by a person, or by the rule that is named; `why` shows the terms."""

    kind: Literal["incidents.report_attached.v1"] = "incidents.report_attached.v1"
    case_id: CaseId
    report_id: ReportId
    by_rule: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    """A case stands, in state NEW."""

    kind: Literal["incidents.case_opened.v1"] = "incidents.case_opened.v1"
    case_id: CaseId
    number: str
    report_id: ReportId
    text: str
    category: str
    place: Place
    address: str
    town: str
    source: str
    reported_at: datetime
    lane: Lane
    priority: Priority
    priority_rule: str
    clock: RunningClock
    exercise: bool
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRequested(Event):
    """Somebody near is asked whether it is so (核实: before filing)."""

    kind: Literal["incidents.verify_requested.v1"] = "incidents.verify_requested.v1"
    case_id: CaseId
    clock: RunningClock
    collector: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled(Event):
    """The case is filed (立案) under a condition; `filed_by_rule` names the rule where no person chose it."""

    kind: Literal["incidents.case_filed.v1"] = "incidents.case_filed.v1"
    case_id: CaseId
    category: str
    condition: str
    filed_by_rule: str | None
    clock: RunningClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRejected(Event):
    """Not filed (不予立案), for a coded reason."""

    kind: Literal["incidents.case_rejected.v1"] = "incidents.case_rejected.v1"
    case_id: CaseId
    reason: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMerged(Event):
    """The case is a duplicate of `master` (并案)."""

    kind: Literal["incidents.case_merged.v1"] = "incidents.case_merged.v1"
    case_id: CaseId
    master: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnmerged(Event):
    """The case stands alone again, where it stood before."""

    kind: Literal["incidents.case_unmerged.v1"] = "incidents.case_unmerged.v1"
    case_id: CaseId
    master: CaseId
    state: State
    clock: RunningClock | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJoined(Event):
    """Told in the master's stream: another case, its reports, its departments and units now belong to this one."""

    kind: Literal["incidents.case_joined.v1"] = "incidents.case_joined.v1"
    case_id: CaseId
    joined: CaseId
    reports: tuple[ReportId, ...]
    assists: tuple[str, ...] = ()
    units: tuple[UnitId, ...] = ()
    clock: RunningClock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParted(Event):
    """Told in the master's stream: a merged case went its own way again."""

    kind: Literal["incidents.case_parted.v1"] = "incidents.case_parted.v1"
    case_id: CaseId
    parted: CaseId
    reports: tuple[ReportId, ...]
    units: tuple[UnitId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDispatched(Event):
    """A lead department, assisting ones, and the units that go. `emergency` marks NEW → DISPATCHED (派遣先行)."""

    kind: Literal["incidents.case_dispatched.v1"] = "incidents.case_dispatched.v1"
    case_id: CaseId
    lead: str
    assists: tuple[str, ...]
    units: tuple[UnitId, ...]
    emergency: bool
    clock: RunningClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReinforced(Event):
    """More assisting departments or units joined a case that was dispatched already; `clock` is for their signatures."""

    kind: Literal["incidents.case_reinforced.v1"] = "incidents.case_reinforced.v1"
    case_id: CaseId
    assists: tuple[str, ...]
    units: tuple[UnitId, ...]
    clock: RunningClock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccepted(Event):
    """A department signed for its task (签收). The lead's starts the handling clock of the case, an assistant's its own."""

    kind: Literal["incidents.case_accepted.v1"] = "incidents.case_accepted.v1"
    case_id: CaseId
    department: str
    lead: bool
    clock: RunningClock | None
    by_radio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReturned(Event):
    """The lead sent it back (退回) with a reason; who returned may not close."""

    kind: Literal["incidents.case_returned.v1"] = "incidents.case_returned.v1"
    case_id: CaseId
    department: str
    reason: str
    clock: RunningClock
    by_radio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistReturned(Event):
    """An assisting department sent its part back (退回) with a reason; the lead's work goes on, who returned may not close."""

    kind: Literal["incidents.assist_returned.v1"] = "incidents.assist_returned.v1"
    case_id: CaseId
    department: str
    reason: str
    by_radio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstArrived(Event):
    """The first unit or person of `department` is on scene (到场)."""

    kind: Literal["incidents.first_arrived.v1"] = "incidents.first_arrived.v1"
    case_id: CaseId
    department: str
    by_radio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseControlled(Event):
    """The danger is under control (险情控制); repair goes on, by `clock` where the limit has two stages."""

    kind: Literal["incidents.case_controlled.v1"] = "incidents.case_controlled.v1"
    case_id: CaseId
    department: str
    note: str
    clock: RunningClock | None = None
    by_radio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistCleared(Event):
    """An assisting department is done."""

    kind: Literal["incidents.assist_cleared.v1"] = "incidents.assist_cleared.v1"
    case_id: CaseId
    department: str
    note: str
    by_radio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistReleased(Event):
    """An assisting department is no longer needed."""

    kind: Literal["incidents.assist_released.v1"] = "incidents.assist_released.v1"
    case_id: CaseId
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResolved(Event):
    """The lead reports it done (处置反馈). `handled_by` is the person or department that may not be the closer."""

    kind: Literal["incidents.case_resolved.v1"] = "incidents.case_resolved.v1"
    case_id: CaseId
    department: str
    handled_by: str
    note: str
    clock: RunningClock
    photos: tuple[str, ...] = ()
    by_radio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAssigned(Event):
    """Somebody is sent to see whether it is so (核查: after handling)."""

    kind: Literal["incidents.check_assigned.v1"] = "incidents.check_assigned.v1"
    case_id: CaseId
    checker: str
    clock: RunningClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    """Closed (结案) with a coded disposition; `basis` says check_passed, direct or two_sources.

    `conditions` are the closing conditions (结案条件) the closer confirmed, `evidence` the two sources that agree.
    """

    kind: Literal["incidents.case_closed.v1"] = "incidents.case_closed.v1"
    case_id: CaseId
    disposition: str
    basis: Literal["check_passed", "direct", "two_sources"]
    note: str
    conditions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReworkOrdered(Event):
    """The check failed: the same lead does it again (返工), the first deadline stays."""

    kind: Literal["incidents.rework_ordered.v1"] = "incidents.rework_ordered.v1"
    case_id: CaseId
    reason: str
    clock: RunningClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(Event):
    """A closed case lives again as a new episode; the earlier closure stays in the log."""

    kind: Literal["incidents.case_reopened.v1"] = "incidents.case_reopened.v1"
    case_id: CaseId
    reason: str
    clock: RunningClock
    lead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVoided(Event):
    """Filed by mistake (作废)."""

    kind: Literal["incidents.case_voided.v1"] = "incidents.case_voided.v1"
    case_id: CaseId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSuspended(Event):
    """On hold (挂账) until a stated instant; the clock stands still."""

    kind: Literal["incidents.case_suspended.v1"] = "incidents.case_suspended.v1"
    case_id: CaseId
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(Event):
    """The hold ended; the clocks go on with the time they had left, those of assistants by department in `tasks`."""

    kind: Literal["incidents.case_resumed.v1"] = "incidents.case_resumed.v1"
    case_id: CaseId
    clock: RunningClock | None
    tasks: dict[str, RunningClock] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExtended(Event):
    """More time was granted (延期)."""

    kind: Literal["incidents.deadline_extended.v1"] = "incidents.deadline_extended.v1"
    case_id: CaseId
    reason: str
    clock: RunningClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSupervised(Event):
    """Under supervision (督办): by a person, or by rule at the third return."""

    kind: Literal["incidents.case_supervised.v1"] = "incidents.case_supervised.v1"
    case_id: CaseId
    reason: str
    by_rule: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChanged(Event):
    """The emergency's level was set, raised or lowered; None ends it."""

    kind: Literal["incidents.level_changed.v1"] = "incidents.level_changed.v1"
    case_id: CaseId
    level: Level | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneChanged(Event):
    """Routine became an emergency (平→急) or the reverse (急→平); `clock` where its limit moved."""

    kind: Literal["incidents.lane_changed.v1"] = "incidents.lane_changed.v1"
    case_id: CaseId
    lane: Lane
    reason: str
    clock: RunningClock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged(Event):
    """The priority was raised by a rule, or changed by a person who gave a reason; `clock` where its limit moved."""

    kind: Literal["incidents.priority_changed.v1"] = "incidents.priority_changed.v1"
    case_id: CaseId
    priority: Priority
    rule: str | None
    reason: str
    clock: RunningClock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryCorrected(Event):
    """The category was set right; `clock` is the handling clock by its limit, where one had started."""

    kind: Literal["incidents.category_corrected.v1"] = "incidents.category_corrected.v1"
    case_id: CaseId
    category: str
    reason: str
    condition: str | None = None
    clock: RunningClock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Event):
    """Somebody wrote a fact into the timeline."""

    kind: Literal["incidents.note_added.v1"] = "incidents.note_added.v1"
    case_id: CaseId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(Event):
    """Somebody asks for a hold (挂账) or more time (延期) until an instant; `steps` are the roles to be asked, in order."""

    kind: Literal["incidents.approval_requested.v1"] = "incidents.approval_requested.v1"
    case_id: CaseId
    what: ApprovalKind
    until: datetime
    reason: str
    stage: Stage | None
    steps: tuple[str, ...]
    asked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven(Event):
    """One voice for it; after the last one the hold or the extension is told beside it."""

    kind: Literal["incidents.approval_given.v1"] = "incidents.approval_given.v1"
    case_id: CaseId
    what: ApprovalKind
    step: str
    given_by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(Event):
    """It was refused, with a reason; `step` is the role that refused."""

    kind: Literal["incidents.approval_refused.v1"] = "incidents.approval_refused.v1"
    case_id: CaseId
    what: ApprovalKind
    step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalWithdrawn(Event):
    """Who asked needs it no more."""

    kind: Literal["incidents.approval_withdrawn.v1"] = "incidents.approval_withdrawn.v1"
    case_id: CaseId
    what: ApprovalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOffered(Event):
    """The case must be acknowledged by a person: by `ack_due_at`, and meanwhile it reaches more people step by step.

    `rule` names the rule by which a quiet case became loud.
    """

    kind: Literal["incidents.alert_offered.v1"] = "incidents.alert_offered.v1"
    case_id: CaseId
    priority: Priority
    ack_due_at: datetime | None
    roles: tuple[str, ...]
    steps: tuple[EscalationDue, ...]
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(Event):
    """A person has seen it; `implied` where they acted on the case instead of saying so. `step` is how far it had gone."""

    kind: Literal["incidents.alert_acknowledged.v1"] = "incidents.alert_acknowledged.v1"
    case_id: CaseId
    priority: Priority
    offered_at: datetime
    by: str
    desk: str
    step: int
    implied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementMissed(Event):
    """Nobody acknowledged it in time."""

    kind: Literal["incidents.acknowledgement_missed.v1"] = "incidents.acknowledgement_missed.v1"
    case_id: CaseId
    priority: Priority
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEscalated(Event):
    """Nobody acknowledged it: from now on these roles hear it too."""

    kind: Literal["incidents.alert_escalated.v1"] = "incidents.alert_escalated.v1"
    case_id: CaseId
    priority: Priority
    step: int
    roles: tuple[str, ...]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWarned(Event):
    """Most of a limit has passed (80 %): of the case's present stage, or of an assisting department's part."""

    kind: Literal["incidents.limit_warned.v1"] = "incidents.limit_warned.v1"
    case_id: CaseId
    stage: Stage
    department: str | None
    warn_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPassed(Event):
    """A limit has passed: overdue."""

    kind: Literal["incidents.limit_passed.v1"] = "incidents.limit_passed.v1"
    case_id: CaseId
    stage: Stage
    department: str | None
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AllClearGiven(Event):
    """The danger is over by two sources (险情解除): the case closes by itself at `closes_at` unless somebody objects."""

    kind: Literal["incidents.all_clear_given.v1"] = "incidents.all_clear_given.v1"
    case_id: CaseId
    closes_at: datetime
    disposition: str
    note: str
    conditions: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingCancelled(Event):
    """Somebody objected: the case does not close by itself."""

    kind: Literal["incidents.closing_cancelled.v1"] = "incidents.closing_cancelled.v1"
    case_id: CaseId
    reason: str
