"""The seven scoring faults of a working system and its averaged percentile cannot come back (domain.md E2, E3)."""

import pytest

from indicators.columns import seconds
from indicators.model import Figure
from indicators.scores import bands, combined, grade_of, grades, parts, scores
from tests.indicators.vectors import frames_in, golden, instant, window_in


def a_share(value: float | None, n: int = 100) -> Figure:
    hits = None if value is None else round(value * n)
    return Figure(indicator="", value=value, n=n, hits=hits)


def perfect(who: str, **changes: Figure) -> dict[str, Figure]:
    """Return the figures of somebody who does everything right."""
    good = {
        part.part: a_share(0.0 if part.how == "inverse" else 1.0)
        for part in parts()
        if part.who == who
    }
    return {**good, **changes}


def score(who: str, **changes: Figure) -> float:
    made = combined(who, "x", perfect(who, **changes)).score
    assert made is not None
    return made


def test_weights_of_everybody_make_one() -> None:
    for who in {part.who for part in parts()}:
        assert sum(part.weight for part in parts() if part.who == who) == pytest.approx(1.0)


def test_1_a_collector_who_misses_more_scores_less() -> None:
    assert score("collector", missed=a_share(0.1)) > score("collector", missed=a_share(0.4))


def test_2_an_intake_officer_is_scored_by_sending_to_verify_and_to_check_each_once() -> None:
    names = [(part.part, part.indicator) for part in parts() if part.who == "intake"]
    assert len({indicator for _, indicator in names}) == len(names) == 3
    worse = score("intake", sent_to_check=a_share(0.0), taken=a_share(1.0, n=2001))
    assert worse == pytest.approx(65.0)


def test_3_a_shift_lead_is_scored_by_filing_and_by_closing_in_time() -> None:
    filed = {part.part: part.indicator for part in parts() if part.who == "shift_lead"}
    assert (filed["filed_in_time"], filed["closed_in_time"]) == ("G06", "G13")
    assert score("shift_lead", filed_in_time=a_share(0.0)) == pytest.approx(75.0)
    assert score("shift_lead", closed_in_time=a_share(0.0)) == pytest.approx(65.0)


@pytest.mark.parametrize("dispatches", [0, 1, 1000, 100_000])
def test_4_no_number_of_dispatches_lifts_a_score_over_a_hundred(dispatches: int) -> None:
    assert 0 <= score("dispatcher", dispatched=a_share(1.0, n=dispatches)) <= 100


def test_5_a_perfect_town_scores_highest() -> None:
    best = score("town", filed=a_share(1.0, n=0))
    assert best == 100.0
    assert score("town", closed=a_share(0.5)) < best
    assert score("town", closed_in_time=a_share(0.5)) < best


def test_6_a_department_is_banded_by_its_cases_and_not_by_its_rework() -> None:
    few, many = a_share(1.0, n=50), a_share(1.0, n=1001)
    assert score("department", filed=few) - score("department", filed=many) == pytest.approx(10.0)
    assert score("department", filed=few, no_rework=a_share(1.0)) == pytest.approx(70.0)


def test_7_no_score_is_cut_off_to_a_whole_number() -> None:
    found = score("shift_lead", closed_in_time=a_share(0.9999, n=10_000))
    assert found == pytest.approx(99.9965)
    assert grade_of(89.999) == "B"
    assert grade_of(90.0) == "A"


def test_a_part_without_a_value_takes_its_weight_with_it_and_half_a_score_is_none() -> None:
    without = combined("collector", "x", perfect("collector", missed=a_share(None)))
    assert without.score == pytest.approx(100.0)
    assert without.weighed == pytest.approx(0.8)
    hardly = combined("collector", "x", {"missed": a_share(0.0)})
    assert (hardly.score, hardly.grade) == (None, None)


@pytest.mark.parametrize("case", golden("scores")["cases"], ids=lambda case: str(case["name"]))
def test_the_golden_scores_come_out(case: dict[str, object]) -> None:
    given: dict[str, dict[str, float]] = case["parts"]  # type: ignore[assignment]
    figures = {
        name: Figure(indicator="", value=part["value"], n=int(part["n"]), hits=int(part["hits"]))
        for name, part in given.items()
    }
    made = combined(str(case["who"]), "x", figures)
    assert made.score == pytest.approx(case["score"])
    assert made.grade == case["grade"]


def test_towns_and_departments_are_scored_from_the_records() -> None:
    day = golden("figures")
    now = seconds(instant(day["now"]))
    towns = {one.name: one for one in scores("town", frames_in(day), window_in(day), now)}
    assert towns["桥头镇"].points["closed"] == pytest.approx(50.0)
    assert towns["青石镇"].points["closed_in_time"] == 0.0
    departments = scores("department", frames_in(day), window_in(day), now)
    assert departments[0].name == "drainage"


def test_bands_and_grades_leave_no_gap() -> None:
    for name, steps in bands().items():
        assert steps[0][0] == 0, name
    assert grades()[-1] == ("E", 0)
