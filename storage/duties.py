"""Since when which unit was known and by which roster it served: a projection of the units' events, made anew by `rebuild`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Column, Connection, String, Table, Text, delete, insert, select

from dispatch.messages import UnitRegistered, UnitRostered
from dispatch.model import Shift
from storage.instants import Instant
from storage.metadata import metadata
from vocabulary.message import Event, Recorded

unit_duties = Table(
    "unit_duties",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("unit_id", String(40), nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("document", Text, nullable=False),
)
_document: TypeAdapter[UnitRegistered | UnitRostered] = TypeAdapter(UnitRegistered | UnitRostered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """From an instant on a unit serves by a roster; None: it became known, or its particulars were set anew."""

    seq: int
    unit_id: str
    since_at: datetime
    roster: tuple[Shift, ...] | None


class DutyProjection:
    """Keeps the table `unit_duties`."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Keep one event of a roster; those of other things are passed over."""
        event = recorded.event
        if not isinstance(event, UnitRegistered | UnitRostered):
            return
        row = {
            "seq": recorded.seq,
            "unit_id": event.unit_id,
            "since_at": recorded.recorded_at,
            "document": _document.dump_json(event).decode(),
        }
        connection.execute(insert(unit_duties).values(**row))

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        connection.execute(delete(unit_duties))


def duties_after(connection: Connection, seq: int) -> Sequence[Duty]:
    """Return what was kept after an event, in its order."""
    query = select(unit_duties).where(unit_duties.c.seq > seq).order_by(unit_duties.c.seq)
    return [
        Duty(seq=row.seq, unit_id=row.unit_id, since_at=row.since_at, roster=_roster(row.document))
        for row in connection.execute(query)
    ]


def _roster(document: str) -> tuple[Shift, ...] | None:
    event = _document.validate_json(document)
    return event.roster if isinstance(event, UnitRostered) else None
