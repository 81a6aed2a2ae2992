"""Consumers: each hears every event at least once, does its effect once, and gives a poisoned one up after five tries.

The stream is the quick road, the journal the sure one: what the stream lost, or cannot bring because Redis is down, is
handled straight from the journal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

import structlog

from bus.channels import EVENTS
from bus.cloudevents import CloudEventWriter, Heard, kind_told, read_cloudevent
from bus.codec import Codec
from bus.effects import DeadLetters, Effects
from bus.port import Bus, Entry
from vocabulary.errors import Unavailable

log = structlog.get_logger()

Handler = Callable[[Heard], Awaitable[None]]
TRIES: Final = 5
COUNT: Final = 50
NEWEST: Final = 2**62  # above every seq
# More than this in our hands: take nothing new, something outside is broken for all of them.
TAKEN_MAX: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a consumer waits, in seconds."""

    retry_s: Sequence[float] = (0.2, 1.0, 5.0, 15.0)  # before the second, third ... try
    outside_s: float = 15.0  # before trying again what something outside did not take
    handler_s: float = 30.0  # a handler that takes longer has failed
    block_s: float = 1.0
    poll_s: float = 1.0  # between looks into the journal while Redis is down
    stale_s: float = (
        45.0  # longer than a handler may take, so that nobody is robbed of what he works on
    )
    reconcile_s: float = 5.0


@dataclass(slots=True)
class _Taken:
    """An event in our hands: to be handled at `due_at`, for the `tries`th time; `done` when only the record is missing."""

    payload: bytes
    tries: int
    due_at: float = 0.0
    done: bool = False


