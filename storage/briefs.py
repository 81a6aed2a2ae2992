"""Briefs: those that wait for their hour, those being made, and past ones with their files."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from storage.instants import Instant
from storage.metadata import metadata

briefs = Table(
    "briefs",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("slot", String(40), unique=True),
    Column("kind", String(8), nullable=False),
    Column("first", String(10), nullable=False),
    Column("last", String(10), nullable=False),
    Column("language", String(2), nullable=False),
    Column("ordered_by", String(80), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("step", Integer, nullable=False),
    Column("begun_at", Instant),
    Column("made_at", Instant),
    Column("problem", Text, nullable=False),
    Column("pdf", LargeBinary),
    Column("xlsx", LargeBinary),
    Index("ix_briefs_state_due", "state", "due_at"),
)
WITHOUT_FILES: Final = [column for column in briefs.c if column.name not in {"pdf", "xlsx"}]
FILES: Final = {"pdf": briefs.c.pdf, "xlsx": briefs.c.xlsx}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One brief: its days, its language, and how far it is (`step` of a hundred); a planned one has a slot of its own."""

    id: str
    kind: str
    first: date
    last: date
    language: str
    ordered_by: str
    due_at: datetime
    slot: str | None = None
    state: str = "waiting"
    step: int = 0
    begun_at: datetime | None = None
    made_at: datetime | None = None
    problem: str = ""


def order(connection: Connection, brief: Brief) -> bool:
    """Keep a brief to be made; False where its slot is taken: it is made once, at the hour that was set last."""
    if brief.slot is not None:
        taken = select(briefs.c.id, briefs.c.state).where(briefs.c.slot == brief.slot)
        if (kept := connection.execute(taken).first()) is not None:
            if kept.state == "waiting":
                change(connection, kept.id, due_at=brief.due_at)
            return False
    values = {name: getattr(brief, name) for name in brief.__slots__}
    days = {"first": brief.first.isoformat(), "last": brief.last.isoformat()}
    connection.execute(insert(briefs).values(**values | days))
    return True


def take_due(connection: Connection, now: datetime, given_up: datetime) -> Brief | None:
    """Take the brief that is due longest; one whose maker was cut off (begun before `given_up`) is taken again."""
    c = briefs.c
    waiting = (c.state == "waiting") & (c.due_at <= now)
    cut_off = (c.state == "making") & (c.begun_at < given_up)
    query = select(*WITHOUT_FILES).where(waiting | cut_off).order_by(c.due_at).limit(1)
    row = connection.execute(query).first()
    if row is None:
        return None
    change(connection, row.id, state="making", begun_at=now, step=0)
    return _brief(row)


def change(connection: Connection, id: str, **values: Any) -> None:
    """Set how far a brief is, or what came of it."""
    connection.execute(update(briefs).where(briefs.c.id == id).values(**values))


def list_briefs(connection: Connection, limit: int) -> list[Brief]:
    """Return briefs, the newest first."""
    query = select(*WITHOUT_FILES).order_by(briefs.c.id.desc())
    return [_brief(row) for row in connection.execute(query.limit(limit))]


def load_brief(connection: Connection, id: str) -> Brief | None:
    """Return one brief, None where there is none."""
    row = connection.execute(select(*WITHOUT_FILES).where(briefs.c.id == id)).first()
    return None if row is None else _brief(row)


def load_file(connection: Connection, id: str, form: str) -> bytes | None:
    """Return a brief's file, None where it is not made."""
    found = connection.execute(select(FILES[form]).where(briefs.c.id == id)).scalar_one_or_none()
    return None if found is None else bytes(found)


def _brief(row: Row[Any]) -> Brief:
    values = {column.name: getattr(row, column.name) for column in WITHOUT_FILES}
    days = {name: date.fromisoformat(values[name]) for name in ("first", "last")}
    return Brief(**values | days)
