"""The bus inside one process: the same promises as Redis, except that nothing outlives the process."""

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from time import monotonic
from typing import Final, Self

from bus.port import Entry, GroupState, Item

HELD_FOR_A_LISTENER: Final = (
    10_000  # as Redis cuts a client that does not read, this forgets the oldest
)


@dataclass(slots=True)
class _Given:
    consumer: str
    given_at: float
    deliveries: int


@dataclass(slots=True)
class _Group:
    given_seq: int = 0
    pending: dict[int, _Given] = field(default_factory=dict)


@dataclass(slots=True)
class _Stream:
    entries: dict[int, bytes] = field(default_factory=dict)
    last_seq: int = 0
    groups: dict[str, _Group] = field(default_factory=dict)


class MemorySubscription:
    """Messages of the channels that match, for one listener."""

    def __init__(self, bus: "MemoryBus", patterns: Sequence[str]) -> None:
        self._bus = bus
        self._patterns = patterns
        self._held: deque[tuple[str, bytes]] = deque(maxlen=HELD_FOR_A_LISTENER)
        self._some = asyncio.Event()
        self._closed = False

    def hear(self, channel: str, payload: bytes) -> None:
        """Take a message if it is for this listener."""
        if any(fnmatchcase(channel, pattern) for pattern in self._patterns):
            self._held.append((channel, payload))
            self._some.set()

    async def ready(self) -> None:
        """Return at once: it listens since it was made."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> tuple[str, bytes]:
        while not self._held:
            if self._closed:
                raise StopAsyncIteration
            self._some.clear()
            await self._some.wait()
        return self._held.popleft()

    async def aclose(self) -> None:
        """Stop listening."""
        self._closed = True
        self._bus.forget(self)
        self._some.set()


class MemoryBus:
    """`bus.port.Bus` for one event loop: tests, and machines without a Valkey binary."""

    def __init__(self) -> None:
        self._streams: dict[str, _Stream] = {}
        self._listeners: list[MemorySubscription] = []
        self._added = asyncio.Condition()
        self.up = True

    async def publish(self, channel: str, payload: bytes) -> None:
        """Tell who listens now."""
        for listener in tuple(self._listeners):
            listener.hear(channel, payload)

    def subscribe(self, *patterns: str) -> MemorySubscription:
        """Listen to channels."""
        listener = MemorySubscription(self, patterns)
        self._listeners.append(listener)
        return listener

    def forget(self, listener: MemorySubscription) -> None:
        """Drop a listener."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    async def add(self, stream: str, seq: int, payload: bytes) -> bool:
        """Add one entry; False when the stream already is at `seq` or beyond."""
        kept = self._stream(stream)
        if seq <= kept.last_seq:
            return False
        kept.entries[seq] = payload
        kept.last_seq = seq
        async with self._added:
            self._added.notify_all()
        return True

    async def extend(self, stream: str, after: int, items: Sequence[Item]) -> bool:
        """Add `items` and announce each if the last entry is `after`."""
        if self._stream(stream).last_seq != after:
            return False
        for item in items:
            await self.add(stream, item.seq, item.payload)
            await self.publish(item.channel, item.payload)
        return True

    async def last_seq(self, stream: str) -> int:
        """Return the number of the last entry, 0 when there is none."""
        return self._stream(stream).last_seq

    async def trim(self, stream: str, below_seq: int) -> int:
        """Forget the entries below `below_seq`."""
        entries = self._stream(stream).entries
        old = [seq for seq in entries if seq < below_seq]
        for seq in old:
            del entries[seq]
        return len(old)

    async def drop(self, stream: str) -> None:
        """Forget the stream with its groups."""
        self._streams.pop(stream, None)

    async def ensure_group(self, stream: str, group: str) -> None:
        """Make the group unless it is there."""
        self._group(stream, group)

    async def read_group(
        self, stream: str, group: str, consumer: str, count: int, block_ms: int
    ) -> list[Entry]:
        """Give `consumer` the next entries."""
        state = self._group(stream, group)
        until = monotonic() + block_ms / 1000
        while not (fresh := self._after(stream, state.given_seq, count)):
            try:
                async with asyncio.timeout(max(0.0, until - monotonic())), self._added:
                    await self._added.wait()
            except TimeoutError:
                return []
        for seq in fresh:
            state.pending[seq] = _Given(consumer, monotonic(), 1)
        state.given_seq = fresh[-1]
        return [Entry(seq, self._stream(stream).entries[seq], 1) for seq in fresh]

    async def ack(self, stream: str, group: str, seqs: Sequence[int]) -> None:
        """Say that the group is done with these entries."""
        pending = self._group(stream, group).pending
        for seq in seqs:
            pending.pop(seq, None)

    async def claim_stale(
        self,
        stream: str,
        group: str,
        consumer: str,
        *,
        idle_ms: int,
        count: int,
        owner: str | None = None,
        skip: Collection[int] = (),
    ) -> list[Entry]:
        """Give `consumer` entries that were left lying."""
        pending = self._group(stream, group).pending
        entries = self._stream(stream).entries
        for seq in [seq for seq in pending if seq not in entries]:
            del pending[seq]
        latest = monotonic() - idle_ms / 1000
        stale = sorted(
            seq
            for seq, given in pending.items()
            if given.given_at <= latest and owner in (None, given.consumer) and seq not in skip
        )[:count]
        for seq in stale:
            pending[seq] = _Given(consumer, monotonic(), pending[seq].deliveries + 1)
        return [Entry(seq, entries[seq], pending[seq].deliveries) for seq in stale]

    async def groups(self, stream: str) -> list[GroupState]:
        """Return how far each group is."""
        return [
            GroupState(name, group.given_seq, min(group.pending, default=group.given_seq + 1) - 1)
            for name, group in self._stream(stream).groups.items()
        ]

    async def close(self) -> None:
        """End every listener."""
        for listener in tuple(self._listeners):
            await listener.aclose()

    def _stream(self, name: str) -> _Stream:
        return self._streams.setdefault(name, _Stream())

    def _group(self, stream: str, name: str) -> _Group:
        return self._stream(stream).groups.setdefault(name, _Group())

    def _after(self, stream: str, seq: int, count: int) -> list[int]:
        return [one for one in self._stream(stream).entries if one > seq][:count]
