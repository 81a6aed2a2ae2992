"""What figures know of one case: its stages with their limits, its units' ways, its ends; nothing else is counted."""

from dataclasses import dataclass
from datetime import datetime

from incidents.model import Lane, Stage, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One time a case stood in a stage: when that had to end, and how it ended (empty: it has not).

    `by` did what ended it (a collector or checker is named before), `begun_by` what began it. A handling that failed its
    check is not done until it is done again, by the first deadline.
    """

    stage: Stage
    lane: Lane
    department: str
    started_at: datetime
    due_at: datetime | None
    done_at: datetime | None = None
    ended: str = ""
    by: str = ""
    begun_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One unit asked to go to a case, and the times it told."""

    id: str
    unit: str
    offered_at: datetime
    acked_at: datetime | None = None
    enroute_at: datetime | None = None
    on_scene_at: datetime | None = None
    ended_at: datetime | None = None
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """One case as figures count it. Limits are judged by the server's clock, the units' chain by the time a crew told.

    `said_at` is when the first report's source says it was. A sender that also tells of a dispatch before we heard of the case
    is a call taker of its own: its case counts from then, `reported_at` too.
    """

    id: str
    number: str
    town: str
    category: str
    source: str
    lane: Lane
    priority: str
    exercise: bool
    lon_deg: float
    lat_deg: float
    reported_at: datetime
    said_at: datetime | None = None
    opened_at: datetime
    state: State = State.NEW
    opened_by: str = ""
    lead: str = ""
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    arrived_at: datetime | None = None
    controlled_at: datetime | None = None
    resolved_at: datetime | None = None
    ended_at: datetime | None = None
    close_due_at: datetime | None = None
    held_at: datetime | None = None
    resumed_at: datetime | None = None
    disposition: str = ""
    verified: bool = False
    rework_n: int = 0
    returned_n: int = 0
    extended_n: int = 0
    episode: int = 1
    visits: tuple[Visit, ...] = ()
    rides: tuple[Ride, ...] = ()

    @property
    def open(self) -> bool:
        """Say whether somebody still has to do something."""
        return self.ended_at is None
