"""Who is silent: by column over all channels, and never a child where its gateway may be the one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.alarm_rules import AlarmRule, NoData
from sensors.arrivals import Newest
from sensors.batch import Ints
from sensors.gateways import FOREVER, Gateways
from sensors.registry import Registry
from sensors.watch import Watch, dwell_of, watched_by

SECOND_US: Final = 1_000_000


@dataclass(slots=True)
class Silence:
    """One no-data rule: whom it watches, after how long, and who is silent by it.

    `by_rule_us` is how long the rule itself waits; `after_us` where the signal calls for more patience. `back_us`: since when
    no more is called for, since when therefore a device has had the time it has anywhere.
    """

    rule: AlarmRule
    watched: NDArray[np.bool_]
    by_rule_us: NDArray[np.int64]
    after_us: NDArray[np.int64]
    silent: NDArray[np.bool_]
    back_us: NDArray[np.int64]

    def wait(self, times: NDArray[np.float64], now_us: int) -> None:
        """Wait so many times as long from now on, per channel; what is silent by now stays so until it is heard."""
        longer = np.minimum(self.by_rule_us * times, FOREVER).astype(np.int64)
        after_us = np.where(times == 1, self.by_rule_us, longer)
        self.back_us[after_us < self.after_us] = now_us
        self.after_us = after_us

    def watch(self, channel: int) -> Watch:
        """Return a new watch on a channel."""
        return Watch(self.rule, channel, dwell_of(self.rule))


def silences(rules: Sequence[AlarmRule], registry: Registry) -> list[Silence]:
    """Return the no-data rules over their channels."""
    found = []
    for rule in rules:
        condition = rule.condition
        if not isinstance(condition, NoData):
            continue
        watched = watched_by(rule, registry)
        after = registry.stale_us.copy()
        if condition.after_s is not None:
            after[:] = int(condition.after_s * SECOND_US)
        none = np.zeros(registry.size, dtype=np.int64)
        found.append(Silence(rule, watched, after, after, none.astype(bool), none))
    return found


class Heard:
    """When each channel was heard last, its gateway's word included, as of one instant. A channel never heard is not silent."""

    def __init__(self, newest: Newest, gateways: Gateways, since_us: int, now_us: int) -> None:
        self._now_us, heard_us, gone_us = now_us, newest.received_us, newest.gone_us
        # Who is told to be gone is gone until something of it is heard.
        self._gone = (gone_us > 0) & (heard_us <= gone_us)
        self._behind = gateways.of >= 0
        self._at = np.where(self._behind, gateways.of, 0)
        spoke = heard_us > 0
        self.last_us: Ints = np.where(spoke, np.maximum(heard_us, since_us), 0)
        own = list(gateways.own)
        self.last_us[own] = np.where(
            spoke[own], np.maximum(self.last_us[own], newest.there_us[own]), 0
        )
        self._alive_us, self._dead = gateways.look(self.last_us, gone_us, now_us)
        if len(self._alive_us):
            back_us = gateways.back_us[self._at]
            self.last_us = np.where(
                self._behind & spoke, np.maximum(self.last_us, back_us), self.last_us
            )
            for number, place in gateways.own.items():
                self.last_us[number] = max(self.last_us[number], self._alive_us[place])
                self._gone[number] &= self._dead[place]

    def silent(self, silence: Silence) -> NDArray[np.bool_]:
        """Say who is silent by a rule; one behind a gateway only once that has spoken after the child was due."""
        after_us = np.where(silence.silent, silence.by_rule_us, silence.after_us)
        since_us = np.where(silence.silent, self.last_us, np.maximum(self.last_us, silence.back_us))
        due_us = since_us + after_us
        due = (due_us < self._now_us) | self._gone
        late: NDArray[np.bool_] = silence.watched & (self.last_us > 0) & due
        if len(self._alive_us):
            proven = ~self._dead[self._at] & ((self._alive_us[self._at] > due_us) | self._gone)
            late &= ~self._behind | proven | silence.silent
        return late
