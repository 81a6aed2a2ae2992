"""How good the alarm rules are on a feed whose truth is known: what was raised rightly, what for nothing, what was missed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import numpy as np

from county.sample.tables.devices import KINDS
from exchange.sample_feed.faults import Fault, FaultKind
from exchange.sample_feed.feed import SampleFeed
from sensors.alarm_rules import (
    AlarmRule,
    Compound,
    Condition,
    Deviation,
    Drift,
    NoData,
    Rate,
    Repeat,
    Spike,
    Stuck,
    Threshold,
    WrongClock,
)
from sensors.arrivals import Newest, sort_in
from sensors.batch import batch_of
from sensors.engine import AlarmEngine
from sensors.kinds import STALE_PERIODS
from sensors.machine import Raised
from sensors.model import Channel, Device, Quality
from sensors.registry import Registry
from vocabulary.place import Place

SECOND_US: Final = 1_000_000
AHEAD_US: Final = 3600 * SECOND_US
MINUTE_S: Final = 60
DAY_START_S: Final = 1_795_708_800  # midnight of 2026-11-27 in China
MIDDLE: Final = Place(119.9, 30.6)
# An alarm may come this much after its fault has ended: delays of rules and the period of the device.
GRACE_PERIODS: Final = 4
OF_WORLD: Final = (Threshold, Rate, Repeat, Deviation, Compound)
# Which conditions are about a fault: what stands still leaves its kind, and what drifts may reach its limit first.
ABOUT: Final[dict[FaultKind, tuple[type[Condition], ...]]] = {
    FaultKind.EVENT: OF_WORLD,
    FaultKind.STUCK: (Stuck, Drift),
    FaultKind.DRIFT: (Drift, *OF_WORLD),
    FaultKind.SPIKE: (Spike,),
    FaultKind.SILENT: (NoData,),
    FaultKind.SKEW: (WrongClock,),
}


def sample_registry(share: int) -> Registry:
    """Return every `share`-th of the sample county's devices, three of each kind at least."""
    devices: list[Device] = []
    channels: list[Channel] = []
    for kind in KINDS:
        for number in range(max(3, kind.count // share)):
            id = f"{kind.kind}-{number}"
            devices.append(
                Device(id=id, name=id, kind=kind.kind, place=MIDDLE, department=kind.department)
            )
            channels.append(
                Channel(
                    number=len(channels),
                    device=id,
                    name=kind.channel,
                    unit=kind.unit,
                    period=timedelta(seconds=kind.period_s),
                    stale_after=timedelta(seconds=STALE_PERIODS * kind.period_s),
                    low=kind.low,
                    high=kind.high,
                )
            )
    return Registry(devices, channels)


@dataclass(frozen=True, slots=True)
class Raising:
    """One alarm that was raised: by which rule and kind of condition, on which channel, when."""

    rule: str
    by: type[Condition]
    channel: int
    at_s: int


@dataclass(slots=True)
class Verdict:
    """The sums. `by_kind`: how many of how many of a kind were noticed by a rule about it; `waited_s`: how long that took."""

    raised: int = 0
    rightly: int = 0
    expected: int = 0
    found: int = 0
    by_kind: dict[FaultKind, tuple[int, int]] = field(default_factory=dict)
    waited_s: dict[FaultKind, list[int]] = field(default_factory=dict)
    for_nothing: dict[str, int] = field(default_factory=dict)
    skew_marked: int = 0

    @property
    def precision(self) -> float:
        """Return the share of alarms that had a reason."""
        return self.rightly / self.raised if self.raised else 1.0

    @property
    def recall(self) -> float:
        """Return the share of what ought to be noticed that was."""
        return self.found / self.expected if self.expected else 1.0


def run(
    feed: SampleFeed, registry: Registry, rules: Sequence[AlarmRule], from_s: int, until_s: int
) -> tuple[list[Raising], set[int]]:
    """Return every alarm that the rules raise on the feed, minute by minute, and the channels marked for their clock."""
    newest = Newest(registry.size)
    engine = AlarmEngine(registry, rules, newest, heard_since_us=from_s * SECOND_US)
    raised: list[Raising] = []
    skewed: set[int] = set()
    for minute_s in range(from_s, until_s, MINUTE_S):
        said = feed.between(minute_s, minute_s + MINUTE_S)
        decisions = []
        if said:
            batch = batch_of(
                [one.channel.number for one in said],
                [one.at_s * SECOND_US for one in said],
                [one.sent_s * SECOND_US for one in said],
                [one.value for one in said],
            )
            sorted_in = sort_in(batch, registry, newest, AHEAD_US)
            marked = sorted_in.kept.quality == Quality.SKEWED
            skewed |= set(np.unique(sorted_in.kept.channel[marked]).tolist())
            decisions += engine.hear(sorted_in.fresh)
        decisions += engine.tick((minute_s + MINUTE_S) * SECOND_US)
        raised += [
            Raising(
                one.rule.id,
                type(one.rule.condition),
                one.channel,
                minute_s + MINUTE_S,
            )
            for one in decisions
            if isinstance(one.change, Raised)
        ]
    return raised, skewed


def judge(
    raised: Iterable[Raising], skewed: set[int], faults: Iterable[Fault], registry: Registry
) -> Verdict:
    """Return the sums over what was raised and what was true."""
    verdict = Verdict()
    by_channel: dict[int, list[Raising]] = defaultdict(list)
    for one in raised:
        by_channel[one.channel].append(one)
        verdict.raised += 1
    for fault in faults:
        period_s = int(registry.channels[fault.channel].period.total_seconds())
        grace_s = GRACE_PERIODS * period_s + 1800
        mine = [
            one
            for one in by_channel.get(fault.channel, ())
            if fault.start_s <= one.at_s <= fault.end_s + grace_s
        ]
        right = [one for one in mine if one.by in ABOUT[fault.kind]]
        done, total = verdict.by_kind.get(fault.kind, (0, 0))
        verdict.expected += 1
        verdict.found += bool(right)
        verdict.by_kind[fault.kind] = (done + bool(right), total + 1)
        if right:
            waited_s = min(one.at_s for one in right) - fault.start_s
            verdict.waited_s.setdefault(fault.kind, []).append(waited_s)
        verdict.rightly += len(right)
        verdict.skew_marked += fault.kind is FaultKind.SKEW and fault.channel in skewed
        for one in right:
            by_channel[fault.channel].remove(one)
    for one in (one for rest in by_channel.values() for one in rest):
        verdict.for_nothing[one.rule] = verdict.for_nothing.get(one.rule, 0) + 1
    return verdict
