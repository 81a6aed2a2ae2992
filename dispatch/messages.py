"""What the room tells about units and their assignments, in the stream of the unit. A published version stays: add v2."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dispatch.assignment import AssignmentId
from dispatch.model import Declared, Shift, UnitKind
from vocabulary.ids import CaseId, UnitId
from vocabulary.message import Event
from vocabulary.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered(Event):
    """A unit is known, or its particulars were set anew."""

    kind: Literal["dispatch.unit_registered.v1"] = "dispatch.unit_registered.v1"
    unit_id: UnitId
    name: str
    unit_kind: UnitKind
    department: str
    home: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAssigned(Event):
    """A unit goes to a case; another assignment it has stays as it is."""

    kind: Literal["dispatch.unit_assigned.v1"] = "dispatch.unit_assigned.v1"
    unit_id: UnitId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReleased(Event):
    """A unit is done with a case."""

    kind: Literal["dispatch.unit_released.v1"] = "dispatch.unit_released.v1"
    unit_id: UnitId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEquipped(Event):
    """What a unit can do and with what: skills, crew, vehicle, radio call sign."""

    kind: Literal["dispatch.unit_equipped.v1"] = "dispatch.unit_equipped.v1"
    unit_id: UnitId
    name_en: str
    skills: tuple[str, ...]
    crew: int
    vehicle: str
    radio: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRostered(Event):
    """When a unit is on duty in a week; an empty roster: always."""

    kind: Literal["dispatch.unit_rostered.v1"] = "dispatch.unit_rostered.v1"
    unit_id: UnitId
    roster: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStatusSaid(Event):
    """A crew said what it does; `warnings` say what spoke against it, for it is taken all the same."""

    kind: Literal["dispatch.unit_status_said.v1"] = "dispatch.unit_status_said.v1"
    unit_id: UnitId
    status: Declared
    said_at: datetime
    until: datetime | None
    note: str
    warnings: tuple[str, ...]
    by_radio: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentOffered(Event):
    """A unit is asked to go to a case; `follows` names the assignment in whose place it is asked."""

    kind: Literal["dispatch.assignment_offered.v1"] = "dispatch.assignment_offered.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId
    answer_by: datetime | None
    attempt: int
    follows: AssignmentId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAcked(Event):
    """The unit answered: it goes."""

    kind: Literal["dispatch.assignment_acked.v1"] = "dispatch.assignment_acked.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentEnroute(Event):
    """The unit rolls."""

    kind: Literal["dispatch.assignment_enroute.v1"] = "dispatch.assignment_enroute.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentOnScene(Event):
    """The unit is on scene."""

    kind: Literal["dispatch.assignment_on_scene.v1"] = "dispatch.assignment_on_scene.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCleared(Event):
    """The unit is done."""

    kind: Literal["dispatch.assignment_cleared.v1"] = "dispatch.assignment_cleared.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDeclined(Event):
    """The unit cannot go, and says why."""

    kind: Literal["dispatch.assignment_declined.v1"] = "dispatch.assignment_declined.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentTimedOut(Event):
    """Nobody answered in time."""

    kind: Literal["dispatch.assignment_timed_out.v1"] = "dispatch.assignment_timed_out.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCancelled(Event):
    """The centre, or the case's end, called the unit off."""

    kind: Literal["dispatch.assignment_cancelled.v1"] = "dispatch.assignment_cancelled.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReassigned(Event):
    """The unit goes to another case instead; what it had answered goes with it."""

    kind: Literal["dispatch.assignment_reassigned.v1"] = "dispatch.assignment_reassigned.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId
    to_case: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentEscalated(Event):
    """The second unit in a row did not answer, or nobody is left to ask: the duty supervisor decides."""

    kind: Literal["dispatch.assignment_escalated.v1"] = "dispatch.assignment_escalated.v1"
    assignment_id: AssignmentId
    unit_id: UnitId
    case_id: CaseId
    attempt: int
    nobody_left: bool
