"""Figures come out as counted by hand: golden vectors, and what a figure may never be."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.catalogue import BY_ID, CATALOGUE
from indicators.columns import seconds
from indicators.frame import Frames
from indicators.measure import by_group, count, figure, figure_of, trend
from indicators.model import Figure, Window
from indicators.percentiles import nearest_rank, wilson
from tests.indicators.vectors import (
    frames_in,
    golden,
    instant,
    records_in,
    rooms_frames_in,
    window_in,
)

PERCENTILES = golden("percentiles")
DAY = golden("figures")
ROOMS = golden("frames")


@pytest.mark.parametrize("case", PERCENTILES["nearest_rank"])
def test_a_percentile_is_by_nearest_rank_on_the_samples(case: dict[str, Any]) -> None:
    found = nearest_rank(np.array(case["samples"], dtype=float), case["percent"])
    assert found == case["expected"]


@pytest.mark.parametrize("case", PERCENTILES["wilson_95"])
def test_a_share_has_wilsons_interval(case: dict[str, Any]) -> None:
    found = wilson(case["hits"], case["n"])
    assert found == (pytest.approx(case["expected"], abs=1e-6) if case["n"] else None)


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.sampled_from([1, 25, 50, 90, 95, 100])
)
def test_a_percentile_is_the_least_sample_that_enough_do_not_exceed(
    samples: list[float], percent: int
) -> None:
    found = nearest_rank(np.array(samples), percent)
    assert found in samples
    assert sum(value <= found for value in samples) * 100 >= percent * len(samples)
    assert sum(value < found for value in samples) * 100 < percent * len(samples)


@pytest.mark.parametrize("wanted", DAY["expected"], ids=lambda wanted: str(wanted["indicator"]))
def test_the_figures_of_a_day_are_those_counted_by_hand(wanted: dict[str, Any]) -> None:
    indicator = BY_ID[wanted["indicator"]]
    found = figure(indicator, frames_in(DAY), window_in(DAY), seconds(instant(DAY["now"])))
    expect(found, wanted)


@pytest.mark.parametrize("wanted", ROOMS["expected"], ids=lambda wanted: str(wanted["indicator"]))
def test_the_figures_of_other_rooms_are_those_counted_by_hand(wanted: dict[str, Any]) -> None:
    indicator, now = BY_ID[wanted["indicator"]], seconds(instant(ROOMS["now"]))
    expect(figure(indicator, rooms_frames_in(ROOMS), window_in(ROOMS), now), wanted)


def expect(found: Figure, wanted: dict[str, Any]) -> None:
    for name in ("n", "hits", "value", "no_source", "within"):
        if name in wanted:
            assert getattr(found, name) == wanted[name], name
    if "left_out" in wanted:
        assert found.left_out == wanted["left_out"]
    for name, value in wanted.get("percentiles", {}).items():
        assert found.percentiles[name] == value


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=30),
    st.sampled_from([1, 50, 90, 95, 99, 100]),
)
def test_samples_kept_as_counts_have_the_percentiles_of_all_of_them(
    counted: list[tuple[int, int]], percent: int
) -> None:
    values, times = (np.array(column, dtype=float) for column in zip(*counted, strict=True))
    every = np.repeat(values, times.astype(int))
    assert nearest_rank(values, percent, times) == nearest_rank(every, percent)


def test_minutes_nobody_saw_are_unknown_and_no_cover() -> None:
    frames, now = rooms_frames_in(ROOMS), seconds(instant(ROOMS["now"]))
    hour = Window(since=instant("2026-11-23T06:30:00Z"), until=instant("2026-11-23T07:30:00Z"))
    found = figure(BY_ID["C11"], frames, hour, now)
    assert (found.value, found.n, found.left_out["unwatched"]) == (None, 0, 60)
    quiet = Window(since=instant("2026-11-23T10:00:00Z"), until=instant("2026-11-23T11:00:00Z"))
    assert figure(BY_ID["C11"], frames, quiet, now).value == 0


def test_a_town_alone_has_its_own_gaps_and_was_looked_at_as_all_were() -> None:
    frames, now = rooms_frames_in(ROOMS), seconds(instant(ROOMS["now"]))
    counted = count(BY_ID["C11"], frames, window_in(ROOMS), now, {"town": "桥头镇"})
    assert counted is not None
    assert figure_of(counted, BY_ID["C11"]).value == 40
    assert counted.left_out["unwatched"] == 180


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60), st.booleans()), max_size=12))
def test_what_lasts_is_counted_once_however_a_day_is_cut(
    spans: list[tuple[int, int, bool]],
) -> None:
    begun, rows = 0, []
    for gap, length, busy in spans:
        rows.append({"at": begun + gap, "until": begun + gap + length, "busy": busy})
        begun += gap + length
    frames = rooms_frames_in(
        {"frames": {"staffing": rows or [{"at": 0, "until": 0, "busy": False}]}}
    )
    edges = [datetime.fromtimestamp(at, UTC) for at in (0, 137, 500, 4000)]
    whole = count(BY_ID["C09"], frames, Window(since=edges[0], until=edges[-1]), 1e9)
    parts = [
        count(BY_ID["C09"], frames, Window(since=since, until=until), 1e9)
        for since, until in pairwise(edges)
    ]
    hours = [one.sample.value[one.rows].sum() for one in (whole, *parts) if one]  # type: ignore[index]
    assert hours[0] == pytest.approx(sum(hours[1:]))
    assert hours[0] * 3600 == pytest.approx(sum(length for _, length, _ in spans))


def test_every_case_behind_a_figure_can_be_named() -> None:
    frames, now = frames_in(DAY), seconds(instant(DAY["now"]))
    counted = count(BY_ID["G12"], frames, window_in(DAY), now)
    assert counted is not None
    named = {which: counted.ids(which) for which in ("counted", "hit", "missed", "exempt")}
    assert named == {
        "counted": ["A", "B", "D"],
        "hit": ["A", "B"],
        "missed": ["D"],
        "exempt": ["E"],
    }


def test_towns_make_up_the_whole_and_so_do_spans_of_time() -> None:
    frames, now = frames_in(DAY), seconds(instant(DAY["now"]))
    counted = count(BY_ID["G13"], frames, window_in(DAY), now)
    assert counted is not None
    towns = by_group(counted, "town")
    assert {name: (one.hits, one.n) for name, one in towns.items()} == {
        "桥头镇": (1, 2),
        "青石镇": (0, 1),
    }
    edges = [seconds(instant(f"2026-11-23T{hour:02d}:00:00Z")) for hour in (0, 6, 12, 18)]
    assert [(one.hits, one.n) for one in trend(counted, edges)] == [(1, 1), (0, 1), (0, 1)]


def test_nothing_of_nothing_is_no_figure_in_any_row() -> None:
    for indicator in CATALOGUE:
        found = figure(indicator, Frames(), window_in(DAY), seconds(instant(DAY["now"])))
        if indicator.frame not in {"cases", "visits", "rides"}:
            assert found.no_source, indicator.id
        assert found.value is None, indicator.id


def test_a_p90_is_of_all_samples_and_no_mean_of_p90s() -> None:
    told = PERCENTILES["averaging_is_wrong"]
    own = [nearest_rank(np.array(one, dtype=float), 90) or 0.0 for one in told["stations"]]
    everything = np.array([value for one in told["stations"] for value in one], dtype=float)
    assert sum(own) / len(own) == told["mean_of_the_stations_own"]
    assert nearest_rank(everything, told["percent"]) == told["expected"]


def test_a_case_that_changed_takes_the_place_of_what_it_was() -> None:
    frames, now = frames_in(DAY), seconds(instant(DAY["now"]))
    records = {record.id: record for record in records_in(DAY)}
    before = figure(BY_ID["G12"], frames, window_in(DAY), now)
    for _ in range(3000):  # often enough that what was replaced is let go of
        frames.feed([replace(records["D"], ended_at=instant("2026-11-23T17:00:00Z"))])
    closed = replace(
        records["D"], state=records["A"].state, ended_at=instant("2026-11-23T17:00:00Z")
    )
    frames.feed([closed])
    after = figure(BY_ID["G12"], frames, window_in(DAY), now)
    assert (before.n, before.hits, after.n, after.hits) == (3, 2, 3, 3)
    assert frames["cases"].length < 2500


def test_every_row_says_in_both_languages_what_it_counts() -> None:
    for row in CATALOGUE:
        for text in (row.name, row.formula, row.excluded, row.missing):
            assert text.zh, row.id
            assert text.en, row.id
        assert row.source, row.id
    assert len(BY_ID) == len(CATALOGUE)
