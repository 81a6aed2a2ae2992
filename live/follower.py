"""The follower: keeps board and ring level with the journal. Whoever wakes it, and however often, only the journal tells."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from live.deltas import Board, Delta, kind_of, replay
from live.guard import guarded
from live.pacing import Ages
from live.ports import Pace, Source
from live.recall import recall
from live.ring import Ring
from vocabulary.errors import Unavailable
from vocabulary.message import Event, Recorded

log = structlog.get_logger()
PAGE: Final = 500
UNIT_EVENTS: Final = "dispatch."


class Follower:
    """Board and ring of one journal; `tell` is called whenever the ring has grown, `stir` when an event was about units."""

    def __init__(
        self,
        source: Source,
        now_ms: Callable[[], int],
        *,
        pace: Pace,
        ages: Ages,
        tell: Callable[[], None],
        stir: Callable[[], None],
    ) -> None:
        self.board = Board()
        self.ring = Ring(0, pace.ring_size)
        self.started = False
        self.unheard = 0
        self._source, self._now_ms, self._pace, self._ages = source, now_ms, pace, ages
        self._tell, self._stir = tell, stir
        self._reading = asyncio.Lock()
        self._woken = asyncio.Event()
        self._wanted = 0

    def wake(self, seq: int = 0) -> None:
        """Have the journal looked at now, up to `seq` at least (0: nobody knows how far); on the loop's own thread."""
        if 0 < seq <= self.board.seq:
            return
        self._wanted = max(self._wanted, seq)
        self._woken.set()

    async def follow(self, alone: Callable[[], bool]) -> None:
        """Read on for ever, when woken or at the next tick, which is shorter while nobody can wake us."""
        while True:
            tick_s = self._pace.tick_alone_s if alone() else self._pace.tick_s
            with suppress(TimeoutError):
                # Not wait_for: in Python 3.11 it forgets a cancel that comes with what it waits for.
                async with asyncio.timeout(tick_s):
                    await self._woken.wait()
            self._woken.clear()
            await guarded(self.catch_up)

    async def catch_up(self) -> None:
        """Read the journal to its end."""
        async with self._reading:
            if not self.started:
                await self._begin()
            while True:
                page = await self._source.events_after(self.board.seq, PAGE)
                for recorded in page:
                    self.ring.add(await self._hear(recorded), self._now_ms())
                    if kind_of(recorded.event).startswith(UNIT_EVENTS):
                        self._stir()
                self._ages.heard("cases")
                if page:
                    self._tell()
                if not page or (len(page) < PAGE and self.board.seq >= self._wanted):
                    return

    async def _begin(self) -> None:
        board, deltas = await recall(self._source, self._pace.recalled)
        ring = Ring(board.seq - len(deltas), self._pace.ring_size)
        at_ms = self._now_ms()
        for delta in deltas:
            ring.add(delta, at_ms)
        self.board, self.ring, self.started = board, ring, True

    async def _hear(self, recorded: Recorded[Event]) -> Delta:
        try:
            before = None
            if self.board.lacks(recorded):
                history = await self._source.stream(recorded.stream)
                before = replay(history, recorded.version - 1)
            return self.board.hear(recorded, before)
        except Unavailable:
            raise
        except Exception:
            # One event nobody can apply must not silence all that follow it.
            log.exception("live_event_unheard", seq=recorded.seq, event_id=recorded.event_id)
            self.unheard += 1
            delta = Delta(recorded.seq)
            self.board.take(delta)
            return delta
