"""Units (vehicles, teams, drones) and where they are, as values."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.assignment import Assignment
from vocabulary.ids import CaseId, UnitId
from vocabulary.place import Place

# A unit moved from a merged case to its master has not rested in between.
SAME_RUN = timedelta(minutes=1)


class UnitKind(StrEnum):
    """What goes; the map has a mark for each, and `dispatch/tables/kinds.csv` a row."""

    ENGINE = "engine"
    AMBULANCE = "ambulance"
    POLICE = "police"
    TEAM = "team"
    VEHICLE = "vehicle"
    DRONE = "drone"
    ROBOT = "robot"
    PERSON = "person"


class UnitStatus(StrEnum):
    """Derived, never set: from assignments, roster, rest and what the crew said; see `dispatch.duty.status_at`."""

    AVAILABLE = "available"
    ASSIGNED = "assigned"
    ENROUTE = "enroute"
    ON_SCENE = "on_scene"
    BREAK = "break"  # 休整
    OFF_DUTY = "off_duty"
    OUT_OF_SERVICE = "out_of_service"


class Declared(StrEnum):
    """What a crew may say of itself by radio."""

    AVAILABLE = "available"
    BREAK = "break"
    OUT_OF_SERVICE = "out_of_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A weekly time of duty by the county's clock: Monday is 1; where it ends before it begins, it ends the next day."""

    weekday: int
    begins_min: int
    ends_min: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What the crew said last, until when it holds (None: until it says otherwise), and what was odd about it."""

    status: Declared
    said_at: datetime
    until: datetime | None = None
    note: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as the fold of its events.

    `cases` are those it is on, oldest first; `assignment` is the newest one, open or ended; `busy_since` and `freed_at`
    are the two ends of the last time it was on any case.
    """

    id: UnitId
    version: int
    name: str
    kind: UnitKind
    department: str
    home: Place | None = None
    name_en: str = ""
    skills: tuple[str, ...] = ()
    crew: int = 0
    vehicle: str = ""
    radio: str = ""
    roster: tuple[Shift, ...] = ()
    word: Word | None = None
    cases: tuple[CaseId, ...] = ()
    assignment: Assignment | None = None
    busy_since: datetime | None = None
    freed_at: datetime | None = None

    @property
    def open_assignment(self) -> Assignment | None:
        """Return the assignment it has not finished; there is at most one."""
        return self.assignment if self.assignment and self.assignment.open else None

    def assigned(self, case_id: CaseId, at: datetime) -> "Unit":
        """Return the unit with one more case."""
        goes_on = self.cases or (self.freed_at and at - self.freed_at < SAME_RUN)
        since = self.busy_since if goes_on else at
        return replace(self, cases=(*self.cases, case_id), busy_since=since)

    def released(self, case_id: CaseId, at: datetime) -> "Unit":
        """Return the unit without that case."""
        remaining = tuple(other for other in self.cases if other != case_id)
        freed_at = at if self.cases and not remaining else self.freed_at
        return replace(self, cases=remaining, freed_at=freed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a unit was seen: `observed_at` is the unit's own clock, `received_at` ours."""

    unit_id: UnitId
    place: Place
    observed_at: datetime
    received_at: datetime
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
