"""Rules laid over channels: which rule watches which channel, with what bounds, how long, and whose silence is whose."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.alarm_rules import AlarmRule, Scope, Threshold
from sensors.conditions import Bounds, Judge, bounds_of
from sensors.machine import NORMAL, Dwell, Life, Phase
from sensors.model import Channel
from sensors.registry import Registry
from vocabulary.place import distance_m

SECOND_US: Final = 1_000_000


@dataclass(slots=True)
class Watch:
    """One rule on one channel, and how its alarm stands."""

    rule: AlarmRule
    channel: int
    dwell: Dwell
    limit: float | None = None
    judge: Judge | None = None
    phases: NDArray[np.uint8] | None = None  # where its life's phase is kept by channel, too
    life: Life = field(default=NORMAL)


def dwell_of(rule: AlarmRule) -> Dwell:
    """Return how long what must last by a rule."""
    return Dwell(
        on_us=int(rule.on_delay_s * SECOND_US),
        off_us=int(rule.off_delay_s * SECOND_US),
        flaps=rule.flaps,
        flap_us=int(rule.flap_s * SECOND_US),
    )


def watched_by(rule: AlarmRule, registry: Registry) -> NDArray[np.bool_]:
    """Return which channels, by their numbers, a rule is about."""
    watched = np.zeros(registry.size, dtype=bool)
    watched[[channel.number for channel in in_scope(rule.scope, registry)]] = True
    return watched


def in_scope(scope: Scope, registry: Registry) -> list[Channel]:
    """Return the channels a scope means, in order of their numbers."""
    found = []
    for channel in registry.channels.values():
        device = registry.devices[channel.device]
        if scope.channel and channel.name != scope.channel:
            continue
        if scope.kinds and device.kind not in scope.kinds:
            continue
        if scope.devices and device.id not in scope.devices:
            continue
        circle = scope.within
        if circle and distance_m(circle.middle, device.place) > circle.radius_m:
            continue
        found.append(channel)
    return found


def plain(rule: AlarmRule) -> bool:
    """Say whether a rule can be seen by column: a threshold at any hour."""
    return isinstance(rule.condition, Threshold) and not rule.hours


class Columns:
    """Plain thresholds as arrays: slot by slot at most one rule a channel."""

    def __init__(self, rules: Iterable[AlarmRule], registry: Registry) -> None:
        self._size = registry.size
        self.sign: list[NDArray[np.float64]] = []
        self.raise_at: list[NDArray[np.float64]] = []
        self.clear_at: list[NDArray[np.float64]] = []
        self.phase: list[NDArray[np.uint8]] = []
        self.rule: list[NDArray[np.int32]] = []
        self.rules: list[AlarmRule] = []
        taken: list[NDArray[np.bool_]] = []
        for rule in rules:
            condition = rule.condition
            if not isinstance(condition, Threshold):
                continue
            self.rules.append(rule)
            bounds = {
                channel.number: found
                for channel in in_scope(rule.scope, registry)
                if (found := bounds_of(condition, channel)) is not None
            }
            self._place(bounds, taken)

    def _place(self, bounds: dict[int, Bounds], taken: list[NDArray[np.bool_]]) -> None:
        left = bounds
        for slot in range(len(bounds) and len(taken) + 1):
            if not left:
                return
            if slot == len(taken):
                self._add(taken)
            here = {number: one for number, one in left.items() if not taken[slot][number]}
            left = {number: one for number, one in left.items() if taken[slot][number]}
            for number, one in here.items():
                taken[slot][number] = True
                self.sign[slot][number] = one.sign
                self.raise_at[slot][number] = one.raise_at
                self.clear_at[slot][number] = one.clear_at
                self.rule[slot][number] = len(self.rules) - 1

    def _add(self, taken: list[NDArray[np.bool_]]) -> None:
        taken.append(np.zeros(self._size, dtype=bool))
        self.sign.append(np.ones(self._size))
        self.raise_at.append(np.full(self._size, np.inf))
        self.clear_at.append(np.full(self._size, np.inf))
        self.phase.append(np.zeros(self._size, dtype=np.uint8))
        self.rule.append(np.full(self._size, -1, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.sign)

    def watch(self, slot: int, channel: int) -> Watch | None:
        """Return a new watch of the rule in a slot on a channel, None where there is none."""
        at = int(self.rule[slot][channel])
        if at < 0:
            return None
        rule = self.rules[at]
        sign = float(self.sign[slot][channel])
        bounds = Bounds(
            sign, float(self.raise_at[slot][channel]), float(self.clear_at[slot][channel])
        )
        limit, phases = bounds.raise_at * sign, self.phase[slot]
        return Watch(rule, channel, dwell_of(rule), limit, bounds, phases)

    def touched(
        self, slot: int, channel: NDArray[np.int64], value: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Say which rows would change how an alarm stands."""
        signed = value * self.sign[slot][channel]
        raised = signed > self.raise_at[slot][channel]
        clear = signed <= self.clear_at[slot][channel]
        phase = self.phase[slot][channel]
        touched: NDArray[np.bool_] = (
            ((phase == Phase.NORMAL) & raised)
            | ((phase == Phase.SUSPECT) & ~raised)
            | ((phase == Phase.ACTIVE) & clear)
            | ((phase == Phase.CLEARING) & ~clear)
            | ((phase == Phase.ASIDE) & clear)
        )
        return touched
