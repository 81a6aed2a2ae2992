"""Towns fit together: overlaps go to the smaller town, slivers to a neighbour, and a dispute is refused."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from county.importing.layers.towns import fitted
from county.importing.report import LayerReport
from tests.county import brought
from vocabulary.errors import Refused

SHIFTS = st.tuples(st.floats(-0.0004, 0.0004), st.floats(-0.0004, 0.0004))


def shapes(*towns: shapely.Geometry) -> np.ndarray:
    return np.array(towns, dtype=object)


@settings(max_examples=40, deadline=None)
@given(shifts=st.lists(SHIFTS, min_size=4, max_size=4), seed=st.integers(0, 10**6))
def test_however_slack_the_borders_a_point_lies_in_exactly_one_town(
    shifts: list[tuple[float, float]], seed: int
) -> None:
    towns = zip(brought.town_shapes(), shifts, strict=True)
    loose = [affinity.translate(town, *by) for town, by in towns]
    fit, _ = fitted(list(brought.NAMES), shapes(*loose), brought.COUNTY, LayerReport("towns"))
    spots = shapely.points(*brought.scattered(300, seed))
    held = np.array([shapely.contains(town, spots) for town in fit]).sum(axis=0)
    on_a_line = shapely.distance(shapely.union_all(shapely.boundary(fit)), spots) < 1e-9
    assert np.all((held == 1) | on_a_line)
    assert shapely.is_valid(fit).all()
    assert shapely.union_all(fit).symmetric_difference(brought.COUNTY).area < 1e-9


def test_an_overlap_goes_to_the_smaller_town_and_is_told() -> None:
    large, small = shapely.box(0, 0, 1, 1), shapely.box(0.99, 0, 1.5, 1)
    county, report = shapely.box(0, 0, 1.5, 1), LayerReport("towns")
    fit, notes = fitted(["大镇", "小镇"], shapes(large, small), county, report)
    assert fit[1].area == pytest.approx(0.51)
    assert fit[0].area == pytest.approx(0.99)
    assert report.repaired == 2
    assert "小镇" in notes[0].text("zh")


def test_a_large_overlap_is_a_dispute_and_refused() -> None:
    one, other = shapely.box(0, 0, 1, 1), shapely.box(0.5, 0, 1.5, 1)
    with pytest.raises(Refused) as refused:
        fitted(
            ["甲镇", "乙镇"], shapes(one, other), shapely.box(0, 0, 1.5, 1), LayerReport("towns")
        )
    assert refused.value.code == "county.towns_overlap"
    assert "50" in refused.value.text("en")


def test_a_sliver_is_closed_and_a_real_gap_is_told() -> None:
    left, right = shapely.box(0, 0, 0.1, 0.1), shapely.box(0.1005, 0, 0.2, 0.1)
    fit, notes = fitted(
        ["甲镇", "乙镇"], shapes(left, right), shapely.box(0, 0, 0.2, 0.1), LayerReport("towns")
    )
    assert sum(shapely.area(fit)) == pytest.approx(0.02)
    assert [note.code for note in notes] == ["county.note_slivers"]
    left, right = shapely.box(0, 0, 0.1, 0.1), shapely.box(0.12, 0, 0.2, 0.1)
    fit, notes = fitted(
        ["甲镇", "乙镇"], shapes(left, right), shapely.box(0, 0, 0.2, 0.1), LayerReport("towns")
    )
    assert sum(shapely.area(fit)) == pytest.approx(0.018)
    assert [note.code for note in notes] == ["county.note_gap"]
