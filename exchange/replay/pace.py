"""Time of a replay: when the log's moments come round at the chosen speed, and what instant they are told as."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class Pace:
    """`speed` seconds of the log pass in one of ours; 0: as fast as it goes. The log's `first` instant is told as `start_at`."""

    speed: float
    first: datetime
    start_at: datetime
    began_s: float = 0.0

    def begin(self) -> None:
        """Start the clock."""
        self.began_s = asyncio.get_running_loop().time()

    def told_as(self, at: datetime) -> datetime:
        """Return the instant as which a moment of the log is told: shifted as a whole, so that all differences stay."""
        return self.start_at + (at - self.first)

    def lasts_s(self, span: timedelta) -> float:
        """Return how many of our seconds a span of the log takes."""
        return span.total_seconds() / self.speed if self.speed else 0.0

    async def until(self, at: datetime) -> None:
        """Wait for a moment of the log to come round."""
        if not self.speed:
            return
        due_s = self.began_s + self.lasts_s(at - self.first)
        await asyncio.sleep(max(0.0, due_s - asyncio.get_running_loop().time()))
