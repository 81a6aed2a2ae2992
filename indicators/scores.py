"""Composite scores (domain.md E2): a published profile whose weights, bands and grades are data; nothing is truncated.

A part without a value (0/0, no source) leaves its weight out and is named; below half of the weights there is no score.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from indicators.catalogue import BY_ID
from indicators.frame import Frames
from indicators.measure import by_group, count, figure_of
from indicators.model import Figure, Window

TABLES: Final = Path(__file__).parent / "tables"
EVERYBODY: Final = "*"
FULL: Final = 100.0
LEAST_WEIGHT: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a score: an indicator's value, what it lacks to one (inverse), or points for a number by its band."""

    profile: str
    who: str
    part: str
    weight: float
    how: str
    indicator: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What somebody scores, part by part; `weighed` is the share of the weights that had a value."""

    who: str
    name: str
    score: float | None
    grade: str | None
    weighed: float
    points: Mapping[str, float | None]


@cache
def parts() -> tuple[Part, ...]:
    """Return the profile's parts."""
    return tuple(
        Part(**{**row, "weight": float(row["weight"])})  # type: ignore[arg-type]
        for row in _rows("scores.csv")
    )


@cache
def bands() -> Mapping[str, tuple[tuple[float, float], ...]]:
    """Return each band's (at least, points), the lowest first."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in _rows("score_bands.csv"):
        found.setdefault(row["bands"], []).append((float(row["at_least"]), float(row["points"])))
    return {name: tuple(sorted(steps)) for name, steps in found.items()}


@cache
def grades() -> tuple[tuple[str, float], ...]:
    """Return the grades, the best first."""
    found = [(row["grade"], float(row["at_least"])) for row in _rows("grades.csv")]
    return tuple(sorted(found, key=lambda one: -one[1]))


def grade_of(score: float | None) -> str | None:
    """Return the grade of a score as it is, never of a rounded one."""
    if score is None:
        return None
    return next((name for name, at_least in grades() if score >= at_least), None)


def points_of(part: Part, figure: Figure | None) -> float | None:
    """Return what a part is worth, 0 to 100; None where it has no value."""
    if figure is None or figure.value is None:
        return None
    if part.how.startswith("bands:"):
        steps = bands()[part.how.removeprefix("bands:")]
        amount = figure.n if figure.hits is None or part.who != "town" else figure.hits
        return next(points for at_least, points in reversed(steps) if amount >= at_least)
    return FULL * ((1.0 - figure.value) if part.how == "inverse" else figure.value)


def combined(who: str, name: str, figures: Mapping[str, Figure]) -> Score:
    """Return the score of one from the figures of its parts, by part."""
    own = [part for part in parts() if part.who == who]
    points = {part.part: points_of(part, figures.get(part.part)) for part in own}
    weighed = sum(part.weight for part in own if points[part.part] is not None)
    total = sum(part.weight * (points[part.part] or 0.0) for part in own)
    score = total / weighed if weighed >= LEAST_WEIGHT else None
    return Score(
        who=who, name=name, score=score, grade=grade_of(score), weighed=weighed, points=points
    )


def scores(who: str, frames: Frames, window: Window, now: float) -> list[Score]:
    """Return everybody's score of one kind (town, department, dispatcher…) in a window, the best first."""
    found: dict[str, dict[str, Figure]] = {}
    for part in parts():
        if part.who != who or not part.column:
            continue
        indicator = BY_ID[part.indicator]
        counted = count(indicator, frames, window, now)
        if counted is None:
            continue
        if part.column == EVERYBODY:
            found.setdefault(EVERYBODY, {})[part.part] = figure_of(counted, indicator)
            continue
        for name, figure in by_group(counted, part.column).items():
            found.setdefault(name, {})[part.part] = figure
    made = [combined(who, name, figures) for name, figures in found.items()]
    return sorted(made, key=lambda one: (-(one.score if one.score is not None else -1.0), one.name))


def _rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
