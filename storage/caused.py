"""Which case an event of another room led to: found by the cause that its first event names."""

from sqlalchemy import Connection, select

from incidents.store import CASE_STREAM
from storage.tables import events


def case_caused_by(connection: Connection, seq: int) -> str | None:
    """Return the id of the case that the event `seq` opened or was attached to, None where it led to none."""
    name = select(events.c.event_id).where(events.c.seq == seq).scalar_subquery()
    # What an event leads to is kept soon after it: the search begins there, and no index is needed for it.
    query = (
        select(events.c.stream)
        .where(events.c.seq > seq, events.c.cause_id == name, events.c.stream.startswith(CASE_STREAM))
        .order_by(events.c.seq)
        .limit(1)
    )  # fmt: skip
    stream = connection.execute(query).scalar_one_or_none()
    return None if stream is None else str(stream).removeprefix(CASE_STREAM)
