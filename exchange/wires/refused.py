"""What could not be read, counted by wire and source and kept for inspection: the newest of each source, within bounds."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from vocabulary.clock import Clock
from vocabulary.errors import Refused

MOST_RAW: Final = 2048
MOST_WAITING: Final = 2000
MOST_SOURCES: Final = 2000
OTHERS: Final = "…"
# So many frames of one source are kept in a minute; a device gone mad must not push out what the others sent.
KEPT_A_MINUTE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFrame:
    """One frame that was refused: its bytes as they came (the first of them), and the sentence with its values."""

    wire: str
    source: str
    at: datetime
    code: str
    values: dict[str, Any]
    raw: bytes
    size: int


class FrameStore(Protocol):
    """Where refused frames are kept: `storage.refused_frames`."""

    async def keep(self, frames: Iterable[RefusedFrame]) -> None:
        """Keep frames, and forget the oldest above the bound."""
        ...


@dataclass(slots=True)
class Tally:
    """What a source did on a wire since the console was started."""

    frames: int = 0
    readings: int = 0
    accepted: int = 0
    late: int = 0
    duplicate: int = 0
    refused: int = 0
    unknown: int = 0
    resent: int = 0
    dialect: int = 0
    newest_at: datetime | None = None

    def add(self, other: "Tally") -> None:
        """Add another's counts to these."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.newest_at and (self.newest_at is None or other.newest_at > self.newest_at):
            self.newest_at = other.newest_at


_COUNTS: Final = (
    "frames", "readings", "accepted", "late", "duplicate", "refused", "unknown", "resent", "dialect",
)  # fmt: skip


@dataclass(slots=True)
class _Allowance:
    minute: int = 0
    used: int = 0


@dataclass
class WireBook:
    """The counts of every wire and source, and the refused frames that wait to be kept. One loop writes it."""

    clock: Clock
    _tallies: "OrderedDict[tuple[str, str], Tally]" = field(default_factory=OrderedDict)
    _waiting: "deque[RefusedFrame]" = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    _allowances: dict[tuple[str, str], _Allowance] = field(default_factory=dict)
    _keeping: asyncio.Lock = field(default_factory=asyncio.Lock)

    def tally(self, wire: str, source: str) -> Tally:
        """Return the counts of a source; beyond so many sources the further ones share one row."""
        key = (wire, source)
        if key not in self._tallies and len(self._tallies) >= MOST_SOURCES:
            key = (wire, OTHERS)
        return self._tallies.setdefault(key, Tally())

    def refuse(self, wire: str, source: str, reason: Refused, raw: bytes = b"") -> None:
        """Count a refusal, and keep the frame unless its source has had its share of this minute."""
        now = self.clock.now()
        tally = self.tally(wire, source)
        tally.refused += 1
        if self._may_keep((wire, source), now):
            self._waiting.append(
                RefusedFrame(
                    wire=wire,
                    source=source,
                    at=now,
                    code=reason.code,
                    values=dict(reason.values),
                    raw=bytes(raw[:MOST_RAW]),
                    size=len(raw),
                )
            )

    def _may_keep(self, key: tuple[str, str], now: datetime) -> bool:
        if key not in self._allowances and len(self._allowances) >= MOST_SOURCES:
            self._allowances.clear()
        minute = int(now.timestamp()) // 60
        allowance = self._allowances.setdefault(key, _Allowance())
        if allowance.minute != minute:
            allowance.minute, allowance.used = minute, 0
        allowance.used += 1
        return allowance.used <= KEPT_A_MINUTE

    async def keep(self, store: FrameStore) -> None:
        """Hand what waits to the store; what it does not take goes on waiting."""
        async with self._keeping:
            frames = list(self._waiting)
            self._waiting.clear()
            if not frames:
                return
            try:
                await store.keep(frames)
            except BaseException:
                self._waiting = deque([*frames, *self._waiting], maxlen=MOST_WAITING)
                raise

    def wires(self) -> dict[str, Tally]:
        """Return the counts by wire."""
        sums: dict[str, Tally] = {}
        for (wire, _), tally in self._tallies.items():
            sums.setdefault(wire, Tally()).add(tally)
        return sums

    def sources(self, wire: str) -> dict[str, Tally]:
        """Return the counts of a wire by source."""
        return {source: tally for (name, source), tally in self._tallies.items() if name == wire}
