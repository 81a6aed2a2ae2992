"""Trial dispatches (P04): when one was tried, how long it took, or where it stopped; a record of its own, no event."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, select, update

from storage.instants import Instant
from storage.metadata import metadata

trials = Table(
    "trials",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("begun_at", Instant, nullable=False, index=True),
    Column("took_ms", Integer),
    Column("problem", String(20), nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One trial; `took_ms` None: it was not heard in time, `problem` says what was waited for."""

    id: str
    begun_at: datetime
    took_ms: int | None = None
    problem: str = ""


def keep_trial(connection: Connection, trial: Trial) -> None:
    """Keep a trial as it stands now."""
    row = {"took_ms": trial.took_ms, "problem": trial.problem}
    this = trials.c.id == trial.id
    if not connection.execute(update(trials).where(this).values(**row)).rowcount:
        connection.execute(insert(trials).values(id=trial.id, begun_at=trial.begun_at, **row))


def trials_since(connection: Connection, since: datetime) -> list[Trial]:
    """Return the trials that were begun at an instant or later, the oldest first."""
    query = select(trials).where(trials.c.begun_at >= since).order_by(trials.c.begun_at)
    return [
        Trial(id=row.id, begun_at=row.begun_at, took_ms=row.took_ms, problem=row.problem)
        for row in connection.execute(query)
    ]


def forget_trials(connection: Connection, before: datetime) -> int:
    """Forget older trials; return how many."""
    return connection.execute(delete(trials).where(trials.c.begun_at < before)).rowcount
