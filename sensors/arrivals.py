"""What comes in, sorted: refused for a reason, seen before, late, or new; and the newest of every channel."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.batch import Batch, Ints, from_us, to_us
from sensors.model import MEASURED, Quality, RefusedReading
from sensors.registry import Registry
from vocabulary.clock import to_text
from vocabulary.errors import Refused

SECOND_US: Final = 1_000_000
SKEW_US: Final = 5 * SECOND_US  # a clock so far ahead is told, and believed no more for freshness
FUTURE_US: Final = 300 * SECOND_US  # so far ahead nothing can be done with it
FIRST_US: Final = to_us(from_us(0).replace(year=2000))  # a device whose battery died says 1970
NEVER: Final = -1
MEASURED_BYTES: Final = np.isin(np.arange(256), [int(one) for one in MEASURED])


@dataclass(frozen=True, slots=True)
class Sorted:
    """One batch, sorted: `kept` goes to the store, `fresh` (a part of it) to the rules, `late` (another) to amendments.

    `rows` and `late_rows` are the places of the kept and the late in what was given.
    """

    kept: Batch
    fresh: Batch
    late: Batch
    duplicate: int
    refused: tuple[RefusedReading, ...]
    rows: NDArray[np.intp]
    late_rows: NDArray[np.intp]


class Newest:
    """The newest reading of every channel as arrays, by channel number."""

    def __init__(self, size: int) -> None:
        self.observed_us: Ints = np.full(size, NEVER, dtype=np.int64)
        self.received_us: Ints = np.full(size, NEVER, dtype=np.int64)
        self.value = np.full(size, np.nan)
        self.quality: NDArray[np.uint8] = np.full(size, Quality.MISSING, dtype=np.uint8)
        # By the word of a device, or of the broker that lost it: since when it is gone, and when it said it is there.
        self.gone_us: Ints = np.zeros(size, dtype=np.int64)
        self.there_us: Ints = np.zeros(size, dtype=np.int64)

    def grown(self, size: int) -> "Newest":
        """Return the same for a registry that has grown."""
        after, held = Newest(size), min(size, len(self.value))
        for name in ("observed_us", "received_us", "value", "quality", "gone_us", "there_us"):
            getattr(after, name)[:held] = getattr(self, name)[:held]
        return after

    def as_batch(self) -> Batch:
        """Return the newest reading of every channel that was heard."""
        heard = np.flatnonzero(self.observed_us >= 0)
        return Batch(
            heard.astype(np.int64),
            self.observed_us[heard],
            self.received_us[heard],
            self.value[heard],
            self.quality[heard],
        )

    def say(self, channel: int, at_us: int, *, there: bool) -> None:
        """Take the word that a channel's device is there or gone."""
        self.gone_us[channel] = 0 if there else at_us
        if there:
            self.there_us[channel] = at_us

    def give_back(self, held: "Newest") -> None:
        """Be again as it was held before a batch that was not kept."""
        for name in ("observed_us", "received_us", "value", "quality"):
            getattr(self, name)[:] = getattr(held, name)

    def take(self, batch: Batch) -> None:
        """Take rows that are newer than what is held, each channel's in order of time."""
        self.observed_us[batch.channel] = batch.observed_us
        self.received_us[batch.channel] = batch.received_us
        self.value[batch.channel] = batch.value
        self.quality[batch.channel] = batch.quality


def sort_in(batch: Batch, registry: Registry, newest: Newest, live_us: int) -> Sorted:
    """Sort a batch and take what is newer into `newest`. What is older than `live_us` is kept and raises nothing."""
    bad, refused = _refusals(batch, registry)
    rows = np.flatnonzero(~bad)
    good = _judged(batch.at(rows) if len(refused) else batch, registry)
    order = np.lexsort((good.observed_us, good.channel))
    good, rows = good.at(order), rows[order]
    again = np.zeros(len(good), dtype=bool)
    again[1:] = (np.diff(good.channel) == 0) & (np.diff(good.observed_us) == 0)
    held = newest.observed_us[good.channel]
    # The same instant with another value is a correction, and kept.
    again |= (good.observed_us == held) & (good.value == newest.value[good.channel])
    good, rows = good.where(~again), rows[~again]
    behind = good.observed_us <= newest.observed_us[good.channel]
    new = good.where(~behind)
    newest.take(new)
    live = new.observed_us >= new.received_us - live_us
    late = good.where(behind)
    return Sorted(good, new.where(live), late, int(again.sum()), refused, rows, rows[behind])


def _judged(batch: Batch, registry: Registry) -> Batch:
    """Return the batch with what cannot be and what no clock should say marked as such."""
    quality = batch.quality.copy()
    measured = MEASURED_BYTES[quality]
    beyond = (batch.value < registry.least[batch.channel]) | (
        batch.value > registry.most[batch.channel]
    )
    over_range = quality == Quality.OVER_RANGE
    quality[measured & beyond & ~over_range] = Quality.IMPLAUSIBLE
    ahead = batch.observed_us > batch.received_us + SKEW_US
    quality[(quality == Quality.GOOD) & ahead] = Quality.SKEWED
    return Batch(batch.channel, batch.observed_us, batch.received_us, batch.value, quality)


def _refusals(
    batch: Batch, registry: Registry
) -> tuple[NDArray[np.bool_], tuple[RefusedReading, ...]]:
    within = (batch.channel >= 0) & (batch.channel < registry.size)
    unknown = ~within
    unknown[within] = ~registry.known[batch.channel[within]]
    number = ~np.isfinite(batch.value) & (batch.quality != Quality.MISSING)
    future = batch.observed_us > batch.received_us + FUTURE_US
    ancient = batch.observed_us < FIRST_US
    quality = batch.quality > max(Quality)
    bad = unknown | number | future | ancient | quality
    rows = np.flatnonzero(bad).tolist()
    return bad, tuple(_refused(batch, row, unknown, number, quality) for row in rows)


def _refused(
    batch: Batch,
    row: int,
    unknown: NDArray[np.bool_],
    number: NDArray[np.bool_],
    quality: NDArray[np.bool_],
) -> RefusedReading:
    channel = int(batch.channel[row])
    if unknown[row]:
        return RefusedReading(at=row, reason=Refused("sensors.unknown_channel", value=channel))
    if number[row]:
        value = str(batch.value[row])
        return RefusedReading(
            at=row, reason=Refused("sensors.not_a_number", channel=channel, value=value)
        )
    if quality[row]:
        value = str(batch.quality[row])
        return RefusedReading(
            at=row, reason=Refused("sensors.unknown_quality", channel=channel, value=value)
        )
    observed, received = (
        to_text(from_us(int(us[row]))) for us in (batch.observed_us, batch.received_us)
    )
    code = (
        "sensors.from_the_future"
        if batch.observed_us[row] > batch.received_us[row]
        else "sensors.before_time"
    )
    return RefusedReading(
        at=row, reason=Refused(code, channel=channel, value=observed, received=received)
    )
