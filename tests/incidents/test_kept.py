"""What is kept comes back as it was: cases and events survive JSON whole, in every state."""

import pytest
from pydantic import TypeAdapter

from incidents.model import Case, State
from tests.incidents.stories import a_story_in


@pytest.mark.parametrize("state", State)
def test_a_case_and_its_events_survive_json(state: State) -> None:
    story = a_story_in(state)
    cases = TypeAdapter(Case)
    assert cases.validate_json(cases.dump_json(story.case)) == story.case
    for event, _ in story.told:
        events = TypeAdapter(type(event))
        assert events.validate_json(events.dump_json(event)) == event
