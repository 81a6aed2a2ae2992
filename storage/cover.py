"""Gaps of cover (覆盖空白): since when an area had no free unit in reach, seen again and again; a record of its own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, Integer, String, Table, insert, select, update

from storage.instants import Instant
from storage.metadata import metadata
from vocabulary.ids import new_id

# Between two looks longer apart than this nobody looked: that time is not counted as a gap, nor as cover.
UNSEEN_AFTER: Final = timedelta(minutes=5)

cover_gaps = Table(
    "cover_gaps",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("service", String(20), nullable=False),
    Column("area", String(80), nullable=False),
    Column("people", Integer, nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant, index=True),
)
# When somebody looked at all: what lies between two of these rows is known by nobody.
cover_looks = Table(
    "cover_looks",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("since_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGap:
    """One gap: from when to when it was seen; `ended_at` None: it stands."""

    service: str
    area: str
    people: int
    since_at: datetime
    seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverLook:
    """From when to when somebody looked without a break."""

    id: str
    since_at: datetime
    seen_at: datetime


def note_look(connection: Connection, at: datetime) -> None:
    """Keep that somebody looks now; a look soon after the last one goes on with it."""
    newest = select(cover_looks).order_by(cover_looks.c.seen_at.desc()).limit(1)
    last = connection.execute(newest).first()
    if last is not None and last.seen_at <= at <= last.seen_at + UNSEEN_AFTER:
        this = cover_looks.c.id == last.id
        connection.execute(update(cover_looks).where(this).values(seen_at=at))
    else:
        connection.execute(insert(cover_looks).values(id=new_id(), since_at=at, seen_at=at))


def looks_since(connection: Connection, since: datetime) -> list[CoverLook]:
    """Return when somebody looked from an instant on, the oldest first."""
    query = select(cover_looks).where(cover_looks.c.seen_at >= since)
    return [
        CoverLook(id=row.id, since_at=row.since_at, seen_at=row.seen_at)
        for row in connection.execute(query.order_by(cover_looks.c.since_at))
    ]


def note_gaps(connection: Connection, seen: Mapping[Key, int], at: datetime) -> Collection[Key]:
    """Bring the table up to what is seen now (service and area to people out of reach); return the gaps that began."""
    standing = connection.execute(select(cover_gaps).where(cover_gaps.c.ended_at.is_(None))).all()
    going_on: set[Key] = set()
    for row in standing:
        key = (row.service, row.area)
        mine = cover_gaps.c.id == row.id
        unseen = at - row.seen_at > UNSEEN_AFTER
        if key in seen and not unseen:
            going_on.add(key)
            change = {"seen_at": at, "people": max(row.people, seen[key])}
        else:
            # It ended where it was last seen, or just now where somebody was looking all the while.
            change = {"ended_at": row.seen_at if unseen else at, "people": row.people}
            change |= {} if unseen else {"seen_at": at}
        connection.execute(update(cover_gaps).where(mine).values(**change))
    begun = [key for key in seen if key not in going_on]
    for service, area in begun:
        people = seen[service, area]
        gap = {"service": service, "area": area, "people": people, "since_at": at, "seen_at": at}
        connection.execute(insert(cover_gaps).values(id=new_id(), **gap))
    return begun


def gaps_between(connection: Connection, since: datetime, until: datetime) -> list[CoverGap]:
    """Return the gaps that were seen at any time in a window, the oldest first."""
    query = (
        select(cover_gaps)
        .where(cover_gaps.c.since_at < until, cover_gaps.c.seen_at >= since)
        .order_by(cover_gaps.c.since_at, cover_gaps.c.id)
    )
    return [
        CoverGap(
            service=row.service,
            area=row.area,
            people=row.people,
            since_at=row.since_at,
            seen_at=row.seen_at,
            ended_at=row.ended_at,
        )
        for row in connection.execute(query)
    ]


def minutes_of(gap: CoverGap, since: datetime, until: datetime) -> float:
    """Return how many minutes of a window a gap stood."""
    first, last = max(gap.since_at, since), min(gap.ended_at or gap.seen_at, until)
    return max(0.0, (last - first).total_seconds() / 60)
