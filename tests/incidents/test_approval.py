"""What two voices must grant: holds (挂账) and more time (延期), asked by one, approved by the supervisor and then the leader."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.messages import (
    ApprovalGiven,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalWithdrawn,
    CaseSuspended,
    DeadlineExtended,
)
from incidents.model import ApprovalKind, State
from incidents.rules import allowed
from incidents.summary import approval_view, case_row
from security.permissions import PERMISSIONS
from tests.incidents.stories import CHIEF, DRAIN, DUTY, LEADER, TABLES, Story, a_story_in
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM, Actor, Command, Event

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def refusal(story: Story, command: Command, by: Actor = DUTY) -> Refused:
    with pytest.raises(Refused) as refused:
        story.does(command, by=by)
    assert refused.value.text("zh")
    assert refused.value.text("en")
    return refused.value


def asked(days: int = 9) -> Story:
    story = a_story_in(State.ACCEPTED)
    story.does(c.Suspend(until=story.at + days * DAY, reason="待材料"))
    return story


def held(story: Story) -> bool:
    return story.case.suspended


def kinds(events: Sequence[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def test_a_hold_begins_when_the_supervisor_and_then_the_leader_have_approved_it() -> None:
    story = asked()
    assert not held(story)
    assert case_row(story.case)["approval"]["role"] == "supervisor"
    assert kinds(story.does(c.Approve(note="同意"), by=CHIEF)) == [ApprovalGiven]
    assert not held(story)
    assert case_row(story.case)["approval"]["role"] == "leader"
    assert kinds(story.does(c.Approve(), by=LEADER)) == [ApprovalGiven, CaseSuspended]
    assert held(story)
    assert (story.case.approval, story.case.suspended_n) == (None, 1)


def test_while_it_waits_the_clock_runs_on() -> None:
    story = a_story_in(State.ACCEPTED)
    before = story.case.clock
    story.does(c.Extend(reason="雨大"))
    assert story.case.clock == before
    assert story.case.extended_n == 0


def test_each_level_speaks_in_its_turn_and_one_person_once() -> None:
    story = asked()
    for who in (DUTY, LEADER, SYSTEM):
        told = refusal(story, c.Approve(), by=who)
        assert (told.code, told.status) == ("incidents.not_your_turn", 403)
    both = replace(CHIEF, roles=frozenset({"supervisor", "leader"}))
    story.does(c.Approve(), by=both)
    told = refusal(story, c.Approve(), by=both)
    assert (told.code, told.status) == ("incidents.second_voice", 403)


def test_who_asks_has_spoken_for_their_own_level() -> None:
    story = a_story_in(State.ACCEPTED)
    [event] = story.does(c.Suspend(until=story.at + DAY, reason="待材料"), by=CHIEF)
    assert isinstance(event, ApprovalRequested)
    assert event.steps == ("leader",)
    story.does(c.Approve(), by=LEADER)
    assert story.case.suspended


def test_where_the_table_asks_nobody_it_is_granted_at_once() -> None:
    tables = replace(TABLES, approvals=dict.fromkeys(ApprovalKind, ()))
    story = a_story_in(State.ACCEPTED)
    story.tables = tables
    [event] = story.does(c.Extend(reason="雨大"))
    assert isinstance(event, DeadlineExtended)


@pytest.mark.parametrize("level", [1, 2])
def test_either_level_may_refuse_with_a_reason(level: int) -> None:
    story = asked()
    if level == 2:
        story.does(c.Approve(), by=CHIEF)
    who = (CHIEF, LEADER)[level - 1]
    assert refusal(story, c.Refuse(reason=" "), by=who).code == "incidents.empty"
    assert kinds(story.does(c.Refuse(reason="材料有替代"), by=who)) == [ApprovalRefused]
    assert (story.case.approval, story.case.suspended_n) == (None, 0)
    story.does(c.Suspend(until=story.at + DAY, reason="再报"))
    assert story.case.approval is not None


def test_a_wish_may_be_taken_back_and_one_is_asked_at_a_time() -> None:
    story = asked()
    assert refusal(story, c.Extend(reason="雨大")).code == "incidents.asked_before"
    assert kinds(story.does(c.Withdraw())) == [ApprovalWithdrawn]
    told = refusal(story, c.Withdraw())
    assert (told.code, told.status) == ("incidents.nothing_to_approve", 409)


def test_more_time_lapses_with_the_stage_it_was_asked_for() -> None:
    story = a_story_in(State.CONTROLLED)
    story.does(c.Extend(reason="雨大"))
    story.does(c.Resolve(), by=DRAIN)
    assert story.case.approval is None


def test_a_hold_that_would_have_ended_already_is_not_granted_any_more() -> None:
    story = asked(days=1)
    story.does(c.Approve(), by=CHIEF)
    story.at += 2 * DAY
    assert refusal(story, c.Approve(), by=LEADER).code == "incidents.out_of_bounds"


def test_more_time_moves_the_warning_by_its_share() -> None:
    story = a_story_in(State.ACCEPTED)
    before = story.case.clock
    assert before is not None
    assert before.due_at is not None
    assert before.warn_at is not None
    story.is_granted(c.Extend(reason="雨大", until=before.due_at + HOUR))
    after = story.case.clock
    assert after is not None
    assert after.warn_at == before.warn_at + 48 * MINUTE
    assert after.due_at == before.due_at + HOUR


def test_the_button_is_offered_to_whose_turn_it_is() -> None:
    story = asked()

    def offered(who: Actor) -> set[str]:
        names = allowed(
            story.case, PERMISSIONS.keys(), None, tables=TABLES, actor_id=who.id, roles=who.roles
        )
        return {"approve", "refuse", "withdraw", "suspend"} & set(names)

    assert offered(DUTY) == {"withdraw"}
    assert offered(CHIEF) == {"approve", "refuse", "withdraw"}
    view = approval_view(story.case)
    assert view is not None
    assert (view["reason"], view["left"]) == ("待材料", 2)
