"""How far a channel usually moves from one reading to the next: its own mean step, leaning on its kind's until it is known."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.batch import Batch, Floats
from sensors.kind_groups import KindGroups

LEANING: Final = 10.0  # the kind's habit counts as so many readings of one's own
REMEMBERED: Final = 200.0
FAR: Final = (
    3.0  # a step is counted as at most so many usual ones, or a jump would make jumps usual
)


class Steps:
    """Last values and usual steps; `of` says unknown (infinite) until the kind was heard often enough."""

    def __init__(self, groups: KindGroups, heard_needed: int) -> None:
        self._groups, self._needed = groups, heard_needed
        size = len(groups.of)
        self.last: Floats = np.full(size, np.nan)
        self._own, self._times = np.zeros(size), np.zeros(size)
        self._sum, self._heard = np.zeros(groups.count), np.zeros(groups.count)

    def of(self, rows: Batch) -> tuple[Floats, Floats]:
        """Return each row's step, and the channel's usual one."""
        channel = rows.channel
        kind = self._groups.of[channel]
        step = np.nan_to_num(np.abs(rows.value - self.last[channel]))
        own, times = self._own[channel], self._times[channel]
        kinds = self._sum[kind] / np.maximum(self._heard[kind], 1.0)
        usual = (LEANING * kinds + times * own) / (LEANING + times)
        usual = np.maximum(usual, self._groups.least_step[channel])
        usual[self._heard[kind] < self._needed] = np.inf
        return step, usual

    def learn(self, rows: Batch, step: Floats, usual: Floats, ordinary: NDArray[np.bool_]) -> None:
        """Take the rows in: the last value of all, the step of the ordinary ones."""
        # Only where it moved: one that stood still for hours has no smaller step for that.
        counted = ordinary & ~np.isnan(self.last[rows.channel]) & (step > 0)
        self.last[rows.channel] = rows.value
        channel, step = rows.channel[counted], np.minimum(step, FAR * usual)[counted]
        kind = self._groups.of[channel]
        times = np.minimum(self._times[channel] + 1, REMEMBERED)
        self._own[channel] += (step - self._own[channel]) / times
        self._times[channel] = times
        self._sum += np.bincount(kind, step, minlength=len(self._sum))
        self._heard += np.bincount(kind, minlength=len(self._heard))
