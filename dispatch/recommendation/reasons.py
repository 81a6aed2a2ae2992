"""Why a unit is recommended, and what counted against it: codes with their figures; screens have the words. Pure."""

from collections.abc import Iterator

from dispatch.recommendation.field import called_in
from dispatch.recommendation.model import Candidate, Need, Reason, Scene
from dispatch.recommendation.weighing import Weighing


def reasons_for(
    candidate: Candidate, scene: Scene, *, need: Need, weights: Weighing, left: int
) -> tuple[Reason, ...]:
    """Return the reasons in the order in which a dispatcher asks."""
    if candidate.on_case:
        return (Reason(code="on_case"),)
    return (
        *_way(candidate, scene),
        *_duty(candidate, need, weights),
        *_position(candidate, weights),
        *_work(candidate, weights),
        _cover(left, weights),
    )


def _way(candidate: Candidate, scene: Scene) -> Iterator[Reason]:
    seconds = candidate.seconds
    yield Reason(code=candidate.way.value, seconds=seconds, cost_s=seconds or 0.0)
    if scene.walk_m:
        yield Reason(code="on_foot", metres=round(scene.walk_m))


def _duty(candidate: Candidate, need: Need, weights: Weighing) -> Iterator[Reason]:
    if need.skill:
        yield Reason(code="skill", word=need.skill)
    if called_in(candidate):
        yield Reason(code="called_in", cost_s=weights.called_in_s)
    else:
        yield Reason(code="on_duty")


def _position(candidate: Candidate, weights: Weighing) -> Iterator[Reason]:
    age_s = candidate.age_s
    if age_s is None:
        yield Reason(code="at_home")
    elif candidate.stale:
        # Nobody out on the road: a unit that stands at home need not say so every minute.
        cost_s = 0.0 if candidate.from_home else weights.stale_s
        yield Reason(code="position_stale", seconds=round(age_s), cost_s=cost_s)
    else:
        yield Reason(code="position_fresh", seconds=round(age_s))
    if candidate.in_hole:
        yield Reason(code="last_seen_in_hole", cost_s=weights.hole_s)
    elif candidate.silent:
        yield Reason(code="silent_in_reach", cost_s=weights.silent_s)


def _work(candidate: Candidate, weights: Weighing) -> Iterator[Reason]:
    if candidate.runs:
        cost_s = min(candidate.runs, weights.runs_most) * weights.run_s
        worked_s = round(candidate.worked_s)
        yield Reason(code="worked", n=candidate.runs, seconds=worked_s, cost_s=cost_s)


def _cover(left: int, weights: Weighing) -> Reason:
    if left:
        return Reason(code="cover_left", n=left)
    return Reason(code="last_cover", cost_s=weights.last_cover_s)