class Consumer:
    """One worker of the group `name`: reads, handles, records, acknowledges.

    `interest` names the kinds it cares for (none: all); the others are acknowledged and leave no record.
    """

    def __init__(
        self,
        name: str,
        handler: Handler,
        *,
        bus: Bus,
        codec: Codec,
        writer: CloudEventWriter,
        effects: Effects,
        dead_letters: DeadLetters,
        worker: str = "1",
        from_now: bool = False,
        interest: frozenset[str] = frozenset(),
        stream: str = EVENTS,
        pace: Pace | None = None,
    ) -> None:
        self.name = name
        self.handled = 0
        self.dead = 0
        self._handler = handler
        self._bus = bus
        self._codec = codec
        self._writer = writer
        self._effects = effects
        self._dead_letters = dead_letters
        self._worker = worker
        self._from_now = from_now
        self._interest = interest
        self._stream = stream
        self._pace = pace or Pace()
        self._taken: dict[int, _Taken] = {}
        self._joined = False
        self._began = False
        self._claim_at = self._reconcile_at = 0.0

    @property
    def waiting(self) -> int:
        """Return how many events are in our hands, most of them to be tried again."""
        return len(self._taken)

    async def run(self) -> None:
        """Work for ever, over the stream while Redis answers and from the journal while it does not."""
        while True:
            try:
                await self.step()
            except Unavailable as problem:  # the store: nothing can be done without it
                log.warning("consumer_waits", consumer=self.name, problem=str(problem))
                await asyncio.sleep(self._pace.poll_s)
            except Exception:
                log.exception("consumer_failed", consumer=self.name)
                await asyncio.sleep(self._pace.poll_s)

    async def step(self) -> None:
        """Do one round."""
        if not self._began:
            await self._effects.begin(self.name, from_now=self._from_now)
            self._began = True
        await self._work()
        if len(self._taken) > TAKEN_MAX:
            await asyncio.sleep(self._pace.poll_s)
            return
        try:
            given = await self._read()
        except Unavailable as problem:
            if self._joined:
                log.warning("consumer_on_the_journal", consumer=self.name, problem=str(problem))
            self._joined = False
            if not await self._from_journal(NEWEST):
                await asyncio.sleep(self._next_wait(self._pace.poll_s))
            return
        for entry in given:
            self._taken.setdefault(entry.seq, _Taken(entry.payload, entry.deliveries))
        await self._work()
        await self._reconcile()

    async def _read(self) -> list[Entry]:
        """Return what the stream has for us: what was left lying, one by one, then what is new.

        One by one, because a claim counts as a delivery: were many claimed at once, a message that kills its worker
        would count against all of them.
        """
        stream, group = self._stream, self.name
        if not self._joined:
            await self._bus.ensure_group(stream, group)
            if left := await self._left(idle_s=0.0, owner=self._worker):
                return left
            self._joined = True
        if monotonic() >= self._claim_at:
            if left := await self._left(idle_s=self._pace.stale_s, owner=None):
                return left
            self._claim_at = monotonic() + self._pace.stale_s / 3
        block_ms = round(self._next_wait(self._pace.block_s) * 1000)
        return await self._bus.read_group(stream, group, self._worker, COUNT, block_ms)

    async def _left(self, *, idle_s: float, owner: str | None) -> list[Entry]:
        return await self._bus.claim_stale(
            self._stream,
            self.name,
            self._worker,
            idle_ms=round(idle_s * 1000),
            count=1,
            owner=owner,
            skip=self._taken,
        )

    async def _work(self) -> None:
        """Handle what is due, in order. What the store does not take stays in our hands, and the next round begins with it."""
        now = monotonic()
        for seq in sorted(seq for seq, one in self._taken.items() if one.due_at <= now):
            one = self._taken[seq]
            if not self._cares(one) or (not one.done and await self._effects.seen(seq, self.name)):
                await self._let_go(seq)
            elif one.tries > TRIES:  # given so often, never handled: it kills who handles it
                await self._give_up(seq, "its handling was begun and never ended", one.tries - 1)
            elif one.done or await self._handle(seq, one):
                one.done = True
                await self._effects.record(seq, self.name, "done")
                self.handled += 1
                await self._let_go(seq)

    def _cares(self, one: _Taken) -> bool:
        if not self._interest:
            return True
        kind = kind_told(one.payload)
        return (
            not kind or kind in self._interest
        )  # what cannot be read is handled, and found to be poison

    async def _handle(self, seq: int, one: _Taken) -> bool:
        """Call the handler; False when it failed."""
        try:
            async with asyncio.timeout(self._pace.handler_s):
                await self._handler(read_cloudevent(one.payload, self._codec))
        except Unavailable as problem:
            # Not the message's fault: it is tried until what is outside answers.
            one.due_at = monotonic() + self._pace.outside_s
            self._say_failed(seq, one, problem)
            return False
        except Exception as problem:  # noqa: BLE001 - the guard around one handler: retried, then kept as dead
            self._say_failed(seq, one, problem)
            if one.tries >= TRIES:
                await self._give_up(seq, f"{type(problem).__name__}: {problem}", one.tries)
                return False
            pauses = self._pace.retry_s
            one.due_at = monotonic() + pauses[min(one.tries, len(pauses)) - 1]
            one.tries += 1
            return False
        return True

    def _say_failed(self, seq: int, one: _Taken, problem: Exception) -> None:
        words = {"consumer": self.name, "seq": seq, "tries": one.tries}
        log.warning("message_failed", problem=type(problem).__name__, **words)

    async def _give_up(self, seq: int, problem: str, tries: int) -> None:
        await self._dead_letters.keep(seq, self.name, problem, tries)
        await self._effects.record(seq, self.name, "dead")
        self.dead += 1
        log.error("message_dead", consumer=self.name, seq=seq, tries=tries)
        await self._let_go(seq)

    async def _let_go(self, seq: int) -> None:
        del self._taken[seq]
        try:
            await self._bus.ack(self._stream, self.name, [seq])
        except Unavailable:
            self._joined = False  # it will be given to us again, seen, and acknowledged then

    async def _reconcile(self) -> None:
        """Handle what the group was never given, or was given by a server that has forgotten it."""
        if monotonic() < self._reconcile_at:
            return
        self._reconcile_at = monotonic() + self._pace.reconcile_s
        try:
            groups = await self._bus.groups(self._stream)
        except Unavailable:
            return
        acked = next((group.acked_seq for group in groups if group.name == self.name), 0)
        if await self._from_journal(acked + 1):
            self._reconcile_at = 0.0  # there may be more
        elif acked and not self._taken:
            await self._effects.settle(self.name, acked)

    async def _from_journal(self, below_seq: int) -> int:
        """Handle events without effect straight from the journal; return how many.

        They are written as the stream would have brought them, so that both roads end in the same words.
        """
        count = COUNT + len(self._taken)
        missing = await self._effects.missing(self.name, below_seq, count, self._interest)
        fresh = [recorded for recorded in missing if recorded.seq not in self._taken]
        for recorded in fresh:
            self._taken[recorded.seq] = _Taken(self._writer.write(recorded), 1)
        await self._work()
        return len(fresh)

    def _next_wait(self, longest_s: float) -> float:
        soonest = min((one.due_at for one in self._taken.values()), default=float("inf"))
        return max(0.001, min(longest_s, soonest - monotonic()))
