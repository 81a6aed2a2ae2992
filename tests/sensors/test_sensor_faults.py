"""What is wrong with a sensor shows in its readings: it stands still, jumps, leaves its level, or its clock is wrong."""

import numpy as np
import orjson
import pytest

from sensors.alarm_rules import Drift, Hours, OfSensor, Scope, Spike, Stuck, WrongClock
from sensors.batch import Batch, batch_of
from sensors.machine import standing
from sensors.shipped_rules import read_rule, rules_in_force
from tests.sensors.builders import SECOND, START_US, a_registry, readings
from tests.sensors.runs import Run, a_rule
from vocabulary.errors import Refused

MINUTE = 60.0
HOUR = 60
TEN = a_registry(10, high=None)


def noisy(seed: int, minutes: int, level: float = 5.0, noise: float = 0.5) -> list[float]:
    """Return a reading a minute of a healthy gauge, to its tenth."""
    drawn = np.random.default_rng(seed).normal(level, noise, minutes)
    return [round(float(value), 1) for value in drawn]


def minutes(*channels: list[float]) -> Batch:
    """Return a reading a minute of several channels, by channel and time."""
    parts = [
        (number, at, value)
        for number, said in enumerate(channels, 1)
        for at, value in enumerate(said)
    ]
    observed = [START_US + int(at * MINUTE * SECOND) for _, at, _ in parts]
    return batch_of(
        [number for number, _, _ in parts], observed, observed, [value for _, _, value in parts]
    )


def heard(
    condition: OfSensor, *channels: list[float], **fields: object
) -> list[tuple[int, str, float]]:
    """Return (channel, what, minute) of what a rule says of readings a minute."""
    run = Run(TEN, [a_rule(condition, **fields)]).hear(minutes(*channels))
    run.tick(len(channels[0]) * MINUTE)
    return [(channel, what, second / MINUTE) for _, channel, what, second in run.told()]


def healthy(count: int = 9, length: int = 10 * HOUR) -> list[list[float]]:
    return [noisy(seed, length) for seed in range(count)]


def test_a_gauge_that_stands_still_is_told_and_over_when_it_moves() -> None:
    stuck = noisy(77, 5 * HOUR) + [5.1] * 3 * HOUR + [5.2] + noisy(78, 2 * HOUR - 1)
    told = heard(Stuck(after_s=1800), *healthy(), stuck)
    assert [(channel, what) for channel, what, _ in told] == [(10, "raised"), (10, "cleared")]
    assert 5 * HOUR + 29 <= told[0][2] <= 5 * HOUR + 45
    assert told[1][2] == 8 * HOUR


