"""Alarms do not depend on how their readings came together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sensors.alarm_rules import Rate, Repeat
from sensors.machine import Life, Phase, Raised
from tests.sensors.builders import SECOND, a_registry, readings
from tests.sensors.runs import Run, a_rule

ONE = a_registry()


VALUES = st.lists(st.sampled_from([5.0, 12.0, 16.0, 31.0]), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.data(), st.sampled_from([0, 60, 150]), st.sampled_from([0, 90]))
def test_however_the_readings_are_batched_the_alarms_are_the_same(
    values: list[float], data: st.DataObject, on_s: int, off_s: int
) -> None:
    rules = [
        a_rule(on_delay_s=on_s, off_delay_s=off_s, flaps=3),
        a_rule(Repeat(level=15.0, times=2, within_s=300), id="r2"),
        a_rule(Rate(per_min=3.0, over_s=180), id="r3", on_delay_s=on_s),
    ]
    pairs = [(60.0 * n, value) for n, value in enumerate(values)]
    end = 60.0 * len(values) + 2000
    whole = Run(ONE, rules).hear(readings(*pairs)).tick(end).told()
    one_by_one = Run(ONE, rules)
    for second, value in pairs:
        one_by_one.hear(readings((second, value))).tick(second)
    assert one_by_one.tick(end).told() == whole
    cut = data.draw(st.integers(0, len(pairs)))
    halves = Run(ONE, rules).hear(readings(*pairs[:cut]), readings(*pairs[cut:]))
    assert halves.tick(end).told() == whole


@settings(max_examples=60, deadline=None)
@given(VALUES, st.sampled_from([0, 120]), st.sampled_from([0, 120]))
def test_raised_and_cleared_take_turns_and_an_alarm_never_begins_after_it_is_raised(
    values: list[float], on_s: int, off_s: int
) -> None:
    run = Run(ONE, [a_rule(on_delay_s=on_s, off_delay_s=off_s, flaps=4)])
    run.hear(readings(*[(60.0 * n, value) for n, value in enumerate(values)]))
    run.tick(60.0 * len(values) + 5000)
    names = [name for name, _ in run.changes() if name != "flapping"]
    assert names == ["raised", "cleared"] * (len(names) // 2) + ["raised"] * (len(names) % 2)
    for one in run.decisions:
        assert one.change.onset_us <= one.change.at_us
        if isinstance(one.change, Raised):
            assert one.change.at_us - one.change.onset_us >= on_s * SECOND
    if len(names) % 2 == 0:
        lives = run.engine.lives().values()
        assert all(life.phase in {Phase.NORMAL, Phase.SUSPECT} for life in lives)
    assert Life().phase is Phase.NORMAL
