"""What readings say of the sensor that sends them: stuck, spiking, drifting, its clock wrong. By column, without a clock."""

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sensors.alarm_rules import Drift, OfSensor, Spike, Stuck, WrongClock
from sensors.batch import Batch, Ints
from sensors.drift import DriftHabit
from sensors.kind_groups import KindGroups
from sensors.machine import Verdict
from sensors.registry import Registry
from sensors.steps import Steps

Verdicts = NDArray[np.uint8]
SECOND_US: Final = 1_000_000
HEARD_NEEDED: Final = 60  # readings of a kind before its habit is known
FORGET_AT: Final = 1_000_000
LONGER: Final = 2  # times the longest standstill of the kind so far
BEYOND_COUNT: Final = 2**40


class Habit(Protocol):
    """Judges rows, at most one a channel; a channel's rows come in their own order."""

    def __call__(self, rows: Batch, /) -> Verdicts:
        """Return a verdict a row."""
        ...


class StuckHabit:
    """Runs of the same value against what its kind is in the habit of."""

    def __init__(self, rule: Stuck, groups: KindGroups) -> None:
        self._rule, self._groups = rule, groups
        size, kinds = len(groups.of), groups.count
        self._value = np.full(size, np.nan)
        self._run: Ints = np.zeros(size, dtype=np.int64)
        self._since_us: Ints = np.zeros(size, dtype=np.int64)
        self._heard, self._same = np.zeros(kinds), np.zeros(kinds)
        self._longest: Ints = np.zeros(kinds, dtype=np.int64)

    def __call__(self, rows: Batch, /) -> Verdicts:
        """Return RAISE where it stands too long, CLEAR where it moved."""
        rule, channel = self._rule, rows.channel
        before, run = self._value[channel], self._run[channel]
        known = run > 0
        same = known & (np.abs(rows.value - before) <= rule.within)
        self._learn(self._groups.of[channel], known, same, run)
        run = np.where(same, run + 1, 1)
        since_us = np.where(same, self._since_us[channel], rows.observed_us)
        # Against the first of the run: what creeps is not the same.
        self._value[channel] = np.where(same, before, rows.value)
        self._run[channel], self._since_us[channel] = run, since_us
        lasted = rows.observed_us - since_us >= rule.after_s * SECOND_US
        stuck = same & lasted & (run >= self._needed()[self._groups.of[channel]])
        moved = known & ~same
        if rule.rest is not None:
            resting = np.abs(rows.value - rule.rest) <= rule.within
            stuck, moved = stuck & ~resting, moved | resting
        return _verdicts(stuck, moved, Verdict.UNKNOWN)

    def _learn(
        self, kind: Ints, known: NDArray[np.bool_], same: NDArray[np.bool_], run: Ints
    ) -> None:
        needed = self._needed()
        ended = known & ~same & (run < needed[kind])
        np.maximum.at(self._longest, kind[ended], run[ended])
        # A long run is one stuck sensor and no habit: it is counted only at its beginning.
        counted = known & (run < self._rule.readings)
        self._heard += np.bincount(kind[counted], minlength=len(self._heard))
        self._same += np.bincount(kind[counted & same], minlength=len(self._same))
        full = self._heard > FORGET_AT
        self._heard[full] /= 2
        self._same[full] /= 2

    def _needed(self) -> Ints:
        """Return from how many of the same on it is too many, by kind."""
        share = (self._same + 1) / (self._heard + 2)
        by_chance = np.ceil(np.log(self._rule.chance) / np.log(share)).astype(np.int64)
        needed: Ints = np.maximum(
            np.maximum(by_chance, LONGER * self._longest), self._rule.readings
        )
        needed[self._heard < HEARD_NEEDED] = BEYOND_COUNT
        return needed


class SpikeHabit:
    """Steps that come back, against the channel's usual step."""

    def __init__(self, rule: Spike, groups: KindGroups) -> None:
        self._rule = rule
        self._steps = Steps(groups, HEARD_NEEDED)
        self._base = np.zeros(len(groups.of))
        self._away: Ints = np.zeros(len(groups.of), dtype=np.int64)

    def __call__(self, rows: Batch, /) -> Verdicts:
        """Return RAISE in the moment it is back, HOLD while it is away."""
        rule, channel = self._rule, rows.channel
        before = self._steps.last[channel]
        step, usual = self._steps.of(rows)
        bound = np.maximum(rule.sigmas * usual, rule.at_least)
        away, base = self._away[channel], self._base[channel]
        left = (away == 0) & (step > bound)
        gone = away > 0
        back = gone & (np.abs(rows.value - base) <= bound / 2)
        stays = gone & ~back & (away >= rule.readings)
        self._base[channel] = np.where(left, before, base)
        self._away[channel] = np.where(
            left, 1, np.where(back | stays, 0, np.where(gone, away + 1, 0))
        )
        self._steps.learn(rows, step, usual, ~(left | gone))
        return _verdicts(back, ~left & ~gone | stays, Verdict.HOLD)


class ClockHabit:
    """What a device calls now against when it was heard."""

    def __init__(self, rule: WrongClock, groups: KindGroups) -> None:
        self._rule = rule
        self._off: Ints = np.zeros(len(groups.of), dtype=np.int64)

    def __call__(self, rows: Batch, /) -> Verdicts:
        """Return RAISE where so many in succession were off."""
        rule, ahead_us = self._rule, rows.observed_us - rows.received_us
        off = ahead_us > rule.ahead_s * SECOND_US
        if rule.behind_s is not None:
            off |= -ahead_us > rule.behind_s * SECOND_US
        count = np.where(off, self._off[rows.channel] + 1, 0)
        self._off[rows.channel] = count
        return _verdicts(off & (count >= rule.readings), ~off, Verdict.HOLD)


def habit_of(condition: OfSensor, registry: Registry, watched: NDArray[np.bool_]) -> Habit:
    """Return what judges the watched channels of a registry by a condition."""
    groups = KindGroups(registry, watched)
    match condition:
        case Stuck():
            return StuckHabit(condition, groups)
        case Spike():
            return SpikeHabit(condition, groups)
        case Drift():
            return DriftHabit(condition, groups, HEARD_NEEDED)
        case WrongClock():
            return ClockHabit(condition, groups)


def _verdicts(raised: NDArray[np.bool_], clear: NDArray[np.bool_], other: Verdict) -> Verdicts:
    found = np.full(len(raised), other, dtype=np.uint8)
    found[clear] = Verdict.CLEAR
    found[raised] = Verdict.RAISE
    return found
