"""Where new sites help most: people newly served per cost, picked one after the other, each with its reasons."""

import heapq
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage.coverage_map import PredictedMap
from layers.coverage.link import FLOOR_DBM
from layers.coverage.model import Sector, Site, Which
from layers.coverage.predicted import (
    LEAST_CELLS,
    cell_under,
    half_of,
    spread_around,
    why_not,
    workers,
)
from layers.coverage.tables import meant
from vocabulary.errors import Refused
from vocabulary.place import Place

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Reals = NDArray[np.float32]
MOST_PICKS: Final = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a site could stand: its cost (a new mast by the road is 1), and why it was thought of."""

    place: Place
    cost: float
    kind: str  # height, people, shared


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be served: whose customers, from which signal on, and of which cells and people."""

    which: Which
    threshold_dbm: float
    people: Reals  # per cell of the grid
    inside: Mask  # cells of the county


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A place that was picked: what it adds to what stood and to the picks before it, and what came second there."""

    candidate: Candidate
    site: Site
    people: float
    area_km2: float
    per_cost: float
    ground_m: float
    nearest_site_m: float | None
    runner_up: Candidate | None
    runner_up_people: float


@dataclass(frozen=True, slots=True)
class Share:
    """Who and what is served: people and km2 of the county, and of how many."""

    people: float
    of_people: float
    area_km2: float
    of_area_km2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The picks in their order; what was served before and would be after; how many candidates were worked out."""

    picks: tuple[Pick, ...]
    before: Share
    after: Share
    candidates: int
    worked_out: int
    asked_again: int
    took_s: float


def plan(
    made: PredictedMap, question: Question, candidates: Sequence[Candidate], pattern: Site, count: int
) -> Plan:  # fmt: skip
    """Return up to `count` sites like `pattern` where they serve most people anew per cost.

    What a site adds can only shrink as others are picked, so a candidate is asked again only when its last answer would
    still win (Minoux's lazy greedy): the picks are those of asking everyone every time. Refused for a count below 1 or a
    pattern of which nothing counts.
    """
    begun = perf_counter()
    if not 1 <= count <= MOST_PICKS:
        raise Refused("coverage.plan_count", value=count, most=MOST_PICKS)
    sectors = [
        one for one in pattern.sectors if meant(one.carrier, question.which) and not why_not(one)
    ]
    if not sectors:
        raise Refused("coverage.plan_pattern", site=pattern.id)
    weak = weak_of(made, question)
    reach = _reaches(made, candidates, sectors, question, weak)
    before = _share(question, ~weak, made.grid.cell_m)
    picks, asked = _greedy(made, question, candidates, reach, weak, count, pattern)
    return Plan(
        picks=tuple(picks), before=before, after=_share(question, ~weak, made.grid.cell_m), candidates=len(candidates),
        worked_out=sum(one is not None for one in reach), asked_again=asked, took_s=perf_counter() - begun,
    )  # fmt: skip


def weak_of(made: PredictedMap, question: Question) -> Mask:
    """Return the cells of the county in which the signal asked for is not predicted."""
    return np.asarray(
        question.inside & (made.codes(question.which) < _code(question.threshold_dbm))
    )


def site_at(pattern: Site, place: Place, name: str) -> Site:
    """Return a site like `pattern` elsewhere."""
    sectors = tuple(
        replace(one, id=f"{name}/{one.name}/{one.band}/{one.arfcn}") for one in pattern.sectors
    )
    return replace(pattern, id=name, name=name, place=place, sectors=sectors)


def _code(threshold_dbm: float) -> int:
    return max(int(np.ceil((threshold_dbm - FLOOR_DBM) * 2)), 1)


def _reaches(
    made: PredictedMap,
    candidates: Sequence[Candidate],
    sectors: Sequence[Sector],
    question: Question,
    weak: Mask,
) -> list[Numbers | None]:
    """Return, per candidate, the flat numbers of the weak cells it would serve; None where it cannot stand."""
    least = _code(question.threshold_dbm)

    def one(candidate: Candidate) -> Numbers | None:
        site = Site(id="?", name="?", place=candidate.place, sectors=tuple(sectors))
        return _served(made, site, least, weak)

    with ThreadPoolExecutor(workers()) as pool:
        return list(pool.map(one, candidates))


