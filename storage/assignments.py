"""Assignments as a projection of the units' events: what was asked of whom for which case, and what waits for an answer."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)
from sqlalchemy import delete as delete_from

from dispatch.assignment import Assignment
from dispatch.recommendation.gathering import Run
from storage.instants import Instant
from storage.metadata import metadata
from vocabulary.ids import CaseId, UnitId, id_at

assignments = Table(
    "assignments",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("unit_id", String(40), nullable=False),
    Column("case_id", String(26), nullable=False, index=True),
    Column("open", Boolean, nullable=False),
    Column("answer_by", Instant),
    Column("document", Text, nullable=False),
    Index("ix_assignments_answer_by", "answer_by"),
)
# The second lock on the door, under the units' versions: one unit, one open assignment.
one_open = Index(
    "uq_assignments_one_open",
    assignments.c.unit_id,
    unique=True,
    sqlite_where=assignments.c.open,
    postgresql_where=assignments.c.open,
)
_document = TypeAdapter(Assignment)
MOST_LISTED = 1_000


def project_assignment(connection: Connection, seen: Assignment) -> None:
    """Keep one assignment as it stands now."""
    row = {
        "open": seen.open,
        "answer_by": seen.answer_by if seen.open else None,
        "document": _document.dump_json(seen).decode(),
    }
    changed = connection.execute(
        update(assignments).where(assignments.c.id == seen.id).values(**row)
    )
    if not changed.rowcount:
        connection.execute(
            insert(assignments).values(
                id=seen.id, unit_id=seen.unit_id, case_id=seen.case_id, **row
            )
        )


def clear_assignments(connection: Connection) -> None:
    """Empty the table."""
    connection.execute(delete_from(assignments))


def load_assignment(connection: Connection, id: str) -> Assignment | None:
    """Return one assignment, None where it is not known."""
    query = select(assignments.c.document).where(assignments.c.id == id)
    document = connection.execute(query).scalar_one_or_none()
    return None if document is None else _document.validate_json(document)


def list_assignments(
    connection: Connection, *, case_id: str | None, unit_id: str | None, open: bool | None
) -> list[Assignment]:
    """Return the newest assignments of a case or a unit, oldest first (ids sort by the time they were made)."""
    query = select(assignments.c.document).order_by(assignments.c.id.desc()).limit(MOST_LISTED)
    if case_id is not None:
        query = query.where(assignments.c.case_id == case_id)
    if unit_id is not None:
        query = query.where(assignments.c.unit_id == unit_id)
    if open is not None:
        query = query.where(assignments.c.open == open)
    found = connection.execute(query).scalars().all()
    return list(map(_document.validate_json, reversed(found)))


def unanswered(connection: Connection, at: datetime) -> list[Assignment]:
    """Return the offers whose time to answer is over, the longest over first."""
    query = select(assignments.c.document).where(assignments.c.answer_by <= at)
    found = connection.execute(query.order_by(assignments.c.answer_by)).scalars()
    return list(map(_document.validate_json, found))


def asked_for(connection: Connection, case_id: CaseId) -> Iterable[UnitId]:
    """Return the units that were ever asked to go to a case."""
    query = select(assignments.c.unit_id).where(assignments.c.case_id == case_id).distinct()
    return [UnitId(unit_id) for unit_id in connection.execute(query).scalars()]


def runs_since(connection: Connection, since: datetime, at: datetime) -> dict[UnitId, Run]:
    """Return how often each unit went out since an instant, and for how long in all."""
    query = select(assignments.c.document).where(assignments.c.id >= id_at(since))
    found: dict[UnitId, Run] = {}
    for held in map(_document.validate_json, connection.execute(query).scalars()):
        if held.acked_at is None:
            continue  # asked, but it never went
        worked_s = ((held.ended_at or at) - held.acked_at).total_seconds()
        before = found.get(held.unit_id, Run())
        found[held.unit_id] = Run(
            runs=before.runs + 1, worked_s=before.worked_s + max(0.0, worked_s)
        )
    return found
