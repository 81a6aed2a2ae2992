"""A rule that could never hold, never be over, or that nothing measures is refused by the field that is wrong."""

from dataclasses import replace

import orjson
import pytest

from sensors.alarm_rules import (
    AlarmRule,
    Circle,
    Compound,
    Deviation,
    Hours,
    NoData,
    Rate,
    Repeat,
    Scope,
    Threshold,
)
from sensors.shipped_rules import read_rule, shipped_rules
from tests.sensors.runs import a_rule
from vocabulary.errors import Refused
from vocabulary.place import Place

LEVEL = Scope(kinds=("river_level",), channel="level")
HERE = Place(120.5, 30.5)
NONSENSE: tuple[tuple[str, AlarmRule], ...] = (
    ("condition.clear_at", a_rule(Threshold(raise_at=15.0, clear_at=16.0))),
    ("condition.clear_at", a_rule(Threshold(side="below", raise_at=2.0, clear_at=1.0))),
    ("condition.deadband", a_rule(Threshold(raise_at=15.0, deadband=-1.0))),
    ("condition.over_s", a_rule(Rate(per_min=1.0, over_s=0.0))),
    ("condition.per_min", a_rule(Rate(per_min=-1.0, over_s=60.0))),
    ("condition.clear_per_min", a_rule(Rate(per_min=1.0, over_s=60.0, clear_per_min=2.0))),
    ("condition.times", a_rule(Repeat(level=1.0, times=0, within_s=60.0))),
    ("condition.within_s", a_rule(Repeat(level=1.0, times=3, within_s=0.0))),
    ("condition.sigmas", a_rule(Deviation(sigmas=0.0))),
    ("condition.after_s", a_rule(NoData(after_s=-5.0))),
    ("scope.channel", a_rule(Threshold(raise_at=1.0), scope=replace(LEVEL, channel="levle"))),
    ("scope.channel", a_rule(Threshold(raise_at=1.0), scope=replace(LEVEL, channel=""))),
    ("scope.kinds", a_rule(Threshold(raise_at=1.0), scope=replace(LEVEL, kinds=("ufo",)))),
    ("scope.within.radius_m", a_rule(Threshold(), scope=replace(LEVEL, within=Circle(middle=HERE, radius_m=0.0)))),
    ("condition.when", a_rule(Compound(when={">": [{"var": "levle"}, 3]}), scope=LEVEL)),
    ("condition.clear", a_rule(Compound(when={">": [{"var": "level"}, 3]}, clear={"<": [{"var": "flow"}, 1]}), scope=LEVEL)),
    ("hours.weekdays", a_rule(Threshold(), hours=(Hours(weekdays=(0, 8)),))),
    ("hours.weekdays", a_rule(Threshold(), hours=(Hours(weekdays=()),))),
    ("hours", a_rule(Threshold(), hours=(Hours(begins_min=480, ends_min=480),))),
    ("hours", a_rule(Threshold(), hours=(Hours(begins_min=-1, ends_min=1441),))),
    ("flaps", a_rule(Threshold(), flaps=-1)),
    ("on_delay_s", a_rule(Threshold(), on_delay_s=-1.0)),
    ("id", replace(a_rule(Threshold()), id="")),
    ("id", replace(a_rule(Threshold()), id="r" * 61)),
    ("name_zh", replace(a_rule(Threshold()), name_zh=" ")),
)  # fmt: skip


@pytest.mark.parametrize(("field", "rule"), NONSENSE)
def test_what_cannot_be_meant_is_refused_by_its_field(field: str, rule: AlarmRule) -> None:
    with pytest.raises(Refused) as refused:
        read_rule(orjson.dumps(rule, default=str))
    assert refused.value.values["field"] == field


@pytest.mark.parametrize("rule", shipped_rules(), ids=lambda rule: rule.id)
def test_every_rule_that_comes_with_the_program_may_be_set_as_it_stands(rule: AlarmRule) -> None:
    assert read_rule(orjson.dumps(rule, default=str)) == rule


def test_a_rule_without_an_english_name_has_its_chinese_one() -> None:
    rule = replace(a_rule(Threshold()), name_zh="桥下水位", name_en="")
    assert read_rule(orjson.dumps(rule, default=str)).name_en == "桥下水位"
