"""A unit's status is what its cases make of it: assigned once, released once, on any history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.assignment import AssignmentId
from dispatch.assignment_rules import Offer
from dispatch.duty import status_at
from dispatch.messages import AssignmentOffered, UnitAssigned, UnitReleased
from dispatch.model import Unit, UnitStatus
from dispatch.rules import FOLLOWED, apply, called_to, ended_by, follow, told_by
from runtime.kinds import EVENTS
from tests.dispatch import calls
from vocabulary.ids import CaseId, new_id
from vocabulary.message import Event

NAMES = ("fire-01", "fire-02", "amb-01")
CASES = ("a", "b", "c")
some_units = st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple)
some_case = st.sampled_from(CASES)
two_cases = st.permutations(CASES).map(lambda order: order[:2])
stories = st.lists(
    st.one_of(
        st.builds(lambda case, units: calls.dispatched(case, *units), some_case, some_units),
        st.builds(lambda case, units: calls.reinforced(case, *units), some_case, some_units),
        st.builds(calls.closed, some_case),
        st.builds(lambda two: calls.merged(*two), two_cases),
        st.builds(lambda two, units: calls.joined(*two, *units), two_cases, some_units),
        st.builds(lambda two, units: calls.parted(*two, *units), two_cases, some_units),
    ),
    max_size=12,
)


def told_of(unit: Unit, event: Event) -> list[Event]:
    wanted = Offer(id=AssignmentId(new_id()), case_id=CaseId(""))
    return follow(unit, event, wanted, at=calls.AT)


def status(unit: Unit) -> UnitStatus:
    return status_at(unit, calls.AT, calls.ZONE)


def after(unit: Unit, event: Event) -> Unit:
    for told in told_of(unit, event):
        changed = apply(unit, told, version=unit.version + 1, at=calls.AT)
        assert changed is not None
        unit = changed
    return unit


def test_a_unit_that_is_sent_is_assigned_and_one_that_is_not_is_left_alone() -> None:
    sent = told_of(calls.a_unit("fire-01"), calls.dispatched("a", "fire-01"))
    assert [type(event) for event in sent] == [UnitAssigned, AssignmentOffered]
    assert told_of(calls.a_unit("fire-02"), calls.dispatched("a", "fire-01")) == []


def test_a_unit_that_joins_later_is_assigned_and_the_first_ones_stay() -> None:
    first = after(calls.a_unit("fire-01"), calls.dispatched("a", "fire-01"))
    assert told_of(first, calls.reinforced("a", "fire-02")) == []
    late = after(calls.a_unit("fire-02"), calls.reinforced("a", "fire-02"))
    assert status(late) is UnitStatus.ASSIGNED


def test_a_case_sent_out_anew_releases_who_is_not_called_again() -> None:
    events = told_of(calls.a_unit("fire-01", "a"), calls.dispatched("a", "fire-02"))
    assert [type(event) for event in events] == [UnitReleased]


def test_a_closed_case_releases_its_units_and_no_others() -> None:
    assert status(after(calls.a_unit("fire-01", "a"), calls.closed("a"))) is UnitStatus.AVAILABLE
    assert told_of(calls.a_unit("fire-01", "b"), calls.closed("a")) == []


def test_a_unit_on_two_cases_stays_assigned_until_both_are_done() -> None:
    unit = after(calls.a_unit("fire-01", "a", "b"), calls.closed("a"))
    assert status(unit) is UnitStatus.ASSIGNED
    assert status(after(unit, calls.voided("b"))) is UnitStatus.AVAILABLE


def test_units_go_with_a_merged_case_to_its_master_and_back_when_it_parts() -> None:
    unit = calls.a_unit("fire-01", "a")
    for event in (calls.merged("a", "m"), calls.joined("m", "a", "fire-01")):
        unit = after(unit, event)
    assert unit.cases == ("m",)
    unit = after(unit, calls.parted("m", "a", "fire-01"))
    assert unit.cases == ("a",)


def test_particulars_set_anew_leave_the_unit_on_its_cases() -> None:
    unit = apply(
        calls.a_unit("fire-01", "a"), calls.registered(called="新名"), version=9, at=calls.AT
    )
    assert unit is not None
    assert (unit.name, unit.cases, unit.version) == ("新名", ("a",), 9)


def test_what_happens_to_a_unit_nobody_registered_makes_none() -> None:
    assert apply(None, calls.a_unit_released("fire-01", "a"), version=1, at=calls.AT) is None


@given(stories)
def test_an_event_heard_twice_changes_nothing_the_second_time(story: list[Event]) -> None:
    for name in NAMES:
        unit = calls.a_unit(name)
        for event in story:
            unit = after(unit, event)
            assert told_of(unit, event) == []


@given(stories)
def test_no_unit_is_on_a_case_twice_and_each_is_released_as_often_as_it_was_assigned(
    story: list[Event],
) -> None:
    for name in NAMES:
        unit, assigned, released = calls.a_unit(name), 0, 0
        for event in story:
            told = told_of(unit, event)
            assigned += sum(isinstance(one, UnitAssigned) for one in told)
            released += sum(isinstance(one, UnitReleased) for one in told)
            unit = after(unit, event)
            assert len(set(unit.cases)) == len(unit.cases) == assigned - released


@given(stories)
def test_when_every_case_is_closed_every_unit_is_available(story: list[Event]) -> None:
    for name in NAMES:
        unit = calls.a_unit(name)
        for event in [*story, *map(calls.closed, CASES)]:
            unit = after(unit, event)
        assert status(unit) is UnitStatus.AVAILABLE


OTHERS = [
    kind for kind in EVENTS if kind.__module__ == "incidents.messages" and kind not in FOLLOWED
]


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.__name__)
def test_what_is_not_followed_concerns_no_unit(kind: type[Event]) -> None:
    event = object.__new__(kind)  # which event it is decides alone: no member is looked at
    assert (called_to(event), ended_by(event), told_by(event)) == (None, None, None)
