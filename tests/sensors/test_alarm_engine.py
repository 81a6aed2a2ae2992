"""Alarms by event time: what holds long enough is raised once, and what is over is cleared once."""

from datetime import timedelta

import numpy as np
import pytest

from sensors.alarm_rules import (
    Circle,
    Compound,
    Deviation,
    Hours,
    Rate,
    Repeat,
    Scope,
    Threshold,
)
from sensors.arrivals import sort_in
from sensors.batch import Batch, joined
from sensors.machine import standing
from sensors.model import Channel, Quality
from sensors.registry import Registry
from tests.sensors.builders import (
    SECOND,
    START_US,
    a_device,
    a_registry,
    readings,
)
from tests.sensors.runs import LIVE_US, Run, a_rule, flaps
from vocabulary.errors import Refused
from vocabulary.place import Place

ONE = a_registry()


def test_a_threshold_is_raised_beyond_its_limit_and_cleared_below_another() -> None:
    run = Run(ONE, [a_rule()]).hear(readings((0, 14), (60, 16), (120, 12), (180, 10)))
    assert run.changes() == [("raised", 60), ("cleared", 180)]


def test_between_raising_and_clearing_nothing_changes() -> None:
    run = Run(ONE, [a_rule()]).hear(readings((0, 16), (60, 11), (120, 16), (180, 11)))
    assert run.changes() == [("raised", 0)]


def test_a_limit_may_be_the_channels_own_and_a_channel_without_one_has_no_alarm() -> None:
    own = a_rule(Threshold(deadband=2))
    assert Run(ONE, [own]).hear(readings((0, 15.5), (60, 13))).changes() == [
        ("raised", 0),
        ("cleared", 60),
    ]
    assert Run(a_registry(high=None), [own]).hear(readings((0, 99))).changes() == []


def test_below_is_the_mirror_of_above() -> None:
    rule = a_rule(Threshold(side="below", raise_at=2.0, deadband=0.5))
    run = Run(ONE, [rule]).hear(readings((0, 3), (60, 1.9), (120, 2.4), (180, 2.5)))
    assert run.changes() == [("raised", 60), ("cleared", 180)]


def test_it_must_last_and_a_short_peak_raises_nothing() -> None:
    rule = a_rule(on_delay_s=120)
    peak = Run(ONE, [rule]).hear(readings((0, 16), (60, 9), (120, 9))).tick(900)
    assert peak.changes() == []
    lasting = Run(ONE, [rule]).hear(readings((0, 16), (60, 17), (120, 18)))
    assert lasting.tick(120.5).changes() == [("raised", 120)]


def test_time_alone_raises_what_lasts_without_another_word() -> None:
    run = Run(ONE, [a_rule(on_delay_s=120)]).hear(readings((0, 16)))
    assert run.tick(60, 119, 120).changes() == []
    assert run.tick(121).changes() == [("raised", 120)]
    assert run.tick(122, 999).changes() == [("raised", 120)]


def test_it_is_cleared_only_after_it_was_over_long_enough() -> None:
    rule = a_rule(off_delay_s=180)
    run = Run(ONE, [rule]).hear(readings((0, 16), (60, 9), (120, 16), (180, 9)))
    assert run.tick(359, 361).changes() == [("raised", 0), ("cleared", 360)]


def test_what_comes_and_goes_is_one_flapping_alarm_until_it_is_quiet() -> None:
    rule = a_rule(flaps=3, flap_s=300)
    toggles = [(30.0 * n, 16.0 if n % 2 == 0 else 9.0) for n in range(12)]
    run = Run(ONE, [rule]).hear(readings(*toggles)).tick(400, 629, 631)
    raised = [name for name, _ in run.changes()]
    assert raised.count("raised") == 3
    assert flaps(run.decisions) == [3]
    assert run.changes()[-1] == ("cleared", 330 + 300)


