"""What is taken back leads to where the case stood, as a new fact; what went out to others is never offered to be undone."""

from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.command_table import read_command
from incidents.model import Lane, Level, Priority
from incidents.undoing import undoing
from tests.incidents.stories import (
    CHIEF,
    MONDAY_10,
    Story,
    a_fire,
    a_story,
    accepted,
    dispatched,
    filed,
)
from vocabulary.message import Command

TOMORROW = MONDAY_10 + timedelta(days=1)


def taken_back(story: Story, command: Command) -> Story:
    """Do a command, then what undoes it, as the desk does."""
    before = story.case
    story.does(command, by=CHIEF)
    found = undoing(before, command, story.case)
    assert found is not None
    given = {**found.arguments, "reason": "撤销"} if found.reason else found.arguments
    story.does(read_command(found.name, given), by=CHIEF)
    return story


@pytest.mark.parametrize("wanted", [Priority.P0, Priority.P4])
def test_a_priority_goes_back_up_or_down(wanted: Priority) -> None:
    story = a_story()
    was = story.case.priority
    taken_back(story, c.ChangePriority(priority=wanted, reason="看错"))
    assert story.case.priority is was
    assert len(story.told) >= 4  # both changes stay in the timeline


def test_a_level_that_was_not_there_goes_again() -> None:
    story = taken_back(a_story(), c.ChangeLevel(level=Level.II))
    assert story.case.level is None


def test_a_lane_goes_back() -> None:
    story = taken_back(a_story(), c.ChangeLane(lane=Lane.EMERGENCY, reason="看错"))
    assert story.case.lane is Lane.ROUTINE


def test_a_category_goes_back_with_its_condition() -> None:
    story = filed(a_story())
    was = (story.case.category, story.case.filing_condition)
    taken_back(story, c.CorrectCategory(category="E0113", reason="看错"))
    assert (story.case.category, story.case.filing_condition) == was


def test_a_wish_for_a_hold_is_withdrawn() -> None:
    story = taken_back(accepted(a_story()), c.Suspend(until=TOMORROW, reason="等配件"))
    assert story.case.approval is None


@pytest.mark.parametrize(
    "command",
    [c.File(), c.Dispatch(), c.AddNote(text="x"), c.Void(reason="误报"), c.Supervise(reason="急")],
)
def test_what_went_out_or_was_said_is_not_undone(command: Command) -> None:
    story = filed(a_story()) if isinstance(command, c.Dispatch) else a_story()
    before = story.case
    story.does(command, by=CHIEF)
    assert undoing(before, command, story.case) is None


def test_seeing_and_arriving_are_not_undone() -> None:
    story = dispatched(a_fire())
    assert undoing(story.case, c.Acknowledge(), story.case) is None
    assert undoing(story.case, c.Arrive(), story.case) is None
