"""Whether people can talk at a place, and what they fall back on where they cannot: rules as rows of a table."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from layers.coverage.model import Reception
from layers.coverage.thresholds import Scales

TABLE: Final = Path(__file__).parent / "tables" / "fallbacks.csv"
COVERED, WEAK, HOLE = "covered", "weak", "hole"


@dataclass(frozen=True, slots=True)
class Fallback:
    """One way to reach people: `when` says in which coverage it is named."""

    when: str
    code: str
    zh: str
    en: str
    source: str


@cache
def fallbacks() -> tuple[Fallback, ...]:
    """Return the table, in the order in which ways are named."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(Fallback(**row) for row in csv.DictReader(stream))


def named_for(verdict: str) -> tuple[Fallback, ...]:
    """Return what is fallen back on."""
    return tuple(one for one in fallbacks() if one.when == verdict)


def verdict_of(heard: Sequence[Reception], scales: Scales) -> str:
    """Return how a place is covered by its best network: covered, weak, or a hole where nothing usable is heard."""
    grades = [scales[one.technology.generation].grade(one.rsrp_dbm) for one in heard]
    if any(not grade.weak for grade in grades):
        return COVERED
    last = {scale.grades[-1] for scale in scales.values()}
    return HOLE if all(grade in last for grade in grades) else WEAK
