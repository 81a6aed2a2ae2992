"""What pages report about themselves: nearest rank, a rolling window, nothing absurd."""

import pytest

from live.latency import WINDOW_S, Latency, of_samples


class Ticks:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_percentiles_are_samples_by_nearest_rank() -> None:
    told = of_samples([float(n) for n in range(1, 201)])
    assert (told.p50, told.p95, told.p99, told.n) == (100.0, 190.0, 198.0, 200)


def test_one_sample_is_every_percentile_and_none_is_none() -> None:
    assert of_samples([7.0]).p99 == 7.0
    assert of_samples([]).p50 is None


@pytest.mark.parametrize("sample", [-1.0, float("nan"), float("inf"), 60_001.0])
def test_what_cannot_be_a_latency_is_refused(sample: float) -> None:
    latency = Latency()
    assert not latency.add(sample)
    assert latency.percentiles().n == 0


def test_samples_older_than_a_quarter_of_an_hour_no_longer_count() -> None:
    ticks = Ticks()
    latency = Latency(ticks)
    latency.add(500)
    ticks.now = WINDOW_S + 1
    latency.add(10)
    told = latency.percentiles()
    assert (told.p99, told.n) == (10.0, 1)
