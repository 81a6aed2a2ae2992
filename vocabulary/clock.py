"""Time: instants are aware UTC; nobody reads the wall clock but through a `Clock`, so that tests can move it."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return datetime.now(UTC)


def to_utc(instant: datetime) -> datetime:
    """Return `instant` in UTC; a naive one is a programming error, because it does not say which clock it was read from."""
    if instant.tzinfo is None:
        raise ValueError(f"naive instant {instant!r}: an instant must carry its zone")
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def to_text(instant: datetime) -> str:
    """Return `instant` as RFC 3339 in UTC with milliseconds, for example 2026-11-22T06:03:21.000Z."""
    return to_utc(instant).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
