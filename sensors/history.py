"""A channel's history in buckets: extremes, mean and how much of it was good. Making fewer of them never hides a peak."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.arrivals import MEASURED_BYTES
from sensors.batch import Batch


@dataclass(frozen=True, slots=True)
class Buckets:
    """Columns of one channel's history: from when each bucket is, its extremes, mean, how many good and how many not."""

    at_us: NDArray[np.int64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    mean: NDArray[np.float64]
    good: NDArray[np.int64]
    bad: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at_us)

    def where(self, mask: NDArray[np.bool_]) -> "Buckets":
        """Return the buckets of a mask."""
        return Buckets(
            self.at_us[mask],
            self.least[mask],
            self.most[mask],
            self.mean[mask],
            self.good[mask],
            self.bad[mask],
        )


NOTHING: Final = Buckets(
    *(np.zeros(0, dtype=kind) for kind in (np.int64, float, float, float, np.int64, np.int64))
)


def rolled(rows: Batch, width_us: int) -> Buckets:
    """Return one channel's readings, in order of time, as buckets."""
    at = rows.observed_us - rows.observed_us % width_us
    starts = (
        np.flatnonzero(np.r_[True, np.diff(at) != 0]) if len(rows) else np.zeros(0, dtype=np.intp)
    )
    good = MEASURED_BYTES[rows.quality]
    count = (
        np.add.reduceat(good.astype(np.int64), starts) if len(rows) else np.zeros(0, dtype=np.int64)
    )
    total = np.diff(np.r_[starts, len(rows)])
    if not len(rows):
        return NOTHING
    value = rows.value
    with np.errstate(invalid="ignore", divide="ignore"):
        least = np.minimum.reduceat(np.where(good, value, np.inf), starts)
        most = np.maximum.reduceat(np.where(good, value, -np.inf), starts)
        mean = np.add.reduceat(np.where(good, value, 0.0), starts) / count
    none = count == 0
    least[none] = most[none] = mean[none] = np.nan
    return Buckets(at[starts], least, most, mean, count, total - count)


def concatenated(parts: Sequence[Buckets]) -> Buckets:
    """Return buckets of several stretches as one, in order of time."""
    at = np.concatenate([one.at_us for one in parts])
    order = np.argsort(at, kind="stable")
    names = ("least", "most", "mean", "good", "bad")
    rest = [np.concatenate([getattr(one, name) for one in parts])[order] for name in names]
    return Buckets(at[order], *rest)


def thinned(buckets: Buckets, most: int) -> Buckets:
    """Return at most so many buckets over the same time: each takes the extremes of those it stands for."""
    count = len(buckets)
    if count <= most:
        return buckets
    starts = np.arange(0, count, -(-count // most))
    good, bad = np.add.reduceat(buckets.good, starts), np.add.reduceat(buckets.bad, starts)
    total = np.add.reduceat(np.nan_to_num(buckets.mean) * buckets.good, starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(good > 0, total / good, np.nan)
    least, highest = (
        pick.reduceat(column, starts)
        for pick, column in ((np.fmin, buckets.least), (np.fmax, buckets.most))
    )
    return Buckets(buckets.at_us[starts], least, highest, mean, good, bad)
