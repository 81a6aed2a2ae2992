"""Handling: who may act for which department, what each signature starts, and what returning costs."""

from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.messages import CaseSupervised
from incidents.model import Priority, Stage, State
from tests.incidents.stories import (
    DRAIN,
    DUTY,
    FIRE,
    MONDAY_10,
    POLICE,
    Story,
    a_fire,
    a_story,
    a_story_in,
    dispatched,
)
from vocabulary.errors import Refused
from vocabulary.message import Command, Event

HOUR = timedelta(hours=1)


def refusal(story: Story, command: Command, **who: object) -> Refused:
    with pytest.raises(Refused) as refused:
        story.does(command, **who)  # type: ignore[arg-type]
    return refused.value


def due_of(story: Story) -> object:
    return story.case.clock.due_at if story.case.clock else None


def test_the_leads_signature_starts_the_limit_of_the_filing_condition() -> None:
    story = a_story_in(State.ACCEPTED)
    assert due_of(story) == story.at + 2 * HOUR  # 道路积水: 2 紧急工作时


def test_a_case_filed_by_rule_counts_from_the_report() -> None:
    story = a_fire()
    story.does(c.Dispatch())
    story.does(c.Accept(), by=FIRE)
    assert due_of(story) == MONDAY_10 + 4 * HOUR


def test_another_department_cannot_sign() -> None:
    story = a_story_in(State.DISPATCHED)
    told = refusal(story, c.Accept(), by=POLICE)
    assert (told.code, told.status) == ("incidents.not_its_task", 403)
    assert "drainage" in told.text("zh")
    told = refusal(story, c.Accept(department="drainage"), by=POLICE)
    assert (told.code, told.status) == ("incidents.other_department", 403)


def test_the_centre_records_a_signature_by_radio() -> None:
    story = a_story_in(State.DISPATCHED)
    (event,) = story.does(c.Accept(), by=DUTY)
    assert event.by_radio  # type: ignore[attr-defined]
    assert story.case.state is State.ACCEPTED


def test_a_signature_is_given_once() -> None:
    told = refusal(a_story_in(State.ACCEPTED), c.Accept(), by=DRAIN)
    assert (told.code, told.status) == ("incidents.accepted_before", 409)


def test_an_assistants_signature_leaves_the_leads_clock_alone() -> None:
    story = dispatched(a_story(), assists=("police",))
    story.does(c.Accept(), by=POLICE)
    assert story.case.state is State.DISPATCHED
    assert story.case.clock is not None
    assert story.case.clock.stage is Stage.ACCEPT


def test_the_first_arrival_puts_the_case_on_scene() -> None:
    story = dispatched(a_story(), assists=("police",))
    story.does(c.Accept(), by=DRAIN)
    story.does(c.Arrive(), by=POLICE)
    assert story.case.state is State.ON_SCENE
    first = story.case.arrived_at
    story.does(c.Arrive(), by=DRAIN)
    assert story.case.arrived_at == first
    assert refusal(story, c.Arrive(), by=DRAIN).code == "incidents.arrived_before"


def test_who_arrives_without_having_signed_has_signed() -> None:
    story = a_story_in(State.DISPATCHED)
    story.does(c.Arrive(), by=DRAIN)
    assert story.case.state is State.ON_SCENE
    assert story.case.accepted_at == story.case.arrived_at == story.at


def test_an_assistant_who_arrives_first_does_not_sign_for_the_lead() -> None:
    story = dispatched(a_story(), assists=("police",))
    story.does(c.Arrive(), by=POLICE)
    assert story.case.state is State.DISPATCHED
    assert story.case.accepted_at is None


@pytest.mark.parametrize("command", [c.Control(), c.Resolve()])
def test_what_the_lead_decides_an_assistant_cannot(command: Command) -> None:
    story = dispatched(a_story(), assists=("police",))
    story.does(c.Accept(), by=DRAIN)
    story.does(c.Arrive(), by=DRAIN)
    told = refusal(story, command, by=POLICE)
    assert (told.code, told.status) == ("incidents.not_the_lead", 403)


def test_two_stage_limits_begin_the_second_when_the_danger_is_under_control() -> None:
    story = a_story(category="E0502")
    story.does(c.Dispatch())
    story.does(c.Arrive(department="gas"))
    assert due_of(story) == MONDAY_10 + HOUR
    story.does(c.Control())
    assert story.case.state is State.CONTROLLED
    assert due_of(story) == story.at + timedelta(days=5)
    assert story.case.handling == story.case.clock


