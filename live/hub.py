"""The hub: one per process. Pub/sub wakes it, the journal tells it, and what it tells is encoded once for all who hear."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from itertools import count
from time import monotonic
from typing import Any, Final

import orjson
import structlog

from bus.channels import ALARMS, CASES, COVERAGE, DISPATCH, ROADS, TRIALS
from bus.channels import READINGS as READINGS_PATTERN
from bus.channels import UNITS as UNITS_CHANNEL
from bus.port import Bus
from live.follower import Follower
from live.frames import RESET, frame
from live.guard import guarded
from live.lanes import READINGS, UNITS, Lane
from live.latency import Latency
from live.listeners import Listener, Listeners
from live.pacing import Ages, Every
from live.ports import Pace, Roster, Source
from live.rosters import NoRoster, Rosters
from vocabulary.clock import Clock

log = structlog.get_logger()

READINGS_CHANNEL: Final = READINGS_PATTERN.removesuffix("*")
CHANNELS: Final = (
    CASES,
    DISPATCH,
    ROADS,
    ALARMS,
    COVERAGE,
    UNITS_CHANNEL,
    READINGS_PATTERN,
    TRIALS,
)
BEAT_S: Final = 0.025


class Hub:
    """The follower's ring, two lanes and a heartbeat; listeners take what is after their cursors."""

    def __init__(
        self,
        source: Source,
        clock: Clock,
        *,
        bus: Bus | None = None,
        roster: Roster | None = None,
        latency: Latency | None = None,
        dead_letters: Callable[[], int] = lambda: 0,
        county: Callable[[], str] = str,
        coverage: Callable[[], str] = str,
        painted: Callable[[list[float]], None] = lambda _ms: None,
        pace: Pace | None = None,
    ) -> None:
        self.clock, self.bus = clock, bus
        self.pace = pace or Pace()
        self.latency = latency or Latency()
        self.painted = painted  # hears how soon dispatches were painted, in milliseconds
        self.tried: Callable[[bytes], None] = lambda _marker: None  # hears trial dispatches
        self.listeners = Listeners()
        self.ages = Ages()
        self.units, self.readings = Lane(UNITS), Lane(READINGS)
        self._lanes = {"u": self.units, "s": self.readings}
        self.rosters = Rosters(roster or NoRoster(), self.units, self.pace.roster_s)
        self.follower = Follower(
            source,
            self.now_ms,
            pace=self.pace,
            ages=self.ages,
            tell=self.listeners.pulse,
            stir=self.rosters.stir,
        )
        self.resets = self.unreadable = 0
        self._dead_letters, self._county, self._coverage = dead_letters, county, coverage
        self._beat, self._beat_frame = 0, b""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    # --- its life ---

    async def start(self) -> None:
        """Read the journal and start the tasks; while the journal cannot be read, the feed answers 503."""
        self._loop = asyncio.get_running_loop()
        await guarded(self.follower.catch_up)
        works = [self.follower.follow(self._alone), self._keep_time(), self.rosters.follow()]
        if self.bus is not None:
            works.append(self._hear_bus(self.bus))
        self._tasks = [asyncio.create_task(work) for work in works]

    async def stop(self) -> None:
        """End every stream and every task."""
        self.listeners.end_all()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def wake(self, seq: int = 0) -> None:
        """Say that the journal may hold something new; from any thread (fits `Journal.on_commit`)."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.follower.wake, seq)

    def now_ms(self) -> int:
        """Return the clock in milliseconds since 1970, as every frame carries it."""
        return int(self.clock.now().timestamp() * 1000)

    # --- what it hears beside the journal ---

    def hear_units(self, rows: Iterable[list[Any]]) -> None:
        """Take unit positions in: [id, lon, lat, observed_ms, status]. On the hub's own loop."""
        self.units.hear(rows)
        self.ages.heard("units")

    def hear_readings(self, rows: Iterable[list[Any]]) -> None:
        """Take readings in: [id, value, observed_ms]. On the hub's own loop."""
        self.readings.hear(rows)
        self.ages.heard("readings")

    def hear(self, channel: str, payload: bytes) -> None:
        """Take one message of the bus in; one that tells of an event only wakes."""
        try:
            if channel == TRIALS:
                self.tried(payload)
            elif channel.startswith(READINGS_CHANNEL):
                self.hear_readings(orjson.loads(payload)["v"])
            elif channel == UNITS_CHANNEL and "u" in (told := orjson.loads(payload)):
                self.hear_units(told["u"])
            else:
                self.follower.wake(_sequence_of(payload))
        except (ValueError, TypeError, KeyError) as problem:
            self.unreadable += 1
            log.warning("live_message_unreadable", channel=channel, problem=str(problem))

    # --- what it tells ---

    def take(self, listener: Listener) -> bytes:
        """Return what is due to a listener now and move its cursors; empty when it has everything."""
        parts: list[bytes] = []
        lanes, ring = listener.lanes, self.follower.ring
        if listener.beat != self._beat:
            parts.append(self._beat_for(listener))
        if "e" in lanes and listener.seq != ring.seq:
            if not ring.holds(listener.seq):
                self.resets += 1
                parts.append(RESET)
                listener.seq = ring.seq
            told, listener.seq = ring.after(listener.audience, listener.seq)
            parts.append(told)
        if listener.due:
            self._take_latest(listener, parts)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _take_latest(self, listener: Listener, parts: list[bytes]) -> None:
        for name in sorted(listener.due & listener.lanes):
            lane, cursor = self._lanes[name], listener.latest[name]
            if cursor != lane.tick:
                told, listener.latest[name] = lane.after(cursor, self.now_ms())
                parts.append(told)
        listener.due.clear()

    def beat_now(self) -> None:
        """Send everybody a heartbeat at once: what it tells has changed."""
        self._beat, self._beat_frame = self._beat + 1, self._heartbeat()
        self.listeners.pulse()

    def _beat_for(self, listener: Listener) -> bytes:
        fresh = listener.beat < 0  # a new listener's first one must carry this moment's clock
        listener.beat = self._beat
        return self._heartbeat() if fresh else self._beat_frame

    def _heartbeat(self) -> bytes:
        beat = {
            "now": self.now_ms(),
            "seq": self.follower.ring.seq,
            "ages": self.ages.in_ms(),
            "latency": asdict(self.latency.percentiles()),
            "bus": "down" if self._alone() else "up",
            "dead_letters": self._dead_letters(),
            "listeners": len(self.listeners),
            "county": self._county(),
            "coverage": self._coverage(),
        }
        return frame("hb", beat)

    def _alone(self) -> bool:
        return self.bus is None or not self.bus.up

    # --- its tasks ---

    async def _keep_time(self) -> None:
        periods_s = {"u": self.pace.units_s, "s": self.pace.readings_s}
        beats_of = {name: max(1, round(period_s / BEAT_S)) for name, period_s in periods_s.items()}
        heartbeat, sweep = Every(self.pace.heartbeat_s), Every(min(1.0, self.pace.patience_s / 2))
        for beat in count():
            await asyncio.sleep(BEAT_S)
            now = monotonic()
            for name, beats in beats_of.items():
                lane = self._lanes[name]
                if beat % beats == 0:
                    lane.flush(self.now_ms())
                self.listeners.give_turns(name, lane.tick, beat, beats)
            if heartbeat.due(now):
                self.beat_now()
            if sweep.due(now):
                self.listeners.sweep(self.pace.patience_s)

    async def _hear_bus(self, bus: Bus) -> None:
        async def listen() -> None:
            subscription = bus.subscribe(*CHANNELS)
            try:
                async for channel, payload in subscription:
                    self.hear(channel, payload)
            finally:
                await subscription.aclose()

        while True:
            await guarded(listen)
            await asyncio.sleep(self.pace.tick_alone_s)
            self.follower.wake()  # what was published while nobody heard is in the journal

    async def refresh_rosters(self) -> None:
        """Read the rosters of units and points again."""
        await self.rosters.refresh()


def _sequence_of(payload: bytes) -> int:
    """Return which event an announcement tells of, 0 where it does not say."""
    try:
        return int(orjson.loads(payload)["sequence"])
    except (ValueError, TypeError, KeyError):
        return 0
