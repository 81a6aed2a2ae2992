"""Readings by column: what twenty thousand a second travel in, instead of as many objects."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.model import Quality, Reading

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]


def to_us(instant: datetime) -> int:
    """Return an aware instant as whole microseconds since 1970."""
    return (instant - EPOCH) // MICROSECOND


def from_us(us: int) -> datetime:
    """Return the instant of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=us)


@dataclass(frozen=True, slots=True)
class Batch:
    """Columns of one length: channel numbers, both instants in microseconds since 1970, values, `Quality` as bytes."""

    channel: Ints
    observed_us: Ints
    received_us: Ints
    value: Floats
    quality: Bytes

    def __len__(self) -> int:
        return len(self.channel)

    def where(self, mask: NDArray[np.bool_]) -> "Batch":
        """Return the rows of a mask."""
        return self.at(np.flatnonzero(mask))

    def at(self, rows: NDArray[np.intp]) -> "Batch":
        """Return some rows, in the order asked for."""
        return Batch(
            self.channel[rows],
            self.observed_us[rows],
            self.received_us[rows],
            self.value[rows],
            self.quality[rows],
        )

    def triples(self) -> Iterator[tuple[int, int, float]]:
        """Yield channel, instant and value of each row."""
        return zip(
            self.channel.tolist(), self.observed_us.tolist(), self.value.tolist(), strict=True
        )

    def readings(self) -> list[Reading]:
        """Return the rows as objects: for a few of them, on the way to people."""
        columns = zip(
            self.channel.tolist(),
            self.observed_us.tolist(),
            self.received_us.tolist(),
            self.value.tolist(),
            self.quality.tolist(),
            strict=True,
        )
        return [
            Reading(
                channel=channel,
                observed_at=from_us(observed),
                received_at=from_us(received),
                value=value,
                quality=Quality(quality),
            )
            for channel, observed, received, value, quality in columns
        ]


def batch_of(
    channel: Sequence[int],
    observed_us: Sequence[int],
    received_us: int | Sequence[int],
    value: Sequence[float],
    quality: int | Sequence[int] = Quality.GOOD,
) -> Batch:
    """Return a batch over columns; one instant of receipt or one quality may stand for all rows."""
    count = len(channel)
    return Batch(
        np.asarray(channel, dtype=np.int64),
        np.asarray(observed_us, dtype=np.int64),
        np.broadcast_to(np.asarray(received_us, dtype=np.int64), (count,)),
        np.asarray(value, dtype=np.float64),
        np.broadcast_to(np.asarray(quality, dtype=np.uint8), (count,)),
    )


def batch_of_readings(readings: Iterable[Reading]) -> Batch:
    """Return readings as a batch."""
    rows = list(readings)
    return batch_of(
        [one.channel for one in rows],
        [to_us(one.observed_at) for one in rows],
        [to_us(one.received_at) for one in rows],
        [one.value for one in rows],
        [one.quality for one in rows],
    )


def joined(batches: Sequence[Batch]) -> Batch:
    """Return batches as one, in order."""
    if len(batches) == 1:
        return batches[0]
    if not batches:
        return batch_of([], [], [], [], [])
    return Batch(
        np.concatenate([one.channel for one in batches]),
        np.concatenate([one.observed_us for one in batches]),
        np.concatenate([one.received_us for one in batches]),
        np.concatenate([one.value for one in batches]),
        np.concatenate([one.quality for one in batches]),
    )
