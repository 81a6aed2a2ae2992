"""How long it took until people saw it: percentiles over the last quarter of an hour, as their own pages measured it."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

WINDOW_S: Final = 15 * 60.0
SAMPLES_MAX: Final = 50_000
ABSURD_MS: Final = (
    60_000.0  # a page that slept through a minute tells of its sleep, not of this feed
)
FRESH_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Nearest-rank percentiles in milliseconds over `n` samples; None where there are none."""

    p50: float | None
    p95: float | None
    p99: float | None
    n: int


class Latency:
    """A rolling window of samples from event to painted."""

    def __init__(self, tick: Callable[[], float] = monotonic) -> None:
        self._tick = tick
        self._samples: deque[tuple[float, float]] = deque(maxlen=SAMPLES_MAX)
        self._told: tuple[float, Percentiles] | None = None

    def add(self, sample_ms: float) -> bool:
        """Keep a sample; refuse what cannot be one."""
        if not can_be(sample_ms):
            return False
        self._samples.append((self._tick(), float(sample_ms)))
        return True

    def percentiles(self) -> Percentiles:
        """Return the window's percentiles, worked out at most once a second."""
        now = self._tick()
        if self._told is None or now - self._told[0] >= FRESH_S:
            while self._samples and self._samples[0][0] < now - WINDOW_S:
                self._samples.popleft()
            self._told = (now, of_samples([value for _, value in self._samples]))
        return self._told[1]


def can_be(sample_ms: float) -> bool:
    """Say whether a page can have measured this: finite, not before its event, no more than a minute."""
    return math.isfinite(sample_ms) and 0 <= sample_ms <= ABSURD_MS


def of_samples(samples: list[float]) -> Percentiles:
    """Return nearest-rank percentiles of some samples."""
    ordered = sorted(samples)
    if not ordered:
        return Percentiles(None, None, None, 0)
    p50, p95, p99 = (_ranked(ordered, share) for share in (50, 95, 99))
    return Percentiles(p50, p95, p99, len(ordered))


def _ranked(ordered: list[float], share: int) -> float:
    return ordered[max(0, math.ceil(share * len(ordered) / 100) - 1)]
