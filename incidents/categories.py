"""Categories (domain.md D3): a versioned table of what a case can be, how long it may take, and who leads it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from incidents.clocks import LIMIT_EXAMPLES, Limit, parse_limit
from incidents.labels import LIMIT_KINDS
from incidents.model import Lane, Priority
from incidents.table_files import Row, rows
from vocabulary.errors import Refused

COLUMNS: Final = (
    "scheme", "version", "valid_from", "code", "name_zh", "name_en", "filing_conditions",
    "closing_conditions", "limit_value", "limit_kind", "lead_dept", "supervise_dept",
    "legal_basis", "default_priority", "cap_category", "cot_type", "open311_service_code", "lane",
)  # fmt: skip
CAP_CATEGORIES: Final = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra",
    "CBRNE", "Other",
)  # fmt: skip
KIND_WORDS: Final = tuple(label.zh for label in LIMIT_KINDS.values())
WANTS: Final = ("photo", "note")
_CODE: Final = re.compile(r"[BESHYC]\d{2}(?:\d{2})?")
_CONDITION: Final = re.compile(
    r"(?P<code>\d{2}) (?P<zh>[^|=+;]+)\|(?P<en>[^|=+;]+?)(?:=(?P<limit>.+))?"
)
_CLOSING: Final = re.compile(
    r"(?P<code>\d{2}) (?P<zh>[^|=+;]+)\|(?P<en>[^|=+;]+?)(?P<wants>(?: \+\w+)*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingCondition:
    """When a case of the category is filed (立案条件); `control` is the first of two limits, until under control."""

    code: str
    zh: str
    en: str
    limit: Limit
    control: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingCondition:
    """What must hold at the end (结案条件); `wants` names what the handler must hand in: photo, note."""

    code: str
    zh: str
    en: str
    wants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One row of the table; never edited once a case used it: a new version is added."""

    scheme: str
    version: str
    valid_from: date
    code: str
    name_zh: str
    name_en: str
    filing_conditions: tuple[FilingCondition, ...]
    closing_conditions: tuple[ClosingCondition, ...]
    limit: Limit
    lead_dept: str
    supervise_dept: str
    legal_basis: str
    default_priority: Priority
    cap_category: str
    cot_type: str
    open311_service_code: str
    lane: Lane

    @property
    def full_code(self) -> str:
        """Return the code that names scheme and version, for example GB30428-2@2013:E0506."""
        return f"{self.scheme}@{self.version}:{self.code}"

    def filing_condition(self, code: str | None) -> FilingCondition:
        """Return a filing condition by its code; the first where None (a case filed by rule)."""
        for condition in self.filing_conditions:
            if code in {None, condition.code}:
                return condition
        known = ", ".join(f"{c.code} {c.zh}" for c in self.filing_conditions)
        raise Refused("incidents.unknown_condition", value=code, category=self.code, known=known)


class CategoryTable:
    """Every version of every category."""

    def __init__(self, categories: Collection[Category]) -> None:
        self.rows = tuple(categories)
        self._by_full_code = {row.full_code: row for row in self.rows}

    def current(self, on: date | None = None) -> tuple[Category, ...]:
        """Return the version of each code that is valid on a day (None: the newest), in the table's order."""
        valid: dict[str, Category] = {}
        for row in self.rows:
            known = valid.get(row.code)
            if (on is None or row.valid_from <= on) and (
                known is None or known.valid_from <= row.valid_from
            ):
                valid[row.code] = row
        return tuple(valid.values())

    def find(self, code: str, on: date | None = None) -> Category:
        """Return a category by its full code, or by its short one as valid on a day; a condition's suffix may follow."""
        stem = code.strip().partition(".")[0]
        found = self._by_full_code.get(stem) or next(
            (row for row in self.current(on) if row.code == stem.upper()), None
        )
        if found is None:
            raise Refused("incidents.unknown_category", value=code, nearest=self.nearest(code))
        return found

    def nearest(self, code: str) -> str:
        """Return up to three codes or names that look like `code`, for the sentence that refuses it."""
        names = {row.code: row for row in self.current()}
        names |= {row.name_zh: row for row in self.current()}
        short = code.strip().rpartition(":")[2].partition(".")[0]
        close = get_close_matches(short.upper(), names, n=3, cutoff=0.3) or list(names)[:3]
        unique = dict.fromkeys(names[name] for name in close)
        return ", ".join(f"{row.code} {row.name_zh}" for row in unique)


def parse_categories(
    text: str, departments: Collection[str], table: str = "categories.csv"
) -> CategoryTable:
    """Return the table that a CSV text holds; Refused, naming row and column, for what cannot be read."""
    parsed: dict[str, Category] = {}
    for row in rows(table, text, COLUMNS):
        category = parse_category(row, departments)
        if category.full_code in parsed:
            raise row.refused("code", "each code once in a version")
        parsed[category.full_code] = category
    return CategoryTable(parsed.values())


def parse_category(row: Row, departments: Collection[str]) -> Category:
    """Return the category that one row states; Refused, naming row and column, for what cannot be read."""
    limit = _limit(row)
    return Category(
        scheme=row.text("scheme"),
        version=row.text("version"),
        valid_from=row.read("valid_from", date.fromisoformat, "2026-01-01"),
        code=row.read("code", _code, "E0506"),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        filing_conditions=_filing_conditions(row, limit),
        closing_conditions=_closing_conditions(row),
        limit=limit,
        lead_dept=row.one_of("lead_dept", tuple(departments)),
        supervise_dept=row.one_of("supervise_dept", tuple(departments)),
        legal_basis=row.cells["legal_basis"],
        default_priority=Priority(row.one_of("default_priority", list(Priority))),
        cap_category=row.one_of("cap_category", CAP_CATEGORIES),
        cot_type=row.text("cot_type"),
        open311_service_code=row.text("open311_service_code"),
        lane=Lane(row.one_of("lane", list(Lane))),
    )


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(text)
    return text


def _limit(row: Row) -> Limit:
    word = row.one_of("limit_kind", KIND_WORDS)
    return row.read("limit_value", lambda value: parse_limit(f"{value} {word}"), "2")


def _filing_conditions(row: Row, default: Limit) -> tuple[FilingCondition, ...]:
    def read(text: str) -> tuple[FilingCondition, ...]:
        return tuple(_filing_condition(part, default) for part in text.split(";"))

    return row.read(
        "filing_conditions", read, f"01 缺失|missing=2 紧急工作时;02 破损|broken ({LIMIT_EXAMPLES})"
    )


def _filing_condition(text: str, default: Limit) -> FilingCondition:
    match = _CONDITION.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    control, plus, limit = (match["limit"] or "").rpartition("+")
    return FilingCondition(
        code=match["code"],
        zh=match["zh"],
        en=match["en"],
        limit=parse_limit(limit) if limit else default,
        control=parse_limit(control) if plus else None,
    )


def _closing_conditions(row: Row) -> tuple[ClosingCondition, ...]:
    def read(text: str) -> tuple[ClosingCondition, ...]:
        return tuple(_closing_condition(part) for part in text.split(";")) if text else ()

    return row.read("closing_conditions", read, "01 路面恢复|road restored +photo +note")


def _closing_condition(text: str) -> ClosingCondition:
    match = _CLOSING.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    wants = frozenset(match["wants"].replace("+", "").split())
    if wants - set(WANTS):
        raise ValueError(text)
    return ClosingCondition(code=match["code"], zh=match["zh"], en=match["en"], wants=wants)
