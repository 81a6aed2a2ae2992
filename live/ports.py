"""What the live feed asks of the journal and the rosters, and the one table of its settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from county.closing.model import RoadClosure
from incidents.model import Case
from incidents.warnings.model import HazardWarning
from vocabulary.message import Event, Recorded


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at one instant of the journal."""

    seq: int
    cases: Sequence[Case]
    closures: Sequence[RoadClosure]
    warnings: Sequence[HazardWarning] = ()


class Source(Protocol):
    """The journal, as far as the feed reads it."""

    async def standing(self) -> "Standing":
        """Return the newest seq, and the cases open, the roads closed and the warnings that stand at that very instant."""
        ...

    async def events_after(self, seq: int, limit: int) -> Sequence[Recorded[Event]]:
        """Return at most `limit` events after `seq`, in order."""
        ...

    async def stream(self, stream: str) -> Sequence[Recorded[Event]]:
        """Return the whole history of one stream, in order."""
        ...


class Roster(Protocol):
    """What stands still: who the units are and where the sensors stand."""

    async def units(self) -> Sequence[Sequence[Any]]:
        """Return rows [id, lon, lat, observed_ms, status, kind, name]; a unit without a position has nulls."""
        ...

    async def points(self) -> Sequence[Sequence[Any]]:
        """Return rows [id, lon, lat, kind, name]."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is kept and how long is waited. Seconds are of the monotonic clock."""

    ring_size: int = 4096
    recalled: int = 500  # events read back at start, so that a restart is no reset
    tick_s: float = 1.0
    tick_alone_s: float = 0.25  # while the bus is down
    units_s: float = 0.1
    readings_s: float = 0.25
    heartbeat_s: float = 15.0
    roster_s: float = 60.0
    patience_s: float = 5.0
    lifetime_s: float = 3600.0  # then the page comes back by itself and the gate looks at it anew
    listeners_max: int = 2000
