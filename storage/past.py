"""What the journal held at an earlier number: which cases stood then unchanged since, and which must be folded again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from incidents.model import Case
from incidents.store import CASE_STREAM
from storage.case_list import open_cases
from storage.journal import select_last_seq
from storage.lots import lots
from storage.tables import events
from storage.transaction import EventCodec, read_recorded
from vocabulary.message import Event, Recorded

AT_ONCE = 400
_AT = select(events.c.recorded_at).where(events.c.seq == bindparam("seq"))
_CHANGED = (
    select(events.c.stream, func.min(events.c.version).label("version"))
    .where(events.c.seq > bindparam("seq"))
    .group_by(events.c.stream)
)
_HISTORIES = (
    select(events)
    .where(events.c.stream.in_(bindparam("streams", expanding=True)))
    .where(events.c.seq <= bindparam("seq"))
    .order_by(events.c.seq)
)


def seq_at(connection: Connection, at: datetime) -> int:
    """Return the newest number recorded at or before an instant, 0 where none was: by halving, numbers follow the clock."""
    low, high = 0, select_last_seq(connection)
    while low < high:
        middle = (low + high + 1) // 2
        recorded_at = connection.execute(_AT, {"seq": middle}).scalar_one()
        low, high = (middle, high) if recorded_at <= at else (low, middle - 1)
    return low


def instant_of(connection: Connection, seq: int) -> datetime | None:
    """Return when a number was recorded, None where there is none."""
    found: datetime | None = connection.execute(_AT, {"seq": seq}).scalar_one_or_none()
    return found


def changed_since(connection: Connection, seq: int) -> dict[str, int]:
    """Return the streams that went on after `seq`, each with the first version it got then."""
    return {row.stream: row.version for row in connection.execute(_CHANGED, {"seq": seq})}


def unchanged_cases(connection: Connection, changed: dict[str, int]) -> list[Case]:
    """Return the cases that are open now and were so, word for word, before what `changed`."""
    return [case for case in open_cases(connection) if CASE_STREAM + case.id not in changed]


def histories(
    connection: Connection, codec: EventCodec, streams: Sequence[str], seq: int
) -> dict[str, list[Recorded[Event]]]:
    """Return each stream's history up to `seq`."""
    found: dict[str, list[Recorded[Event]]] = {}
    for part in lots(streams, AT_ONCE):
        asked = {"streams": list(part), "seq": seq}
        for row in connection.execute(_HISTORIES, asked):
            found.setdefault(row.stream, []).append(read_recorded(row, codec))
    return found
