"""The assignment machine: whatever is asked in whatever order, one unit has one open assignment and none goes backward."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dispatch.assignment import ONWARD, AssignmentId, AssignmentState
from dispatch.assignment_rules import Offer, Step, escalate, offer, step, time_out
from dispatch.duty import status_at
from dispatch.messages import (
    AssignmentCancelled,
    AssignmentCleared,
    AssignmentDeclined,
    AssignmentEscalated,
    AssignmentOffered,
    AssignmentReassigned,
    AssignmentTimedOut,
)
from dispatch.model import Unit, UnitStatus
from dispatch.rules import apply, follow
from tests.dispatch import calls
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, new_id
from vocabulary.message import Event

ONE = AssignmentId("one")
ENDS = (
    AssignmentCancelled,
    AssignmentCleared,
    AssignmentDeclined,
    AssignmentReassigned,
    AssignmentTimedOut,
)
DUE = calls.AT + timedelta(seconds=60)


def folded(unit: Unit, events: list[Event], by: str = "张三") -> Unit:
    for event in events:
        unit = apply(unit, event, version=unit.version + 1, at=calls.AT, by=by) or unit
    return unit


def asked(case: str = "a", id: str = "one", attempt: int = 1) -> Offer:
    return Offer(id=AssignmentId(id), case_id=CaseId(case), answer_by=DUE, attempt=attempt)


def offered(case: str = "a", attempt: int = 1) -> Unit:
    unit = calls.a_unit()
    return folded(unit, offer(unit, asked(case, attempt=attempt)))


def state(unit: Unit) -> AssignmentState:
    assert unit.assignment is not None
    return unit.assignment.state


def test_a_unit_goes_through_its_assignment_step_by_step_and_is_free_again() -> None:
    unit = offered()
    for wanted, shown in (
        (Step.ACK, UnitStatus.ASSIGNED), (Step.ENROUTE, UnitStatus.ENROUTE),
        (Step.ON_SCENE, UnitStatus.ON_SCENE), (Step.CLEAR, UnitStatus.AVAILABLE),
    ):  # fmt: skip
        unit = folded(unit, step(unit, ONE, wanted))
        assert status_at(unit, calls.AT, calls.ZONE) is shown
    assert unit.cases == ()
    assert state(unit) is AssignmentState.CLEARED


def test_the_second_who_asks_is_told_who_has_the_unit() -> None:
    with pytest.raises(Refused) as told:
        offer(offered("a"), asked("b", "two"))
    assert (told.value.code, told.value.status) == ("dispatch.unit_taken", 409)
    assert told.value.values["who"] == "张三"
    assert told.value.values["case"] == "a"


def test_the_same_case_twice_is_one_offer() -> None:
    assert offer(offered("a"), asked("a", "two")) == []


def test_who_arrives_has_answered() -> None:
    unit = folded(offered(), step(offered(), ONE, Step.ON_SCENE))
    assert unit.assignment is not None
    assert unit.assignment.acked_at == calls.AT
    assert step(unit, ONE, Step.ACK) == []


def test_who_declines_says_why_and_is_free() -> None:
    with pytest.raises(Refused) as told:
        step(offered(), ONE, Step.DECLINE)
    assert told.value.code == "dispatch.reason_needed"
    unit = folded(offered(), step(offered(), ONE, Step.DECLINE, "车辆故障"))
    assert state(unit) is AssignmentState.DECLINED
    assert unit.cases == ()
    assert step(unit, ONE, Step.DECLINE, "车辆故障") == []


def test_who_is_on_scene_cannot_decline_any_more() -> None:
    there = folded(offered(), step(offered(), ONE, Step.ON_SCENE))
    with pytest.raises(Refused) as told:
        step(there, ONE, Step.DECLINE, "不去")
    assert told.value.code == "dispatch.step_too_late"


def test_an_offer_lapses_when_its_time_is_over_and_not_before_and_never_once_answered() -> None:
    assert time_out(offered(), ONE, DUE - timedelta(seconds=1)) == []
    unit = folded(offered(), time_out(offered(), ONE, DUE))
    assert state(unit) is AssignmentState.TIMED_OUT
    assert status_at(unit, calls.AT, calls.ZONE) is UnitStatus.AVAILABLE
    answered = folded(offered(), step(offered(), ONE, Step.ACK))
    assert time_out(answered, ONE, DUE) == []
    with pytest.raises(Refused):
        step(unit, ONE, Step.ACK)


def test_the_supervisor_is_told_at_the_second_or_when_nobody_is_left() -> None:
    first = folded(offered(attempt=1), time_out(offered(attempt=1), ONE, DUE))
    second = folded(offered(attempt=2), time_out(offered(attempt=2), ONE, DUE))
    assert escalate(first, ONE, nobody_left=False) == []
    assert [type(event) for event in escalate(first, ONE, nobody_left=True)] == [
        AssignmentEscalated
    ]
    assert [type(event) for event in escalate(second, ONE, nobody_left=False)] == [
        AssignmentEscalated
    ]


def test_a_crew_on_scene_of_a_merged_case_is_on_scene_of_its_master_without_being_asked() -> None:
    unit = folded(offered("a"), step(offered("a"), ONE, Step.ON_SCENE))
    for event in (calls.merged("a", "m"), calls.joined("m", "a", "fire-01")):
        wanted = Offer(id=AssignmentId(new_id()), case_id=CaseId(""))
        unit = folded(unit, follow(unit, event, wanted, at=calls.AT))
    assert unit.cases == ("m",)
    assert unit.assignment is not None
    assert (state(unit), unit.assignment.case_id) == (AssignmentState.ON_SCENE, "m")
    assert unit.assignment.follows == "one"


def test_a_departments_signature_is_that_of_its_units_and_its_arrival_that_of_its_only_one() -> (
    None
):
    wanted = asked()
    signed = folded(offered(), follow(offered(), calls.accepted("a"), wanted, at=calls.AT))
    assert state(signed) is AssignmentState.ACKED
    one = follow(signed, calls.arrived("a"), wanted, at=calls.AT, alone=True)
    assert state(folded(signed, one)) is AssignmentState.ON_SCENE
    assert follow(signed, calls.arrived("a"), wanted, at=calls.AT, alone=False) == []
    others = follow(offered(), calls.accepted("a", "gas"), wanted, at=calls.AT)
    assert others == []


def test_a_case_that_ends_clears_who_goes_and_calls_off_who_was_only_asked() -> None:
    wanted = asked()
    goes = folded(offered(), step(offered(), ONE, Step.ENROUTE))
    assert (
        state(folded(goes, follow(goes, calls.closed("a"), wanted, at=calls.AT)))
        is AssignmentState.CLEARED
    )
    only = offered()
    assert (
        state(folded(only, follow(only, calls.closed("a"), wanted, at=calls.AT)))
        is AssignmentState.CANCELLED
    )


class OneUnit(RuleBasedStateMachine):
    """Anybody asks and answers anything at any time about one unit."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = calls.a_unit()
        self.events: list[Event] = []
        self.reached: dict[str, int] = {}

    def take(self, events: list[Event]) -> None:
        self.events += events
        self.unit = folded(self.unit, events)

    @rule(case=st.sampled_from("abc"))
    def ask(self, case: str) -> None:
        held = self.unit.open_assignment
        if held and held.case_id != case:
            with pytest.raises(Refused) as told:
                offer(self.unit, asked(case, new_id()))
            assert told.value.values["case"] == held.case_id
        else:
            self.take(offer(self.unit, asked(case, new_id())))

    @rule(wanted=st.sampled_from(Step), reason=st.sampled_from(["", "车辆故障"]))
    def answer(self, wanted: Step, reason: str) -> None:
        if self.unit.assignment is None:
            return
        try:
            events = step(self.unit, self.unit.assignment.id, wanted, reason)
        except Refused:
            return
        self.take(events)
        assert step(self.unit, self.unit.assignment.id, wanted, reason) == []  # told twice

    @rule(late=st.booleans())
    def wait(self, late: bool) -> None:
        if self.unit.assignment:
            self.take(time_out(self.unit, self.unit.assignment.id, DUE if late else calls.AT))

    @rule(case=st.sampled_from("abc"), how=st.sampled_from(["closed", "dispatched", "parted"]))
    def hear(self, case: str, how: str) -> None:
        event = {
            "closed": calls.closed(case),
            "dispatched": calls.dispatched(case, "fire-01"),
            "parted": calls.parted(case, "m", "fire-01"),
        }[how]
        wanted = Offer(id=AssignmentId(new_id()), case_id=CaseId(""))
        self.take(follow(self.unit, event, wanted, at=calls.AT))

    @invariant()
    def one_open_assignment_and_it_is_of_one_of_its_cases(self) -> None:
        open_ids = {e.assignment_id for e in self.events if isinstance(e, AssignmentOffered)}
        ended = {e.assignment_id for e in self.events if isinstance(e, ENDS)}
        held = self.unit.open_assignment
        assert open_ids - ended == ({held.id} if held else set())
        assert held is None or held.case_id in self.unit.cases

    @invariant()
    def none_goes_backward(self) -> None:
        held = self.unit.assignment
        if held and held.state in ONWARD:
            now = ONWARD.index(held.state)
            assert self.reached.get(held.id, 0) <= now
            self.reached[held.id] = now


TestOneUnit = OneUnit.TestCase


@given(st.lists(st.sampled_from(Step), max_size=8))
def test_what_decide_says_apply_takes_and_an_ended_assignment_stays_ended(
    steps: list[Step],
) -> None:
    unit = offered()
    for wanted in steps:
        ended = not unit.open_assignment
        before = unit.assignment
        try:
            events = step(unit, ONE, wanted, "原因")
        except Refused:
            continue
        unit = folded(unit, events)
        if ended:
            assert unit.assignment == before
    assert replace(unit, version=0) == replace(folded(unit, []), version=0)