def _served(made: PredictedMap, site: Site, least: int, weak: Mask) -> Numbers | None:
    ground = made.state.ground
    at = cell_under(ground, site)
    halves = [half_of(ground, one, at) for one in site.sectors]
    if min(halves) < LEAST_CELLS:
        return None
    outs = [np.zeros((2 * half + 1,) * 2, dtype=np.uint8) for half in halves]
    for height_m in {one.height_m for one in site.sectors}:
        same = [
            (one, out)
            for one, out in zip(site.sectors, outs, strict=True)
            if one.height_m == height_m
        ]
        spread_around(made.state, at, height_m, same)
    found = [_flat(out >= least, at, weak) for out in outs]
    return np.unique(np.concatenate(found))


def _flat(heard: Mask, at: tuple[int, int], weak: Mask) -> Numbers:
    half = heard.shape[0] // 2
    rows, columns = np.nonzero(heard)
    rows, columns = rows + at[0] - half, columns + at[1] - half
    on = (rows >= 0) & (rows < weak.shape[0]) & (columns >= 0) & (columns < weak.shape[1])
    flat = rows[on] * weak.shape[1] + columns[on]
    return np.asarray(flat[weak.ravel()[flat]], dtype=np.int64)


def _greedy(
    made: PredictedMap, question: Question, candidates: Sequence[Candidate], reach: Sequence[Numbers | None], weak: Mask,
    count: int, pattern: Site,
) -> tuple[list[Pick], int]:  # fmt: skip
    people, open_ = question.people.ravel().astype(np.float64), weak.reshape(-1)

    def gain(number: int) -> float:
        cells = reach[number]
        assert cells is not None  # noqa: S101 - only those with a reach are asked
        return float(people[cells[open_[cells]]].sum())

    heap = [
        (-gain(n) / candidates[n].cost, n, 0)
        for n in range(len(candidates))
        if reach[n] is not None
    ]
    heapq.heapify(heap)
    picks, asked = list[Pick](), 0
    while heap and len(picks) < count:
        worth, number, round_ = heapq.heappop(heap)
        if round_ < len(picks):
            asked += 1
            heapq.heappush(heap, (-gain(number) / candidates[number].cost, number, len(picks)))
            continue
        if worth >= 0:
            break  # nobody is left whom anybody would serve
        # Who would have come next without it: the first of the heap, once its answer is of now.
        while heap and heap[0][2] < len(picks):
            second = heap[0][1]
            heapq.heapreplace(heap, (-gain(second) / candidates[second].cost, second, len(picks)))
        picks.append(_pick(made, candidates, reach, number, heap, gain, open_, pattern, len(picks)))
    return picks, asked


def _pick(
    made: PredictedMap, candidates: Sequence[Candidate], reach: Sequence[Numbers | None], number: int,
    heap: Sequence[tuple[float, int, int]], gain: Callable[[int], float], open_: Mask, pattern: Site, order: int,
) -> Pick:  # fmt: skip
    chosen, cells = candidates[number], reach[number]
    assert cells is not None  # noqa: S101 - it was in the heap
    second = heap[0][1] if heap else None
    second_people = gain(second) if second is not None else 0.0
    site = site_at(pattern, chosen.place, f"plan-{order + 1}")
    at = cell_under(made.state.ground, site)
    people, new = gain(number), int(open_[cells].sum())
    open_[cells] = False
    margin = made.state.ground.margin
    return Pick(
        candidate=chosen, site=site, people=people, area_km2=new * made.grid.cell_m**2 / 1e6, per_cost=people / chosen.cost,
        ground_m=float(made.state.ground.heights[at[0] + margin, at[1] + margin]), nearest_site_m=_nearest_m(made, at),
        runner_up=candidates[second] if second is not None else None, runner_up_people=second_people,
    )  # fmt: skip


def _nearest_m(made: PredictedMap, at: tuple[int, int]) -> float | None:
    place = made.state.squares.place[list(made.state.squares.slot_of.values())]
    if not len(place):
        return None
    return float(np.hypot(place[:, 1] - at[0], place[:, 2] - at[1]).min() * made.grid.cell_m)


def _share(question: Question, served: Mask, cell_m: float) -> Share:
    km2, inside = cell_m**2 / 1e6, question.inside
    both = served & inside
    return Share(
        float(question.people[both].sum()), float(question.people[inside].sum()), float(both.sum() * km2),
        float(inside.sum() * km2),
    )  # fmt: skip
