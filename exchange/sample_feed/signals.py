"""What a healthy device would say at any instant: a level, a day's rhythm and noise, the same for the same seed."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parent / "tables" / "signals.csv"
DAY_S: Final = 86_400
# A county's day is at its height in the afternoon.
HEIGHT_S: Final = 15 * 3600 - 8 * 3600
_WORD: Final = 2**32


@dataclass(frozen=True, slots=True)
class Signal:
    """Mean, the day's amplitude and the noise of a kind's channel, in its own unit."""

    mean: float
    daily: float
    noise: float


@cache
def signals() -> dict[tuple[str, str], Signal]:
    """Return every signal by kind and channel."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return {
            (row["kind"], row["channel"]): Signal(
                float(row["mean"]), float(row["daily"]), float(row["noise"])
            )
            for row in csv.DictReader(stream)
        }


def drawn(*names: object) -> tuple[float, float]:
    """Return two numbers of [0, 1) that belong to these names for ever."""
    digest = blake2b(repr(names).encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "big") / _WORD, int.from_bytes(digest[4:], "big") / _WORD


def value(signal: Signal, seed: int, device: str, at_s: int) -> float:
    """Return what the device would say at an instant; never below nought where its mean is above it."""
    own, _ = drawn(seed, device)
    first, second = drawn(seed, device, at_s)
    gauss = math.sqrt(-2 * math.log(1 - first)) * math.cos(2 * math.pi * second)
    rhythm = math.cos(2 * math.pi * (at_s - HEIGHT_S) / DAY_S)
    said = signal.mean * (0.93 + 0.14 * own) + signal.daily * rhythm + signal.noise * gauss
    return max(0.0, said) if signal.mean >= 0 else said
