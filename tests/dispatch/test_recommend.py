"""Who is recommended: what a dispatcher would say by hand, held for chosen cases and for any mix of units."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.model import UnitKind, UnitStatus
from dispatch.reach import PointReach
from dispatch.recommend import recommend
from dispatch.recommendation.model import Gap, Need, Recommendation, Scene, Way
from dispatch.recommendation.weighing import weighing
from tests.dispatch.calls import AT
from tests.dispatch.candidates import ENGINE, FAR_STATION, STATION, a_candidate
from vocabulary.errors import Refused
from vocabulary.ids import UnitId
from vocabulary.place import Place

OPEN_GROUND = Scene()


def names(told: Recommendation, answer: int = 0) -> list[str]:
    return [pick.unit_id for pick in told.answers[answer].picks]


def codes(told: Recommendation, answer: int = 0) -> list[Gap]:
    return [gap.code for gap in told.answers[answer].shortfalls]


def test_the_soonest_that_can_goes_and_says_why() -> None:
    told = recommend(
        [Need(count=1, kind=UnitKind.ENGINE, skill="hazmat")],
        [
            a_candidate("near", 100, "rescue"),
            a_candidate("soon", 200, "hazmat"),
            a_candidate("late", 900, "hazmat"),
        ],
        OPEN_GROUND,
    )
    assert names(told) == ["soon"]
    (pick,) = told.answers[0].picks
    assert [reason.code for reason in pick.reasons] == [
        "road", "skill", "on_duty", "at_home", "cover_left",
    ]  # fmt: skip
    assert pick.cost_s == 200
    assert [one.unit_id for one in told.answers[0].others] == ["late"]
    assert told.proposed == ("soon",)


def test_the_only_one_that_can_do_two_things_is_kept_for_what_no_other_can() -> None:
    told = recommend(
        [Need(count=1, skill="firefighting"), Need(count=1, skill="hazmat")],
        [
            a_candidate("both", 60, "firefighting", "hazmat"),
            a_candidate("plain", 500, "firefighting"),
        ],
        OPEN_GROUND,
    )
    assert (names(told, 0), names(told, 1)) == (["plain"], ["both"])


def test_the_last_of_its_station_stands_back_for_one_with_cover_behind() -> None:
    alone = a_candidate("alone", 300, home=FAR_STATION)
    pair = [a_candidate("one", 400), a_candidate("two", 420)]
    told = recommend([ENGINE], [alone, *pair], OPEN_GROUND)
    assert names(told) == ["one"]
    (reason,) = [one for one in told.answers[0].picks[0].reasons if one.code == "cover_left"]
    assert reason.n == 1
    far = recommend([ENGINE], [alone, *(replace(one, seconds=900.0) for one in pair)], OPEN_GROUND)
    assert names(far) == ["alone"]
    assert "last_cover" in [one.code for one in far.answers[0].picks[0].reasons]


def test_a_trade_of_which_nobody_has_a_home_is_weighed_like_any_other() -> None:
    bus = a_candidate("bus", 100, kind=UnitKind.VEHICLE, home=None)
    told = recommend([Need(count=1)], [bus, a_candidate("engine", 300)], OPEN_GROUND)
    assert names(told) == ["bus"]


def test_old_positions_and_long_work_count_against_a_unit_and_are_said() -> None:
    lost = a_candidate("lost", 200, stale=True, age_s=2400.0, in_hole=True)
    tired = a_candidate("tired", 200, runs=4, worked_s=9000.0)
    fresh = a_candidate("fresh", 300, age_s=12.0)
    told = recommend([ENGINE], [lost, tired, fresh], OPEN_GROUND)
    assert names(told) == ["fresh"]
    second = {one.unit_id: [r.code for r in one.reasons] for one in told.answers[0].others}
    assert {"position_stale", "last_seen_in_hole"} <= set(second[UnitId("lost")])
    assert "worked" in second[UnitId("tired")]


def test_silence_where_a_network_reaches_counts_more_than_silence_in_a_hole() -> None:
    in_hole = a_candidate("in_hole", 200, stale=True, age_s=2400.0, in_hole=True)
    silent = a_candidate("silent", 200, stale=True, age_s=2400.0, silent=True)
    unknown = a_candidate("unknown", 200, stale=True, age_s=2400.0)
    told = recommend([ENGINE], [silent, in_hole, unknown], OPEN_GROUND).answers[0]
    assert [one.unit_id for one in (*told.picks, *told.others)] == ["unknown", "in_hole", "silent"]
    (reason,) = [one for one in told.others[-1].reasons if one.code == "silent_in_reach"]
    assert reason.cost_s > 0


@pytest.mark.parametrize(
    ("candidate", "gap"),
    [
        (a_candidate("u", 300, status=UnitStatus.OFF_DUTY), Gap.OFF_DUTY),
        (a_candidate("u", 300, status=UnitStatus.BREAK), Gap.RESTING),
        (a_candidate("u", 300, status=UnitStatus.ON_SCENE), Gap.SHORT),
        (a_candidate("u", 300, status=UnitStatus.OUT_OF_SERVICE), Gap.SHORT),
        (a_candidate("u", 4000), Gap.OUT_OF_RANGE),
        (a_candidate("u", None), Gap.OUT_OF_RANGE),
        (a_candidate("u", None, way=Way.NO_POSITION), Gap.POSITION_STALE),
        (a_candidate("u", 300, kind=UnitKind.DRONE), Gap.NO_CANDIDATE),
    ],
)
def test_every_gap_says_why(candidate: object, gap: Gap) -> None:
    told = recommend([ENGINE], [candidate], OPEN_GROUND)  # type: ignore[list-item]
    assert (told.answers[0].missing, codes(told)) == (1, [gap])


def test_who_is_off_duty_is_named_with_when_and_how_far() -> None:
    away = a_candidate("away", 640, status=UnitStatus.OFF_DUTY, back_at=AT)
    (gap,) = recommend([ENGINE], [away], OPEN_GROUND).answers[0].shortfalls
    (absent,) = gap.nearest
    assert (absent.unit_id, absent.seconds, absent.back_at) == ("away", 640, AT)


def test_two_places_and_one_unit_are_one_pick_and_one_that_is_short() -> None:
    told = recommend([replace(ENGINE, count=2)], [a_candidate("one")], OPEN_GROUND)
    assert (names(told), told.answers[0].missing, codes(told)) == (["one"], 1, [Gap.SHORT])


def test_who_is_at_the_case_already_fills_its_place_and_is_not_proposed_again() -> None:
    there = a_candidate("there", 900, status=UnitStatus.ENROUTE, on_case=True)
    told = recommend([replace(ENGINE, count=2)], [there, a_candidate("next")], OPEN_GROUND)
    assert names(told) == ["there", "next"]
    assert told.proposed == ("next",)


def test_where_no_network_reaches_somebody_who_brings_one_is_advised_not_owed() -> None:
    hole = Scene(reach=(PointReach(operator="移动", technology="4G", rsrp_dbm=-121.0),))
    truck = a_candidate("radio", 300, "emergency_comms", kind=UnitKind.VEHICLE)
    told = recommend([ENGINE], [truck, a_candidate("engine")], hole)
    assert (names(told, 1), told.answers[1].need.advised) == (["radio"], True)
    assert told.proposed == ("engine",)
    unknown = recommend([ENGINE], [truck], OPEN_GROUND)
    assert len(unknown.answers) == 1  # what is not known is no hole


def test_a_table_of_weights_that_lacks_a_row_is_refused_by_name() -> None:
    assert weighing().range_s == 3600
    assert "weighing.csv" in Refused("dispatch.weighing", value="a", known="b").text("en")


SKILLS = ("a", "b", "c")
UNITS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(0, 7200)),
        st.sets(st.sampled_from(SKILLS)),
        st.sampled_from(tuple(UnitStatus)),
        st.booleans(),
        st.sampled_from((STATION, FAR_STATION, None)),
        st.sampled_from((UnitKind.ENGINE, UnitKind.TEAM)),
    ),
    max_size=12,
)
NEEDS = st.lists(
    st.tuples(st.integers(1, 3), st.one_of(st.none(), st.sampled_from(SKILLS))), max_size=4
)


@settings(max_examples=150, deadline=None)
@given(UNITS, NEEDS)
def test_nobody_is_sent_twice_and_every_place_is_filled_or_explained(
    units: list[tuple[float | None, set[str], UnitStatus, bool, Place | None, UnitKind]],
    needs: list[tuple[int, str | None]],
) -> None:
    candidates = [
        a_candidate(
            f"u{at}", seconds, *sorted(skills),
            kind=kind, status=status, home=home, stale=stale, age_s=9.0,
        )
        for at, (seconds, skills, status, stale, home, kind) in enumerate(units)
    ]  # fmt: skip
    known = {one.unit.id: one for one in candidates}
    told = recommend([Need(count=n, skill=skill) for n, skill in needs], candidates, OPEN_GROUND)
    picked = [pick.unit_id for answer in told.answers for pick in answer.picks]
    assert len(picked) == len(set(picked))
    for answer in told.answers:
        assert len(answer.picks) + answer.missing == answer.need.count
        assert bool(answer.missing) == bool(answer.shortfalls)
        for pick in answer.picks:
            unit = known[pick.unit_id]
            assert unit.status is UnitStatus.AVAILABLE
            assert unit.seconds is not None
            assert unit.seconds <= weighing().range_s
            assert answer.need.skill is None or answer.need.skill in unit.unit.skills
        # Nobody who could have filled the place was passed over.
        if answer.missing:
            free = [
                one for one in candidates
                if one.status is UnitStatus.AVAILABLE and one.seconds is not None and one.seconds <= 3600
                and (answer.need.skill is None or answer.need.skill in one.unit.skills)
            ]  # fmt: skip
            assert {one.unit.id for one in free} <= set(picked)
