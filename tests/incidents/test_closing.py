"""Closing: closer is not handler, conditions are confirmed, two sources serve emergencies only; rework and reopening."""

from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.messages import CaseClosed
from incidents.model import State
from incidents.summary import case_row
from tests.incidents.stories import (
    CHIEF,
    DRAIN,
    DUTY,
    FIRE,
    Story,
    a_fire,
    a_story_in,
)
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM, Actor, Command

TWO = ("sensor:SM-12", "unit:E4")


def refusal(
    story: Story, command: Command, by: Actor = DUTY, after: timedelta = timedelta(minutes=1)
) -> Refused:
    with pytest.raises(Refused) as refused:
        story.does(command, by=by, after=after)
    return refused.value


def a_fire_put_out() -> Story:
    story = a_fire()
    story.does(c.Dispatch())
    story.does(c.Arrive(), by=FIRE)
    story.does(c.Resolve(), by=FIRE)
    return story


@pytest.mark.parametrize("command", [c.Close(), c.PassCheck()])
def test_who_handled_a_case_cannot_close_it(command: Command) -> None:
    state = State.RESOLVED if isinstance(command, c.Close) else State.CHECKING
    told = refusal(a_story_in(state), command, by=DRAIN)
    assert (told.code, told.status) == ("incidents.closer_handled", 409)


def test_after_a_report_by_radio_nobody_of_that_department_closes() -> None:
    story = a_story_in(State.ON_SCENE)
    story.does(c.Resolve(), by=DUTY)
    assert refusal(story, c.Close(), by=DRAIN).code == "incidents.closer_handled"
    story.does(c.Close(), by=DUTY)
    assert story.case.disposition == "handled"


def test_who_handled_a_case_is_not_sent_to_check_it() -> None:
    told = refusal(a_story_in(State.RESOLVED), c.AssignCheck(checker="drain-1"))
    assert told.code == "incidents.checker_handled"


def test_the_checker_is_who_asks_unless_somebody_is_named() -> None:
    assert a_story_in(State.CHECKING).case.checker == "duty"
    story = a_story_in(State.RESOLVED)
    story.does(c.AssignCheck(checker="grid-7"))
    assert story.case.checker == "grid-7"


def test_the_check_clock_goes_on_when_a_checker_is_sent() -> None:
    story = a_story_in(State.RESOLVED)
    before = story.case.clock
    story.does(c.AssignCheck())
    assert before is not None
    assert story.case.clock == before
    assert before.due_at == before.started_at + timedelta(hours=24)


def test_closing_confirms_every_condition_by_the_closers_name() -> None:
    story = a_story_in(State.RESOLVED)
    (event,) = story.does(c.Close())
    assert isinstance(event, CaseClosed)
    assert (event.basis, event.conditions) == ("direct", ("01",))


@pytest.mark.parametrize("ticked", [(), ("02",), ("01", "02")])
def test_conditions_that_are_not_the_categorys_are_refused(ticked: tuple[str, ...]) -> None:
    told = refusal(a_story_in(State.RESOLVED), c.Close(conditions=ticked))
    assert (told.code, told.status) == ("incidents.not_confirmed", 422)
    assert "01 积水排除" in told.text("zh")


def test_conditions_may_be_ticked_one_by_one() -> None:
    story = a_story_in(State.CHECKING)
    (event,) = story.does(c.PassCheck(conditions=("01", "01"), disposition="unfounded"))
    assert isinstance(event, CaseClosed)
    assert event.conditions == ("01",)
    assert story.case.disposition == "unfounded"


def test_a_disposition_is_a_code() -> None:
    told = refusal(a_story_in(State.RESOLVED), c.Close(disposition="搞定"))
    assert "handled" in told.text("zh")


@pytest.mark.parametrize(
    ("state", "basis"),
    [
        (State.RESOLVED, "check_passed"),
        (State.CHECKING, "direct"),
        (State.CHECKING, "two_sources"),
    ],
)
def test_the_basis_fits_the_state(state: State, basis: str) -> None:
    told = refusal(a_story_in(state), c.Close(basis=basis))  # type: ignore[arg-type]
    assert told.code == "incidents.wrong_basis"


def test_two_sources_close_an_emergency_without_a_check() -> None:
    story = a_fire_put_out()
    (event,) = story.does(c.Close(basis="two_sources", evidence=TWO))
    assert isinstance(event, CaseClosed)
    assert (event.basis, event.evidence) == ("two_sources", TWO)


@pytest.mark.parametrize(
    "evidence", [(), ("unit:E4",), ("unit:E4", "unit:E5"), ("sensor", "unit:E4")]
)
def test_two_sources_are_of_two_kinds(evidence: tuple[str, ...]) -> None:
    told = refusal(a_fire_put_out(), c.Close(basis="two_sources", evidence=evidence))
    assert told.code == "incidents.two_sources_needed"


