"""What every data set of measurements gives: where its stations are, and samples in order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from exchange.wires.unreadable import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A place that measured, as a device of ours."""

    device: str
    name: str
    kind: str
    lon_deg: float
    lat_deg: float
    period_s: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What one station said at one instant; None where it says that it has no value."""

    at_ms: int
    device: str
    values: dict[str, float | None]


@dataclass(slots=True)
class DataSet:
    """Stations, samples in order of time, and the rows that could not be read."""

    domain: str
    stations: list[Station]
    samples: Iterator[Sample]
    refused: list[Unreadable] = field(default_factory=list)


Reader = Callable[[Path], DataSet]
