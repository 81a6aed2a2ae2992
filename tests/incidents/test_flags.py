"""Flags combine with states: hold, extension, supervision, level, lane, priority, category, notes."""

from datetime import datetime, timedelta

import pytest

from incidents import commands as c
from incidents.model import Lane, Level, Priority, Stage, State
from tests.incidents.stories import (
    CHIEF,
    DRAIN,
    DUTY,
    FIRE,
    KEY,
    MONDAY_10,
    Story,
    a_fire,
    a_story,
    a_story_in,
)
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM, Actor, Command

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def refusal(story: Story, command: Command, by: Actor = DUTY) -> Refused:
    with pytest.raises(Refused) as refused:
        story.does(command, by=by)
    return refused.value


def due_of(story: Story) -> datetime:
    assert story.case.clock is not None
    assert story.case.clock.due_at is not None
    return story.case.clock.due_at


# --- hold (挂账) ---


def held(story: Story) -> bool:
    return story.case.suspended


def on_hold(state: State, days: int = 9) -> Story:
    story = a_story_in(state)
    story.is_granted(c.Suspend(until=story.at + days * DAY, reason="待材料"))
    return story


def test_on_hold_the_clock_stands_still_and_goes_on_with_what_it_had_left() -> None:
    story = a_story_in(State.ACCEPTED)
    left = due_of(story) - (story.at + MINUTE)
    story.is_granted(c.Suspend(until=story.at + 9 * DAY, reason="待材料"))
    assert held(story)
    story.does(c.Resume(), by=SYSTEM, after=8 * DAY)
    assert not held(story)
    assert due_of(story) - story.at == left
    assert story.case.handling == story.case.clock


def test_a_case_without_a_deadline_is_held_and_resumed_as_well() -> None:
    story = a_story(priority=Priority.P4)
    story.does(c.File())
    assert story.case.clock is not None
    assert story.case.clock.due_at is None
    story.is_granted(c.Suspend(until=story.at + DAY, reason="待材料"))
    story.does(c.Resume())
    assert story.case.clock.due_at is None


@pytest.mark.parametrize("days", [0, 366])
def test_a_hold_ends_within_a_year(days: int) -> None:
    story = a_story_in(State.ACCEPTED)
    until = story.at + days * DAY + (MINUTE if days else -MINUTE)
    told = refusal(story, c.Suspend(until=until, reason="待材料"))
    assert (told.code, told.status) == ("incidents.out_of_bounds", 422)


def test_until_says_its_zone() -> None:
    naive = datetime(2026, 12, 1)  # noqa: DTZ001
    told = refusal(a_story_in(State.ACCEPTED), c.Suspend(until=naive, reason="待材料"))
    assert told.code == "incidents.no_zone"


def test_a_case_is_held_once() -> None:
    story = on_hold(State.ACCEPTED)
    story.does(c.Resume())
    told = refusal(story, c.Suspend(until=story.at + DAY, reason="待材料"))
    assert (told.code, told.status) == ("incidents.suspended_before", 409)


def test_on_hold_nothing_moves_but_facts_may_be_written_down() -> None:
    story = on_hold(State.ACCEPTED)
    told = refusal(story, c.Arrive(), by=DRAIN)
    assert (told.code, told.status) == ("incidents.on_hold", 409)
    story.does(c.AddNote(text="材料已到货"))
    story.does(c.ChangePriority(priority=Priority.P0))
    story.does(c.Void(reason="误报"))
    assert not story.case.suspended


def test_what_is_not_held_cannot_be_resumed() -> None:
    assert refusal(a_story_in(State.FILED), c.Resume()).code == "incidents.not_suspended"


# --- extension (延期) ---


def test_an_extension_adds_the_limit_once_more_twice_at_most() -> None:
    story = a_story_in(State.ACCEPTED)
    first = due_of(story)
    story.is_granted(c.Extend(reason="雨大"))
    assert due_of(story) == first + 2 * HOUR
    story.is_granted(c.Extend(reason="雨大", until=first + 5 * HOUR))
    assert due_of(story) == first + 5 * HOUR
    assert story.case.handling == story.case.clock
    told = refusal(story, c.Extend(reason="雨大"))
    assert (told.code, told.status) == ("incidents.extended_before", 409)


def test_after_the_deadline_nothing_is_extended() -> None:
    story = a_story_in(State.ACCEPTED)
    story.at += 3 * HOUR
    assert refusal(story, c.Extend(reason="雨大")).code == "incidents.expired"


def test_an_extension_goes_forward_and_says_why() -> None:
    story = a_story_in(State.ACCEPTED)
    told = refusal(story, c.Extend(reason="雨大", until=due_of(story)))
    assert told.code == "incidents.out_of_bounds"
    assert refusal(story, c.Extend(reason="")).code == "incidents.empty"


def test_outside_handling_an_extension_says_until_when() -> None:
    story = a_story_in(State.RESOLVED)
    assert refusal(story, c.Extend(reason="雨大")).code == "incidents.until_needed"
    story.is_granted(c.Extend(reason="雨大", until=story.at + 3 * DAY))
    assert story.case.clock is not None
    assert story.case.clock.stage is Stage.CHECK


def test_where_nothing_is_due_nothing_is_extended() -> None:
    story = a_story(priority=Priority.P4)
    story.does(c.File())
    assert refusal(story, c.Extend(reason="雨大")).code == "incidents.no_deadline"


# --- supervision, level, lane ---


def test_supervision_makes_a_case_at_least_p2_and_is_ordered_once() -> None:
    story = a_story(priority=Priority.P4)
    story.does(c.Supervise(reason="领导批示"), by=CHIEF)
    assert (story.case.supervised, story.case.priority) == (True, Priority.P2)
    assert refusal(story, c.Supervise(reason="再批")).code == "incidents.no_change"


