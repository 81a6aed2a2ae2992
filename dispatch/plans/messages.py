"""What is told about plans: a version kept; and, in the stream of a case's response, what was activated, done and sent."""

from dataclasses import dataclass
from typing import Literal

from dispatch.plans.model import Plan
from dispatch.recommendation.model import Answer
from incidents.model import Level
from vocabulary.ids import CaseId, UnitId
from vocabulary.message import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanKept(Event):
    """A version of a plan is in force from now on; earlier ones stay, because cases were handled under them."""

    kind: Literal["dispatch.plan_kept.v1"] = "dispatch.plan_kept.v1"
    plan: Plan
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanActivated(Event):
    """A plan holds for a case; `notify` and `departments` are whom its level names. An exercise (演练) says so."""

    kind: Literal["dispatch.plan_activated.v1"] = "dispatch.plan_activated.v1"
    case_id: CaseId
    plan_id: str
    plan_version: int
    level: Level
    reason: str
    exercise: bool
    departments: tuple[str, ...]
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLevelChanged(Event):
    """The level of a case's plan was raised or lowered; `departments` and `notify` are those it adds."""

    kind: Literal["dispatch.plan_level_changed.v1"] = "dispatch.plan_level_changed.v1"
    case_id: CaseId
    plan_id: str
    level: Level
    before: Level
    reason: str
    exercise: bool
    departments: tuple[str, ...]
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStoodDown(Event):
    """A case's plan holds no more: somebody ended it, or the case is over."""

    kind: Literal["dispatch.plan_stood_down.v1"] = "dispatch.plan_stood_down.v1"
    case_id: CaseId
    plan_id: str
    reason: str
    exercise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTicked(Event):
    """A line of the checklist was done, or (`done` false) is taken back."""

    kind: Literal["dispatch.task_ticked.v1"] = "dispatch.task_ticked.v1"
    case_id: CaseId
    task: str
    done: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationSent(Event):
    """Units were sent with a recommendation on the screen: what was proposed beside what was sent, and why not the same."""

    kind: Literal["dispatch.recommendation_sent.v1"] = "dispatch.recommendation_sent.v1"
    case_id: CaseId
    proposal_id: str
    basis: str
    answers: tuple[Answer, ...]
    proposed: tuple[UnitId, ...]
    sent: tuple[UnitId, ...]
    struck: tuple[UnitId, ...]
    added: tuple[UnitId, ...]
    reason: str
    note: str
    exercise: bool
