"""Timers in the store: armed with the event that starts them, in its transaction; what is due is found by its index."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from incidents.model import Case
from incidents.rulebook import Tables
from incidents.timers import Timer, TimerKind, timers_of
from storage.tables import timers
from vocabulary.ids import CaseId

_OF_CASE = select(timers).where(timers.c.case_id == bindparam("of_case"))
_THIS = (
    timers.c.case_id == bindparam("of_case"),
    timers.c.kind == bindparam("of_kind"),
    timers.c.part == bindparam("of_part"),
)
_DUE_AT = select(timers.c.due_at).where(*_THIS)
_DROP = delete(timers).where(*_THIS)
_ARM = insert(timers)


def keep_timers(connection: Connection, case: Case, tables: Tables) -> None:
    """Make the kept timers of a case those that run on it now."""
    kept = {_timer(row) for row in connection.execute(_OF_CASE, {"of_case": case.id})}
    wanted = set(timers_of(case, tables))
    if gone := kept - wanted:
        connection.execute(_DROP, [_key(timer) for timer in gone])
    if fresh := wanted - kept:
        connection.execute(_ARM, [_row(timer) for timer in fresh])


def move_timers(connection: Connection, before: Case | None, after: Case, tables: Tables) -> None:
    """Arm and stop what one event started and ended; most change a few rows, some none, and none is read."""
    were = set(timers_of(before, tables)) if before else set()
    are = set(timers_of(after, tables))
    if before and (changed := were ^ are):
        connection.execute(_DROP, [_key(timer) for timer in changed])
    if fresh := are - were:
        connection.execute(_ARM, [_row(timer) for timer in fresh])


def arm_again(connection: Connection, cases: Iterable[Case], tables: Tables) -> int:
    """Arm what today's tables ask of cases that stand; return how many timers run then."""
    armed = 0
    for case in cases:
        keep_timers(connection, case, tables)
        armed += len(timers_of(case, tables))
    return armed


def any_timer(connection: Connection) -> bool:
    """Say whether any timer is kept."""
    return connection.execute(select(timers.c.case_id).limit(1)).first() is not None


def due_timers(connection: Connection, at: datetime, limit: int) -> list[Timer]:
    """Return the timers that are due, the longest overdue first."""
    query = select(timers).where(timers.c.due_at <= at)
    rows = connection.execute(query.order_by(timers.c.due_at, timers.c.kind).limit(limit))
    return [_timer(row) for row in rows]


def timer_stands(connection: Connection, timer: Timer) -> bool:
    """Say whether this very timer is still kept: it has not gone off, and nothing has moved it."""
    return connection.execute(_DUE_AT, _key(timer)).scalar_one_or_none() == timer.due_at


def drop_timer(connection: Connection, timer: Timer) -> None:
    """Forget one timer."""
    connection.execute(_DROP, _key(timer))


def _key(timer: Timer) -> dict[str, str]:
    return {"of_case": timer.case_id, "of_kind": timer.kind.value, "of_part": timer.part}


def _row(timer: Timer) -> dict[str, object]:
    return {
        "case_id": timer.case_id,
        "kind": timer.kind.value,
        "part": timer.part,
        "due_at": timer.due_at,
    }


def _timer(row: Row[Any]) -> Timer:
    return Timer(
        case_id=CaseId(row.case_id),
        kind=TimerKind(row.kind),
        part=row.part,
        due_at=row.due_at,
    )
