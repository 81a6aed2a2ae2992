"""Where units were: every position once, for as long as the office keeps them; and which terminal speaks for which unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Index,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from dispatch.model import Position
from storage.instants import Instant
from storage.metadata import metadata
from vocabulary.ids import UnitId
from vocabulary.place import Place

unit_tracks = Table(
    "unit_tracks",
    metadata,
    Column("unit_id", String(40), primary_key=True),
    Column("observed_at", Instant, primary_key=True),
    Column("received_at", Instant, nullable=False),
    Column("lon_deg", Float, nullable=False),
    Column("lat_deg", Float, nullable=False),
    Column("speed_mps", Float),
    Column("heading_deg", Float),
    Column("accuracy_m", Float),
    Column("source", String(12), nullable=False),
    Index("ix_unit_tracks_received_at", "received_at"),
    sqlite_with_rowid=False,
)

avl_terminals = Table(
    "avl_terminals",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("unit_id", String(40)),
    Column("plate", String(20), nullable=False),
    Column("datum", String(12), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(80), nullable=False),
)

FORGOTTEN_AT_ONCE: Final = 5_000  # rows of a turn: the writer is not held long


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTerminal:
    """A terminal as it is kept."""

    id: str
    unit_id: str | None
    plate: str
    datum: str
    changed_at: datetime
    changed_by: str


def keep_track(connection: Connection, seen: Position, source: str) -> bool:
    """Keep a position in the unit's track; False where one of that very instant is there: it came twice."""
    this = (unit_tracks.c.unit_id == seen.unit_id) & (unit_tracks.c.observed_at == seen.observed_at)
    if connection.execute(select(unit_tracks.c.unit_id).where(this)).first() is not None:
        return False
    connection.execute(
        insert(unit_tracks).values(
            unit_id=seen.unit_id,
            observed_at=seen.observed_at,
            received_at=seen.received_at,
            lon_deg=seen.place.lon_deg,
            lat_deg=seen.place.lat_deg,
            speed_mps=seen.speed_mps,
            heading_deg=seen.heading_deg,
            accuracy_m=seen.accuracy_m,
            source=source,
        )
    )
    return True


def track_of(
    connection: Connection, unit_id: str, since: datetime, until: datetime, most: int
) -> Sequence[Position]:
    """Return the newest positions of a unit within a window, oldest first."""
    query = (
        select(unit_tracks)
        .where(unit_tracks.c.unit_id == unit_id)
        .where(unit_tracks.c.observed_at >= since, unit_tracks.c.observed_at <= until)
        .order_by(unit_tracks.c.observed_at.desc())
        .limit(most)
    )
    return [_position(row) for row in reversed(connection.execute(query).all())]


def _position(row: Row[Any]) -> Position:
    return Position(
        unit_id=UnitId(row.unit_id),
        place=Place(row.lon_deg, row.lat_deg),
        observed_at=row.observed_at,
        received_at=row.received_at,
        speed_mps=row.speed_mps,
        heading_deg=row.heading_deg,
        accuracy_m=row.accuracy_m,
    )


def tracks_between(
    connection: Connection, since: datetime, until: datetime, apart_s: float
) -> dict[str, list[Position]]:
    """Return every unit's positions within a window, oldest first, none nearer to the one before than `apart_s`."""
    query = (
        select(unit_tracks)
        .where(unit_tracks.c.observed_at >= since, unit_tracks.c.observed_at <= until)
        .order_by(unit_tracks.c.unit_id, unit_tracks.c.observed_at)
    )
    found: dict[str, list[Position]] = {}
    for row in connection.execute(query):
        track = found.setdefault(row.unit_id, [])
        if track and (row.observed_at - track[-1].observed_at).total_seconds() < apart_s:
            continue
        track.append(_position(row))
    return found


def longest_gap_s(
    connection: Connection, unit_id: str, since: datetime, until: datetime
) -> float | None:
    """Return the longest time within a window in which a unit was not seen; None where it has no track there."""
    query = (
        select(unit_tracks.c.observed_at)
        .where(unit_tracks.c.unit_id == unit_id)
        .where(unit_tracks.c.observed_at >= since, unit_tracks.c.observed_at <= until)
        .order_by(unit_tracks.c.observed_at)
    )
    seen = connection.execute(query).scalars().all()
    if not seen:
        return None
    return float(max((b - a).total_seconds() for a, b in pairwise([since, *seen, until])))


def forget_tracks(connection: Connection, before: datetime) -> int:
    """Forget some of what was received before; return how many rows went, the turn's most where there may be more."""
    key = (unit_tracks.c.unit_id, unit_tracks.c.observed_at)
    old = select(*key).where(unit_tracks.c.received_at < before).limit(FORGOTTEN_AT_ONCE)
    return connection.execute(delete(unit_tracks).where(tuple_(*key).in_(old))).rowcount


def keep_terminal(connection: Connection, terminal: StoredTerminal) -> bool:
    """Keep a terminal as it is now; True where it was not known."""
    row = {
        "unit_id": terminal.unit_id,
        "plate": terminal.plate,
        "datum": terminal.datum,
        "changed_at": terminal.changed_at,
        "changed_by": terminal.changed_by,
    }
    this = avl_terminals.c.id == terminal.id
    if connection.execute(update(avl_terminals).where(this).values(**row)).rowcount:
        return False
    connection.execute(insert(avl_terminals).values(id=terminal.id, **row))
    return True


def all_terminals(connection: Connection) -> list[StoredTerminal]:
    """Return every terminal by its number."""
    return [
        StoredTerminal(**row._mapping)
        for row in connection.execute(select(avl_terminals).order_by(avl_terminals.c.id))
    ]


def load_terminal(connection: Connection, id: str) -> StoredTerminal | None:
    """Return one terminal, None where it is not known."""
    row = connection.execute(select(avl_terminals).where(avl_terminals.c.id == id)).first()
    return None if row is None else StoredTerminal(**row._mapping)
