"""The assignment (派遣单): one unit asked to go to one case, and what it answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from vocabulary.ids import CaseId, UnitId

AssignmentId = NewType("AssignmentId", str)


class AssignmentState(StrEnum):
    """Where an assignment stands (domain.md C5)."""

    OFFERED = "OFFERED"
    ACKED = "ACKED"
    ENROUTE = "ENROUTE"
    ON_SCENE = "ON_SCENE"
    CLEARED = "CLEARED"
    DECLINED = "DECLINED"
    TIMED_OUT = "TIMED_OUT"
    CANCELLED = "CANCELLED"
    REASSIGNED = "REASSIGNED"


ONWARD = (
    AssignmentState.OFFERED,
    AssignmentState.ACKED,
    AssignmentState.ENROUTE,
    AssignmentState.ON_SCENE,
    AssignmentState.CLEARED,
)
OPEN = frozenset(ONWARD[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One assignment; `attempt` counts the units asked in a row for the same place, this one included.

    `answer_by` is when the offer lapses, None where nobody waits for an answer.
    """

    id: AssignmentId
    unit_id: UnitId
    case_id: CaseId
    state: AssignmentState
    offered_at: datetime
    offered_by: str
    answer_by: datetime | None = None
    attempt: int = 1
    follows: AssignmentId | None = None
    acked_at: datetime | None = None
    enroute_at: datetime | None = None
    on_scene_at: datetime | None = None
    ended_at: datetime | None = None
    moved_to: CaseId | None = None
    reason: str = ""

    @property
    def open(self) -> bool:
        """Say whether the unit still has something to do on it."""
        return self.state in OPEN