def test_a_more_urgent_case_keeps_its_priority_under_supervision() -> None:
    story = a_fire()
    story.does(c.Supervise(reason="领导批示"))
    assert story.case.priority is Priority.P0


def test_a_level_is_set_raised_and_ended() -> None:
    story = a_story_in(State.ON_SCENE)
    for level in (Level.IV, Level.II, None):
        story.does(c.ChangeLevel(level=level))
        assert story.case.level is level
    assert refusal(story, c.ChangeLevel(level=None)).code == "incidents.no_change"


def test_a_case_that_becomes_an_emergency_is_due_by_the_emergencys_clock() -> None:
    story = a_story(priority=Priority.P3)
    story.does(c.RequestVerification())
    asked = story.at
    story.does(c.ChangeLane(lane=Lane.EMERGENCY, reason="有人被困"))
    assert due_of(story) == asked + 15 * MINUTE
    story.does(c.ChangeLane(lane=Lane.ROUTINE))
    assert due_of(story) == asked + 30 * MINUTE


def test_a_handled_case_changes_lanes_without_moving_its_deadline() -> None:
    story = a_story_in(State.ACCEPTED)
    before = story.case.clock
    story.does(c.ChangeLane(lane=Lane.EMERGENCY))
    assert (story.case.lane, story.case.clock) == (Lane.EMERGENCY, before)


# --- priority ---


def test_a_raised_priority_shortens_the_present_limit() -> None:
    story = a_story(priority=Priority.P3)
    story.does(c.ChangePriority(priority=Priority.P1))
    assert due_of(story) == MONDAY_10 + MINUTE
    assert story.case.priority_rule == "person"


def test_lowering_takes_a_person_and_a_reason() -> None:
    story = a_story()
    wish = c.ChangePriority(priority=Priority.P3)
    assert refusal(story, wish).code == "incidents.lowering"
    reasoned = c.ChangePriority(priority=Priority.P3, reason="水已退")
    assert refusal(story, reasoned, by=KEY).code == "incidents.lowering"
    assert refusal(story, reasoned, by=SYSTEM).code == "incidents.lowering"
    story.does(reasoned)
    assert story.case.priority is Priority.P3


def test_the_system_raises_by_a_rule_and_only_the_system_names_one() -> None:
    story = a_story()
    wish = c.ChangePriority(priority=Priority.P0, rule="R04")
    told = refusal(story, wish)
    assert (told.code, told.status) == ("incidents.rule_is_the_systems", 403)
    story.does(wish, by=SYSTEM)
    assert (story.case.priority, story.case.priority_rule) == (Priority.P0, "R04")
    assert refusal(story, wish, by=SYSTEM).code == "incidents.no_change"


def test_a_granted_extension_is_not_taken_back_by_lowering_or_lengthened() -> None:
    story = a_story(priority=Priority.P3)
    story.is_granted(c.Extend(reason="电话占线", until=MONDAY_10 + 20 * MINUTE))
    story.does(c.ChangePriority(priority=Priority.P4, reason="咨询"))
    assert due_of(story) == MONDAY_10 + 20 * MINUTE
    story.does(c.ChangePriority(priority=Priority.P2))
    assert due_of(story) == MONDAY_10 + 5 * MINUTE


# --- category and notes ---


def test_a_corrected_category_moves_the_handling_limit_and_raises_the_priority() -> None:
    story = a_story_in(State.ACCEPTED, priority=Priority.P3)
    signed = story.at
    story.does(c.CorrectCategory(category="E0502", reason="闻到燃气"))
    assert due_of(story) == signed + HOUR
    assert (story.case.priority, story.case.priority_rule) == (Priority.P0, "R08")
    assert story.case.filing_condition == "01"


def test_under_control_a_corrected_category_counts_by_the_second_limit() -> None:
    story = a_story_in(State.CONTROLLED)
    assert story.case.handling is not None
    story.does(c.CorrectCategory(category="E0502"))
    assert due_of(story) == story.case.handling.started_at + 5 * DAY


def test_after_handling_a_corrected_category_leaves_the_check_clock_alone() -> None:
    story = a_story_in(State.RESOLVED)
    before = story.case.clock
    story.does(c.CorrectCategory(category="E0113"))
    assert story.case.clock == before
    assert story.case.handling is not None
    assert story.case.handling.due_at == story.case.handling.started_at + 5 * DAY


def test_before_filing_a_category_is_corrected_without_a_condition() -> None:
    story = a_story()
    story.does(c.CorrectCategory(category="E0113"))
    assert story.case.filing_condition is None
    assert refusal(story, c.CorrectCategory(category="E0113")).code == "incidents.no_change"


def test_an_extended_deadline_outlives_a_corrected_category() -> None:
    story = a_story_in(State.ACCEPTED)
    story.is_granted(c.Extend(reason="雨大"))
    before = due_of(story)
    story.does(c.CorrectCategory(category="E0113"))
    assert due_of(story) == before


def test_a_day_after_filing_the_category_is_fixed() -> None:
    story = a_fire()
    story.does(c.Dispatch())
    story.at += DAY
    told = refusal(story, c.CorrectCategory(category="Y0203"), by=FIRE)
    assert (told.code, told.status) == ("incidents.category_fixed", 409)
    assert "24" in told.text("zh")


def test_a_note_changes_nothing_but_the_version() -> None:
    story = a_story_in(State.CLOSED)
    version = story.case.version
    story.does(c.AddNote(text="居民致谢"))
    assert (story.case.state, story.case.version) == (State.CLOSED, version + 1)
    assert refusal(story, c.AddNote(text=" ")).code == "incidents.empty"
