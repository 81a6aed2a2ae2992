"""What the room is asked: commands, imperative, one handler each, may be refused. When it happened travels in the envelope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from incidents.model import Lane, Level, Priority
from vocabulary.ids import CaseId, UnitId
from vocabulary.message import Command
from vocabulary.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReport(Command):
    """Take a report and open its case. `caller_phone` and `caller_name` are personal and never enter an event."""

    kind: Literal["incidents.receive_report.v1"] = "incidents.receive_report.v1"
    text: str
    category: str
    place: Place
    occurred_at: datetime | None = None
    source: str = "phone"
    caller_phone: str | None = None
    caller_name: str | None = None
    address: str = ""
    lane: Lane | None = None
    priority: Priority | None = None
    exercise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestVerification(Command):
    """Have somebody near see whether it is so, before filing (核实)."""

    kind: Literal["incidents.request_verification.v1"] = "incidents.request_verification.v1"
    collector: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Command):
    """File the case (立案) under a filing condition; it may be left out where the category has only one."""

    kind: Literal["incidents.file.v1"] = "incidents.file.v1"
    condition: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command):
    """Do not file (不予立案), for a coded reason (`codes.csv`, list reject_reason)."""

    kind: Literal["incidents.reject.v1"] = "incidents.reject.v1"
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Command):
    """Make this case a part of `master` (并案)."""

    kind: Literal["incidents.merge.v1"] = "incidents.merge.v1"
    master: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerge(Command):
    """Let a merged case stand alone again."""

    kind: Literal["incidents.unmerge.v1"] = "incidents.unmerge.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch(Command):
    """Send a lead department (default: the category's), assisting ones and units; later, call in more of them."""

    kind: Literal["incidents.dispatch.v1"] = "incidents.dispatch.v1"
    lead: str | None = None
    assists: tuple[str, ...] = ()
    units: tuple[UnitId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Command):
    """Sign for the task (签收)."""

    kind: Literal["incidents.accept.v1"] = "incidents.accept.v1"
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Command):
    """Send the task back (退回) before it is signed for: the lead, or an assistant for its part, says why it is not its."""

    kind: Literal["incidents.return.v1"] = "incidents.return.v1"
    reason: str
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive(Command):
    """Say that a department is on scene (到场)."""

    kind: Literal["incidents.arrive.v1"] = "incidents.arrive.v1"
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Control(Command):
    """Say that the danger is under control (险情控制)."""

    kind: Literal["incidents.control.v1"] = "incidents.control.v1"
    department: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAssist(Command):
    """An assisting department says that its part is done."""

    kind: Literal["incidents.clear_assist.v1"] = "incidents.clear_assist.v1"
    department: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAssist(Command):
    """Let an assisting department go; it may be left out where only one assists."""

    kind: Literal["incidents.release_assist.v1"] = "incidents.release_assist.v1"
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(Command):
    """The lead reports it done (处置反馈). `photos` are ids of pictures already kept."""

    kind: Literal["incidents.resolve.v1"] = "incidents.resolve.v1"
    department: str | None = None
    note: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignCheck(Command):
    """Send somebody to see whether it was done (核查); default: who asks."""

    kind: Literal["incidents.assign_check.v1"] = "incidents.assign_check.v1"
    checker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassCheck(Command):
    """The check found it done: the case is closed. `conditions` None confirms all closing conditions."""

    kind: Literal["incidents.pass_check.v1"] = "incidents.pass_check.v1"
    disposition: str = "handled"
    note: str = ""
    conditions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Command):
    """Close the case (结案).

    `basis` defaults to direct, or to check_passed where a check runs; two_sources needs `evidence` of two kinds, each
    written kind:id (sensor:WL-12, unit:E4). `conditions` None confirms all closing conditions (结案条件).
    """

    kind: Literal["incidents.close.v1"] = "incidents.close.v1"
    disposition: str = "handled"
    basis: Literal["check_passed", "direct", "two_sources"] | None = None
    note: str = ""
    conditions: tuple[str, ...] | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRework(Command):
    """The check found it not done: the same lead does it again (返工)."""

    kind: Literal["incidents.rework.v1"] = "incidents.rework.v1"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """Take up a closed case again as a new episode; `lead` defaults to who handled it."""

    kind: Literal["incidents.reopen.v1"] = "incidents.reopen.v1"
    reason: str
    lead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Void(Command):
    """Strike out a case that was opened by mistake (作废)."""

    kind: Literal["incidents.void.v1"] = "incidents.void.v1"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(Command):
    """Ask for a hold (挂账) until a stated instant; it begins when those the table names have approved it."""

    kind: Literal["incidents.suspend.v1"] = "incidents.suspend.v1"
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """End the hold."""

    kind: Literal["incidents.resume.v1"] = "incidents.resume.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Command):
    """Ask for more time (延期): until a stated instant, or, left out, by the handling limit once more."""

    kind: Literal["incidents.extend.v1"] = "incidents.extend.v1"
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervise(Command):
    """Put the case under supervision (督办)."""

    kind: Literal["incidents.supervise.v1"] = "incidents.supervise.v1"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLevel(Command):
    """Set, raise or lower the emergency's level; None ends it."""

    kind: Literal["incidents.change_level.v1"] = "incidents.change_level.v1"
    level: Level | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLane(Command):
    """Make a routine case an emergency (平→急) or the reverse (急→平)."""

    kind: Literal["incidents.change_lane.v1"] = "incidents.change_lane.v1"
    lane: Lane
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePriority(Command):
    """Change the priority. Lowering needs a person and a reason; `rule` is for the system, which only raises."""

    kind: Literal["incidents.change_priority.v1"] = "incidents.change_priority.v1"
    priority: Priority
    reason: str = ""
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCategory(Command):
    """Set the category right; after filing only for a while."""

    kind: Literal["incidents.correct_category.v1"] = "incidents.correct_category.v1"
    category: str
    condition: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(Command):
    """Write a fact into the timeline."""

    kind: Literal["incidents.add_note.v1"] = "incidents.add_note.v1"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command):
    """Approve the hold or extension that is asked for, as the role whose turn it is."""

    kind: Literal["incidents.approve.v1"] = "incidents.approve.v1"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(Command):
    """Refuse the hold or extension that is asked for, as the role whose turn it is."""

    kind: Literal["incidents.refuse.v1"] = "incidents.refuse.v1"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """Take back the hold or extension that was asked for."""

    kind: Literal["incidents.withdraw.v1"] = "incidents.withdraw.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Command):
    """Say that the alert has been seen; `desk` names the desk it was seen at."""

    kind: Literal["incidents.acknowledge.v1"] = "incidents.acknowledge.v1"
    desk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAllClear(Command):
    """Say that the danger is over (险情解除): an emergency closes by itself after a grace in which anybody may object.

    `evidence` names two sources that agree, each kind:id (sensor:WL-12, unit:E4); `conditions` None confirms all closing
    conditions.
    """

    kind: Literal["incidents.all_clear.v1"] = "incidents.all_clear.v1"
    evidence: tuple[str, ...]
    disposition: str = "handled"
    note: str = ""
    conditions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOpen(Command):
    """Object to the all-clear: the case does not close by itself."""

    kind: Literal["incidents.keep_open.v1"] = "incidents.keep_open.v1"
    reason: str
