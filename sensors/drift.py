"""A sensor that leaves where it was, step by step, while others of its kind do not."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.alarm_rules import Drift
from sensors.batch import Batch, Floats, Ints
from sensors.kind_groups import KindGroups
from sensors.machine import Verdict
from sensors.steps import Steps

SECOND_US: Final = 1_000_000
PEERS_NEEDED: Final = 5
PEERS_EVERY_US: Final = 60 * SECOND_US
JUMP: Final = 10.0  # usual steps
FAR: Final = 2.0
PERIODS_NEEDED: Final = 6.0  # a mean of fewer readings is one reading
# So much of `against_s` must have been heard before anything is said; of one without peers, whose day's rhythm is
# still part of what is left, all of it.
KNOWN_SHARE: Final = 0.25


class DriftHabit:
    """Two running means a channel, a quick and a slow one, of what is left when its peers' middle is taken off."""

    def __init__(self, rule: Drift, groups: KindGroups, heard_needed: int) -> None:
        self._rule, self._groups = rule, groups
        size = len(groups.of)
        self._steps = Steps(groups, heard_needed)
        self._quick, self._slow, self._spread = (np.full(size, np.nan) for _ in range(3))
        self._first_us, self._last_us, self._apart_us = (
            np.zeros(size, dtype=np.int64) for _ in range(3)
        )
        self._odd_us: Ints = np.zeros(
            size, dtype=np.int64
        )  # since when it is half as far as a drift
        self._told_us: Ints = np.full(size, np.iinfo(np.int64).min // 2, dtype=np.int64)
        self._told = np.zeros(size)
        self._middle = np.zeros(groups.count)
        self._in_company = np.zeros(groups.count, dtype=bool)
        self._middle_us: Ints = np.zeros(groups.count, dtype=np.int64)

    def __call__(self, rows: Batch, /) -> NDArray[np.uint8]:
        """Return RAISE where the quick mean is too far from the slow one."""
        rule, channel = self._rule, rows.channel
        left = rows.value - self._peers(rows)
        step, usual = self._steps.of(rows)
        new = np.isnan(self._slow[channel])
        self._settle(channel[new], left[new], rows.observed_us[new])
        far = JUMP * usual
        apart = self._apart_us[channel]
        jumped = (apart == 0) & ~new & (step > far)
        back = (apart > 0) & (np.abs(left - self._quick[channel]) <= far / 2)
        stays = (apart > 0) & ~back & (rows.observed_us - apart > rule.over_s * 4 * SECOND_US)
        self._settle(channel[stays], left[stays], rows.observed_us[stays])
        apart = np.where(jumped, rows.observed_us, np.where(back | stays, 0, apart))
        self._apart_us[channel] = apart
        calm = apart == 0
        self._move(rows.where(calm), left[calm])
        self._steps.learn(rows, step, usual, calm)
        return self._verdicts(rows, calm)

    def _peers(self, rows: Batch) -> Floats:
        """Return the middle of each row's kind, made anew about once a minute; nothing where there are few."""
        self._told[rows.channel], self._told_us[rows.channel] = rows.value, rows.observed_us
        kinds = self._groups.of[rows.channel]
        latest = np.zeros(len(self._middle), dtype=np.int64)
        np.maximum.at(latest, kinds, rows.observed_us)
        for kind in np.flatnonzero(latest >= self._middle_us + PEERS_EVERY_US).tolist():
            members = self._groups.members[kind]
            fresh = members[latest[kind] - self._told_us[members] <= self._groups.stale_us[members]]
            known = len(fresh) >= PEERS_NEEDED
            self._middle[kind] = float(np.median(self._told[fresh])) if known else 0.0
            self._in_company[kind] = known
            self._middle_us[kind] = latest[kind]
        return self._middle[kinds]

    def _settle(self, channel: Ints, left: Floats, at_us: Ints) -> None:
        """Begin anew from where a channel stands."""
        self._quick[channel] = self._slow[channel] = left
        self._spread[channel] = 0.0
        self._first_us[channel] = self._last_us[channel] = at_us

    def _move(self, rows: Batch, left: Floats) -> None:
        rule, channel = self._rule, rows.channel
        past_s = (rows.observed_us - self._last_us[channel]) / SECOND_US
        known_s = (rows.observed_us - self._first_us[channel]) / SECOND_US
        over_s = np.maximum(rule.over_s, PERIODS_NEEDED * self._groups.period_s[channel])
        # While little is known a mean is of all that is known.
        quick = 1 - np.exp(-past_s / np.clip(known_s, 1.0, over_s))
        slow = 1 - np.exp(-past_s / np.clip(known_s, 1.0, rule.against_s))
        slow[self._odd(rows)] = 0.0
        away, spread = np.abs(left - self._slow[channel]), self._spread[channel]
        early = known_s < KNOWN_SHARE * rule.against_s
        away = np.where(early, away, np.minimum(away, FAR * spread))
        self._spread[channel] = spread + slow * (away - spread)
        self._quick[channel] += quick * (left - self._quick[channel])
        self._slow[channel] += slow * (left - self._slow[channel])
        self._last_us[channel] = rows.observed_us

    def _odd(self, rows: Batch) -> NDArray[np.bool_]:
        """Say who is on its way: it teaches nothing about what is usual, until that has lasted as long as what was usual."""
        channel, known = rows.channel, self._known(rows)
        away, bound = self._away(channel)
        odd = known & (away > bound / 2)
        since_us = np.where(
            odd & (self._odd_us[channel] > 0), self._odd_us[channel], rows.observed_us
        )
        self._odd_us[channel] = np.where(odd, since_us, 0)
        return odd & (rows.observed_us - since_us < self._rule.against_s * SECOND_US)

    def _known(self, rows: Batch) -> NDArray[np.bool_]:
        alone = ~self._in_company[self._groups.of[rows.channel]]
        needed_us = np.where(alone, 1.0, KNOWN_SHARE) * self._rule.against_s * SECOND_US
        known: NDArray[np.bool_] = rows.observed_us - self._first_us[rows.channel] >= needed_us
        return known

    def _away(self, channel: Ints) -> tuple[Floats, Floats]:
        """Return how far the means are apart, and how far they may be."""
        spread = np.maximum(self._spread[channel], self._groups.least_step[channel])
        bound = np.maximum(self._rule.sigmas * spread, self._rule.at_least)
        return np.abs(self._quick[channel] - self._slow[channel]), bound

    def _verdicts(self, rows: Batch, calm: NDArray[np.bool_]) -> NDArray[np.uint8]:
        away, bound = self._away(rows.channel)
        found = np.full(len(rows), Verdict.HOLD, dtype=np.uint8)
        found[away <= bound / 2] = Verdict.CLEAR
        found[away > bound] = Verdict.RAISE
        found[~(calm & self._known(rows))] = Verdict.UNKNOWN
        return found
