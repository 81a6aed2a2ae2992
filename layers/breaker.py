"""A circuit breaker: what fails again and again is left alone for a while, longer each time."""

from collections.abc import Callable
from time import monotonic
from typing import Final

FAILURES: Final = 3
FIRST_PAUSE_S: Final = 15.0
LONGEST_PAUSE_S: Final = 600.0


class Breaker:
    """Counts failures in a row; after three it says no for 15 s, then lets one try, and doubles the pause if that fails too."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._failures = 0
        self._pause_s = FIRST_PAUSE_S
        self._closed_until = 0.0

    @property
    def open(self) -> bool:
        """Say whether it is being left alone."""
        return self._failures >= FAILURES

    def may_try(self) -> bool:
        """Say whether to try now; while it is left alone, one try per pause."""
        if not self.open:
            return True
        if self._now() < self._closed_until:
            return False
        self._closed_until = self._now() + self._pause_s
        return True

    def well(self) -> None:
        """Say that it answered."""
        self._failures, self._pause_s = 0, FIRST_PAUSE_S

    def failed(self) -> bool:
        """Say that it did not; returns whether this is what opened it."""
        self._failures += 1
        if self._failures < FAILURES:
            return False
        if self._failures > FAILURES:
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        self._closed_until = self._now() + self._pause_s
        return self._failures == FAILURES
