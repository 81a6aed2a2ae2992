"""A plan and its levels, and a case's response under it, as values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.recommendation.model import Need
from incidents.model import Level
from vocabulary.ids import CaseId

# From the smallest to the largest: each level adds to those before it.
RISING: Final = (Level.IV, Level.III, Level.II, Level.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the checklist: what is to be done, by whom, and within how many minutes of its level."""

    id: str
    zh: str
    en: str = ""
    department: str | None = None
    within_min: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLevel:
    """What one level adds; `area_m` is the radius to be closed off, `notify` whom to tell: role:…, department:…, level:…."""

    level: Level
    area_m: int = 0
    departments: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan at one version; `levels` rise from Ⅳ to Ⅰ."""

    id: str
    version: int
    name_zh: str
    name_en: str
    categories: tuple[str, ...]
    levels: tuple[PlanLevel, ...]

    def up_to(self, level: Level) -> tuple[PlanLevel, ...]:
        """Return the levels that hold at `level`: its own and every smaller one."""
        return tuple(one for one in self.levels if RISING.index(one.level) <= RISING.index(level))

    def needs_at(self, level: Level) -> tuple[Need, ...]:
        """Return what is needed at a level, the smaller levels' first."""
        return tuple(need for one in self.up_to(level) for need in one.needs)

    def tasks_at(self, level: Level) -> tuple[tuple[Level, Task], ...]:
        """Return what is to be done at a level, each with the level that asks for it."""
        return tuple((one.level, task) for one in self.up_to(level) for task in one.tasks)

    def departments_at(self, level: Level) -> tuple[str, ...]:
        """Return who takes part at a level, each once."""
        return tuple(dict.fromkeys(name for one in self.up_to(level) for name in one.departments))

    def notified_at(self, level: Level) -> tuple[str, ...]:
        """Return who is told at a level, each once."""
        return tuple(dict.fromkeys(name for one in self.up_to(level) for name in one.notify))

    def area_at(self, level: Level) -> int:
        """Return the radius to be closed off at a level."""
        return max((one.area_m for one in self.up_to(level)), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A task that was done: when it was said, and by whom."""

    task: str
    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A case under a plan, as the fold of its events; `ended_at` once the plan was stood down.

    A case may go through several plans; this is the newest. `reached` is when each level was first set.
    """

    case_id: CaseId
    version: int
    plan_id: str = ""
    plan_version: int = 0
    level: Level | None = None
    activated_at: datetime | None = None
    activated_by: str = ""
    exercise: bool = False
    ticks: tuple[Tick, ...] = ()
    reached: tuple[tuple[Level, datetime], ...] = ()
    ended_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Say whether a plan holds now."""
        return bool(self.plan_id) and self.ended_at is None
