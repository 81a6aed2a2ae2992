"""Key places (车站、社区、商场、医院、学校) and settlements with what is heard there, per operator and technology."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from county.key_places import KeyPlace
from layers.coverage.grid import Indexes, cells_of
from layers.coverage.model import CoverageMap, Grid, Technology, Which
from layers.coverage.thresholds import Grade, Scales

GROUPS: Final = ("traffic", "community", "trade", "health", "school")
TECHNOLOGIES: Final = (("4G", Technology.LTE), ("5G", Technology.NR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one operator's technology comes to at a place; no value where nothing is heard."""

    operator: str
    technology: str
    rsrp_dbm: float | None
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One place: `grade` is its worst operator's better technology, so that one silent operator is seen."""

    place: KeyPlace
    heard: tuple[Heard, ...]
    grade: Grade


def key(places: Sequence[KeyPlace]) -> list[KeyPlace]:
    """Return the key places that the mandate names."""
    return [one for one in places if one.kind.key and one.kind.group in GROUPS]


def verdicts(
    found: CoverageMap, places: Sequence[KeyPlace], operators: Sequence[str], scales: Scales
) -> list[Verdict]:
    """Return a verdict for each place, the weakest first; a place off the grid is left out."""
    at, kept = _cells(found.grid, places)
    heard: list[list[Heard]] = [[] for _ in kept]
    for operator in operators:
        for name, technology in TECHNOLOGIES:
            which = Which(operator=operator, technology=technology)
            if not found.carriers(which):
                continue
            values = found.rsrp_dbm(which)[at]
            for told, value in zip(heard, values.tolist(), strict=True):
                grade = scales[name].grade(value)
                told.append(
                    Heard(
                        operator=operator,
                        technology=name,
                        rsrp_dbm=round(value, 1) if np.isfinite(value) else None,
                        grade=grade,
                    )
                )
    made = [
        Verdict(place=place, heard=tuple(told), grade=_worst(told, scales))
        for place, told in zip(kept, heard, strict=True)
        if told
    ]
    return sorted(made, key=lambda one: (-rank(one.grade, scales), one.place.name))


def rank(grade: Grade, scales: Scales) -> int:
    """Return a grade's number, 0 for the best."""
    return scales[grade.technology].grades.index(grade)


def _worst(heard: Sequence[Heard], scales: Scales) -> Grade:
    better: dict[str, Grade] = {}
    for one in heard:
        known = better.get(one.operator)
        if known is None or rank(one.grade, scales) < rank(known, scales):
            better[one.operator] = one.grade
    return max(better.values(), key=lambda grade: rank(grade, scales))


def _cells(
    grid: Grid, places: Sequence[KeyPlace]
) -> tuple[tuple[Indexes, Indexes], list[KeyPlace]]:
    spots = np.array([(one.place.lon_deg, one.place.lat_deg) for one in places]).reshape(-1, 2)
    rows, columns = cells_of(grid, spots[:, 0], spots[:, 1])
    on = (rows >= 0) & (rows < grid.shape[0]) & (columns >= 0) & (columns < grid.shape[1])
    kept = [place for place, inside in zip(places, on.tolist(), strict=True) if inside]
    return (rows[on], columns[on]), kept
