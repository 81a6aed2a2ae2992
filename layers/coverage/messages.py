"""What the coverage room is asked and tells about its sites: out of service, and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vocabulary.message import Command, Event
from vocabulary.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginOutage(Command):
    """Say that a site, or some of its cells, are out of service (退服); no cells named means the whole site."""

    kind: Literal["coverage.begin_outage.v1"] = "coverage.begin_outage.v1"
    site_id: str
    cells: tuple[str, ...] = ()
    cause: str = "unknown"
    note: str = ""
    since_at: datetime | None = None
    exercise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOutage(Command):
    """Say that a site is in service again."""

    kind: Literal["coverage.end_outage.v1"] = "coverage.end_outage.v1"
    site_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageBegan(Event):
    """A site went out of service; what the prediction says it takes away (`people` to `cut_off`) is None while unknown."""

    kind: Literal["coverage.outage_began.v1"] = "coverage.outage_began.v1"
    site_id: str
    name: str
    operator: str
    place: Place
    cells: tuple[str, ...]
    cause: str
    since_at: datetime
    people: int | None
    area_km2: float | None
    cut_off: tuple[str, ...]
    note: str
    exercise: bool
    without_any: int | None = (
        None  # people with no network of any operator; not told before 2026-11-27
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageEnded(Event):
    """A site is in service again; `minutes` is how long it was not, by its own clock."""

    kind: Literal["coverage.outage_ended.v1"] = "coverage.outage_ended.v1"
    site_id: str
    began_seq: int
    minutes: float
    note: str
