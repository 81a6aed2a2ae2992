"""The row that lists show, and the number that a case is given once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import commands as c
from incidents.model import Level, Priority, State
from incidents.numbers import case_number, number_prefix
from incidents.summary import case_row
from tests.incidents.stories import MONDAY_10, a_story, a_story_in, dispatched
from vocabulary.clock import to_text
from vocabulary.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEYS = [
    *("id", "number", "version", "state", "lane", "priority", "category", "text", "lon", "lat"),
    *(
        "address",
        "town",
        "cell",
        "source",
        "reported_at",
        "updated_at",
        "started_at",
        "warn_at",
        "due_at",
        "limit_kind",
        "stage",
        "lead",
    ),
    *("assists", "tasks", "units", "supervised", "suspended", "paused", "collector", "resumes_at"),
    *("closes_at", "approval", "alert", "rework_n", "returned_n", "extended_n", "level"),
    *("exercise", "merged_into", "reports"),
]


@pytest.mark.parametrize("state", State)
def test_a_row_has_every_key_in_every_state_and_is_json(state: State) -> None:
    row = case_row(a_story_in(state).case)
    assert list(row) == KEYS
    assert orjson.loads(orjson.dumps(row)) == row
    assert row["state"] == state.value


def test_a_row_shows_who_handles_it_and_when_it_is_due() -> None:
    story = dispatched(a_story(), assists=("police", "power"))
    story.does(c.ReleaseAssist(department="power"))
    story.does(c.ChangeLevel(level=Level.III))
    row = case_row(story.case)
    assert (row["lead"], row["assists"], row["level"]) == ("drainage", ["police"], "III")
    assert row["reported_at"] == "2026-11-23T02:00:00.000Z"
    assert (row["stage"], row["due_at"]) == ("accept", "2026-11-23T02:03:00.000Z")


def test_on_hold_nothing_is_due() -> None:
    story = a_story_in(State.ACCEPTED)
    until = story.at + timedelta(days=1)
    story.is_granted(c.Suspend(until=until, reason="待材料"))
    row = case_row(story.case)
    assert (row["paused"], row["due_at"], row["warn_at"], row["stage"]) == (
        True,
        None,
        None,
        "handle",
    )
    assert row["resumes_at"] == to_text(until)


def test_without_a_limit_nothing_is_due() -> None:
    story = a_story(priority=Priority.P4)
    story.does(c.File())
    assert case_row(story.case)["due_at"] is None


def test_a_number_carries_the_countys_own_date() -> None:
    late = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # already the 23rd in the county
    assert case_number(number_prefix("330481", late, SHANGHAI), 7) == "3304812026112300007"


@given(st.integers(1, 99_999), st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)))  # noqa: DTZ001
def test_a_number_has_nineteen_digits(sequence: int, at: datetime) -> None:
    number = case_number(number_prefix("330481", min(at, MONDAY_10), SHANGHAI), sequence)
    assert len(number) == 19
    assert number.isdecimal()


@pytest.mark.parametrize("sequence", [0, 100_000])
def test_a_day_has_only_so_many_numbers(sequence: int) -> None:
    with pytest.raises(Refused) as refused:
        case_number("33048120261123", sequence)
    assert refused.value.status == 409


@pytest.mark.parametrize("division", ["", "33048", "3304812", "33048a", "３３０４８１"])
def test_a_division_is_six_digits(division: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        number_prefix(division, MONDAY_10, SHANGHAI)
