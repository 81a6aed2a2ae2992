"""How often one address may ask where nobody signs in: so many times within a while, then to be asked later."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from security.lockout import ip_subject
from vocabulary.errors import Refused

MOST_KNOWN: Final = (
    20_000  # addresses remembered; beyond it those that were quiet longest are forgotten
)


@dataclass(slots=True)
class RateLimit:
    """`most` times within `within_s` for one address (of IPv6 the /64)."""

    most: int
    within_s: float
    ticks: Callable[[], float] = monotonic
    _asked: dict[str, deque[float]] = field(default_factory=dict)

    def take(self, ip: str) -> None:
        """Count a request; Refused with 429 and when to come again where there were too many."""
        now, who = self.ticks(), ip_subject(ip)
        asked = self._asked.pop(who, deque())
        while asked and asked[0] <= now - self.within_s:
            asked.popleft()
        self._asked[who] = asked  # at the end: asked last
        if len(asked) >= self.most:
            wait = max(1, round(asked[0] + self.within_s - now))
            raise Refused("security.too_often", retry_after=wait)
        asked.append(now)
        if len(self._asked) > MOST_KNOWN:
            del self._asked[next(iter(self._asked))]
