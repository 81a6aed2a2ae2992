"""Fewer points, the same peaks."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sensors.history import concatenated, rolled, thinned
from sensors.model import Quality
from tests.sensors.builders import readings

MINUTE_US = 60_000_000
VALUES = st.lists(
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3)),
    min_size=1,
    max_size=300,
)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.integers(1, 40), st.sampled_from([1, 7, 60]))
def test_however_few_points_are_drawn_no_peak_is_hidden(
    values: list[float], most: int, step_s: int
) -> None:
    rows = readings(*[(step_s * n, value) for n, value in enumerate(values)])
    buckets = rolled(rows, MINUTE_US)
    drawn = thinned(buckets, most)
    assert len(drawn) <= most
    assert drawn.most.max() == max(values)
    assert drawn.least.min() == min(values)
    assert drawn.good.sum() == len(values)
    assert np.isclose((drawn.mean * drawn.good).sum(), sum(values), atol=1e-3)
    assert (np.diff(drawn.at_us) > 0).all()


def test_what_was_not_measured_is_counted_and_is_no_extreme() -> None:
    good, bad = readings((0, 5.0)), readings((1, 999.0), quality=Quality.FAULT)
    buckets = concatenated([rolled(good, MINUTE_US), rolled(bad, MINUTE_US)])
    drawn = thinned(buckets, 1)
    assert (drawn.most[0], drawn.good[0], drawn.bad[0]) == (5.0, 1, 1)
