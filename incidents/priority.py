"""Priority (domain.md D2): a default by category, raised by rules that are rows; nothing lowers it but a person with a reason."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from incidents.clocks import Limit, parse_limit
from incidents.model import Priority
from incidents.table_files import Row, rows
from vocabulary.message import Actor

ORDER: Final = tuple(Priority)  # most urgent first
CHOSEN_BY_PERSON: Final = "chosen_by_person"
LIMIT_COLUMNS: Final = (
    "ack", "file", "dispatch", "accept", "arrival_urban", "arrival_suburb",
)  # fmt: skip
PRIORITY_COLUMNS: Final = ("code", "name_zh", "name_en", *LIMIT_COLUMNS, "source")
RULE_COLUMNS: Final = (
    "id", "trigger", "steps", "at_least", "not_above", "zh", "en", "source",
)  # fmt: skip


class Trigger(StrEnum):
    """What may raise a priority."""

    SECOND_SOURCE = "second_source"
    SENSOR_AND_REPORT = "sensor_and_report"
    VULNERABLE_SITE = "vulnerable_site"
    UNACKNOWLEDGED = "unacknowledged"
    SUPERVISED = "supervised"
    REPEATED = "repeated"
    JOINED_MORE_URGENT = "joined_more_urgent"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRow:
    """One priority's limits; None where the table sets none."""

    priority: Priority
    name_zh: str
    name_en: str
    ack: Limit | None
    file: Limit | None
    dispatch: Limit | None
    accept: Limit | None
    arrival_urban: Limit | None
    arrival_suburb: Limit | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseRule:
    """What a trigger does: so many steps up but not above a bound, and at least to a floor."""

    id: str
    trigger: Trigger
    steps: int
    at_least: Priority | None
    not_above: Priority | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """A raise that a rule asks for."""

    priority: Priority
    rule: RaiseRule


def more_urgent(a: Priority, b: Priority) -> bool:
    """Say whether `a` is more urgent than `b`."""
    return ORDER.index(a) < ORDER.index(b)


def raised(
    present: Priority,
    trigger: Trigger,
    rules: tuple[RaiseRule, ...],
    floor: Priority | None = None,
) -> Raise | None:
    """Return what the trigger's rule makes of a priority (at least `floor`), None where it stays."""
    rule = next((rule for rule in rules if rule.trigger is trigger), None)
    if rule is None:
        return None
    bound = ORDER.index(rule.not_above) if rule.not_above else 0
    place = ORDER.index(present)
    candidates = [place, max(place - rule.steps, bound) if place > bound else place]
    candidates += [ORDER.index(least) for least in (rule.at_least, floor) if least]
    priority = ORDER[min(candidates)]
    return Raise(priority=priority, rule=rule) if priority is not present else None


def opening_priority(
    default: Priority, wished: Priority | None, actor: Actor
) -> tuple[Priority, str]:
    """Return a new case's priority and the rule that set it; a program may raise the default, only a person lower it."""
    if wished is None or wished is default:
        return default, "category_default"
    if actor.kind == "person" or more_urgent(wished, default):
        return wished, CHOSEN_BY_PERSON if actor.kind == "person" else f"chosen_by_{actor.kind}"
    return default, "category_default"


def placed_priority(
    opened: tuple[Priority, str], rules: tuple[RaiseRule, ...], *, by_vulnerable_site: bool
) -> tuple[Priority, str]:
    """Return a new case's priority and rule as its place has it; what a person chose stands anywhere."""
    priority, rule = opened
    if not by_vulnerable_site or rule == CHOSEN_BY_PERSON:
        return opened
    wish = raised(priority, Trigger.VULNERABLE_SITE, rules)
    return (wish.priority, wish.rule.id) if wish else opened


def parse_priorities(text: str) -> dict[Priority, PriorityRow]:
    """Return the rows of `priorities.csv`; each priority must be there."""
    parsed = [_priority(row) for row in rows("priorities.csv", text, PRIORITY_COLUMNS)]
    table = {row.priority: row for row in parsed}
    if set(table) != set(Priority):
        raise ValueError(f"priorities.csv lacks {sorted(set(Priority) - set(table))}")
    return table


def parse_raise_rules(text: str) -> tuple[RaiseRule, ...]:
    """Return the rows of `raise_rules.csv`."""
    return tuple(_rule(row) for row in rows("raise_rules.csv", text, RULE_COLUMNS))


def _priority(row: Row) -> PriorityRow:
    limits = {column: row.read(column, _optional_limit, "15 min") for column in LIMIT_COLUMNS}
    return PriorityRow(
        priority=Priority(row.one_of("code", list(Priority))),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        source=row.text("source"),
        **limits,
    )


def _rule(row: Row) -> RaiseRule:
    return RaiseRule(
        id=row.text("id"),
        trigger=Trigger(row.one_of("trigger", list(Trigger))),
        steps=row.read("steps", int, "1"),
        at_least=row.read("at_least", _optional_priority, "P2"),
        not_above=row.read("not_above", _optional_priority, "P1"),
        zh=row.text("zh"),
        en=row.text("en"),
    )


def _optional_limit(text: str) -> Limit | None:
    return parse_limit(text) if text else None


def _optional_priority(text: str) -> Priority | None:
    return Priority(text) if text else None
