"""What devices say and how they stand, on the way to screens and other departments: the newest of each, when it is due."""

from typing import Any, Final, Protocol

import numpy as np
import orjson

from bus.channels import readings_channel
from bus.port import Bus
from sensors.alarm_rules import NoData, Severity
from sensors.arrivals import Newest
from sensors.batch import Batch
from sensors.engine import AlarmEngine
from sensors.machine import Phase
from sensors.model import Quality
from sensors.registry import Registry
from vocabulary.errors import Unavailable

AGAIN_US: Final = 5_000_000  # a value is told again after so long, a state at once
ROWS_AT_ONCE: Final = 2_000
NORMAL, SUSPECT, WARNING, ALARM, STALE, NEVER = range(6)
STATES: Final = ("normal", "suspect", "warning", "alarm", "stale", "never")
# A device that speaks is there, whichever of its channels never did.
WORST_LAST: Final = (NEVER, NORMAL, STALE, SUSPECT, WARNING, ALARM)
_RANK: Final = np.array([WORST_LAST.index(state) for state in range(6)])


class Ear(Protocol):
    """The hub's ear for readings."""

    def hear_readings(self, rows: list[list[Any]]) -> None:
        """Take rows [id, value, observed_ms, state]."""
        ...


class ReadingTeller:
    """Tells devices' rows each once: on the bus, where our hub hears them too, or to the hub alone while it is down."""

    def __init__(self, bus: Bus, hub: Ear) -> None:
        self._bus, self._hub = bus, hub
        self.use(Registry())

    def use(self, registry: Registry) -> None:
        """Take another registry; everything is told anew."""
        self._registry = registry
        first: dict[str, int] = {}
        for number in sorted(registry.channels):
            first.setdefault(registry.channels[number].device, number)
        self._first = first
        self._told_us = np.zeros(registry.size, dtype=np.int64)
        self._told_at = np.zeros(registry.size, dtype=np.int64)
        self.state = np.full(registry.size, NEVER, dtype=np.int8)
        self._told_state = np.full(registry.size, -1, dtype=np.int8)
        self._mains = np.array(sorted(first.values()), dtype=np.int64)
        self._of = np.zeros(registry.size, dtype=np.int64)
        for number, channel in registry.channels.items():
            self._of[number] = first[channel.device]

    @property
    def mains(self) -> list[int]:
        """Return the first channel of each device: the one by which it is shown."""
        return list(self._first.values())

    def state_of(self, device: str) -> int:
        """Return how a device stands by its worst channel."""
        number = self._first.get(device)
        return NEVER if number is None else int(self.state[number])

    def counted(self) -> dict[str, int]:
        """Return how many devices stand how."""
        counts = np.bincount(self.state[self._mains], minlength=6)
        return dict(zip(STATES, counts.tolist(), strict=True))

    def hear(self, _kept: Batch) -> None:
        """Note that readings were kept; they are told with the next turn."""

    def states(self, newest: Newest, engine: AlarmEngine, now_us: int) -> None:
        """Say of every channel how it stands, and of a device's first channel how its worst does."""
        heard = newest.received_us
        state = np.full(self._registry.size, NORMAL, dtype=np.int8)
        state[heard + self._registry.stale_us < now_us] = STALE
        state[heard < 0] = NEVER
        for channel, (phase, rule) in engine.phases().items():
            if phase is Phase.SUSPECT:
                state[channel] = SUSPECT
            elif isinstance(rule.condition, NoData):
                state[channel] = STALE
            else:
                grave = rule.severity in {Severity.CRITICAL, Severity.MAJOR}
                state[channel] = ALARM if grave else WARNING
        ranks = np.zeros(self._registry.size, dtype=np.int8)
        known = self._registry.known
        np.maximum.at(ranks, self._of[known], _RANK[state[known]])
        state[self._mains] = np.array(WORST_LAST, dtype=np.int8)[ranks[self._mains]]
        self.state = state

    async def tell(self, newest: Newest, engine: AlarmEngine, now_us: int) -> None:
        """Tell what changed: a state at once, a value when it is due."""
        self.states(newest, engine, now_us)
        mains = self._mains
        changed = self.state[mains] != self._told_state[mains]
        spoke = newest.observed_us[mains] > self._told_us[mains]
        due = spoke & (now_us - self._told_at[mains] >= AGAIN_US)
        numbers = np.concatenate([mains[changed], mains[due & ~changed]])[:ROWS_AT_ONCE]
        if not len(numbers):
            return
        self._told_state[numbers] = self.state[numbers]
        self._told_us[numbers] = newest.observed_us[numbers]
        self._told_at[numbers] = now_us
        by_kind: dict[str, list[list[Any]]] = {}
        for number in numbers.tolist():
            device = self._registry.device_of(number)
            by_kind.setdefault(device.kind, []).append(self.row(number, newest))
        for kind, rows in by_kind.items():
            await self._publish(kind, rows, now_us)

    def row(self, number: int, newest: Newest) -> list[Any]:
        """Return a device's row by its first channel: id, value, observed_ms, state; nulls where it never spoke."""
        device = self._registry.channels[number].device
        observed_us, value = int(newest.observed_us[number]), float(newest.value[number])
        spoke = observed_us >= 0
        sound = spoke and np.isfinite(value) and newest.quality[number] != Quality.MISSING
        return [
            device,
            round(value, 4) if sound else None,
            observed_us // 1000 if spoke else None,
            int(self.state[number]),
        ]

    async def _publish(self, kind: str, rows: list[list[Any]], now_us: int) -> None:
        try:
            payload = orjson.dumps({"at": now_us // 1000, "v": rows})
            await self._bus.publish(readings_channel(kind), payload)
        except Unavailable:
            self._hub.hear_readings(rows)
