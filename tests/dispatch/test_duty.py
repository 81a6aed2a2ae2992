"""Who is there to be sent: rosters over midnight, rest after long work, what crews say by radio, and positions that are old."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.duty import doubts, is_stale, next_duty, on_duty, rests_until, status_at
from dispatch.kinds import answer_within, kinds, skills
from dispatch.model import Declared, Position, Shift, Unit, UnitKind, UnitStatus, Word
from incidents.model import Priority
from tests.dispatch import calls
from vocabulary.ids import CaseId
from vocabulary.place import Place

NIGHT = Shift(weekday=7, begins_min=20 * 60, ends_min=8 * 60)  # Sunday night into Monday
MINUTE = timedelta(minutes=1)
shifts = st.builds(
    Shift,
    weekday=st.integers(1, 7),
    begins_min=st.integers(0, 1439),
    ends_min=st.integers(0, 1439),
)
instants = st.integers(0, 7 * 24 * 60).map(lambda n: calls.AT + n * MINUTE)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calls.ZONE)


def with_roster(*roster: Shift) -> Unit:
    return replace(calls.a_unit(), roster=roster)


def said(status: Declared, at: datetime, until: datetime | None = None) -> Word:
    return Word(status=status, said_at=at, until=until)


@pytest.mark.parametrize(
    ("at", "there"),
    [
        ("2026-11-22T19:59", False),  # a Sunday
        ("2026-11-22T20:00", True),
        ("2026-11-23T07:59", True),
        ("2026-11-23T08:00", False),
        ("2026-11-23T20:00", False),
    ],
)
def test_a_night_shift_lasts_over_midnight_and_over_the_end_of_the_week(
    at: str, there: bool
) -> None:
    unit = with_roster(NIGHT)
    assert on_duty(unit, local(at), calls.ZONE) is there
    wanted = UnitStatus.AVAILABLE if there else UnitStatus.OFF_DUTY
    assert status_at(unit, local(at), calls.ZONE) is wanted


def test_a_unit_without_a_roster_is_always_on_duty() -> None:
    assert on_duty(calls.a_unit(), calls.AT, calls.ZONE)
    assert next_duty(calls.a_unit(), calls.AT, calls.ZONE) is None


@given(st.lists(shifts, min_size=1, max_size=6), instants)
def test_who_is_off_duty_comes_on_at_the_instant_that_is_told_and_not_before(
    roster: list[Shift], at: datetime
) -> None:
    unit = with_roster(*roster)
    back_at = next_duty(unit, at, calls.ZONE)
    if back_at is None:
        assert on_duty(unit, at, calls.ZONE)
        return
    assert at < back_at <= at + timedelta(days=7)
    assert on_duty(unit, back_at, calls.ZONE)
    assert not on_duty(unit, back_at - MINUTE, calls.ZONE)


def worked(hours: float) -> Unit:
    freed_at = calls.AT - 5 * MINUTE
    return replace(calls.a_unit(), busy_since=freed_at - timedelta(hours=hours), freed_at=freed_at)


def test_long_work_in_one_go_is_followed_by_rest_and_short_work_is_not() -> None:
    row = kinds()[UnitKind.ENGINE]
    tired = worked(row.rest_after / timedelta(hours=1))
    assert status_at(tired, calls.AT, calls.ZONE) is UnitStatus.BREAK
    assert rests_until(tired, calls.AT) == calls.AT - 5 * MINUTE + row.rest
    assert status_at(tired, calls.AT + row.rest, calls.ZONE) is UnitStatus.AVAILABLE
    assert status_at(worked(1), calls.AT, calls.ZONE) is UnitStatus.AVAILABLE


def test_a_crew_that_says_so_is_out_and_its_break_ends_by_itself() -> None:
    out = replace(calls.a_unit(), word=said(Declared.OUT_OF_SERVICE, calls.AT))
    assert status_at(out, calls.AT + timedelta(days=9), calls.ZONE) is UnitStatus.OUT_OF_SERVICE
    until = calls.AT + 10 * MINUTE
    eats = replace(calls.a_unit(), word=said(Declared.BREAK, calls.AT, until))
    assert status_at(eats, calls.AT, calls.ZONE) is UnitStatus.BREAK
    assert status_at(eats, until, calls.ZONE) is UnitStatus.AVAILABLE


def test_who_reports_in_outside_the_roster_is_counted_on_and_a_case_outdoes_every_word() -> None:
    called_in = replace(with_roster(NIGHT), word=said(Declared.AVAILABLE, calls.AT))
    assert status_at(called_in, calls.AT, calls.ZONE) is UnitStatus.AVAILABLE
    out = replace(calls.a_unit("fire-01", "a"), word=said(Declared.OUT_OF_SERVICE, calls.AT))
    assert status_at(out, calls.AT, calls.ZONE) is UnitStatus.ASSIGNED


def test_what_speaks_against_a_crews_word_is_named() -> None:
    on_case = replace(calls.a_unit(), cases=(CaseId("a"),))
    assert doubts(on_case, Declared.OUT_OF_SERVICE, calls.AT, calls.ZONE) == ("on_a_case",)
    assert doubts(on_case, Declared.AVAILABLE, calls.AT, calls.ZONE) == ("not_released",)
    assert doubts(worked(9), Declared.AVAILABLE, calls.AT, calls.ZONE) == ("rest_not_over",)
    assert doubts(with_roster(NIGHT), Declared.BREAK, calls.AT, calls.ZONE) == ("off_duty",)
    assert doubts(calls.a_unit(), Declared.BREAK, calls.AT, calls.ZONE) == ()


@pytest.mark.parametrize("kind", UnitKind)
def test_a_position_is_stale_by_its_kinds_own_limit(kind: UnitKind) -> None:
    limit = kinds()[kind].stale_after
    unit = replace(calls.a_unit(), kind=kind)
    position = Position(
        unit_id=unit.id, place=Place(119.9, 30.5), observed_at=calls.AT, received_at=calls.AT
    )
    assert not is_stale(unit, position, calls.AT + limit)
    assert is_stale(unit, position, calls.AT + limit + timedelta(seconds=1))
    assert is_stale(unit, None, calls.AT)


def test_every_kind_and_every_priority_has_its_row() -> None:
    assert set(kinds()) == set(UnitKind)
    assert set(answer_within()) == set(Priority)
    assert len({row.stale_after for row in kinds().values()}) > 3
    assert "gas_repair" in skills()
