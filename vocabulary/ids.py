"""Identifiers: every id is a ULID, sortable by the time it was made and safe in URLs, channels and file names."""

from datetime import datetime
from typing import NewType

from ulid import ULID

CaseId = NewType("CaseId", str)
ReportId = NewType("ReportId", str)
UnitId = NewType("UnitId", str)
PersonId = NewType("PersonId", str)
MessageId = NewType("MessageId", str)


def new_id() -> str:
    """Return a new ULID as 26 characters of Crockford base 32."""
    return str(ULID())


def id_at(instant: datetime) -> str:
    """Return a new ULID whose time part is `instant` (aware)."""
    return str(ULID.from_datetime(instant))
