"""Exact percentiles by nearest rank on raw samples, and Wilson's interval for shares; nothing here averages a percentile."""

import math
from typing import Final

import numpy as np

from indicators.frame import Numbers

Z_95: Final = 1.959963984540054


def nearest_rank(values: Numbers, percent: float, times: Numbers | None = None) -> float | None:
    """Return the smallest of the values that at least `percent` of them do not exceed; None where there is none.

    `times` is how often each value was seen, where equal samples are kept as one row: the answer is that of all of them.
    """
    if not len(values):
        return None
    if times is not None:
        return _of_counted(values, times, percent)
    rank = _rank(len(values), percent)
    return float(np.partition(values, rank - 1)[rank - 1])


def _of_counted(values: Numbers, times: Numbers, percent: float) -> float:
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(times[order])
    rank = _rank(round(float(upto[-1])), percent)
    return float(values[order][np.searchsorted(upto, rank - 0.5)])


def _rank(n: int, percent: float) -> int:
    return max(1, math.ceil(round(n * percent / 100, 9)))


def wilson(hits: int, n: int, z: float = Z_95) -> tuple[float, float] | None:
    """Return the interval in which the true share lies at 95 %; None for 0/0."""
    if n == 0:
        return None
    share, z2 = hits / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == n else min(1.0, middle + half)
    return low, high