def test_what_was_not_measured_neither_raises_nor_clears() -> None:
    run = Run(ONE, [a_rule()]).hear(
        readings((0, 99), quality=Quality.CALIBRATION),
        readings((60, 16)),
        readings((120, 0), quality=Quality.FAULT),
        readings((180, 9_999_999)),
    )
    assert run.changes() == [("raised", 60)]
    assert run.newest.quality[1] == Quality.IMPLAUSIBLE


def test_a_detector_at_its_stop_is_an_alarm() -> None:
    run = Run(ONE, [a_rule()]).hear(readings((0, 600), quality=Quality.OVER_RANGE))
    assert run.changes() == [("raised", 0)]


def test_a_rate_is_seen_over_its_window_and_not_in_its_first_two_readings() -> None:
    rule = a_rule(Rate(per_min=2.0, over_s=300))
    run = Run(ONE, [rule]).hear(readings((0, 0), (60, 10), (120, 10), (180, 10), (240, 10)))
    assert run.changes() == [("raised", 180)]
    run.hear(readings((540, 10), (600, 10)))
    assert run.changes() == [("raised", 180), ("cleared", 540)]
    slow = Run(ONE, [rule]).hear(readings(*[(60.0 * n, 1.0 * n) for n in range(30)]))
    assert slow.changes() == []


def test_repeats_count_crossings_not_readings() -> None:
    rule = a_rule(Repeat(level=15.0, times=3, within_s=600))
    once = Run(ONE, [rule]).hear(readings(*[(60.0 * n, 16.0) for n in range(9)]))
    assert once.changes() == []
    thrice = [(0, 16), (60, 1), (120, 16), (180, 1), (240, 16), (900, 1)]
    assert Run(ONE, [rule]).hear(readings(*thrice)).changes() == [
        ("raised", 240),
        ("cleared", 900),
    ]


def test_a_deviation_is_from_what_is_usual_at_that_hour() -> None:
    rule = a_rule(Deviation(sigmas=3, at_least=1.0))
    run = Run(ONE, [rule], usual=lambda _channel, _at: (5.0, 0.5))
    assert run.hear(readings((0, 6.4), (60, 6.6), (120, 5.8), (180, 5.7))).changes() == [
        ("raised", 60),
        ("cleared", 180),
    ]
    assert Run(ONE, [rule]).hear(readings((0, 99))).changes() == []  # nothing is usual yet


def test_outside_its_hours_a_rule_holds_nothing() -> None:
    # 06:00 UTC is 14:00 in the county; a door may stand open until 22:00.
    rule = a_rule(hours=(Hours(begins_min=22 * 60, ends_min=6 * 60),))
    run = Run(ONE, [rule]).hear(readings((0, 16), (8 * 3600 + 1, 16), (16 * 3600, 16)))
    assert run.changes() == [("raised", 8 * 3600 + 1), ("cleared", 16 * 3600)]


def a_pair() -> Registry:
    channels = [
        Channel(
            number=number,
            device="gauge",
            name=name,
            unit="m",
            period=timedelta(seconds=60),
            stale_after=timedelta(seconds=180),
        )
        for number, name in ((1, "level"), (2, "outflow"))
    ]
    return Registry([a_device("gauge", "reservoir")], channels)


def test_a_compound_needs_every_channel_fresh() -> None:
    logic = {"and": [{">": [{"var": "level"}, 3]}, {"<": [{"var": "outflow"}, 1]}]}
    scope = Scope(kinds=("reservoir",), channel="level")
    run = Run(a_pair(), [a_rule(Compound(when=logic), scope=scope)])
    run.hear(readings((0, 4.0)))
    assert run.changes() == []
    run.hear(readings((10, 0.5), channel=2))
    assert run.changes() == [("raised", 10)]
    run.hear(readings((400, 2.0)))  # the outflow is stale by now: no verdict
    assert run.changes() == [("raised", 10)]
    run.hear(readings((401, 5.0), channel=2))
    assert run.changes() == [("raised", 10), ("cleared", 401)]


