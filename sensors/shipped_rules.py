"""The rules that come with the program, `sensors/tables/rules.csv`; an office sets its own in their place, by id."""

import csv
from collections.abc import Iterable
from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from sensors.alarm_rules import (
    AlarmRule,
    Compound,
    Condition,
    NoData,
    OfSensor,
    Scope,
    Severity,
    Stuck,
    Threshold,
)
from sensors.kinds import FOLDER, kinds
from sensors.logic import Expression
from vocabulary.errors import Refused

_condition: TypeAdapter[Condition] = TypeAdapter(Condition)
_rule = TypeAdapter(AlarmRule)
DELAY_MOST_S: Final = 7 * 86_400
MORE_THAN_NOTHING: Final = dict.fromkeys(
    ("after_s", "chance", "sigmas", "readings", "over_s", "against_s", "ahead_s", "behind_s"), "> 0"
)


@cache
def shipped_rules() -> tuple[AlarmRule, ...]:
    """Return them in the table's order."""
    with (FOLDER / "rules.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(_row(row) for row in csv.DictReader(stream))


def _row(row: dict[str, str]) -> AlarmRule:
    return AlarmRule(
        id=row["id"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        scope=Scope(kinds=tuple(row["kinds"].split()), channel=row["channel"]),
        condition=_condition.validate_json(row["condition"]),
        severity=Severity(row["severity"]),
        on_delay_s=float(row["on_delay_s"]),
        off_delay_s=float(row["off_delay_s"]),
        opens_case=row["opens_case"] == "1",
    )


def rules_in_force(own: Iterable[AlarmRule]) -> list[AlarmRule]:
    """Return the shipped rules with an office's own in their place, and its further ones after them."""
    table = {rule.id: rule for rule in shipped_rules()}
    return list((table | {rule.id: rule for rule in own}).values())


def read_rule(document: bytes) -> AlarmRule:
    """Return a rule from JSON. Refused names the field, what was there and what would be right."""
    try:
        rule = _rule.validate_json(document)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "rule"
        value = str(first.get("input"))[:80]
        raise Refused(
            "sensors.bad_rule", field=field, value=value, problem=first["msg"]
        ) from problem
    _need_sound(rule)
    _need_of_sensor(rule)
    return rule


def _need_sound(rule: AlarmRule) -> None:
    unknown = [kind for kind in rule.scope.kinds if kind not in kinds()]
    if unknown:
        raise Refused(
            "sensors.bad_rule", field="scope.kinds", value=unknown[0], problem=", ".join(kinds())
        )
    for field in ("on_delay_s", "off_delay_s", "flap_s"):
        if not 0 <= getattr(rule, field) <= DELAY_MOST_S:
            value, right = getattr(rule, field), f"0 … {DELAY_MOST_S}"
            raise Refused("sensors.bad_rule", field=field, value=value, problem=right)
    if not isinstance(rule.condition, NoData | OfSensor) and not rule.scope.channel:
        raise Refused("sensors.bad_rule", field="scope.channel", value="", problem="…")
    if isinstance(rule.condition, Threshold):
        _need_apart(rule.condition)
    if isinstance(rule.condition, Compound):
        for logic in filter(None, (rule.condition.when, rule.condition.clear)):
            Expression(logic)


def _need_of_sensor(rule: AlarmRule) -> None:
    """Refuse what no condition about silence or a sensor can be: bound to hours, or measured in nothing."""
    if not isinstance(rule.condition, NoData | OfSensor):
        return
    if rule.hours:
        raise Refused("sensors.bad_rule", field="hours", value=len(rule.hours), problem="[]")
    for name, right in MORE_THAN_NOTHING.items():
        value = getattr(rule.condition, name, None)
        if value is not None and value <= 0:
            raise Refused("sensors.bad_rule", field=f"condition.{name}", value=value, problem=right)
    if isinstance(rule.condition, Stuck) and rule.condition.chance >= 1:
        value = rule.condition.chance
        raise Refused("sensors.bad_rule", field="condition.chance", value=value, problem="< 1")


def _need_apart(condition: Threshold) -> None:
    """Refuse a threshold that would be cleared before it is raised."""
    if condition.raise_at is None or condition.clear_at is None:
        return
    sign = 1 if condition.side == "above" else -1
    if condition.clear_at * sign > condition.raise_at * sign:
        right = f"{'≤' if sign > 0 else '≥'} {condition.raise_at}"
        raise Refused(
            "sensors.bad_rule", field="condition.clear_at", value=condition.clear_at, problem=right
        )
