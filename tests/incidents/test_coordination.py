"""Coordination 联勤联动: each department with its own acceptance, clock and feedback; returns, and what the third one does."""

from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.messages import AssistReturned, CaseSupervised
from incidents.model import Stage, State, Task
from incidents.summary import case_row, parts_view
from tests.incidents.stories import (
    CHIEF,
    DRAIN,
    DUTY,
    FIRE,
    POLICE,
    Story,
    a_fire,
    a_story,
    a_story_in,
    dispatched,
)
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM, Actor, Command

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def refusal(story: Story, command: Command, by: Actor = DUTY) -> Refused:
    with pytest.raises(Refused) as refused:
        story.does(command, by=by)
    return refused.value


def task_of(story: Story, department: str) -> Task:
    return next(task for task in story.case.tasks if task.department == department and task.live)


def with_police() -> Story:
    return dispatched(a_story(), assists=("police",))


def test_an_assistant_signs_and_is_due_by_its_own_clock() -> None:
    story = with_police()
    clock = task_of(story, "police").clock
    assert clock is not None
    assert (clock.stage, clock.due_at) == (Stage.ACCEPT, story.at + MINUTE)
    story.does(c.Accept(), by=DRAIN)
    lead_due = story.case.clock
    story.does(c.Accept(), by=POLICE, after=30 * MINUTE)
    own = task_of(story, "police").clock
    assert own is not None
    assert (own.stage, own.due_at) == (Stage.HANDLE, story.at + 2 * HOUR)
    assert story.case.clock == lead_due
    row = next(part for part in case_row(story.case)["tasks"] if part["department"] == "police")
    assert (row["stage"], row["due_at"]) == ("handle", to_text(story.at + 2 * HOUR))


def test_an_assistant_called_in_later_has_a_clock_from_then_on() -> None:
    story = with_police()
    story.does(c.Dispatch(assists=("fire",)), after=HOUR)
    clock = task_of(story, "fire").clock
    assert clock is not None
    assert clock.started_at == story.at


def test_what_an_assistant_reports_back_stays_with_its_part() -> None:
    story = with_police()
    story.does(c.Accept(), by=POLICE)
    story.does(c.ClearAssist(note="已疏导交通"), by=POLICE)
    part = next(part for part in parts_view(story.case) if part["department"] == "police")
    assert (part["note"], part["cleared_at"]) == ("已疏导交通", to_text(story.at))
    assert part["due_at"] is None


def test_an_assistant_sends_its_part_back_and_the_lead_works_on() -> None:
    story = with_police()
    story.does(c.Accept(), by=DRAIN)
    assert refusal(story, c.Return(reason=" "), by=POLICE).code == "incidents.empty"
    [event] = story.does(c.Return(reason="不属我部门"), by=POLICE)
    assert isinstance(event, AssistReturned)
    assert (story.case.state, story.case.lead) == (State.ACCEPTED, "drainage")
    assert (story.case.returned_n, story.case.returned_from) == (1, frozenset({"police"}))
    assert case_row(story.case)["assists"] == []


def test_what_was_signed_for_is_not_sent_back() -> None:
    story = with_police()
    story.does(c.Accept(), by=POLICE)
    told = refusal(story, c.Return(reason="不属我部门"), by=POLICE)
    assert told.code == "incidents.accepted_before"


def test_the_third_return_of_whomever_puts_the_case_under_supervision() -> None:
    story = with_police()
    for department in ("police", "fire"):
        if department == "fire":
            story.does(c.Dispatch(assists=("fire",)))
        told = story.does(c.Return(reason="不属我部门", department=department))
        assert not any(isinstance(event, CaseSupervised) for event in told)
    told = story.does(c.Return(reason="不属我部门"), by=DRAIN)
    [supervised] = [event for event in told if isinstance(event, CaseSupervised)]
    assert supervised.by_rule == "third_return"
    assert (story.case.state, story.case.returned_n) == (State.FILED, 3)


def test_who_returned_any_part_may_not_close() -> None:
    story = with_police()
    story.does(c.Return(reason="不属我部门"), by=POLICE)
    for step in (c.Accept(), c.Arrive(), c.Resolve()):
        story.does(step, by=DRAIN)
    assert refusal(story, c.Close(), by=POLICE).code == "incidents.closer_returned"
    story.does(c.Close(), by=CHIEF)


def test_on_hold_an_assistants_clock_stands_still_too() -> None:
    story = with_police()
    story.does(c.Accept(), by=DRAIN)
    story.does(c.Accept(), by=POLICE)
    story.is_granted(c.Suspend(until=story.at + timedelta(days=3), reason="待材料"))
    before, at = task_of(story, "police").clock, story.at
    story.does(c.Resume(), by=SYSTEM, after=timedelta(days=2))
    after = task_of(story, "police").clock
    assert before is not None
    assert after is not None
    assert before.due_at is not None
    assert after.due_at == before.due_at + (story.at - at)


def test_a_hold_that_is_ended_late_ended_when_it_was_to_end() -> None:
    story = a_story_in(State.ACCEPTED)
    clock = story.case.clock
    assert clock is not None
    assert clock.due_at is not None
    left = clock.due_at - (story.at + MINUTE)
    until = story.at + timedelta(days=1)
    story.is_granted(c.Suspend(until=until, reason="待材料"))
    story.does(c.Resume(), by=SYSTEM, after=timedelta(days=4))
    assert story.case.clock is not None
    assert story.case.clock.due_at == until + left


def test_an_emergencys_case_is_filed_by_rule_in_the_instant_it_is_dispatched() -> None:
    story = a_fire()
    story.does(c.Dispatch(assists=("police",)))
    assert story.case.filed_by_rule == "emergency_lane"
    assert story.case.filed_at == story.case.dispatched_at == story.at
    story.does(c.Arrive(), by=FIRE)
    assert story.case.handling is not None
    assert story.case.handling.started_at == story.case.reported_at
