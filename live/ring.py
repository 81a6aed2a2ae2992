"""The ring: the newest events by seq, one encoded frame per audience, read by any number of cursors."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from live.audience import Audience
from live.deltas import Delta
from live.frames import event_frame, numbers_frame

CHUNK_MAX: Final = (
    128  # frames handed over at once: bounds what one send holds for a listener far behind
)


@dataclass(slots=True)
class _Entry:
    delta: Delta
    at_ms: int
    frames: dict[Audience, bytes | None] = field(default_factory=dict)

    def frame(self, audience: Audience) -> bytes | None:
        if audience not in self.frames:
            self.frames[audience] = event_frame(self.delta, audience, self.at_ms)
        return self.frames[audience]


class Ring:
    """Holds deltas `floor + 1` to `seq`; a cursor is the last seq its listener has."""

    def __init__(self, seq: int, size: int) -> None:
        self.floor = seq
        self._size = size
        self._entries: deque[_Entry] = deque()
        self._chunks: dict[tuple[Audience, int], tuple[bytes, int]] = {}

    @property
    def seq(self) -> int:
        """Return the newest seq held."""
        return self.floor + len(self._entries)

    def add(self, delta: Delta, at_ms: int) -> None:
        """Add the next delta. A hole in the numbers empties the ring: nobody can be served across it."""
        if delta.seq != self.seq + 1:
            self._entries.clear()
            self.floor = delta.seq - 1
        self._entries.append(_Entry(delta, at_ms))
        if len(self._entries) > self._size:
            self._entries.popleft()
            self.floor += 1
        self._chunks.clear()

    def holds(self, cursor: int) -> bool:
        """Say whether a listener at `cursor` can go on from here."""
        return self.floor <= cursor <= self.seq

    def after(self, audience: Audience, cursor: int) -> tuple[bytes, int]:
        """Return the frames after `cursor` (at most a chunk of them) and the cursor behind them."""
        if cursor == self.seq:
            return b"", cursor
        key = (audience, cursor)
        if key not in self._chunks:
            self._chunks[key] = self._chunk(audience, cursor)
        return self._chunks[key]

    def _chunk(self, audience: Audience, cursor: int) -> tuple[bytes, int]:
        parts: list[bytes] = []
        unseen_from = 0
        last = min(self.seq, cursor + CHUNK_MAX)
        for seq in range(cursor + 1, last + 1):
            entry = self._entries[seq - self.floor - 1]
            encoded = entry.frame(audience)
            if encoded is None:
                unseen_from = unseen_from or seq
                continue
            if unseen_from:
                parts.append(numbers_frame(unseen_from, seq - 1, entry.at_ms))
                unseen_from = 0
            parts.append(encoded)
        if unseen_from:
            at_ms = self._entries[last - self.floor - 1].at_ms
            parts.append(numbers_frame(unseen_from, last, at_ms))
        return b"".join(parts), last
