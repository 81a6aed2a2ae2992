"""What other rooms bring to the figures: one row per source, each with a frame of its own that it keeps up to date."""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from indicators.columns import Column, seconds
from indicators.frame import Frame, Frames
from storage.alerts import alerts_from
from vocabulary.clock import Clock

EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
A_MINUTE: Final = timedelta(minutes=1)


class Source(Protocol):
    """Brings a frame, or leaves it away where there is nothing to count: that is no zero.

    `mark` changes when there is something to bring that no event tells of; empty where there never is.
    """

    @property
    def mark(self) -> str:
        """Return it."""
        ...

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame as the store stands now."""
        ...


def turn_of(clock: Clock, every: timedelta) -> str:
    """Return the mark of a source that is looked at once in so long, because no event tells of its rows."""
    return str(clock.now().timestamp() // every.total_seconds())


ALERT_COLUMNS: Final = (
    Column("id", "text", lambda alert: alert.case_id),
    Column("exercise", "flag", lambda alert: alert.exercise),
    Column("priority", "word", lambda alert: alert.priority.value),
    Column("offered", "number", lambda alert: seconds(alert.offered_at)),
    Column("acknowledged", "number", lambda alert: seconds(alert.acknowledged_at)),
    Column("ack_due", "number", lambda alert: seconds(alert.ack_due_at)),
    Column("step", "number", lambda alert: float(alert.step)),
)


class Alerts:
    """Every alert and what became of it; those that still waited are looked at again."""

    mark = ""

    def __init__(self) -> None:
        self._frame = Frame(ALERT_COLUMNS)
        self._newest = 0
        self._waiting: set[int] = set()

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame `alerts`."""
        found = alerts_from(connection, self._newest, self._waiting)
        for seq, alert in found.items():
            self._frame.put(f"{alert.case_id}:{seq}", [alert])
        self._newest = max(found, default=self._newest)
        self._waiting = {seq for seq, alert in found.items() if alert.waiting}
        self._frame.settle()
        if found or frames.get("alerts") is None:
            frames.bring("alerts", self._frame)


SOURCES: Final[tuple[type[Source], ...]] = (Alerts,)
