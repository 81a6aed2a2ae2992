"""Cases and reports as the screens and the API read them: a projection of the journal, made anew by `rebuild`."""

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from incidents.messages import CaseJoined, CaseOpened, CaseParted, ReportReceived
from incidents.model import Case
from incidents.rulebook import Tables, shipped_tables
from incidents.rules import apply
from incidents.store import CASE_STREAM
from storage.tables import cases, reports, timers
from storage.timers import move_timers
from vocabulary.folding import applied
from vocabulary.ids import CaseId, ReportId
from vocabulary.message import Event, Recorded

_case_document = TypeAdapter(Case)
_report_document = TypeAdapter(ReportReceived)
_LOAD = select(cases.c.document).where(cases.c.id == bindparam("case_id"))
_REPORTS = (
    select(reports.c.document)
    .where(reports.c.case_id == bindparam("case_id"))
    .order_by(reports.c.seq)
)
_KEEP_REPORT = insert(reports)
_OPEN = insert(cases)
_KEEP = update(cases).where(cases.c.id == bindparam("case_id"))


def read_case(document: str) -> Case:
    """Return the case that a row's `document` keeps."""
    return _case_document.validate_json(document)


def load_case(connection: Connection, case_id: str) -> Case | None:
    """Return one case as it stands, None where there is none."""
    document = connection.execute(_LOAD, {"case_id": case_id}).scalar_one_or_none()
    return None if document is None else read_case(document)


def load_reports(connection: Connection, case_id: str) -> list[ReportReceived]:
    """Return the reports that belong to a case, oldest first."""
    found = connection.execute(_REPORTS, {"case_id": case_id}).scalars()
    return [_report_document.validate_json(text) for text in found]


def case_of_report(connection: Connection, report_id: str) -> CaseId | None:
    """Return the case that a report belongs to now."""
    query = select(reports.c.case_id).where(reports.c.id == report_id)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else CaseId(found)


class CaseProjection:
    """Keeps the tables `cases`, `reports` and `timers` in step with the incidents' events."""

    def __init__(self, tables: Callable[[], Tables] = shipped_tables) -> None:
        self._tables = tables

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other rooms are passed over."""
        if not recorded.stream.startswith(CASE_STREAM):
            return
        case_id = recorded.stream.removeprefix(CASE_STREAM)
        event = recorded.event
        if isinstance(event, ReportReceived):
            _insert_report(connection, event, recorded.seq)
        elif isinstance(event, CaseJoined):
            _move_reports(connection, event.reports, event.case_id)
        elif isinstance(event, CaseParted):
            _move_reports(connection, event.reports, event.parted)
        # A stream's first event is the report that opens its case; a later report finds it there.
        before = None if recorded.version == 1 else load_case(connection, case_id)
        after = applied(apply, before, recorded)
        if after is not None:
            _keep(connection, after, recorded.seq, new=isinstance(event, CaseOpened))
            move_timers(connection, before, after, self._tables())

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        connection.execute(delete(timers))
        connection.execute(delete(cases))
        connection.execute(delete(reports))


def _insert_report(connection: Connection, event: ReportReceived, seq: int) -> None:
    row = {
        "id": event.report_id,
        "case_id": event.case_id,
        "opened_case_id": event.case_id,
        "seq": seq,
        "document": _report_document.dump_json(event).decode(),
    }
    connection.execute(_KEEP_REPORT, row)


def _move_reports(connection: Connection, moved: tuple[ReportId, ...], to: CaseId) -> None:
    connection.execute(update(reports).where(reports.c.id.in_(moved)).values(case_id=to))


def _keep(connection: Connection, case: Case, seq: int, *, new: bool) -> None:
    row = case_values(case, seq)
    if new:
        connection.execute(_OPEN, {**row, "id": case.id, "opened_seq": seq})
    else:
        connection.execute(_KEEP, {**row, "case_id": case.id})


def case_values(case: Case, seq: int) -> dict[str, Any]:
    """Return a case as its row keeps it, beside its id and the seq that opened it."""
    departments = sorted({task.department for task in case.tasks if task.released_at is None})
    return {
        "number": case.number,
        "version": case.version,
        "state": case.state.value,
        "open": case.open,
        "priority": case.priority.value,
        "category": case.category,
        "town": case.town,
        "lead": case.lead,
        "departments": "".join(f"|{department}" for department in departments) + "|",
        "lon_deg": case.place.lon_deg,
        "lat_deg": case.place.lat_deg,
        "search": f"{case.number} {case.text} {case.address} {case.town}".lower(),
        "opened_at": case.opened_at,
        "updated_at": case.updated_at,
        "due_at": case.clock.due_at if case.clock else None,
        "last_seq": seq,
        "document": _case_document.dump_json(case).decode(),
    }
