"""Readings on their road: sorted, kept, judged, told. What is acknowledged is durable; alarms are never dropped."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from runtime.alarm_keeping import keep_decisions
from runtime.amending import Amending
from runtime.reading_teller import ReadingTeller
from runtime.taking import Tally, part_of
from sensors.alarm import Alarm
from sensors.alarm_rules import AlarmRule
from sensors.arrivals import Newest, Sorted, sort_in
from sensors.batch import Batch, batch_of_readings, joined, to_us
from sensors.conditions import Usual
from sensors.decision import Decision
from sensors.engine import AlarmEngine, no_usual
from sensors.machine import Cleared, standing
from sensors.model import Reading, Taken
from sensors.patience import NOT_KNOWN, Patience, SignalOf
from sensors.registry import Registry
from sensors.shipped_rules import rules_in_force
from storage.alarms import set_rules, standing_alarms
from storage.devices import load_registry, registry_mark
from storage.journal import Journal
from storage.readings import StoredReadings
from vocabulary.clock import Clock
from vocabulary.errors import Unavailable

log = structlog.get_logger()

HOUR_US: Final = 3_600_000_000
WAITING_MOST: Final = (
    200_000  # readings on their way to the store; more are refused, and their senders send again
)
KEPT_AT_ONCE: Final = 200  # decisions in one transaction of the journal
ALARMS_TIMEOUT_S: Final = 30.0


class Sensing:
    """`sensors.port.ReadingSink`, and the engine behind it. Made before the loop runs; `open` belongs to the loop."""

    def __init__(
        self,
        journal: Journal,
        readings: StoredReadings,
        clock: Clock,
        teller: ReadingTeller,
        usual: Usual = no_usual,
        signal: SignalOf = NOT_KNOWN,
    ) -> None:
        self._journal, self.readings, self._clock, self._teller = journal, readings, clock, teller
        self._usual = usual
        self.patience = Patience(signal)
        self.tally = Tally()
        self.registry = Registry()
        self.rules: list[AlarmRule] = []
        self.newest = Newest(1)
        self.engine = AlarmEngine(self.registry, [], self.newest)
        self._amending = Amending(journal)
        self._mark: tuple[int, tuple[tuple[str, int], ...]] = (-1, ())
        self._waiting: list[tuple[Batch, asyncio.Future[Taken]]] = []
        self._stir, self._decided = asyncio.Event(), asyncio.Event()
        self._engine_lock = asyncio.Lock()
        self._undecided: list[Decision] = []
        self._started_us = 0
        self._opened = False
        self._ready = asyncio.Event()

    @property
    def version(self) -> int:
        """Return what grows with every change of the registry."""
        return self._mark[0]

    # --- start, and what changed beside us ---

    async def refresh(self) -> None:
        """Read registry and rules where they changed; the engine goes on from where its alarms stand."""

        def work(
            connection: Connection,
        ) -> tuple[int, tuple[tuple[str, int], ...], list[AlarmRule]]:
            own = set_rules(connection)
            versions = tuple((rule.id, version) for rule, version in own)
            return registry_mark(connection), versions, [rule for rule, _ in own]

        mark, versions, own = await self._journal.read(work)
        if (mark, versions) == self._mark:
            return
        async with self._engine_lock:
            if mark != self._mark[0]:
                self.registry = await self._journal.read(load_registry)
            self.rules = rules_in_force(own)
            await self._rebuild()
            self._mark = (mark, versions)

    async def _rebuild(self) -> None:
        """Make the engine anew over registry and rules, with the alarms that stand."""
        first = not self._opened
        self._started_us = self._started_us or to_us(self._clock.now())
        before, lives = self.newest, self.engine.lives()
        self.newest = Newest(self.registry.size) if first else before.grown(self.registry.size)
        if first:
            laid = await asyncio.to_thread(lambda: self.readings.newest(laid_only=True))
            self.newest.take(laid.where(laid.channel < self.registry.size))
        self.engine = AlarmEngine(
            self.registry,
            self.rules,
            self.newest,
            heard_since_us=self._started_us,
            usual=self._usual,
            health=self.engine.health,
        )
        for (rule_id, channel), life in lives.items():
            self.engine.restore(rule_id, channel, life)
        stand = await self._journal.read(standing_alarms)
        self._restore(stand, known=set(lives))
        self._amending.know(stand)
        if first:
            await self._take_up()
        self._opened = True
        self._ready.set()
        self._teller.use(self.registry)
        # Who asks before the next turn must not hear that nobody ever spoke.
        self._teller.states(self.newest, self.engine, to_us(self._clock.now()))
        log.info(
            "sensing_opened",
            channels=len(self.registry.channels),
            rules=len(self.rules),
            alarms=len(stand),
        )

    def _restore(self, stand: Sequence[Alarm], known: set[tuple[str, int]]) -> None:
        """Let alarms stand on; one that no rule watches any more is over."""
        for alarm in stand:
            said = alarm.raised
            onset_us = to_us(said.onset_at)
            if (said.rule_id, said.channel) in known:
                watched = self.engine.watches(said.rule_id, said.channel)
            else:
                life = standing(onset_us, flapping=alarm.flapping)
                watched = self.engine.restore(said.rule_id, said.channel, life)
            if not watched:
                self._end_unwatched(alarm)

    def _end_unwatched(self, alarm: Alarm) -> None:
        rule = next((one for one in self.rules if one.id == alarm.raised.rule_id), None)
        if rule is None or alarm.raised.channel not in self.registry.channels:
            return
        change = Cleared(to_us(alarm.raised.onset_at), to_us(self._clock.now()))
        self._undecided.append(Decision(rule, alarm.raised.channel, change, None, None))

    async def _take_up(self) -> None:
        """Judge again what a kill may have left unjudged: where each channel stood lately, then what arrived last."""
        laid = self.newest.as_batch()
        lately = laid.received_us >= self._started_us - HOUR_US
        self._undecided += self.engine.hear(laid.where(lately))
        for batch in self.readings.arrived():
            known = batch.where(batch.channel < self.registry.size)
            self._undecided += self.engine.hear(
                sort_in(known, self.registry, self.newest, HOUR_US).fresh
            )

    # --- in ---

    async def take(self, readings: Sequence[Reading]) -> Taken:
        """Keep readings (`sensors.port.ReadingSink`)."""
        return await self.take_batch(batch_of_readings(readings))

    async def take_batch(self, batch: Batch) -> Taken:
        """Keep columns of readings (`sensors.port.ReadingSink`)."""
        if not len(batch):
            return Taken()
        waiting = sum(len(one) for one, _ in self._waiting)
        if waiting + len(batch) > max(WAITING_MOST, len(batch)):
            self.tally.turned_away += len(batch)
            raise Unavailable("sensors.busy", waiting=waiting)
        future: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, future))
        self._stir.set()
        return await future

    async def run(self) -> None:
        """Keep what waits, group by group, for ever; nothing is known before the registry is read."""
        await self._ready.wait()
        while True:
            await self._stir.wait()
            self._stir.clear()
            while self._waiting:
                taken, self._waiting = self._waiting, []
                await self._take_group(taken)

    async def _take_group(self, group: list[tuple[Batch, "asyncio.Future[Taken]"]]) -> None:
        whole = joined([batch for batch, _ in group])
        try:
            async with self._engine_lock:
                sorted_in, again, decisions = await asyncio.to_thread(self._work, whole)
                self._undecided += decisions
        except Exception as problem:
            log.exception("readings_not_kept", readings=len(whole))
            failure = (
                problem
                if isinstance(problem, Unavailable)
                else Unavailable("store.unavailable", problem=type(problem).__name__)
            )
            for _, future in group:
                if not future.done():
                    future.set_exception(failure)
            return
        self._answer(group, sorted_in, again)
        self._teller.hear(sorted_in.kept)
        self._decided.set()
        await self._amending.hear(sorted_in.late, self.engine)

    def _work(self, batch: Batch) -> tuple[Sorted, int, list[Decision]]:
        held = self.newest.grown(self.registry.size)
        sorted_in = sort_in(batch, self.registry, self.newest, HOUR_US)
        try:
            known = self.readings.known(sorted_in.late) if len(sorted_in.late) <= 500 else None
            self.readings.keep(sorted_in.kept)
        except Exception:
            # Not kept: the senders send again, and it must not be taken for a duplicate then.
            self.newest.give_back(held)
            raise
        again = int(known.sum()) if known is not None else 0
        return sorted_in, again, self.engine.hear(sorted_in.fresh)

    def _answer(
        self,
        group: list[tuple[Batch, "asyncio.Future[Taken]"]],
        sorted_in: Sorted,
        again: int,
    ) -> None:
        tally = self.tally
        tally.accepted += len(sorted_in.kept) - again
        tally.late += len(sorted_in.late) - again
        tally.duplicate += sorted_in.duplicate + again
        tally.refused += len(sorted_in.refused)
        start = 0
        for batch, future in group:
            end = start + len(batch)
            if not future.done():
                future.set_result(part_of(sorted_in, again, start, end, alone=len(group) == 1))
            start = end

    # --- time ---

    async def turn(self) -> None:
        """Let time pass for the rules; about once a second."""
        if not self._opened:
            return
        async with self._engine_lock:
            now_us = to_us(self._clock.now())
            await asyncio.to_thread(self.patience.bring, self.engine, now_us)
            self._undecided += await asyncio.to_thread(self.engine.tick, now_us)
        self._decided.set()
        await self._teller.tell(self.newest, self.engine, to_us(self._clock.now()))

    async def tidy(self) -> None:
        """Lay out what waits and roll up what is over; never what a start has yet to judge."""
        if not self._opened:
            return
        await asyncio.to_thread(self.readings.lay_out)
        await asyncio.to_thread(self.readings.roll_up, to_us(self._clock.now()))

    async def run_alarms(self) -> None:
        """Keep what is decided, for ever, apart from the readings' road: neither waits for the other."""
        while True:
            await self._decided.wait()
            self._decided.clear()
            await self.keep_alarms()

    async def keep_alarms(self) -> None:
        """Keep what was decided; where the store does not take it, it stays and the next turn tries again."""
        while self._undecided:
            part = self._undecided[:KEPT_AT_ONCE]
            try:
                self.tally.alarms += await self._journal.write(
                    partial(
                        keep_decisions,
                        registry=self.registry,
                        decisions=part,
                        signal=self.patience.signal,
                    ),
                    timeout_s=ALARMS_TIMEOUT_S,
                )
            except Unavailable:
                log.warning("alarms_wait", decisions=len(self._undecided))
                return  # the next turn sets us off again
            self._undecided = self._undecided[len(part) :]
            self._amending.learn(part)

    async def put_aside(self, rule_id: str, channel: int) -> None:
        """Note that a person cleared an alarm."""
        async with self._engine_lock:
            self.engine.put_aside(rule_id, channel, to_us(self._clock.now()))
