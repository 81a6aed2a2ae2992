"""Latest values: coalesced, told once for all, the whole table to who is new or far behind."""

import gc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.lanes import FRAMES_KEPT, READINGS, REFRESH_MS, UNITS, Lane
from tests.live.wire import frames_of


def told(body: bytes) -> list[list[Any]]:
    return [row for frame in frames_of(body) for row in frame.data["v"]]


def test_a_value_that_changes_fifty_times_between_two_frames_costs_one_row() -> None:
    lane = Lane(READINGS)
    for n in range(50):
        lane.hear([["S1", n, 1000 + n]])
    assert lane.flush(2000)
    assert told(lane.after(0, 2000)[0]) == [["S1", 49, 1049]]


def test_nothing_new_makes_no_frame() -> None:
    lane = Lane(READINGS)
    lane.hear([["S1", 1.5, 1000]])
    assert lane.flush(1000)
    lane.hear([["S1", 1.5, 2000]])
    assert not lane.flush(2000)
    assert not lane.flush(3000)


def test_an_unchanged_value_is_told_again_before_it_looks_stale() -> None:
    lane = Lane(READINGS)
    lane.hear([["S1", 1.5, 1000]])
    lane.flush(1000)
    lane.hear([["S1", 1.5, 1000 + REFRESH_MS]])
    assert lane.flush(2000)


def test_a_late_older_reading_does_not_replace_a_newer_one() -> None:
    lane = Lane(READINGS)
    lane.hear([["S1", 2, 2000], ["S1", 1, 1000]])
    lane.flush(3000)
    assert told(lane.after(0, 3000)[0]) == [["S1", 2, 2000]]
    assert lane.refused == 1


@pytest.mark.parametrize("row", [[], ["S1", 1], ["S1", 1, "now"], [7, 1, 1000], ["S1", 1, 2.5]])
def test_a_malformed_row_is_refused_and_poisons_nothing(row: list[Any]) -> None:
    lane = Lane(READINGS)
    lane.hear([row, ["S1", 5, 1000]])
    lane.flush(1000)
    assert lane.refused == 1
    assert told(lane.after(0, 1000)[0]) == [["S1", 5, 1000]]


def test_who_is_new_gets_the_whole_table_and_who_is_level_only_changes() -> None:
    lane = Lane(READINGS)
    lane.hear([["S1", 1, 1000], ["S2", 2, 1000]])
    lane.flush(1000)
    _, level = lane.after(-1, 1000)
    lane.hear([["S2", 3, 2000]])
    lane.flush(2000)
    assert told(lane.after(level, 2000)[0]) == [["S2", 3, 2000]]
    assert told(lane.after(-1, 2000)[0]) == [["S1", 1, 1000], ["S2", 3, 2000]]


@given(
    rounds=st.lists(
        st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 9)), max_size=5), max_size=60
    ),
    heard=st.sets(st.integers(0, 60)),
)
def test_however_often_one_listens_one_ends_with_the_latest_of_everything(
    rounds: list[list[tuple[str, int]]], heard: set[int]
) -> None:
    lane, cursor, at = Lane(READINGS), -1, 0
    held: dict[str, int] = {}
    truth: dict[str, int] = {}
    for n, changes in enumerate([*rounds, []]):
        for name, value in changes:
            at += 1
            lane.hear([[name, value, at]])
            truth[name] = value
        lane.flush(at)
        if n in heard or n == len(rounds):
            body, cursor = lane.after(cursor, at)
            held |= {row[0]: row[1] for row in told(body)}
    assert held == truth


def test_a_listener_beyond_the_kept_frames_gets_the_table_not_a_backlog() -> None:
    lane = Lane(READINGS)
    for n in range(FRAMES_KEPT + 5):
        lane.hear([["S1", n, 1000 + n]])
        lane.flush(1000 + n)
    body, _ = lane.after(1, 2000)
    assert len(frames_of(body)) == 1


def test_a_unit_that_only_changed_its_status_is_told() -> None:
    lane = Lane(UNITS)
    lane.hear([["U1", 104.0, 30.0, 1000, "free"]])
    lane.flush(1000)
    lane.hear([["U1", 104.0, 30.0, 1500, "going"]])
    assert lane.flush(1500)


def test_a_unit_never_seen_is_told_and_gives_way_to_its_first_position() -> None:
    lane = Lane(UNITS)
    lane.hear([["U1", 104.0, 30.0, None, "free", "engine", "一号车"]])
    assert lane.flush(1000)
    lane.hear([["U1", 104.0, 30.0, None, "going", "engine", "一号车"]])
    assert lane.flush(1100)
    lane.hear([["U1", 104.2, 30.0, 1200, "going"]])
    assert lane.flush(1200)
    lane.hear([["U1", 104.0, 30.0, None, "going", "engine", "一号车"]])
    assert not lane.flush(1300)


def test_a_value_that_changes_and_changes_back_between_two_frames_is_not_told() -> None:
    lane = Lane(READINGS)
    lane.hear([["S1", 1, 1000]])
    lane.flush(1000)
    lane.hear([["S1", 2, 1001], ["S1", 1, 1002]])
    assert not lane.flush(2000)
    assert lane.latest == {"S1": ("S1", 1, 1000)}


def test_what_the_lanes_hold_costs_the_collector_nothing() -> None:
    lane = Lane(READINGS)
    for second in range(3):
        lane.hear([f"S{n}", n + second, 1000 * second] for n in range(1000))
        lane.flush(1000 * second)
    gc.collect()
    assert not any(gc.is_tracked(row) for row in lane.latest.values())
