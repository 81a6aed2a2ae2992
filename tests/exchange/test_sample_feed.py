"""The made-up feed: the same for a seed, each fault where the plan says, and the shipped rules judged on its truth."""

from county.sample.tables.devices import KINDS
from exchange.sample_feed.faults import FaultKind, plan
from exchange.sample_feed.feed import SampleFeed, channels_with_signal
from exchange.sample_feed.judging import DAY_START_S, judge, run, sample_registry
from exchange.sample_feed.signals import signals
from sensors.alarm_rules import Threshold
from sensors.kinds import kinds
from sensors.shipped_rules import rules_in_force

HOURS = 12
OF_THE_SENSOR = (FaultKind.STUCK, FaultKind.SPIKE, FaultKind.SKEW)
UNTIL_S = DAY_START_S + HOURS * 3600


def test_every_signal_is_a_channel_of_its_kind_and_lies_within_what_can_be() -> None:
    for (kind, channel), signal in signals().items():
        measured = kinds()[kind].channel(channel)
        assert measured is not None
        assert measured.least is None or signal.mean >= measured.least
        assert measured.most is None or signal.mean <= measured.most


def test_the_same_seed_says_the_same_and_no_instant_is_left_out_or_doubled() -> None:
    registry = sample_registry(100)
    feed = SampleFeed(3, registry)
    whole = feed.between(DAY_START_S, DAY_START_S + 7200)
    parts = [
        one
        for start in range(DAY_START_S, DAY_START_S + 7200, 600)
        for one in SampleFeed(3, registry).between(start, start + 600)
    ]
    assert whole == parts
    assert whole != SampleFeed(4, registry).between(DAY_START_S, DAY_START_S + 7200)
    by_channel = {one.channel.number for one in whole if one.channel.period.total_seconds() <= 3600}
    due = {
        one.number for one in channels_with_signal(registry) if one.period.total_seconds() <= 3600
    }
    assert by_channel == due


def test_the_shipped_rules_are_judged_on_what_is_known() -> None:
    registry = sample_registry(100)
    faults = plan(11, channels_with_signal(registry), DAY_START_S, UNTIL_S, 4)
    feed = SampleFeed(11, registry, faults)
    raised, skewed = run(feed, registry, rules_in_force([]), DAY_START_S, UNTIL_S)
    verdict = judge(raised, skewed, faults, registry)
    assert verdict.raised == len(raised)
    assert sum(total for _, total in verdict.by_kind.values()) == len(faults) == 24
    assert verdict.by_kind[FaultKind.SILENT][0] == 4  # silence is a state, and always told
    assert verdict.by_kind[FaultKind.SKEW][0] == 4 == verdict.skew_marked
    assert verdict.recall >= 0.85
    assert verdict.precision >= 0.85
    limits_alone = [one for one in raised if one.by is Threshold]
    blind = judge(limits_alone, skewed, faults, registry)
    assert {kind: blind.by_kind[kind][0] for kind in OF_THE_SENSOR} == dict.fromkeys(
        OF_THE_SENSOR, 0
    )
    assert {fault.kind for fault in faults} == set(FaultKind)


def test_every_limit_a_device_of_the_sample_county_has_is_watched_by_a_rule() -> None:
    watched = {
        (kind, rule.scope.channel, rule.condition.side)
        for rule in rules_in_force([])
        if isinstance(rule.condition, Threshold)
        for kind in rule.scope.kinds
    }
    limits = {
        (one.kind, one.channel, side)
        for one in KINDS
        for side, limit in (("below", one.low), ("above", one.high))
        if limit is not None
    }
    assert limits <= watched


def test_without_faults_nothing_or_little_is_raised() -> None:
    registry = sample_registry(100)
    feed = SampleFeed(5, registry)
    raised, skewed = run(feed, registry, rules_in_force([]), DAY_START_S, DAY_START_S + 6 * 3600)
    assert not skewed
    assert len(raised) <= 1