def test_resolving_waits_until_no_assistant_is_left() -> None:
    story = dispatched(a_story(), assists=("police", "power"))
    story.does(c.Arrive(), by=DRAIN)
    told = refusal(story, c.Resolve(), by=DRAIN)
    assert (told.code, told.status) == ("incidents.assists_pending", 409)
    assert "police, power" in told.text("zh")
    story.does(c.ClearAssist(note="交通已恢复"), by=POLICE)
    story.does(c.ReleaseAssist())
    story.does(c.Resolve(), by=DRAIN)
    assert story.case.state is State.RESOLVED


def test_releasing_one_of_several_names_which() -> None:
    story = dispatched(a_story(), assists=("police", "power"))
    assert refusal(story, c.ReleaseAssist()).code == "incidents.which_assist"
    told = refusal(story, c.ReleaseAssist(department="fire"))
    assert told.code == "incidents.not_assisting"
    story.does(c.ReleaseAssist(department="power"))
    assert refusal(story, c.ClearAssist(department="power")).code == "incidents.not_its_task"


def test_the_lead_does_not_clear_as_an_assistant_and_without_one_nobody_does() -> None:
    story = dispatched(a_story(), assists=("police",))
    assert refusal(story, c.ClearAssist(), by=DRAIN).code == "incidents.leads"
    story.does(c.ClearAssist(), by=DUTY)
    assert refusal(story, c.ClearAssist(), by=POLICE).code == "incidents.nobody_assists"


def test_the_handler_is_the_person_or_by_radio_the_department() -> None:
    assert a_story_in(State.RESOLVED).case.handled_by == "drain-1"
    story = a_story_in(State.ON_SCENE)
    story.does(c.Resolve(), by=DUTY)
    assert story.case.handled_by == "dept:drainage"


@pytest.mark.parametrize("proof", [{}, {"note": "已修复"}])
def test_proof_that_the_closing_conditions_want_comes_with_the_report(
    proof: dict[str, str],
) -> None:
    story = a_story(category="E0505")
    story.does(c.File())
    story.does(c.Dispatch())
    story.does(c.Arrive())
    assert refusal(story, c.Resolve(**proof)).code == "incidents.proof_wanted"  # type: ignore[arg-type]
    (event,) = story.does(c.Resolve(photos=("p1",)))
    assert event.photos == ("p1",)  # type: ignore[attr-defined]


# --- returns ---


def test_a_return_says_why_and_frees_every_task() -> None:
    story = dispatched(a_story(), assists=("police",), units=("E4",))
    assert refusal(story, c.Return(reason=" "), by=DRAIN).code == "incidents.empty"
    story.does(c.Return(reason="不属我部门"), by=DRAIN)
    assert story.case.lead is None
    assert story.case.units == ()
    assert story.case.returned_from == {"drainage"}


def test_the_third_return_puts_the_case_under_supervision_and_makes_it_p2() -> None:
    story = a_story(priority=Priority.P3)
    story.does(c.File())
    told: list[Event] = []
    for n in (1, 2, 3):
        story.does(c.Dispatch())
        told = story.does(c.Return(reason="不属我部门"), by=DRAIN)
        assert story.case.returned_n == n
        assert story.case.supervised is (n == 3)
    assert isinstance(told[1], CaseSupervised)
    assert told[1].by_rule == "third_return"
    assert (story.case.priority, story.case.priority_rule) == (Priority.P2, "R05")
    assert due_of(story) == story.at + timedelta(minutes=15)
    story.does(c.Dispatch())
    assert len(story.does(c.Return(reason="不属我部门"), by=DRAIN)) == 1


def test_who_returned_a_case_cannot_close_it() -> None:
    story = a_story_in(State.DISPATCHED)
    story.does(c.Return(reason="不属我部门"), by=DRAIN)
    story.does(c.Dispatch(lead="transport"))
    story.does(c.Arrive())
    story.does(c.Resolve())
    told = refusal(story, c.Close(), by=DRAIN)
    assert (told.code, told.status) == ("incidents.closer_returned", 409)
    story.does(c.Close(), by=DUTY)
    assert story.case.state is State.CLOSED
