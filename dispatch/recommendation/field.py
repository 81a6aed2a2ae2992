"""The candidates as columns of numbers, so that five hundred units are weighed at once. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.model import Declared, UnitKind, UnitStatus
from dispatch.recommendation.model import Candidate, Need
from dispatch.recommendation.weighing import Weighing

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
Names = NDArray[np.object_]
METRES_PER_DEG: Final = 111_320.0


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One row per candidate; `cost_s` is infinite where a unit cannot be offered."""

    candidates: tuple[Candidate, ...]
    seconds: Floats
    free: Flags
    on_case: Flags
    near: Flags
    cost_s: Floats
    station: Counts
    kinds: Names
    departments: Names
    skilled: Mapping[str, Flags]


def field_of(candidates: Sequence[Candidate], weights: Weighing) -> Field:
    """Return the candidates as columns, with what each would cost."""
    ordered = tuple(candidates)
    nan = float("nan")
    seconds = np.array([nan if c.seconds is None else c.seconds for c in ordered], dtype=float)
    free = np.array([c.status is UnitStatus.AVAILABLE for c in ordered], dtype=bool)
    on_case = np.array([c.on_case for c in ordered], dtype=bool)
    near = np.isfinite(seconds) & (seconds <= weights.range_s)
    station = _stations(ordered, weights.station_m)
    cost = seconds + _standing(ordered, weights)
    cost += np.where(_alone(station, free), weights.last_cover_s, 0.0)
    cost = np.where(free & near, cost, np.inf)
    return Field(
        candidates=ordered,
        seconds=seconds,
        free=free,
        on_case=on_case,
        near=near,
        cost_s=np.where(on_case, 0.0, cost),
        station=station,
        kinds=_names([c.unit.kind.value for c in ordered]),
        departments=_names([c.unit.department for c in ordered]),
        skilled=_skilled(ordered),
    )


def _names(words: Sequence[str]) -> Names:
    return np.array(words, dtype=object)


def _skilled(candidates: Sequence[Candidate]) -> dict[str, Flags]:
    """Return per skill who has it."""
    having: dict[str, list[int]] = {}
    for index, candidate in enumerate(candidates):
        for skill in candidate.unit.skills:
            having.setdefault(skill, []).append(index)
    found = {}
    for skill, indexes in having.items():
        found[skill] = np.zeros(len(candidates), dtype=bool)
        found[skill][indexes] = True
    return found


def _standing(candidates: Sequence[Candidate], weights: Weighing) -> Floats:
    """Return what counts beside the way: old positions, work done, called in from home, lost in a radio hole."""
    rows = [
        (
            c.stale and not c.from_home,
            min(c.runs, weights.runs_most),
            called_in(c),
            c.in_hole,
            c.silent,
        )
        for c in candidates
    ]
    found = np.array(rows, dtype=float).reshape(-1, 5)
    per = np.array(
        [weights.stale_s, weights.run_s, weights.called_in_s, weights.hole_s, weights.silent_s]
    )
    standing: Floats = found @ per
    return standing


def called_in(candidate: Candidate) -> bool:
    """Say whether a unit is there only because its crew reported in."""
    word = candidate.unit.word
    return bool(
        candidate.status is UnitStatus.AVAILABLE
        and word
        and word.status is Declared.AVAILABLE
        and "off_duty" in word.warnings
    )


def _stations(candidates: Sequence[Candidate], within_m: float) -> Counts:
    """Return a number per candidate: the same for those of one trade that are at home together; its own for one without."""
    count = len(candidates)
    homes = np.array(
        [
            (c.unit.home.lon_deg, c.unit.home.lat_deg) if c.unit.home else (np.nan, np.nan)
            for c in candidates
        ],
        dtype=float,
    ).reshape(-1, 2)
    known: dict[tuple[UnitKind, str], int] = {}
    trades = [known.setdefault((c.unit.kind, c.unit.department), len(known)) for c in candidates]
    kinds = np.array(trades, dtype=np.int64)
    station = np.arange(count)
    scale = METRES_PER_DEG * np.array([np.cos(np.radians(_middle(homes))), 1.0])
    east, north = (homes * scale).T
    for kind in range(len(known)):
        mine = np.flatnonzero((kinds == kind) & np.isfinite(homes[:, 0]))
        if not len(mine):
            continue  # a trade of which nobody has a home
        apart = (east[mine, None] - east[mine]) ** 2 + (north[mine, None] - north[mine]) ** 2
        station[mine] = mine[(apart <= within_m**2).argmax(axis=1)]
    return station


def _middle(homes: Floats) -> float:
    known = homes[np.isfinite(homes[:, 1]), 1]
    return float(known.mean()) if len(known) else 0.0


def _alone(station: Counts, free: Flags) -> Flags:
    """Say of whom no other free unit of its kind would stay at its station."""
    there = np.bincount(station[free], minlength=len(station))
    alone: Flags = free & (there[station] <= 1)
    return alone


def able(field: Field, need: Need) -> Flags:
    """Say which candidates can do what a need asks for."""
    nobody = np.zeros(len(field.candidates), dtype=bool)
    found = ~nobody
    if need.kind is not None:
        found &= field.kinds == need.kind.value
    if need.skill is not None:
        found &= field.skilled.get(need.skill, nobody)
    if need.department is not None:
        found &= field.departments == need.department
    return found