def test_two_sources_do_not_close_a_routine_case() -> None:
    told = refusal(a_story_in(State.RESOLVED), c.Close(basis="two_sources", evidence=TWO))
    assert (told.code, told.status) == ("incidents.two_sources_are_for_emergencies", 409)


def test_the_system_closes_by_two_sources_only_and_after_the_grace_of_an_all_clear() -> None:
    story = a_fire_put_out()
    assert refusal(story, c.Close(), by=SYSTEM).code == "incidents.person_closes"
    wish = c.Close(basis="two_sources", evidence=TWO)
    assert refusal(story, wish, by=SYSTEM).code == "incidents.no_all_clear"
    story.does(c.GiveAllClear(evidence=TWO))
    told = refusal(story, wish, by=SYSTEM, after=timedelta(seconds=89))
    assert told.code == "incidents.grace"
    story.does(wish, by=SYSTEM, after=timedelta(seconds=1))
    assert story.case.state is State.CLOSED


def test_an_all_clear_can_be_taken_back_while_its_grace_runs() -> None:
    story = a_fire_put_out()
    assert refusal(story, c.KeepOpen(reason="x")).code == "incidents.no_all_clear"
    story.does(c.GiveAllClear(evidence=TWO, disposition="false_alarm"))
    assert case_row(story.case)["closes_at"] == to_text(story.at + timedelta(seconds=90))
    assert refusal(story, c.GiveAllClear(evidence=TWO)).code == "incidents.clear_before"
    story.does(c.KeepOpen(reason="仍有烟"))
    assert story.case.closing is None
    wish = c.Close(basis="two_sources", evidence=TWO)
    assert refusal(story, wish, by=SYSTEM).code == "incidents.no_all_clear"


def test_a_case_that_moves_on_does_not_close_by_itself() -> None:
    story = a_fire_put_out()
    story.does(c.GiveAllClear(evidence=TWO))
    story.does(c.AssignCheck())
    assert story.case.closing is None


def test_an_all_clear_needs_two_sources_an_emergency_and_somebody_who_did_not_handle_it() -> None:
    told = refusal(a_fire_put_out(), c.GiveAllClear(evidence=("unit:E4",)))
    assert told.code == "incidents.two_sources_needed"
    told = refusal(a_story_in(State.RESOLVED), c.GiveAllClear(evidence=TWO))
    assert told.code == "incidents.two_sources_are_for_emergencies"
    told = refusal(a_fire_put_out(), c.GiveAllClear(evidence=TWO), by=FIRE)
    assert told.code == "incidents.closer_handled"


def test_rework_keeps_the_first_deadline_and_is_counted() -> None:
    story = a_story_in(State.CHECKING)
    deadline = story.case.handling
    assert refusal(story, c.OrderRework(reason="")).code == "incidents.empty"
    story.does(c.OrderRework(reason="仍有积水"))
    assert (story.case.lead, story.case.rework_n, story.case.clock) == ("drainage", 1, deadline)
    story.does(c.Accept(), by=DRAIN)
    assert story.case.clock == deadline
    story.does(c.Arrive(), by=DRAIN)
    story.does(c.Resolve(), by=DRAIN)
    assert story.case.state is State.RESOLVED


def test_a_closed_case_is_reopened_as_a_new_episode_with_a_new_deadline() -> None:
    story = a_story_in(State.CLOSED)
    story.does(c.Reopen(reason="又积水"), after=timedelta(days=29))
    assert (story.case.state, story.case.episode, story.case.lead) == (
        State.DISPATCHED,
        2,
        "drainage",
    )
    assert story.case.closed_at is None
    assert story.case.clock is not None
    assert story.case.clock.due_at == story.at + timedelta(hours=2)
    assert any(isinstance(event, CaseClosed) for event, _ in story.told)


def test_a_reopened_case_may_go_to_another_known_department() -> None:
    story = a_story_in(State.CLOSED)
    told = refusal(story, c.Reopen(reason="又积水", lead="navy"))
    assert told.code == "incidents.unknown_department"
    story.does(c.Reopen(reason="又积水", lead="transport"))
    assert story.case.lead == "transport"


def test_after_thirty_days_a_closed_case_stays_closed() -> None:
    told = refusal(
        a_story_in(State.CLOSED), c.Reopen(reason="又积水"), by=CHIEF, after=timedelta(days=31)
    )
    assert (told.code, told.status) == ("incidents.too_late_to_reopen", 409)
    assert "30" in told.text("en")


def test_voiding_says_why() -> None:
    assert refusal(a_story_in(State.NEW), c.Void(reason="")).code == "incidents.empty"
