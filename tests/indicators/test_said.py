"""Figures on paper are written in their unit, in both languages: short times in milliseconds, counts with what they count."""

from typing import Any

import pytest

from indicators.said import change_text, value_text


@pytest.mark.parametrize(
    ("row", "value", "zh", "en"),
    [
        ({"measure": "duration", "unit": "s"}, 0.0184, "18毫秒", "18 ms"),
        ({"measure": "duration", "unit": "s"}, 0.0, "0秒", "0 s"),
        ({"measure": "duration", "unit": "s"}, 161.0, "2分 41秒", "2 min 41 s"),
        ({"measure": "count", "unit": "min"}, 1234.6, "1,235 分钟", "1,235 min"),
        ({"measure": "count", "unit": "person-min"}, 60.0, "60 人·分钟", "60 person-min"),
        ({"measure": "ratio", "unit": ":1"}, 3.25, "3.2", "3.2"),
        ({"measure": "share", "unit": "%"}, None, "—", "—"),
    ],
)
def test_a_value_is_written_in_its_unit(
    row: dict[str, Any], value: float | None, zh: str, en: str
) -> None:
    assert (value_text(row, value, "zh"), value_text(row, value, "en")) == (zh, en)


def test_a_change_of_minutes_says_that_they_are_minutes() -> None:
    row = {"measure": "count", "unit": "min", "value": 90.0, "before": {"value": 60.0}}
    assert change_text(row, "zh") == "▲ 30 分钟"


def test_a_change_of_what_takes_longer_is_told_in_whole_seconds() -> None:
    row = {"measure": "duration", "unit": "s", "value": 173.909, "before": {"value": 173.0}}
    assert change_text(row, "en") == "▲ 1 s"
    assert change_text(row | {"value": 173.2}, "en") == "no change"
    assert change_text(row | {"value": 0.03, "before": {"value": 0.012}}, "en") == "▲ 18 ms"
