"""Rules about the sensors themselves, over a registry: which rows change how one of their alarms stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensors.alarm_rules import AlarmRule, OfSensor
from sensors.batch import Batch
from sensors.habits import Habit, habit_of
from sensors.machine import Phase, Verdict
from sensors.registry import Registry
from sensors.watch import Watch, dwell_of, watched_by


@dataclass(slots=True)
class HealthRule:
    """One rule: whom it watches, how their alarms stand, and what judges them."""

    rule: AlarmRule
    watched: NDArray[np.bool_]
    phase: NDArray[np.uint8]
    habit: Habit

    def watch(self, channel: int) -> Watch:
        """Return a new watch on a channel."""
        return Watch(self.rule, channel, dwell_of(self.rule), phases=self.phase)

    def touched(self, rows: Batch) -> tuple[Batch, list[Verdict]]:
        """Return the rows that would change how an alarm stands, with what they say."""
        mine = rows.where(self.watched[rows.channel])
        verdicts = self.habit(mine)
        phase = self.phase[mine.channel]
        raised, clear = verdicts == Verdict.RAISE, verdicts == Verdict.CLEAR
        told = verdicts != Verdict.UNKNOWN
        at = np.flatnonzero(
            ((phase == Phase.NORMAL) & raised)
            | ((phase == Phase.SUSPECT) & told & ~raised)
            | ((phase == Phase.ACTIVE) & clear)
            | ((phase == Phase.CLEARING) & told & ~clear)
            | ((phase == Phase.ASIDE) & clear)
        )
        return mine.at(at), [Verdict(one) for one in verdicts[at].tolist()]


def health_rules(
    rules: Sequence[AlarmRule], registry: Registry, before: Sequence[HealthRule] = ()
) -> list[HealthRule]:
    """Return the rules about sensors over their channels; one that is as it was goes on with what it has learnt."""
    found = []
    for rule in rules:
        condition = rule.condition
        if not isinstance(condition, OfSensor):
            continue
        watched = watched_by(rule, registry)
        same = (one for one in before if one.rule == rule and np.array_equal(one.watched, watched))
        if (known := next(same, None)) is not None:
            found.append(known)
            continue
        phase = np.zeros(registry.size, dtype=np.uint8)
        found.append(HealthRule(rule, watched, phase, habit_of(condition, registry, watched)))
    return found


def rounds(rows: Batch) -> Iterator[Batch]:
    """Yield rows, by channel and time, as batches of at most one row a channel: the first of each, then the second."""
    if not len(rows):
        return
    starts = np.flatnonzero(np.r_[True, np.diff(rows.channel) != 0])
    counts = np.diff(np.r_[starts, len(rows)])
    turn = np.arange(len(rows)) - np.repeat(starts, counts)
    order = np.argsort(turn, kind="stable")
    for part in np.split(order, np.cumsum(np.bincount(turn))[:-1]):
        yield rows.at(part)
