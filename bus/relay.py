"""The relay: tells what the journal keeps, in order, once each; the request path never waits for it.

A stream takes numbers only upwards, so what is missing at its tail is told before anything newer.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Final, Protocol

import structlog

from bus.channels import EVENTS, channel_of
from bus.cloudevents import CloudEventWriter
from bus.port import Bus, Item
from vocabulary.errors import Unavailable
from vocabulary.message import Event, Recorded

log = structlog.get_logger()

BATCH: Final = 200
TICK_S: Final = 1.0
RECONCILE_EVERY_S: Final = 5.0
TRIM_EVERY_S: Final = 10.0
CLEAR_EVERY_S: Final = 0.25  # what is told leaves the outbox so late, in one transaction for many
CARRIED_MOST: Final = 8
FIRST_WAIT_S: Final = 0.1
LONGEST_WAIT_S: Final = 2.0
# The stream is a cache of the newest events: so many stay, and more only while a group is behind ...
KEPT: Final = 10_000
# ... but not more than this: what a group misses then, its reconciler finds in the journal.
KEPT_FOR_THE_SLOWEST: Final = 200_000


class Outbox(Protocol):
    """What is still to be told; storage fills it in the transaction that keeps the events."""

    async def pending(self, limit: int) -> list[Recorded[Event]]:
        """Return the oldest events still to be told, by `seq`."""
        ...

    async def done(self, seqs: Sequence[int]) -> None:
        """Take these out; unknown ones do not matter."""
        ...


class JournalReader(Protocol):
    """The journal as the bus reads it."""

    async def events_after(self, seq: int, limit: int) -> list[Recorded[Event]]:
        """Return the events after `seq` in order, at most `limit`."""
        ...

    async def last_seq(self) -> int:
        """Return the newest `seq`, 0 for an empty journal."""
        ...


class Relay:
    """Moves events from the outbox to the stream and announces each on its channel; `wake` it after a commit."""

    def __init__(
        self,
        outbox: Outbox,
        journal: JournalReader,
        bus: Bus,
        writer: CloudEventWriter,
        *,
        stream: str = EVENTS,
        kept: int = KEPT,
        tick_s: float = TICK_S,
    ) -> None:
        self.told = 0
        self._outbox = outbox
        self._journal = journal
        self._bus = bus
        self._writer = writer
        self._stream = stream
        self._kept = kept
        self._tick_s = tick_s
        self._tail: int | None = None  # where the stream stood when last seen
        self._to_clear: list[int] = []  # told, and still in the outbox
        self._clear_at = 0.0
        self._carried: deque[tuple[str, bytes]] = deque(maxlen=CARRIED_MOST)
        self._wanted = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._trim_at = self._reconcile_at = 0.0
        self._trim_told = 0

    def wake(self, _seq: int = 0) -> None:
        """Say that there is something to tell; from any thread, so that it may be a journal's `on_commit`."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is already closed
                self._loop.call_soon_threadsafe(self._wanted.set)

    def carry(self, channel: str, payload: bytes) -> None:
        """Announce something that is no event behind those there are to tell; on the loop's own thread."""
        self._carried.append((channel, payload))
        self._wanted.set()

    async def run(self) -> None:
        """Tell for ever; while Redis is down wait longer and longer, at most two seconds."""
        self._loop = asyncio.get_running_loop()
        wait_s = 0.0
        while True:
            try:
                await self.step()
            except Unavailable as problem:
                if not wait_s:
                    log.warning("relay_waits", code=problem.code, problem=str(problem))
                wait_s = min(max(wait_s * 2, FIRST_WAIT_S), LONGEST_WAIT_S)
            except Exception:
                log.exception("relay_failed")
                wait_s = LONGEST_WAIT_S
            else:
                if wait_s:
                    log.info("relay_goes_on", told=self.told)
                wait_s = 0.0
            await self._rest(wait_s)

    async def step(self) -> None:
        """Tell everything there is to tell; now and then compare the tail and forget what is old."""
        self._wanted.clear()
        await self._tell_newest()
        while self._carried:
            await self._bus.publish(*self._carried.popleft())
        if reconcile := monotonic() >= self._reconcile_at:
            await self.reconcile()
            self._reconcile_at = monotonic() + RECONCILE_EVERY_S
        if reconcile or self._tail is None:
            await self.drain()
        elif self._to_clear and monotonic() >= self._clear_at:
            await self._clear()
        if monotonic() >= self._trim_at:
            await self.trim()
            self._trim_at = monotonic() + TRIM_EVERY_S

    async def _tell_newest(self) -> None:
        """Tell what comes right after the tail, which the journal has in memory; a process that dies now tells nothing twice."""
        more = True
        while more and (tail := self._tail) is not None:
            fresh = await self._journal.events_after(tail, BATCH)
            more = len(fresh) == BATCH
            if not fresh:
                return
            await self._extend(fresh)
            if self._tail == fresh[-1].seq:
                self._clear_at = self._clear_at if self._to_clear else monotonic() + CLEAR_EVERY_S
                self._to_clear += [recorded.seq for recorded in fresh]

    async def _clear(self) -> None:
        """Take out of the outbox what is told."""
        told, self._to_clear = self._to_clear, []
        await self._outbox.done(told)

    async def drain(self) -> int:
        """Tell what is in the outbox; return how many events left it."""
        count = 0
        if self._to_clear:
            await self._clear()
        while pending := await self._outbox.pending(BATCH):
            await self._tell_up_to(pending[0].seq - 1)
            await self._extend(pending)
            if self._tail is not None and self._tail >= pending[-1].seq:
                await self._outbox.done([recorded.seq for recorded in pending])
                count += len(pending)
            if self.told > self._trim_told + self._kept:  # a long backlog must not fill the server
                await self.trim()
        return count

    async def reconcile(self) -> int:
        """Tell again what the stream lost at its tail (a Redis that died without its file, or is new); return how many.

        What is still in the outbox is left to `drain`.
        """
        self._tail = None
        before = self.told
        await self._need_our_own_stream()
        pending = await self._outbox.pending(1)
        await self._tell_up_to(pending[0].seq - 1 if pending else await self._journal.last_seq())
        if self.told > before:
            log.warning("relay_told_again", events=self.told - before, tail=self._tail)
        return self.told - before

    async def trim(self) -> int:
        """Forget entries that every group is done with, beyond the newest `kept`; return how many."""
        self._trim_told = self.told
        tail = await self._bus.last_seq(self._stream)
        groups = await self._bus.groups(self._stream)
        done = min((group.acked_seq for group in groups), default=tail)
        below = min(tail - self._kept, done) + 1
        hard = tail - max(KEPT_FOR_THE_SLOWEST, self._kept) + 1
        if hard > below:
            log.warning("stream_trimmed_before_a_group", done_seq=done, below_seq=hard)
        below = max(below, hard)
        return await self._bus.trim(self._stream, below) if below > 1 else 0

    async def _need_our_own_stream(self) -> None:
        """Begin a new stream where this one is ahead of the journal: it tells of a journal that was there before.

        A store put back from a backup is such a case; its next events would otherwise be taken for told.
        """
        tail = await self._known_tail()
        if tail > (last := await self._journal.last_seq()):
            log.error("stream_of_another_journal", tail=tail, last_seq=last)
            await self._bus.drop(self._stream)
            self._tail = None

    async def _tell_up_to(self, last: int) -> None:
        """Bring the tail of the stream to `last`, from the journal; of a longer loss only the newest `kept`."""
        while (tail := await self._known_tail()) < last:
            events = await self._journal.events_after(max(tail, last - self._kept), BATCH)
            missing = [recorded for recorded in events if recorded.seq <= last]
            if not missing:
                return
            await self._extend(missing)

    async def _extend(self, events: Sequence[Recorded[Event]]) -> None:
        """Add what the stream does not have; when it is not where we thought, only look again."""
        tail = await self._known_tail()
        items = [self._item(recorded) for recorded in events if recorded.seq > tail]
        if not items:
            return
        try:
            added = await self._bus.extend(self._stream, tail, items)
        except Unavailable:
            self._tail = None  # it may have happened all the same
            raise
        self._tail = items[-1].seq if added else None
        self.told += len(items) if added else 0

    async def _known_tail(self) -> int:
        if self._tail is None:
            self._tail = await self._bus.last_seq(self._stream)
        return self._tail

    def _item(self, recorded: Recorded[Event]) -> Item:
        return Item(recorded.seq, self._writer.write(recorded), channel_of(recorded.event.kind))

    async def _rest(self, wait_s: float) -> None:
        if wait_s:
            await asyncio.sleep(wait_s)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._tick_s if not self._to_clear else CLEAR_EVERY_S):
                await self._wanted.wait()
