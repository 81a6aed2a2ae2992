"""What the HTTP API asks of the console: one Protocol, wired in `runtime/`, and the values that cross it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from county.messages import CloseRoad, ReopenRoad
from dispatch.assignment_rules import Step
from dispatch.model import Declared, UnitKind
from incidents.commands import ReceiveReport
from incidents.filters import CaseFilter
from security.principal import Principal
from vocabulary.message import Command
from vocabulary.place import Place

Json = dict[str, Any]  # JSON-ready: str, int, float, bool, None, list and dict only


class Answer(Protocol):
    """What a writing request is answered with; `replayed` says the same key was answered before for this very body."""

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        ...

    @property
    def body(self) -> Json:
        """Return the JSON-ready body."""
        ...

    @property
    def replayed(self) -> bool:
        """Say whether this was answered before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """Makes a writing request happen once: the sender's key, and a digest of what was sent under it."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCommand:
    """A wish about one case, as the sender saw it at `version`; `source_at` is when it really happened."""

    case_id: str
    name: str
    version: int
    command: Command
    source_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit made known, or made known again: the same id twice is the same unit."""

    id: str
    name: str
    kind: UnitKind
    department: str
    home: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionReport:
    """Where a unit says it is, by its own clock."""

    place: Place
    observed_at: datetime | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelQuestion:
    """Where to by road: a case or a place, and the units whose ways are wanted, or within how many minutes."""

    case_id: str | None = None
    place: Place | None = None
    paths: frozenset[str] = frozenset()
    minutes: tuple[float, ...] = ()
    toward: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One named condition of readiness; `detail` holds no secret and no path."""

    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether the console can do its work now."""

    checks: Mapping[str, Check] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Say whether every check passes."""
        return all(check.ok for check in self.checks.values())


class CaseService(Protocol):
    """The console as the API sees it. Each method enforces who may see or do what beyond the gate's route permission."""

    async def receive_report(
        self, principal: Principal, report: ReceiveReport, once: Once, case_id: str | None = None
    ) -> Answer:
        """Keep a report, in the case that is named or in one of its own: 201 with {"report", "case", "seq", …}."""
        ...

    async def command(self, principal: Principal, command: CaseCommand, once: Once) -> Answer:
        """Do one command: 200 with {"case", "events", "seq"}; a stale version is Refused("case.stale") with 409."""
        ...

    async def list_cases(
        self, principal: Principal, wanted: CaseFilter, limit: int, cursor: str | None
    ) -> Json:
        """Return {"items": [row], "next": cursor | None, "seq": N}: only what the principal may see."""
        ...

    async def case_detail(self, principal: Principal, case_id: str) -> Json | None:
        """Return {"case", "timeline", "reports", "actions"}, or None where it is not there for this principal."""
        ...

    async def changes(self, principal: Principal, case_id: str, after_version: int) -> list[Json]:
        """Return what happened to a case after a version, as in its timeline; empty where the principal may not see it."""
        ...

    def towns(self) -> Json:
        """Return the towns as a GeoJSON FeatureCollection with id, name_zh and name_en."""
        ...

    async def alerts(self, principal: Principal, waiting: bool | None, limit: int) -> Json:
        """Return {"items": [alert]}: those that wait for an acknowledgement first, then the newest."""
        ...

    async def acknowledgement(
        self, principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        """Return how alerts of a window were acknowledged: counts, shares, latencies, misses."""
        ...

    async def events(self, principal: Principal, after: int, limit: int) -> Json:
        """Return {"items": [CloudEvent], "next": seq}: `next` is `after` itself where nothing newer is there."""
        ...

    async def units(self, principal: Principal) -> list[Json]:
        """Return every unit with its state and last position."""
        ...

    async def unit(self, principal: Principal, unit_id: str) -> Json:
        """Return one unit as `units` shows it; Refused where it is not known."""
        ...

    async def add_unit(self, principal: Principal, unit: NewUnit) -> Answer:
        """Make a unit known: 201 the first time, 200 when it was known; body is the unit."""
        ...

    async def unit_position(
        self, principal: Principal, unit_id: str, position: PositionReport
    ) -> Json:
        """Take a position: {"accepted": bool} (False: older than what is known); an unknown unit is refused with 404."""
        ...

    async def assignments(
        self, principal: Principal, case_id: str | None, unit_id: str | None, open: bool | None
    ) -> list[Json]:
        """Return assignments, oldest first: only those of units the principal may speak for."""
        ...

    async def assignment_step(
        self,
        principal: Principal,
        id: str,
        step: Step,
        reason: str,
        source_at: datetime | None,
        once: Once,
    ) -> Answer:
        """Do one step: 200 with {"assignment", "seq"}; one that comes too late is Refused with 409."""
        ...

    async def unit_status(
        self,
        principal: Principal,
        unit_id: str,
        status: Declared,
        until: datetime | None,
        note: str,
        source_at: datetime | None,
        once: Once,
    ) -> Answer:
        """Take a crew's word: 200 with {"unit", "warnings", "seq"}."""
        ...

    def categories(self) -> list[Json]:
        """Return the category table, one row per code, with limits and defaults."""
        ...

    async def departments(self) -> list[Json]:
        """Return the departments: id, name."""
        ...

    async def county(self) -> Json:
        """Return name, code, bbox, center, tiles, attribution, and `boundary` as GeoJSON geometry."""
        ...

    async def locate(self, principal: Principal, lon: float, lat: float) -> Json:
        """Return where a position is, in names; Refused outside the county, and where the two numbers are swapped."""
        ...

    async def search(
        self, principal: Principal, text: str, near: Place | None, limit: int
    ) -> list[Json]:
        """Return the places called so, the best first; Unavailable while the county's names are being read."""
        ...

    async def closures(self, principal: Principal, *, ended: bool) -> Json:
        """Return {"items": [closure], "seq": N}: those that stand, or the newest that are over."""
        ...

    async def close_road(self, principal: Principal, wish: CloseRoad, once: Once) -> Answer:
        """Close a road: 201 with {"closure", "seq"}; ground outside the county is refused."""
        ...

    async def reopen_road(self, principal: Principal, wish: ReopenRoad, once: Once) -> Answer:
        """End a closure: 200 with {"closure", "seq"}; one that is over is Refused("roads.closure_over") with 409."""
        ...

    async def nearest_road(self, principal: Principal, place: Place) -> Json:
        """Return the stretch of road at a place; Unavailable while the roads are being read."""
        ...

    async def travel(self, principal: Principal, asked: TravelQuestion) -> Json:
        """Return how long every unit needs by road, soonest first."""
        ...

    async def isochrones(self, principal: Principal, asked: TravelQuestion) -> Json:
        """Return a GeoJSON feature collection of what is reached in time."""
        ...

    async def health(self) -> Health:
        """Return the named checks: store, bus, tiles."""
        ...
