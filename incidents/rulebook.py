"""Every table the rules read, as one value: categories, departments, priorities, codes, timers, quotas and the calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from incidents.categories import CategoryTable, parse_categories
from incidents.clocks import Limit, parse_limit
from incidents.duplicates import Weighing, parse_weighing
from incidents.escalation import Approvals, Escalations, parse_approvals, parse_escalations
from incidents.labels import Label
from incidents.model import Priority
from incidents.priority import PriorityRow, RaiseRule, parse_priorities, parse_raise_rules
from incidents.table_files import rows, shipped
from incidents.work_calendar import WorkCalendar
from vocabulary.errors import Refused

T = TypeVar("T")
TIMERS: Final = (
    "verify_routine", "verify_emergency", "check", "reopen_window", "suspend_longest",
    "correct_filed_category", "auto_close_grace",
)  # fmt: skip
QUOTAS: Final = (
    "suspensions", "extensions", "returns_to_supervision", "reports_to_repeated", "text_longest", "warn_percent",
    "vulnerable_within_m",
)  # fmt: skip
CODE_LISTS: Final = ("source", "reject_reason", "disposition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department or enterprise that leads or assists."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One coded word. For a source: `verify`, it may be wrong and can be verified (核实); `sensor`, no person said it."""

    code: str
    zh: str
    en: str
    verify: bool = False
    sensor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What the rules know besides the case; loaded once, never changed in place."""

    categories: CategoryTable
    groups: dict[str, Label]
    duplicates: Weighing
    departments: dict[str, Department]
    priorities: dict[Priority, PriorityRow]
    raise_rules: tuple[RaiseRule, ...]
    codes: dict[str, dict[str, Code]]
    timers: dict[str, Limit]
    quotas: dict[str, int]
    escalations: Escalations
    approvals: Approvals
    calendar: WorkCalendar

    def department(self, id: str, field: str = "department") -> Department:
        """Return a department; Refused with those there are."""
        if id not in self.departments:
            known = ", ".join(f"{row.id} {row.zh}" for row in self.departments.values())
            raise Refused("incidents.unknown_department", field=field, value=id, known=known)
        return self.departments[id]

    def group(self, category: str) -> Label:
        """Return the 大类 of a category's short code."""
        return self.groups.get(category[:3]) or self.groups[category[:1]]

    def code(self, list: str, value: str) -> Code:
        """Return a coded word of a list; Refused with those there are."""
        if value not in self.codes[list]:
            known = ", ".join(f"{row.code} {row.zh}" for row in self.codes[list].values())
            raise Refused("incidents.unknown_code", field=list, value=value, known=known)
        return self.codes[list][value]


@cache
def shipped_tables() -> Tables:
    """Return the tables that come with the program."""
    return read_tables(shipped)


def read_tables(text_of: Callable[[str], str]) -> Tables:
    """Return the tables whose texts `text_of` gives by file name, so that a county may bring its own."""
    departments = parse_departments(text_of("departments.csv"))
    return Tables(
        categories=parse_categories(text_of("categories.csv"), departments),
        groups=parse_groups(text_of("category_groups.csv")),
        duplicates=parse_weighing(text_of("duplicates.csv")),
        departments=departments,
        priorities=parse_priorities(text_of("priorities.csv")),
        raise_rules=parse_raise_rules(text_of("raise_rules.csv")),
        codes=parse_codes(text_of("codes.csv")),
        timers=_named("timers.csv", text_of("timers.csv"), TIMERS, parse_limit, "24 h"),
        quotas=_named("quotas.csv", text_of("quotas.csv"), QUOTAS, int, "2"),
        escalations=parse_escalations(text_of("escalations.csv")),
        approvals=parse_approvals(text_of("approvals.csv")),
        calendar=parse_calendar(text_of("calendar.csv"), text_of("holidays.csv")),
    )


def parse_departments(text: str) -> dict[str, Department]:
    """Return the rows of `departments.csv` by id."""
    found = rows("departments.csv", text, ("id", "zh", "en"))
    parsed = [Department(id=r.text("id"), zh=r.text("zh"), en=r.text("en")) for r in found]
    return {department.id: department for department in parsed}


def parse_groups(text: str) -> dict[str, Label]:
    """Return the names of the 大类 by their code, and of domains that have none by their letter."""
    found = rows("category_groups.csv", text, ("group", "zh", "en"))
    return {row.text("group"): Label(row.text("zh"), row.text("en")) for row in found}


def parse_codes(text: str) -> dict[str, dict[str, Code]]:
    """Return the coded words by list and code."""
    parsed: dict[str, dict[str, Code]] = {name: {} for name in CODE_LISTS}
    for row in rows("codes.csv", text, ("list", "code", "zh", "en", "verify", "sensor")):
        code = Code(
            code=row.text("code"),
            zh=row.text("zh"),
            en=row.text("en"),
            verify=row.one_of("verify", ("yes", "")) == "yes",
            sensor=row.one_of("sensor", ("yes", "")) == "yes",
        )
        parsed[row.one_of("list", CODE_LISTS)][code.code] = code
    return parsed


def parse_calendar(text: str, holidays: str) -> WorkCalendar:
    """Return the working calendar of `calendar.csv` and `holidays.csv` (kind holiday, or workday for a make-up day)."""
    values = {row.text("name"): row for row in rows("calendar.csv", text, ("name", "value"))}
    days: dict[str, set[date]] = {"holiday": set(), "workday": set()}
    for row in rows("holidays.csv", holidays, ("date", "kind", "zh", "source")):
        kind = row.one_of("kind", tuple(days))
        days[kind].add(row.read("date", date.fromisoformat, "2026-10-01"))
    return WorkCalendar(
        zone=values["zone"].read("value", _zone, "Asia/Shanghai"),
        hours=values["hours"].read("value", _hours, "08:30-12:00 14:30-18:00"),
        weekdays=values["weekdays"].read("value", _weekdays, "1 2 3 4 5"),
        holidays=frozenset(days["holiday"]),
        extra_workdays=frozenset(days["workday"]),
    )


def _named(
    table: str, text: str, names: tuple[str, ...], reader: Callable[[str], T], expected: str
) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in rows(table, text, ("name", "value", "source")):
        found[row.one_of("name", names)] = row.read("value", reader, expected)
    if missing := set(names) - set(found):
        raise ValueError(f"{table} lacks {sorted(missing)}")
    return found


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except LookupError:
        raise ValueError(text) from None


def _hours(text: str) -> tuple[tuple[time, time], ...]:
    pairs = [part.split("-") for part in text.split()]
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)


def _weekdays(text: str) -> frozenset[int]:
    days = frozenset(int(part) - 1 for part in text.split())
    if not days <= set(range(7)):
        raise ValueError(text)
    return days
