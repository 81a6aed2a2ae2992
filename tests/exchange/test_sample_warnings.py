"""The sample county's observatory: the same warnings at the same hour, read by the same door as any other's."""

from datetime import UTC, datetime, timedelta

import pytest

from exchange.cap import read_cap
from exchange.sample_feed.warnings import (
    SampleWarning,
    cap_message,
    of_turn,
    sample_warnings,
    turn_at,
)
from incidents.warnings.model import Colour, Status
from tests.incidents.warned import ZONE

AT = datetime(2026, 11, 27, 10, 7, 12, 345_678, tzinfo=UTC)


@pytest.mark.parametrize("told", sample_warnings(), ids=lambda one: one.hazard)
def test_each_is_a_sound_message_that_ends_by_itself(told: SampleWarning) -> None:
    message = read_cap(cap_message(told, AT, ZONE))
    assert message.hazard == told.hazard
    assert message.expires_at - message.sent_at == timedelta(hours=told.hours) < timedelta(hours=8)
    assert [words.language for words in message.words] == ["zh", "en"]
    assert all(words.description and words.instruction for words in message.words)
    assert message == read_cap(cap_message(told, AT, ZONE))


def test_a_new_county_begins_with_a_yellow_rainstorm() -> None:
    message = read_cap(cap_message(sample_warnings()[0], AT, ZONE))
    assert (message.hazard, message.colour, message.status) == (
        "rainstorm",
        Colour.YELLOW,
        Status.ACTUAL,
    )
    assert message.identifier == "99010141600000_20261127180712"


def test_every_eight_hours_the_next_of_the_table_has_its_turn() -> None:
    begins_at = turn_at(AT)
    assert begins_at <= AT < begins_at + timedelta(hours=8)
    assert turn_at(begins_at) == begins_at
    turns = [of_turn(begins_at + timedelta(hours=8 * n)) for n in range(len(sample_warnings()))]
    assert {turn.hazard for turn in turns} == {one.hazard for one in sample_warnings()}
