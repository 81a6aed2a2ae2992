"""What holds for a kind of unit, and what skills and waiting times there are: rows of `dispatch/tables`, no branches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from dispatch.model import UnitKind
from incidents.model import Priority
from incidents.table_files import rows
from vocabulary.errors import Refused

FOLDER: Final = Path(__file__).parent / "tables"
ANSWER_WITHIN: Final = "answer_within.csv"

Waits = Mapping[Priority, timedelta]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """One kind: from when its position is stale, and after how much work in one go it rests how long."""

    kind: UnitKind
    zh: str
    en: str
    stale_after: timedelta
    rest_after: timedelta
    rest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """Something a crew can do."""

    id: str
    zh: str
    en: str


@cache
def kinds() -> dict[UnitKind, KindRow]:
    """Return every kind's row."""
    columns = ("kind", "zh", "en", "stale_after_s", "rest_after_min", "rest_min")
    found = [
        KindRow(
            kind=UnitKind(row.one_of("kind", tuple(UnitKind))),
            zh=row.text("zh"),
            en=row.text("en"),
            stale_after=timedelta(seconds=row.read("stale_after_s", int, "300")),
            rest_after=timedelta(minutes=row.read("rest_after_min", int, "240")),
            rest=timedelta(minutes=row.read("rest_min", int, "30")),
        )
        for row in rows("kinds.csv", _text("kinds.csv"), columns)
    ]
    return {row.kind: row for row in found}


@cache
def skills() -> dict[str, Skill]:
    """Return every skill by its id."""
    found = rows("skills.csv", _text("skills.csv"), ("skill", "zh", "en"))
    parsed = [Skill(id=row.text("skill"), zh=row.text("zh"), en=row.text("en")) for row in found]
    return {skill.id: skill for skill in parsed}


@cache
def answer_within() -> Waits:
    """Return how long a unit has to answer an offer, as shipped."""
    return read_answer_within(_text(ANSWER_WITHIN))


def read_answer_within(text: str) -> Waits:
    """Return how long a unit has to answer an offer of each priority, from a table.

    Raises Refused that names the row and column that cannot be read, or the priority that has no row.
    """
    found: dict[Priority, timedelta] = {}
    for row in rows(ANSWER_WITHIN, text, ("priority", "answer_within_s")):
        priority = Priority(row.one_of("priority", tuple(Priority)))
        found[priority] = timedelta(seconds=row.read("answer_within_s", _seconds, "60"))
    if missing := set(Priority) - found.keys():
        raise Refused("dispatch.no_wait", table=ANSWER_WITHIN, missing=", ".join(sorted(missing)))
    return found


def _seconds(text: str) -> int:
    value = int(text)
    if value <= 0:
        raise ValueError(text)
    return value


def _text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideReason:
    """Why a dispatcher sent others than were recommended."""

    id: str
    zh: str
    en: str


@cache
def override_reasons() -> dict[str, OverrideReason]:
    """Return every reason by its id."""
    found = rows("override_reasons.csv", _text("override_reasons.csv"), ("reason", "zh", "en"))
    parsed = [
        OverrideReason(id=row.text("reason"), zh=row.text("zh"), en=row.text("en")) for row in found
    ]
    return {reason.id: reason for reason in parsed}
