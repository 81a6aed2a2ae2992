"""What a rule must be so that it can hold and be over; each refusal names the field, its value and what would be right."""

import re
from collections.abc import Callable
from typing import Any, Final

from sensors.alarm_rules import (
    AlarmRule,
    Compound,
    Condition,
    Hours,
    NoData,
    OfSensor,
    Rate,
    Stuck,
    Threshold,
)
from sensors.kinds import kinds
from sensors.logic import Expression
from vocabulary.errors import Refused

DELAY_MOST_S: Final = 7 * 86_400
NAME_MOST: Final = 80
RADIUS_MOST_M: Final = 100_000
FLAPS_MOST: Final = 1000
DAY_MIN: Final = 1440
_ID: Final = re.compile(r"[\w.:-]{1,60}")
# Fields of any condition, where they are given: a rate over no time, a silence of no length, once in none.
MORE_THAN_NOTHING: Final = (
    "after_s", "chance", "sigmas", "readings", "over_s", "against_s", "ahead_s", "behind_s", "per_min", "times", "within_s",
)  # fmt: skip
NOT_LESS_THAN_NOTHING: Final = ("at_least", "deadband", "within", "clear_per_min")


def need_sound(rule: AlarmRule) -> None:
    """Refuse a rule that cannot be meant."""
    for check in (_need_name, _need_scope, _need_times, _need_hours, _need_numbers, _need_apart):
        check(rule)
    if isinstance(rule.condition, NoData | OfSensor) and rule.hours:
        raise bad("hours", len(rule.hours), "[]")  # silence and a sensor's faults keep no hours
    if isinstance(rule.condition, Compound):
        _need_expressions(rule, rule.condition)


def bad(field: str, value: Any, right: str) -> Refused:
    """Return the refusal of one field."""
    return Refused("sensors.bad_rule", field=field, value=value, problem=right)


def _need_name(rule: AlarmRule) -> None:
    if not _ID.fullmatch(rule.id):
        raise bad("id", rule.id[:NAME_MOST] or "∅", "1 … 60 × A-Z a-z 0-9 _ . : -")
    if not rule.name_zh.strip():
        raise bad("name_zh", "∅", f"1 … {NAME_MOST}")
    for field in ("name_zh", "name_en"):
        if len(getattr(rule, field)) > NAME_MOST:
            raise bad(field, getattr(rule, field)[:NAME_MOST], f"1 … {NAME_MOST}")


def _need_scope(rule: AlarmRule) -> None:
    scope = rule.scope
    unknown = [kind for kind in scope.kinds if kind not in kinds()]
    if unknown:
        raise bad("scope.kinds", unknown[0], ", ".join(kinds()))
    every_channel = not scope.channel and isinstance(rule.condition, NoData | OfSensor)
    measured = _measured(rule)
    if not every_channel and scope.channel not in measured:
        raise bad("scope.channel", scope.channel or "∅", ", ".join(sorted(measured)))
    if scope.within and not 0 < scope.within.radius_m <= RADIUS_MOST_M:
        raise bad("scope.within.radius_m", scope.within.radius_m, f"1 … {RADIUS_MOST_M}")


def _need_expressions(rule: AlarmRule, condition: Compound) -> None:
    """Refuse an expression that cannot be read, or asks after what none of the rule's kinds measures: it would never hold."""
    measured = _measured(rule)
    for field in ("when", "clear"):
        logic = getattr(condition, field)
        unknown = sorted(Expression(logic).names - measured) if logic else []
        if unknown:
            raise bad(f"condition.{field}", unknown[0], ", ".join(sorted(measured)))


def _measured(rule: AlarmRule) -> set[str]:
    return {one.name for kind in rule.scope.kinds or kinds() for one in kinds()[kind].channels}


def _need_times(rule: AlarmRule) -> None:
    for field in ("on_delay_s", "off_delay_s", "flap_s"):
        if not 0 <= getattr(rule, field) <= DELAY_MOST_S:
            raise bad(field, getattr(rule, field), f"0 … {DELAY_MOST_S}")
    if not 0 <= rule.flaps <= FLAPS_MOST:
        raise bad("flaps", rule.flaps, f"0 … {FLAPS_MOST}")


def _need_hours(rule: AlarmRule) -> None:
    for window in rule.hours:
        if not window.weekdays or not set(window.weekdays) <= set(range(1, 8)):
            raise bad("hours.weekdays", list(window.weekdays), "1 … 7")
        if not _of_a_day(window):
            clock = f"{window.begins_min} … {window.ends_min}"
            raise bad("hours", clock, f"0 … {DAY_MIN - 1} → 1 … {DAY_MIN}")


def _of_a_day(window: Hours) -> bool:
    begins, ends = window.begins_min, window.ends_min
    return 0 <= begins < DAY_MIN and 0 < ends <= DAY_MIN and begins != ends


def _need_numbers(rule: AlarmRule) -> None:
    tests: tuple[tuple[tuple[str, ...], Callable[[float], bool], str], ...] = (
        (MORE_THAN_NOTHING, lambda value: value > 0, "> 0"),
        (NOT_LESS_THAN_NOTHING, lambda value: value >= 0, "≥ 0"),
    )
    for names, holds, right in tests:
        for name in names:
            value = getattr(rule.condition, name, None)
            if value is not None and not holds(value):
                raise bad(f"condition.{name}", value, right)
    if isinstance(rule.condition, Stuck) and rule.condition.chance >= 1:
        raise bad("condition.chance", rule.condition.chance, "< 1")


def _need_apart(rule: AlarmRule) -> None:
    """Refuse what would be over before it is raised."""
    found = _raised_and_cleared(rule.condition)
    if found is None:
        return
    field, raised, cleared, above = found
    if cleared > raised if above else cleared < raised:
        raise bad(f"condition.{field}", cleared, f"{'≤' if above else '≥'} {raised}")


def _raised_and_cleared(condition: Condition) -> tuple[str, float, float, bool] | None:
    """Return the clearing field, both values, and whether bad is above; None where one is not given."""
    if isinstance(condition, Rate) and condition.clear_per_min is not None:
        return "clear_per_min", condition.per_min, condition.clear_per_min, True
    if not isinstance(condition, Threshold):
        return None
    if condition.raise_at is None or condition.clear_at is None:
        return None
    return "clear_at", condition.raise_at, condition.clear_at, condition.side == "above"
