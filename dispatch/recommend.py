"""Who goes: for every need of a plan the best of the units that can, each with its reasons; every gap with its codes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from dispatch.recommendation.field import Counts, Field, Flags, Floats, able, field_of
from dispatch.recommendation.gaps import shortfalls
from dispatch.recommendation.model import (
    Answer,
    Candidate,
    Need,
    Pick,
    Recommendation,
    Scene,
)
from dispatch.recommendation.reasons import reasons_for
from dispatch.recommendation.weighing import Weighing, weighing

COMMS_SKILL: Final = "emergency_comms"
OTHERS: Final = 3
# Above every real sum of seconds: to fill one place more is worth any detour of the others.
UNFILLED_S: Final = 1e7


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What a pick's reasons are told from."""

    field: Field
    scene: Scene
    need: Need
    weights: Weighing
    left: Counts


def recommend(
    needs: Sequence[Need],
    candidates: Sequence[Candidate],
    scene: Scene,
    weights: Weighing | None = None,
) -> Recommendation:
    """Return who is recommended.

    As many places as possible are filled, then the sum of costs is least: the only engine that can do two things is
    given to what no other can do. Units already on the case take their places first. One unit fills one place.
    """
    weights = weights or weighing()
    wanted = [*needs, *_advised(needs, scene)]
    field = field_of(candidates, weights)
    fitting = [able(field, need) for need in wanted]
    chosen = _chosen(wanted, fitting, field)
    taken = {index for row in chosen for index in row}
    left = _left(field, chosen)
    answers = []
    for need, fits, mine in zip(wanted, fitting, chosen, strict=True):
        pick = partial(_pick, _Asked(field, scene, need, weights, left))
        free = np.flatnonzero(fits & np.isfinite(field.cost_s) & ~field.on_case)
        order = free[np.argsort(field.cost_s[free], kind="stable")]
        rest = [int(index) for index in order if int(index) not in taken][:OTHERS]
        missing = need.count - len(mine)
        answers.append(
            Answer(
                need=need,
                picks=tuple(pick(index) for index in mine),
                others=tuple(pick(index) for index in rest),
                missing=missing,
                shortfalls=shortfalls(field, fits, taken) if missing else (),
            )
        )
    return Recommendation(answers=tuple(answers), scene=scene)


def _advised(needs: Sequence[Need], scene: Scene) -> list[Need]:
    """Return what the scene itself asks for: where no network reaches, somebody brings one."""
    if not scene.hole or any(need.skill == COMMS_SKILL for need in needs):
        return []
    role_zh, role_en = "现场通话不可靠,通信保障", "Calls fail at the scene: bring a network"
    return [Need(count=1, skill=COMMS_SKILL, role_zh=role_zh, role_en=role_en, advised=True)]


def _chosen(needs: Sequence[Need], fitting: Sequence[Flags], field: Field) -> list[list[int]]:
    """Return the candidates of each need, the best first."""
    from scipy.optimize import linear_sum_assignment  # slow to load; the start does not wait for it

    slots = [at for at, need in enumerate(needs) for _ in range(need.count)]
    chosen: list[list[int]] = [[] for _ in needs]
    if not slots or not field.candidates:
        return chosen
    by_need: Floats = np.stack(
        [_costs(field, fits, need) for fits, need in zip(fitting, needs, strict=True)]
    )
    hopeful = np.flatnonzero((by_need < UNFILLED_S).any(axis=0))
    cost = by_need[slots][:, hopeful]
    for row, column in zip(*linear_sum_assignment(cost), strict=True):
        if cost[row, column] < UNFILLED_S:
            chosen[slots[row]].append(int(hopeful[column]))
    for mine in chosen:
        mine.sort(key=lambda index: (not field.on_case[index], field.cost_s[index]))
    return chosen


def _costs(field: Field, fits: Flags, need: Need) -> Floats:
    # What is only advised takes nobody from what is owed.
    cost = field.cost_s + (UNFILLED_S / 2 if need.advised else 0.0)
    costs: Floats = np.where(fits & np.isfinite(cost), cost, UNFILLED_S)
    return costs


def _left(field: Field, chosen: Sequence[Sequence[int]]) -> Counts:
    """Return how many free units of its kind stay at each one's station when everybody chosen has left."""
    stays = field.free.copy()
    stays[[index for row in chosen for index in row]] = False
    there = np.bincount(field.station[stays], minlength=len(field.candidates))
    left: Counts = there[field.station] - stays  # nobody covers for itself
    return left


def _pick(asked: _Asked, index: int) -> Pick:
    candidate = asked.field.candidates[index]
    reasons = reasons_for(
        candidate,
        asked.scene,
        need=asked.need,
        weights=asked.weights,
        left=int(asked.left[index]),
    )
    return Pick(
        unit_id=candidate.unit.id,
        seconds=candidate.seconds,
        cost_s=round(sum(reason.cost_s for reason in reasons), 1),
        reasons=reasons,
        on_case=candidate.on_case,
    )
