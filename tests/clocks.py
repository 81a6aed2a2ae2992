"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Tells the time it was set to; each reading moves it by `step`, so that order can be seen."""

    def __init__(self, start: datetime | None = None, step: timedelta = timedelta(0)) -> None:
        self.at = start or datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
        self.step = step

    def now(self) -> datetime:
        self.at += self.step
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by
