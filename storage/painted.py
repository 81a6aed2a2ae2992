"""How long it took until a dispatch was painted, as the pages told: samples to the millisecond, equal ones kept as one row.

A quarter of an hour and a millisecond make a row with how often it was; no percentile loses anything by that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, Integer, Table, delete, insert, select, update

from storage.instants import Instant
from storage.metadata import metadata

QUARTER: Final = timedelta(minutes=15)

painted = Table(
    "painted",
    metadata,
    Column("quarter_at", Instant, primary_key=True),
    Column("ms", Integer, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
)
Counts = Mapping[tuple[datetime, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """In a quarter of an hour it took so many milliseconds so many times."""

    quarter_at: datetime
    ms: int
    times: int


def quarter_of(at: datetime) -> datetime:
    """Return when the quarter of an hour of an instant began."""
    return at - timedelta(seconds=at.timestamp() % QUARTER.total_seconds())


def keep_painted(connection: Connection, counts: Counts) -> None:
    """Add samples to those kept."""
    for (quarter_at, ms), times in counts.items():
        this = (painted.c.quarter_at == quarter_at) & (painted.c.ms == ms)
        more = update(painted).where(this).values(times=painted.c.times + times)
        if not connection.execute(more).rowcount:
            connection.execute(insert(painted).values(quarter_at=quarter_at, ms=ms, times=times))


def painted_since(connection: Connection, since: datetime) -> list[Painted]:
    """Return what was kept of quarters that began at an instant or later."""
    query = select(painted).where(painted.c.quarter_at >= since)
    return [
        Painted(quarter_at=row.quarter_at, ms=row.ms, times=row.times)
        for row in connection.execute(query.order_by(painted.c.quarter_at, painted.c.ms))
    ]


def forget_painted(connection: Connection, before: datetime) -> int:
    """Forget older quarters; return how many rows."""
    return connection.execute(delete(painted).where(painted.c.quarter_at < before)).rowcount
