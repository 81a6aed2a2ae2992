"""The list of cases, newest first: filters, search and a cursor that stays right while cases come in."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from incidents.filters import CaseFilter
from incidents.model import Case
from storage.cases import read_case
from storage.tables import cases
from vocabulary.errors import Refused


def list_cases(
    connection: Connection, wanted: CaseFilter, *, limit: int, cursor: str | None
) -> tuple[list[Case], str | None]:
    """Return a page of cases and the cursor of the next, None at the end.

    Raises Refused `cases.bad_cursor` for a cursor that this function did not give.
    """
    query = select(cases.c.document, cases.c.opened_seq).where(*_conditions(wanted))
    if cursor is not None:
        if not cursor.isdecimal() or len(cursor) > 18:
            raise Refused("cases.bad_cursor", value=cursor)
        query = query.where(cases.c.opened_seq < int(cursor))
    rows = connection.execute(query.order_by(cases.c.opened_seq.desc()).limit(limit + 1)).all()
    page = rows[:limit]
    following = str(page[-1].opened_seq) if len(rows) > limit else None
    return [read_case(row.document) for row in page], following


def open_cases(connection: Connection) -> list[Case]:
    """Return every open case, oldest first."""
    query = select(cases.c.document).where(cases.c.open.is_(True)).order_by(cases.c.opened_seq)
    return [read_case(document) for document in connection.execute(query).scalars()]


def cases_of(connection: Connection, ids: Sequence[str]) -> list[Case]:
    """Return cases by their ids, in that order; those that are not there are left out."""
    query = select(cases.c.id, cases.c.document).where(cases.c.id.in_(list(ids)))
    found = {row.id: row.document for row in connection.execute(query)}
    return [read_case(found[id]) for id in ids if id in found]


def any_case(connection: Connection) -> bool:
    """Say whether any case is kept."""
    return connection.execute(select(cases.c.id).limit(1)).first() is not None


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    c = cases.c
    department = f"|{wanted.department}|"
    text = (wanted.text or "").lower()
    candidates = (
        (wanted.states, c.state.in_(wanted.states)),
        (wanted.priorities, c.priority.in_(wanted.priorities)),
        (wanted.open is not None, c.open.is_(wanted.open)),
        (wanted.town, c.town == wanted.town),
        (wanted.lead, c.lead == wanted.lead),
        (wanted.category, c.category.contains(wanted.category or "", autoescape=True)),
        (wanted.department, c.departments.contains(department, autoescape=True)),
        (text, c.search.contains(text, autoescape=True)),
        (
            wanted.since,
            c.updated_at >= wanted.since if wanted.since else None,
        ),
    )
    return [condition for asked, condition in candidates if asked and condition is not None]
