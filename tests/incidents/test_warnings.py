"""Warnings: whatever order an issuer's messages come in, what is in force is the same, and time alone ends the rest."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.warnings.handlers import expire_due, take
from incidents.warnings.messages import WarningEnded, WarningReceived
from incidents.warnings.model import Act, Area, Circle, Colour, Reach, State, Status, WarningMessage
from incidents.warnings.reach import reach_of
from incidents.warnings.rules import decide_take, need_standing, standing
from tests.clocks import ManualClock
from tests.incidents.warned import (
    COUNTY,
    EAST,
    HERE,
    NOW,
    WEST,
    MemoryWarningStore,
    a_message,
    name_of,
)
from vocabulary.errors import Refused
from vocabulary.message import Actor

BRINGER = Actor(id="k1", name="预警平台", kind="key")
EVERYWHERE = (Area(name="德清县", codes=("330521",)),)


def a_store() -> MemoryWarningStore:
    return MemoryWarningStore(ManualClock())


def bring(store: MemoryWarningStore, *messages: WarningMessage, at: datetime = NOW) -> None:
    for message in messages:
        reach = reach_of(message.areas, COUNTY)
        take(store, message, reach, actor=BRINGER, at=at)


def states(store: MemoryWarningStore, at: datetime = NOW) -> dict[str, Any]:
    return {one.id: (one.state_at(at), one.ending, one.open) for one in store.kept.values()}


@st.composite
def conversations(draw: st.DrawFn) -> list[WarningMessage]:
    count = draw(st.integers(1, 7))
    found = []
    for number in range(1, count + 1):
        others = st.lists(st.integers(1, count + 1), max_size=3)
        refers = [one for one in draw(others) if one != number]
        acts = [Act.ALERT, Act.UPDATE, Act.CANCEL] if refers else [Act.ALERT]
        found.append(
            a_message(
                number,
                draw(st.sampled_from(acts)),
                refers=refers,
                minutes=draw(st.integers(0, 50)),
                status=draw(st.sampled_from(list(Status))),
            )
        )
    return found


@given(messages=conversations(), data=st.data())
def test_the_same_messages_in_any_order_and_any_number_of_times_leave_the_same(
    messages: list[WarningMessage], data: st.DataObject
) -> None:
    first, second = a_store(), a_store()
    bring(first, *messages)
    again = data.draw(st.permutations([*messages, *messages[:2]]))
    bring(second, *again)
    assert states(second) == states(first)


@given(messages=conversations())
def test_no_message_of_an_exercise_ends_what_is_actual_nor_the_other_way_round(
    messages: list[WarningMessage],
) -> None:
    store = a_store()
    bring(store, *messages)
    kept = {one.id: one for one in store.kept.values()}
    for one in kept.values():
        if one.ending is not None:
            assert kept[one.ending.by].message.drill == one.message.drill
            assert kept[one.ending.by].message.act is not Act.ALERT


@given(messages=conversations(), hours=st.integers(0, 12))
def test_nothing_is_in_force_beyond_its_time_whether_or_not_anybody_told_of_it(
    messages: list[WarningMessage], hours: int
) -> None:
    store = a_store()
    bring(store, *messages)
    then = NOW + timedelta(hours=hours)
    before = [one.id for one in standing(store.kept.values(), then)]
    expire_due(store, then)
    assert [one.id for one in standing(store.kept.values(), then)] == before
    assert expire_due(store, then) == 0


def test_an_update_takes_its_alerts_place_and_a_cancellation_ends_it() -> None:
    store = a_store()
    bring(store, a_message(1))
    bring(store, a_message(2, Act.UPDATE, refers=[1], minutes=5, colour=Colour.ORANGE))
    assert [one.id for one in standing(store.kept.values(), NOW)] == [name_of(2)]
    assert states(store)[name_of(1)][0] is State.UPDATED
    bring(store, a_message(3, Act.CANCEL, refers=[1], minutes=9))
    assert standing(store.kept.values(), NOW) == []
    assert states(store)[name_of(2)][0] is State.CANCELLED
    assert states(store)[name_of(1)][0] is State.UPDATED


def test_a_cancellation_that_comes_first_is_kept_and_the_alert_after_it_is_never_in_force() -> None:
    store = a_store()
    bring(store, a_message(2, Act.CANCEL, refers=[1], minutes=5), a_message(1))
    assert states(store)[name_of(1)][0] is State.CANCELLED
    assert standing(store.kept.values(), NOW) == []


def test_of_two_updates_of_one_alert_the_one_sent_later_holds_whichever_comes_first() -> None:
    early = a_message(2, Act.UPDATE, refers=[1], minutes=5)
    late = a_message(3, Act.UPDATE, refers=[1], minutes=9)
    for order in ([early, late], [late, early]):
        store = a_store()
        bring(store, a_message(1), *order)
        assert [one.id for one in standing(store.kept.values(), NOW)] == [name_of(3)]


def test_an_update_of_one_warning_leaves_another_one_alone_though_both_are_called_off_together() -> (
    None
):
    store = a_store()
    bring(store, a_message(1), a_message(2), a_message(3, Act.UPDATE, refers=[1], minutes=5))
    assert [one.id for one in standing(store.kept.values(), NOW)] == [name_of(2), name_of(3)]
    bring(store, a_message(4, Act.CANCEL, refers=[2, 3], minutes=8))
    assert standing(store.kept.values(), NOW) == []


def test_a_message_known_already_makes_nothing_happen_and_another_one_of_its_name_is_refused() -> (
    None
):
    store = a_store()
    bring(store, a_message(1))
    known = store.around(a_message(1))
    assert decide_take(a_message(1), HERE, known, NOW) == {}
    with pytest.raises(Refused) as refused:
        decide_take(a_message(1, colour=Colour.RED), HERE, known, NOW)
    assert (refused.value.code, refused.value.status) == ("warnings.other_content", 409)


def test_what_is_in_force_is_listed_the_gravest_colour_first_and_exercises_apart() -> None:
    store = a_store()
    colours = (Colour.BLUE, Colour.RED, Colour.ORANGE)
    bring(store, *(a_message(number, colour=one) for number, one in enumerate(colours, 1)))
    bring(store, a_message(9, colour=Colour.RED, status=Status.EXERCISE))
    actual = standing(store.kept.values(), NOW, Status.ACTUAL)
    assert [one.message.colour for one in actual] == [Colour.RED, Colour.ORANGE, Colour.BLUE]


def test_a_warning_that_takes_effect_later_is_not_yet_in_force() -> None:
    store = a_store()
    bring(store, a_message(1, effective_at=NOW + timedelta(hours=1)))
    assert states(store)[name_of(1)][0] is State.COMING
    assert standing(store.kept.values(), NOW) == []
    assert len(standing(store.kept.values(), NOW + timedelta(hours=1))) == 1


@pytest.mark.parametrize(
    ("message", "reach", "code", "field"),
    [
        (a_message(minutes=90), HERE, "warnings.sent_ahead", "sent"),
        (a_message(expires_at=NOW), HERE, "warnings.expired_already", "expires"),
        (
            a_message(effective_at=NOW + timedelta(hours=9)),
            HERE,
            "warnings.no_time",
            "expires",
        ),
        (
            a_message(expires_at=NOW + timedelta(days=400)),
            HERE,
            "warnings.too_long_ahead",
            "expires",
        ),
        (a_message(), Reach(), "warnings.outside", "area"),
        (a_message(act=Act.CANCEL), HERE, "warnings.no_references", "references"),
        (a_message(act=Act.UPDATE), HERE, "warnings.no_references", "references"),
    ],
)
def test_what_cannot_be_is_refused_with_the_element_that_is_wrong(
    message: WarningMessage, reach: Reach, code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        decide_take(message, reach, [], NOW)
    assert (refused.value.code, refused.value.values["field"]) == (code, field)
    assert refused.value.text("zh") != refused.value.text("en")


def test_an_update_that_is_over_or_leads_out_of_the_county_still_ends_what_it_updates() -> None:
    for told in ({"expires_at": NOW - timedelta(minutes=1)}, {"areas": (Area(name="别县"),)}):
        store = a_store()
        bring(store, a_message(1), a_message(2, Act.UPDATE, refers=[1], minutes=5, **told))
        assert standing(store.kept.values(), NOW) == []
        assert states(store)[name_of(1)][0] is State.UPDATED


def test_what_is_over_cannot_be_called_off_and_what_is_unknown_is_said_to_be() -> None:
    store = a_store()
    bring(store, a_message(1), a_message(2, Act.CANCEL, refers=[1], minutes=2))
    for identifier, code in ((name_of(1), "warnings.over"), (name_of(2), "warnings.unknown")):
        with pytest.raises(Refused) as refused:
            need_standing(store.load(identifier), identifier, NOW)
        assert refused.value.code == code


def test_an_alert_whose_end_is_known_already_is_told_with_its_end_in_one_breath() -> None:
    store = a_store()
    bring(store, a_message(2, Act.CANCEL, refers=[1], minutes=5))
    known = store.around(a_message(1))
    [(identifier, events)] = decide_take(a_message(1), HERE, known, NOW).items()
    assert identifier == name_of(1)
    assert [type(event) for event in events] == [WarningReceived, WarningEnded]


# Where it reaches.


def reached(*areas: Area) -> tuple[bool, list[str]]:
    reach = reach_of(areas, COUNTY)
    return reach.whole, [town.id for town in reach.towns]


def test_a_code_or_a_name_of_the_county_or_of_what_it_lies_in_warns_the_whole_county() -> None:
    for code in ("330521", "330521000000", "330500", "330000000000"):
        assert reached(Area(name="-", codes=(code,))) == (True, [WEST, EAST])
    assert reached(Area(name="德清县")) == (True, [WEST, EAST])


def test_a_code_or_a_name_of_a_town_or_a_village_warns_that_town() -> None:
    for code in ("330521002", "330521002000", "330521002017"):
        assert reached(Area(name="-", codes=(code,))) == (False, [EAST])
    assert reached(Area(name="武康街道、阜溪街道")) == (False, [WEST])


def test_a_code_or_a_name_from_elsewhere_warns_nobody_here() -> None:
    for area in (Area(name="安吉县"), Area(name="德清县", codes=("330523",))):
        assert reached(area) == (False, [])


def test_a_shape_warns_the_towns_it_lies_on_and_is_cut_at_the_countys_edge() -> None:
    ring = ((118.5, 30.2), (119.2, 30.2), (119.2, 30.8), (118.5, 30.8))
    reach = reach_of((Area(name="西部", rings=(ring,)),), COUNTY)
    assert (reach.whole, [town.id for town in reach.towns]) == (False, [WEST])
    assert {lon for part in reach.outline for lon, _ in part} == {119.0, 119.2}
    wide = Circle(lon_deg=119.5, lat_deg=30.5, radius_m=200_000)
    assert reached(Area(name="-", circles=(wide,))) == (True, [WEST, EAST])


def test_a_shape_speaks_before_the_code_of_its_own_area() -> None:
    ring = ((119.1, 30.2), (119.2, 30.2), (119.2, 30.8))
    assert reached(Area(name="德清县", rings=(ring,), codes=("330521",))) == (False, [WEST])


def test_a_shape_that_would_lie_in_the_county_the_other_way_round_is_said_to_be_swapped() -> None:
    ring = ((30.2, 119.1), (30.2, 119.2), (30.8, 119.2))
    with pytest.raises(Refused) as refused:
        reach_of((Area(name="西部", rings=(ring,)),), COUNTY)
    assert refused.value.code == "warnings.swapped"


def test_a_ring_that_crosses_itself_still_warns_the_ground_it_lies_on() -> None:
    bow = ((119.1, 30.2), (119.3, 30.4), (119.3, 30.2), (119.1, 30.4))
    assert reached(Area(name="-", rings=(bow,))) == (False, [WEST])
