"""How silence is weighed by the signal where a device speaks from: rows of `sensors/tables/signal.csv`, each with its reason."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sensors.engine import AlarmEngine
from sensors.kinds import FOLDER
from sensors.model import Device
from sensors.registry import Registry
from vocabulary.place import Place

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """So many times as long is waited in such a signal before silence is an alarm; and whether that may open a case."""

    signal: str
    times: float
    opens_case: bool


class SignalOf(Protocol):
    """Says how places are covered: unknown, covered, weak or hole. Who works that out stands elsewhere."""

    @property
    def version(self) -> str:
        """Return what changes whenever an answer may."""
        ...

    def of(self, places: Sequence[Place]) -> Sequence[str]:
        """Return how each of these places is covered. It may work: not on the event loop."""
        ...


class NotKnown:
    """`SignalOf` where nobody has worked it out."""

    version = ""

    def of(self, places: Sequence[Place]) -> Sequence[str]:
        """Return that it is not known."""
        return [UNKNOWN] * len(places)


NOT_KNOWN: Final[SignalOf] = NotKnown()


@cache
def weights() -> dict[str, Weight]:
    """Return the shipped table, by signal."""
    with (FOLDER / "signal.csv").open(encoding="utf-8", newline="") as stream:
        found = [
            Weight(
                signal=row["signal"], times=float(row["times"]), opens_case=row["opens_case"] == "1"
            )
            for row in csv.DictReader(stream)
        ]
    return {one.signal: one for one in found}


def speaks_from(registry: Registry, device: Device) -> Place:
    """Return where a device's word enters the network: at its gateway, where it has one."""
    gateway = registry.devices.get(device.gateway) if device.gateway else None
    return gateway.place if gateway else device.place


class Patience:
    """How long each channel's silence is waited for, brought up to date where the coverage, or who measures, is another."""

    def __init__(self, signal: SignalOf) -> None:
        """Take who knows the signal."""
        self.signal = signal
        self._of: tuple[AlarmEngine, str] | None = None

    def bring(self, engine: AlarmEngine, now_us: int) -> None:
        """Let an engine wait as long as the signal calls for."""
        version = self.signal.version
        if self._of == (engine, version):
            return
        times = _times(engine.registry, self.signal)
        for silence in engine.silences:
            silence.wait(times, now_us)
        self._of = engine, version


def _times(registry: Registry, signal: SignalOf) -> NDArray[np.float64]:
    devices = list(registry.devices.values())
    heard = signal.of([speaks_from(registry, one) for one in devices])
    times = np.ones(registry.size)
    for device, word in zip(devices, heard, strict=True):
        for channel in registry.channels_of(device.id):
            times[channel.number] = weights()[word].times
    return times
