"""The newest events this process kept, still in memory: who follows the journal need not read back what was just written."""

import threading
from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final

from vocabulary.message import Event, Recorded

HELD: Final = 2000


class NewestEvents:
    """An unbroken run of events up to the newest; safe from any thread."""

    def __init__(self, held: int = HELD) -> None:
        self._events: deque[Recorded[Event]] = deque(maxlen=held)
        self._lock = threading.Lock()

    def add(self, kept: Sequence[Recorded[Event]]) -> None:
        """Take in what was committed; where another process wrote in between, a new run begins."""
        if not kept:
            return
        with self._lock:
            if self._events and self._events[-1].seq + 1 != kept[0].seq:
                self._events.clear()
            self._events.extend(kept)

    def after(self, seq: int, limit: int) -> list[Recorded[Event]]:
        """Return at most `limit` events after `seq`; empty where the next one is not held, which says nothing of the journal."""
        with self._lock:
            if not self._events or not self._events[0].seq <= seq + 1 <= self._events[-1].seq:
                return []
            start = seq + 1 - self._events[0].seq
            return list(islice(self._events, start, start + limit))
