"""Lanes of latest values: what changes fifty times between two frames costs one row, encoded once for all."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from live.frames import frame

# Kept as tuples: the collector forgets a tuple of plain values at first sight, and a list never. Twenty thousand
# lists a second, replaced each second, made it stop every screen for up to 80 ms.
Row = tuple[Any, ...]

FRAMES_KEPT: Final = 16
REFRESH_MS: Final = (
    15_000  # an unchanged value is told again this often, so that its age stays true
)
ENTITIES_MAX: Final = 200_000
INSTANTS: Final = frozenset({int, type(None)})


@dataclass(frozen=True, slots=True)
class LaneKind:
    """A lane's words on the wire and the shape of its rows: `[id, …]` with the instant at `observed` (null: never)."""

    event: str
    key: str
    widths: frozenset[int]
    observed: int


# id, lon, lat, observed_ms, status, and where they are not known yet: kind, name
UNITS: Final = LaneKind("u", "u", widths=frozenset({5, 7}), observed=3)
# id, value, observed_ms, and how its alarms stand (sensors: 0 normal … 5 never heard)
READINGS: Final = LaneKind("s", "v", widths=frozenset({3, 4}), observed=2)


class Lane:
    """The newest row of every entity, and the last few frames of changes."""

    def __init__(self, kind: LaneKind) -> None:
        self.kind = kind
        self.tick = 0
        self.refused = 0
        self._heard_ms: dict[str, int] = {}
        self._sent: dict[str, Row] = {}
        self._changed: dict[str, Row] = {}
        self._frames: deque[bytes] = deque(maxlen=FRAMES_KEPT)
        self._table: tuple[int, bytes] = (0, b"")

    @property
    def latest(self) -> dict[str, Row]:
        """Return the newest row of every entity, as told or about to be; a value that stands keeps its instant for a while."""
        return {**self._sent, **self._changed}

    def hear(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take rows in; older than what is held, malformed or too many are refused and counted."""
        heard_ms, changed, at, widths = (
            self._heard_ms,
            self._changed,
            self.kind.observed,
            self.kind.widths,
        )
        for given in rows:
            row = tuple(given)
            if len(row) not in widths or type(row[0]) is not str or type(row[at]) not in INSTANTS:
                self.refused += 1
                continue
            name, now_ms = row[0], row[at] or 0
            before_ms = heard_ms.get(name)
            if len(heard_ms) >= ENTITIES_MAX if before_ms is None else now_ms < before_ms:
                self.refused += 1
                continue
            heard_ms[name] = now_ms
            if self._differs(row):
                changed[name] = row
            else:
                changed.pop(name, None)

    def flush(self, at_ms: int) -> bool:
        """Make a frame of what changed since the last one; say whether there is one."""
        if not self._changed:
            return False
        rows = list(self._changed.values())
        self._sent.update(self._changed)
        self._changed.clear()
        self._frames.append(frame(self.kind.event, {"at": at_ms, self.kind.key: rows}))
        self.tick += 1
        return True

    def after(self, cursor: int, at_ms: int) -> tuple[bytes, int]:
        """Return what a listener at `cursor` lacks: the frames since, or the whole table when it is new or far behind."""
        behind = self.tick - cursor
        if behind == 0 or not self._sent:
            return b"", self.tick
        if cursor < 0 or behind > len(self._frames):
            return self._whole(at_ms), self.tick
        if behind == 1:
            return self._frames[-1], self.tick
        return b"".join(list(self._frames)[-behind:]), self.tick

    def _whole(self, at_ms: int) -> bytes:
        if self._table[0] != self.tick:
            rows = list(self._sent.values())
            self._table = (self.tick, frame(self.kind.event, {"at": at_ms, self.kind.key: rows}))
        return self._table[1]

    def _differs(self, row: Row) -> bool:
        sent = self._sent.get(row[0])
        if sent is None or row[1] != sent[1]:
            return True
        at = self.kind.observed
        if (row[at] or 0) - (sent[at] or 0) >= REFRESH_MS:
            return True
        return row[1:at] != sent[1:at] or row[at + 1 :] != sent[at + 1 :]
