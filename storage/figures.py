"""What figures are counted from: one record per case, kept in step with the events of the case and of the units sent to it."""

from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from incidents.messages import CaseOpened
from indicators.fold import APPLIERS, fold
from indicators.record import CaseRecord
from storage.counters import next_number
from storage.metadata import metadata
from storage.tables import counters, events
from vocabulary.message import Event, Recorded

figure_records = Table(
    "figure_records",
    metadata,
    Column("case_id", String(26), primary_key=True),
    Column("last_seq", BigInteger, nullable=False, index=True),
    Column("document", Text, nullable=False),
)
MADE_ANEW: Final = "figures-made-anew"
_document = TypeAdapter(CaseRecord)
_LOAD: Final = select(figure_records.c.document).where(
    figure_records.c.case_id == bindparam("of_case")
)
_OPEN: Final = insert(figure_records)
_KEEP: Final = update(figure_records).where(figure_records.c.case_id == bindparam("of_case"))
_CHANGED: Final = (
    select(figure_records.c.last_seq, figure_records.c.document)
    .where(figure_records.c.last_seq > bindparam("after"))
    .order_by(figure_records.c.last_seq)
    .limit(bindparam("most"))
)


class FigureProjection:
    """Keeps the table `figure_records`."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Fold one event into its case's record; those that no figure rests on are passed over."""
        event = recorded.event
        if isinstance(event, CaseOpened):
            record = fold(None, recorded)
            if record is not None:
                values = {"case_id": event.case_id, **_row(record, recorded.seq)}
                connection.execute(_OPEN, values)
        elif type(event) in APPLIERS:
            case_id: str = event.case_id  # type: ignore[attr-defined]  # every event of that table names its case
            self._change(connection, case_id, recorded)

    def _change(self, connection: Connection, case_id: str, recorded: Recorded[Event]) -> None:
        before = load_record(connection, case_id)
        after = fold(before, recorded)
        if after is not None and after != before:
            connection.execute(_KEEP, {"of_case": case_id, **_row(after, recorded.seq)})

    def clear(self, connection: Connection) -> None:
        """Empty the table; who has read it is to read it anew."""
        connection.execute(delete(figure_records))
        next_number(connection, MADE_ANEW)


def times_made_anew(connection: Connection) -> int:
    """Return how often the records were emptied to be made anew: what was read of them before no longer stands."""
    query = select(counters.c.value).where(counters.c.name == MADE_ANEW)
    return int(connection.execute(query).scalar_one_or_none() or 0)


def load_record(connection: Connection, case_id: str) -> CaseRecord | None:
    """Return one case's record, None where there is none."""
    document = connection.execute(_LOAD, {"of_case": case_id}).scalar_one_or_none()
    return None if document is None else read_record(document)


def read_record(document: str) -> CaseRecord:
    """Return the record that a row's `document` keeps."""
    return _document.validate_json(document)


def changed_records(connection: Connection, after: int, most: int) -> list[tuple[int, CaseRecord]]:
    """Return records that changed after a seq, each with its own, in order of change."""
    rows = connection.execute(_CHANGED, {"after": after, "most": most})
    return [(row.last_seq, read_record(row.document)) for row in rows]


def event_mark(connection: Connection, seq: int) -> str:
    """Return what tells an event from any other that another journal may have at its number; empty where there is none."""
    row = connection.execute(select(events.c.event_id, events.c.chain).where(events.c.seq == seq))
    return " ".join(row.one_or_none() or ())


def any_record(connection: Connection) -> bool:
    """Say whether any record is kept."""
    return connection.execute(select(figure_records.c.case_id).limit(1)).first() is not None


def count_records(connection: Connection) -> int:
    """Return how many cases have a record."""
    counted = select(func.count()).select_from(figure_records)
    return int(connection.execute(counted).scalar_one())


def _row(record: CaseRecord, seq: int) -> dict[str, Any]:
    return {"last_seq": seq, "document": _document.dump_json(record).decode()}
