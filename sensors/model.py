"""Devices, their channels and what these measure, as values; a channel's `number` is its place in every array of the room."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from vocabulary.errors import Refused
from vocabulary.place import Place


class Quality(IntEnum):
    """What a value is worth: one byte. The letters are the flags of HJ 212 (-Flag)."""

    GOOD = 0  # N
    STOPPED = 1  # F: the plant stands
    MAINTENANCE = 2  # M
    MANUAL = 3  # S: a person typed it
    FAULT = 4  # D
    CALIBRATION = 5  # C
    OVER_RANGE = 6  # T: beyond what the instrument can measure
    NO_LINK = 7  # B
    MISSING = 8  # a sentinel such as 9999.99, NaN, "NA"
    ESTIMATED = 9  # filled in by somebody upstream
    IMPLAUSIBLE = 10  # beyond what can be, by the kind's own table
    SKEWED = 11  # the device's clock is ahead of ours

    @property
    def measured(self) -> bool:
        """Say whether the world, not a workshop or a gap, stands behind the value: only that may raise an alarm."""
        return self in MEASURED


# Over range is measured: a gas detector at its stop is the worst case, not a missing one.
MEASURED = frozenset({Quality.GOOD, Quality.OVER_RANGE, Quality.SKEWED})
HJ212_FLAGS = {
    "N": Quality.GOOD,
    "F": Quality.STOPPED,
    "M": Quality.MAINTENANCE,
    "S": Quality.MANUAL,
    "D": Quality.FAULT,
    "C": Quality.CALIBRATION,
    "T": Quality.OVER_RANGE,
    "B": Quality.NO_LINK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """What a channel of a kind of device measures: its unit (UCUM), what can be at all, and how often it is due."""

    name: str
    zh: str
    en: str
    unit: str
    least: float | None
    most: float | None
    period: timedelta
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of device: rows of `sensors/tables/kinds.csv`, never a branch. `category` is the S-code of its alarms."""

    id: str
    zh: str
    en: str
    category: str
    channels: tuple[ChannelKind, ...]

    def channel(self, name: str) -> ChannelKind | None:
        """Return one of its channels, None where it has none of that name."""
        return next((one for one in self.channels if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Something that measures. `gateway` is the device through which it speaks, where it does not speak alone."""

    id: str
    name: str
    kind: str
    place: Place
    department: str
    gateway: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One measured quantity of one device. `low` and `high` are limits of normal, in `unit`; None: no limit.

    Without a word for longer than `stale_after` it is stale, which is a state of its own and no value.
    """

    number: int
    device: str
    name: str
    unit: str
    period: timedelta
    stale_after: timedelta
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value: `observed_at` by the device's clock, `received_at` by ours."""

    channel: int
    observed_at: datetime
    received_at: datetime
    value: float
    quality: Quality = Quality.GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedReading:
    """A reading that was not kept, and why; `at` is its place in what was given."""

    at: int
    reason: Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a batch. `accepted` is all that is kept, the late among them; duplicates are neither kept nor refused."""

    accepted: int = 0
    late: int = 0
    duplicate: int = 0
    refused: tuple[RefusedReading, ...] = ()