def test_where_all_of_a_kind_repeat_themselves_a_long_repetition_is_its_habit() -> None:
    calm = [[float(n // 2 % 3)] * 50 + [float(n % 3)] * 50 for n in range(9)] * 2
    long = [1.0] * 95 + [2.0] * 5
    assert heard(Stuck(after_s=60), *calm[:9], long) == []


def test_a_gauge_may_stand_at_rest_for_as_long_as_it_likes() -> None:
    dry = [*noisy(5, 3 * HOUR), *[0.0] * 7 * HOUR]
    assert heard(Stuck(rest=0.0), *healthy(), dry) == []
    assert heard(Stuck(), *healthy(), dry)[0][:2] == (10, "raised")


def test_a_slow_creep_is_no_standstill() -> None:
    creeping = [*noisy(5, 3 * HOUR), *[5 + n * 0.02 for n in range(7 * HOUR)]]
    assert heard(Stuck(within=0.05), *healthy(), creeping) == []


def test_of_a_gauge_alone_nothing_is_said_until_its_habit_is_known() -> None:
    assert heard(Stuck(), [5.1] * 50) == []


def test_a_jump_that_comes_back_is_a_spike_and_one_that_stays_is_not() -> None:
    spiking, changed = noisy(8, 200), noisy(9, 200)
    spiking[100] = 40.0
    changed[100:] = [value + 35 for value in changed[100:]]
    told = heard(Spike(readings=2), *healthy(8, 200), spiking, changed, off_delay_s=600.0)
    assert told == [(9, "raised", 101), (9, "cleared", 112)]


def test_a_jump_smaller_than_what_the_rule_asks_is_no_spike() -> None:
    spiking = noisy(8, 200)
    spiking[100] = 25.0
    assert heard(Spike(at_least=30), *healthy(9, 200), spiking) == []
    assert heard(Spike(at_least=10), *healthy(9, 200), spiking)[0] == (10, "raised", 101)


def test_a_gauge_that_leaves_its_level_step_by_step_is_drifting() -> None:
    rule = Drift(over_s=1800, against_s=6 * 3600)
    drifting = [value + max(0, n - 300) * 0.02 for n, value in enumerate(noisy(4, 600))]
    told = heard(rule, *healthy(), drifting)
    assert [(channel, what) for channel, what, _ in told] == [(10, "raised")]
    assert 310 <= told[0][2] <= 420  # at 6.2 to 7.4: long before a limit of 15


def test_what_all_of_a_kind_do_is_the_world_and_no_drift() -> None:
    rule = Drift(over_s=1800, against_s=6 * 3600)
    rain = [max(0, n - 300) * 0.02 for n in range(600)]
    together = [[v + w for v, w in zip(one, rain, strict=True)] for one in healthy(10)]
    assert heard(rule, *together) == []


def test_a_jump_is_no_drift() -> None:
    rule = Drift(over_s=1800, against_s=6 * 3600)
    flood = [value + (30 if 300 <= n < 420 else 0) for n, value in enumerate(noisy(4, 600))]
    assert heard(rule, *healthy(), flood) == []


def told_by(ahead_s: float, from_minute: int, count: int = 20) -> Batch:
    came = [START_US + int(n * MINUTE * SECOND) for n in range(count)]
    said = [at + int(ahead_s * SECOND) * (n >= from_minute) for n, at in enumerate(came)]
    return batch_of([1] * count, said, came, [5.0] * count)


def test_a_clock_ahead_is_told_once_it_was_so_three_times() -> None:
    run = Run(TEN, [a_rule(WrongClock(ahead_s=30))]).hear(told_by(120, 5))
    assert run.changes() == [("raised", 7 * MINUTE + 120)]
    assert Run(TEN, [a_rule(WrongClock(ahead_s=150))]).hear(told_by(120, 5)).changes() == []


def test_a_clock_behind_is_told_only_where_the_rule_asks_for_it() -> None:
    assert Run(TEN, [a_rule(WrongClock())]).hear(told_by(-900, 0)).changes() == []
    asked = Run(TEN, [a_rule(WrongClock(behind_s=600))]).hear(told_by(-900, 0))
    assert [what for what, _ in asked.changes()] == ["raised"]


def test_readings_at_once_say_the_same_as_one_by_one() -> None:
    stuck = noisy(77, 4 * HOUR) + [5.1] * 2 * HOUR
    whole = minutes(*healthy(9, 6 * HOUR), stuck)
    rules = [a_rule(Stuck(), id="stuck"), a_rule(Spike(sigmas=3), id="spike")]
    at_once = Run(TEN, rules).hear(whole).told()
    each = Run(TEN, rules)
    for at in np.unique(whole.observed_us).tolist():
        each.hear(whole.where(whole.observed_us == at))
    assert at_once == each.told()
    assert {row[0] for row in at_once} == {"stuck", "spike"}


def test_an_alarm_of_a_sensor_stands_on_after_a_restart_until_it_moves() -> None:
    run = Run(TEN, [a_rule(Stuck())])
    assert run.engine.restore("r1", 1, standing(START_US - SECOND))
    run.hear(readings((0, 5.1), (60, 5.1), (120, 5.1)))
    assert run.changes() == []
    assert run.hear(readings((180, 5.3))).changes() == [("cleared", 180)]


def test_what_was_learnt_of_a_kind_outlives_a_new_table_of_rules() -> None:
    run = Run(TEN, [a_rule(Stuck())]).hear(minutes(*healthy(10, 100)))
    known = run.engine.health[0]
    after = type(run.engine)(
        TEN, [a_rule(Stuck()), a_rule(id="r2")], run.newest, health=run.engine.health
    )
    assert after.health == [known]


def test_the_shipped_rules_about_sensors_watch_no_switch() -> None:
    switches = {"door", "camera", "gateway"}
    of_value = [
        one for one in rules_in_force([]) if isinstance(one.condition, Stuck | Spike | Drift)
    ]
    assert len(of_value) == 3
    for rule in of_value:
        assert rule.scope.kinds
        assert not switches & set(rule.scope.kinds)
        assert not rule.opens_case


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("condition.readings", a_rule(Spike(readings=0))),
        ("condition.chance", a_rule(Stuck(chance=1.5))),
        ("condition.over_s", a_rule(Drift(over_s=0))),
        ("hours", a_rule(WrongClock(), hours=(Hours(begins_min=60, ends_min=120),))),
    ],
)
def test_a_rule_about_sensors_that_cannot_be_is_refused_by_its_field(
    field: str, rule: object
) -> None:
    with pytest.raises(Refused) as refused:
        read_rule(orjson.dumps(rule, default=str))
    assert refused.value.values["field"] == field


def test_a_rule_about_sensors_may_be_about_all_channels() -> None:
    wanted = a_rule(WrongClock(), scope=Scope())
    assert read_rule(orjson.dumps(wanted, default=str)) == wanted
