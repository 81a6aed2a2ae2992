"""The rules that come with the program, `sensors/tables/rules.csv`; an office sets its own in their place, by id."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter, ValidationError

from sensors.alarm_rules import AlarmRule, Condition, Scope, Severity
from sensors.kinds import FOLDER
from sensors.sound_rules import bad, need_sound

_condition: TypeAdapter[Condition] = TypeAdapter(Condition)
_rule = TypeAdapter(AlarmRule)


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
        raise bad(field, value, first["msg"]) from problem
    need_sound(rule)
    return rule if rule.name_en.strip() else replace(rule, name_en=rule.name_zh)