@pytest.mark.parametrize(
    ("logic", "code"),
    [
        ({"map": [[1], {"var": "level"}]}, "sensors.logic_operator"),
        ({">": [1, 2]}, "sensors.logic_names_nothing"),
        ({">": [{"var": ["level", 0]}, 2]}, "sensors.logic_names_nothing"),
    ],
)
def test_an_expression_of_anything_else_is_refused(logic: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        Run(a_pair(), [a_rule(Compound(when=logic), scope=Scope(channel="level"))])
    assert refused.value.code == code


def test_a_geofence_holds_only_what_stands_within_it() -> None:
    far = Scope(channel="depth", within=Circle(middle=Place(121.0, 30.5), radius_m=500))
    near = Scope(channel="depth", within=Circle(middle=Place(120.5, 30.5), radius_m=500))
    assert Run(ONE, [a_rule(scope=far)]).hear(readings((0, 99))).changes() == []
    assert Run(ONE, [a_rule(scope=near)]).hear(readings((0, 99))).changes() == [("raised", 0)]


def test_what_a_person_cleared_comes_back_only_after_it_was_normal() -> None:
    run = Run(ONE, [a_rule()]).hear(readings((0, 16)))
    run.engine.put_aside("r1", 1, START_US + 30 * SECOND)
    run.hear(readings((60, 17), (120, 18)))
    assert run.changes() == [("raised", 0)]
    run.hear(readings((180, 9), (240, 16)))
    assert run.changes() == [("raised", 0), ("raised", 240)]


def test_an_alarm_that_stands_is_not_raised_again_after_a_restart() -> None:
    run = Run(ONE, [a_rule()])
    assert run.engine.restore("r1", 1, standing(START_US - SECOND))
    run.hear(readings((0, 16), (60, 9)))
    assert run.changes() == [("cleared", 60)]
    assert not run.engine.restore("gone", 1, standing(START_US))


def test_several_rules_on_one_channel_are_several_alarms() -> None:
    severe = a_rule(Threshold(raise_at=30.0), id="r2")
    run = Run(ONE, [a_rule(), severe]).hear(readings((0, 16), (60, 31), (120, 20), (180, 5)))
    assert [row for row in run.told() if row[0] == "r1"] == [
        ("r1", 1, "raised", 0),
        ("r1", 1, "cleared", 180),
    ]
    assert [row for row in run.told() if row[0] == "r2"] == [
        ("r2", 1, "raised", 60),
        ("r2", 1, "cleared", 120),
    ]


def test_late_and_doubled_readings_change_no_alarm() -> None:
    run = Run(ONE, [a_rule()]).hear(readings((0, 1), (60, 1), (120, 1)))
    again = sort_in(readings((60, 99), (120, 1), (120, 1)), ONE, run.newest, LIVE_US)
    assert (again.duplicate, len(again.late), len(again.fresh)) == (2, 1, 0)
    old = sort_in(readings((180, 99)), ONE, run.newest, -SECOND)
    assert (len(old.kept), len(old.fresh)) == (1, 0)


def test_each_bad_reading_is_refused_with_its_reason_and_the_good_ones_stand() -> None:
    run = Run(ONE, [a_rule()])
    future = readings((0, 1))
    batch = joined(
        [
            readings((0, float("nan"))),
            readings((1, 5)),
            readings((2, 5), channel=7),
            readings((3, 5), quality=99),
            Batch(
                future.channel,
                future.observed_us + 400 * SECOND,
                future.received_us,
                future.value,
                future.quality,
            ),
            Batch(future.channel, np.array([5]), future.received_us, future.value, future.quality),
        ]
    )
    found = sort_in(batch, ONE, run.newest, LIVE_US)
    assert len(found.kept) == 1
    assert [(one.at, one.reason.code) for one in found.refused] == [
        (0, "sensors.not_a_number"),
        (2, "sensors.unknown_channel"),
        (3, "sensors.unknown_quality"),
        (4, "sensors.from_the_future"),
        (5, "sensors.before_time"),
    ]
    assert all(one.reason.text("zh") and one.reason.text("en") for one in found.refused)
