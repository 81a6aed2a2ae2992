"""Positions of units from any wire (HTTP, MQTT, JT/T 808): what the wires bring, and what they ask of the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from exchange.field_ports import FieldService
from exchange.notify_ports import NotifyService
from exchange.ports import PositionReport
from security.principal import Principal
from vocabulary.errors import Refused, Told

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One position of one unit; `source` is the wire it came by."""

    unit_id: str
    report: PositionReport
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FixTaken:
    """What became of a fix: whether it is where the unit is now, or why it was not taken."""

    newest: bool = False
    refused: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A device in a vehicle: the unit it speaks for (None: nobody now), and the datum its receiver tells positions in.

    Where `plate` is given, only that vehicle may register by this number.
    """

    id: str
    unit_id: str | None
    plate: str = ""
    datum: str = "wgs84"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A terminal as it was heard last, by the listener's own memory."""

    connected: bool
    heard_at: datetime


class FixTaker(Protocol):
    """What a wire asks of the console."""

    async def take_fixes(self, fixes: Sequence[Fix]) -> list[FixTaken]:
        """Keep positions, each by itself; Unavailable where the store does not take them, and then none is kept."""
        ...

    async def terminal(self, id: str) -> Terminal | None:
        """Return a terminal that was made known, None for any other."""
        ...

    def terminal_code(self, id: str) -> str:
        """Return the code by which a registered terminal proves itself."""
        ...

    def terminal_heard(self, id: str, *, connected: bool) -> None:
        """Note that a terminal spoke, or went."""
        ...

    def refuse(self, wire: str, peer: str, problem: Refused, raw: bytes) -> None:
        """Count what could not be taken, and keep it for inspection."""
        ...


class AvlService(FieldService, NotifyService, Protocol):
    """The part of the API about positions in bulk, tracks and terminals."""

    async def positions(self, principal: Principal, fixes: Sequence[Fix]) -> Json:
        """Take positions, each by itself: {"items": [{"unit_id", "accepted", "problem"?}]}."""
        ...

    async def track(
        self, principal: Principal, unit_id: str, since: datetime | None, until: datetime | None
    ) -> Json:
        """Return where a unit was, as a GeoJSON feature."""
        ...

    async def terminals(self, principal: Principal) -> list[Json]:
        """Return the terminals with the units they speak for and when they were heard."""
        ...

    async def set_terminal(self, principal: Principal, terminal: Terminal) -> Json:
        """Make a terminal known, or set a known one anew."""
        ...

    async def avl(self, principal: Principal) -> Json:
        """Return what came by each wire, and the newest that was refused."""
        ...
