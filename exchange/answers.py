"""What the API answers, as its description shows it; the values themselves come ready from the service."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from exchange.answers_of_cases import AlertView, ApprovalView, ClockView, PartView, TaskView
from incidents.model import Lane, LimitKind, Priority, Stage, State


class CaseRow(BaseModel):
    """A case as lists and the live feed show it."""

    id: str
    number: str
    version: int
    state: State
    lane: Lane
    priority: Priority
    category: str
    text: str
    lon: float
    lat: float
    address: str
    town: str
    cell: str
    source: str
    reported_at: str
    updated_at: str
    started_at: str | None
    warn_at: str | None
    due_at: str | None
    limit_kind: LimitKind | None
    stage: Stage | None
    lead: str | None
    assists: list[str]
    tasks: list[TaskView]
    units: list[str]
    supervised: bool
    suspended: bool
    paused: bool
    collector: str | None
    resumes_at: str | None
    closes_at: str | None
    approval: ApprovalView | None
    alert: AlertView | None
    rework_n: int
    returned_n: int
    extended_n: int
    level: str | None
    exercise: bool
    merged_into: str | None
    reports: int


class CasePage(BaseModel):
    """A page of cases; `next` goes back as `cursor`, `seq` is where the live feed may be joined."""

    items: list[CaseRow]
    next: str | None
    seq: int


class ReportView(BaseModel):
    """A report; phone and name are masked unless the asker holds `personal.read`."""

    model_config = ConfigDict(extra="allow")

    id: str
    text: str
    source: str
    occurred_at: str
    caller_phone: str | None = None
    caller_name: str | None = None


class ActorView(BaseModel):
    """Who did it."""

    id: str
    name: str
    kind: str


class TimelineEntry(BaseModel):
    """One event of a case: `at` by the server's clock, `source_at` by the sender's."""

    seq: int
    version: int
    kind: str
    at: str
    source_at: str | None
    actor: ActorView
    data: dict[str, Any]


class CaseDetail(BaseModel):
    """A case with all that happened to it, and what the asker may do now; `numbers` are those of the cases it names by id."""

    case: CaseRow
    timeline: list[TimelineEntry]
    reports: list[ReportView]
    actions: list[str]
    clock: ClockView | None = None
    parts: list[PartView] = []
    approval: ApprovalView | None = None
    numbers: dict[str, str] = {}


class ReportTaken(BaseModel):
    """A report was kept and its case stands.

    `attached`: in a case that stood before (`by_rule` says which rule put it there). `duplicates` are open cases that may be
    the same, `repeat` one that it surely repeats: nothing is merged of itself.
    """

    report: ReportView
    case: CaseRow
    seq: int
    attached: bool = False
    by_rule: str | None = None
    duplicates: list[dict[str, Any]] = []
    repeat: dict[str, Any] | None = None


class EventMark(BaseModel):
    """Which event a command made."""

    seq: int
    kind: str


class UndoView(BaseModel):
    """The command that takes another back; with `reason` it wants one beside its arguments."""

    name: str
    arguments: dict[str, Any]
    reason: bool


class CommandDone(BaseModel):
    """A command was done; `undo` takes it back at the case's new version, None where that is not safe."""

    case: CaseRow
    events: list[EventMark]
    seq: int
    undo: UndoView | None = None


class CloudEvent(BaseModel):
    """An event as other programs read it (CloudEvents 1.0)."""

    model_config = ConfigDict(extra="allow")

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: str
    sequence: str
    data: dict[str, Any]


class EventPage(BaseModel):
    """Events in the order of their numbers; `next` goes back as `after`."""

    items: list[CloudEvent]
    next: int


class UnitView(BaseModel):
    """A unit: who, what it does, where it was seen last."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    kind: str
    department: str
    status: str


class UnitList(BaseModel):
    """Every unit."""

    items: list[UnitView]


class PositionTaken(BaseModel):
    """Whether the position is the newest known of its unit."""

    accepted: bool


class Rows(BaseModel):
    """Rows of a reference table."""

    items: list[dict[str, Any]]


class County(BaseModel):
    """The county: extent, boundary, tiles."""

    model_config = ConfigDict(extra="allow")

    name: str
    bbox: list[float]
    center: list[float]


class TownShapes(BaseModel):
    """The towns as a GeoJSON FeatureCollection."""

    type: str
    features: list[dict[str, Any]]


class PlaceFound(BaseModel):
    """A place: `score` 0 to 1 by how well its name fits, `why` by what; `distance_m` where the question said near what."""

    name: str
    name_en: str
    kind: str
    town: str
    town_en: str
    lon: float
    lat: float
    score: float
    why: str
    distance_m: float | None


class PlacesFound(BaseModel):
    """Places, the likeliest first."""

    items: list[PlaceFound]


class CheckView(BaseModel):
    """One condition of readiness."""

    ok: bool
    detail: str = ""


class Readiness(BaseModel):
    """Whether the console can do its work now."""

    ready: bool
    checks: dict[str, CheckView]


class Alive(BaseModel):
    """The process answers."""

    status: str = "ok"


class Problem(BaseModel):
    """A problem (RFC 9457); further fields are what its sentence names (field, value, current_version)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    reference: str | None = None
