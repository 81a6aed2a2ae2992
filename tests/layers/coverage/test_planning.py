"""Where new sites help most: the lazy plan is the greedy one, and what it promises is what the map then says."""

from itertools import combinations

import numpy as np
import pytest

from layers.coverage.candidates import candidates
from layers.coverage.coverage_map import PredictedMap
from layers.coverage.grid import degrees_of
from layers.coverage.model import Which
from layers.coverage.planning import Candidate, Question, plan, site_at, weak_of
from layers.coverage.predicted import predict
from tests.layers.coverage.made_up import grid, network, rough, site
from vocabulary.errors import Refused
from vocabulary.place import Place

pytestmark = pytest.mark.usefixtures("kernels")

ON = grid(140)
GROUND = rough(ON, seed=12, relief_m=90)
WHICH = Which(operator="CMCC", band="n41")


def made() -> PredictedMap:
    return PredictedMap(predict(GROUND, network(ON, 3)), "x")


def asked(threshold_dbm: float = -95.0) -> Question:
    rng = np.random.default_rng(8)
    people = rng.exponential(2.0, ON.shape).astype(np.float32)
    people[30:50, 90:120] += 20
    inside = np.zeros(ON.shape, dtype=bool)
    inside[5:-5, 5:-5] = True
    return Question(WHICH, threshold_dbm, people, inside)


def spots(count: int, seed: int = 1) -> list[Candidate]:
    rng = np.random.default_rng(seed)
    lon, lat = degrees_of(ON, rng.integers(5, 135, count), rng.integers(5, 155, count))
    return [
        Candidate(Place(float(x), float(y)), float(rng.choice([0.4, 1.0, 1.3])), "height")
        for x, y in zip(lon, lat, strict=True)
    ]


PATTERN = site(ON, 99, 0, 0, (0,))


def gains(of: PredictedMap, question: Question, chosen: list[Candidate]) -> float:
    """Return the people served anew by sites at all of `chosen`, by changing the map itself."""
    other = PredictedMap(predict(GROUND, list(of.sites)), "other")
    weak = weak_of(other, question)
    other.change(
        [site_at(PATTERN, one.place, f"new-{number}") for number, one in enumerate(chosen)]
    )
    return float(question.people[weak & ~weak_of(other, question)].sum())


def test_the_lazy_plan_is_the_greedy_plan_and_keeps_what_it_promises() -> None:
    of, question, where = made(), asked(), spots(9)
    found = plan(of, question, where, PATTERN, 3)
    assert len(found.picks) == 3
    chosen: list[Candidate] = []
    for pick in found.picks:
        base = gains(of, question, chosen)
        worth = {
            number: (gains(of, question, [*chosen, one]) - base) / one.cost
            for number, one in enumerate(where)
            if one not in chosen
        }
        best = max(worth, key=lambda n: worth[n])
        assert pick.candidate == where[best]
        assert pick.people == pytest.approx(worth[best] * where[best].cost, rel=1e-6)
        second = max((n for n in worth if n != best), key=lambda n: worth[n])
        assert pick.runner_up == where[second]
        assert pick.runner_up_people == pytest.approx(worth[second] * where[second].cost, rel=1e-6)
        chosen.append(pick.candidate)
    assert found.after.people - found.before.people == pytest.approx(
        gains(of, question, chosen), rel=1e-6
    )
    assert found.before.of_people == pytest.approx(float(question.people[question.inside].sum()))


def test_it_is_not_far_from_the_best_of_all_pairs() -> None:
    of, question = made(), asked()
    where = [Candidate(one.place, 1.0, one.kind) for one in spots(6, seed=3)]
    found = plan(of, question, where, PATTERN, 2)
    best = max(gains(of, question, list(pair)) for pair in combinations(where, 2))
    assert (
        found.after.people - found.before.people >= 0.63 * best
    )  # 1 - 1/e, Nemhauser, Wolsey, Fisher 1978


def test_nobody_is_picked_where_nobody_gains_and_what_cannot_be_is_refused() -> None:
    of = made()
    nobody = Question(WHICH, -95.0, np.zeros(ON.shape, np.float32), np.ones(ON.shape, dtype=bool))
    assert plan(of, nobody, spots(3), PATTERN, 2).picks == ()
    with pytest.raises(Refused, match="between 1 and"):
        plan(of, asked(), spots(3), PATTERN, 0)
    with pytest.raises(Refused, match="none of the cells"):
        plan(
            of,
            Question(Which(operator="CUCC"), -95.0, *(asked().people, asked().inside)),
            spots(3),
            PATTERN,
            1,
        )


def test_candidates_stand_on_masts_on_heights_by_roads_and_among_people_without_signal() -> None:
    of, question = made(), asked()
    road = np.zeros(ON.shape, dtype=bool)
    road[:, 70] = True
    road[40, :] = True
    weak = weak_of(of, question)
    found = candidates(GROUND, weak, question.people, road, of.sites)
    assert {one.kind for one in found} == {"shared", "height", "people"}
    assert len({one.place for one in found}) == len(found) > 15
    assert candidates(GROUND, weak, question.people, road, of.sites, most=5) == found[:5]
    for one in found:
        assert one.cost == 0.4 if one.kind == "shared" else 1.0 <= one.cost <= 1.0 + 0.6 * 0.8
