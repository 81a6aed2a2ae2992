"""Callers' names and phones: sealed, apart from the events, gone when they are erased."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
)

from security.masking import domestic_digits
from security.sealing import Keyring
from storage.lots import lots
from storage.metadata import metadata
from vocabulary.ids import ReportId, id_at

personal = Table(
    "personal",
    metadata,
    Column("report_id", String(26), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column(
        "caller_digest", String(64), index=True
    ),  # of the phone, so that the same caller is known
)
FIELDS = frozenset({"caller_phone", "caller_name"})
ASKED_AT_ONCE = 500
NEWEST = 5
TIME_PART = 10  # characters of a ULID
_KEEP = insert(personal)
_READ = select(personal).where(personal.c.report_id.in_(bindparam("wanted", expanding=True)))
_OF_CALLER = (
    select(personal.c.report_id)
    .where(
        personal.c.caller_digest == bindparam("digest"),
        personal.c.report_id >= bindparam("since"),
    )
    .order_by(personal.c.report_id.desc())
    .limit(NEWEST)
)


def keep_personal(
    connection: Connection, report_id: ReportId, fields: Mapping[str, str | None], keyring: Keyring
) -> bool:
    """Seal and keep a report's personal fields; empty ones are not kept. Return whether there was anything to keep."""
    if unknown := fields.keys() - FIELDS:
        raise ValueError(f"not personal fields: {sorted(unknown)}")
    given = {name: value for name, value in fields.items() if value}
    if not given:
        return False
    key_id, sealed = keyring.seal(given, about=report_id)
    phone = given.get("caller_phone")
    row = {
        "report_id": report_id,
        "sealed": sealed,
        "key_id": key_id,
        "caller_digest": caller_digest(phone, keyring) if phone else None,
    }
    connection.execute(_KEEP, row)
    return True


def caller_digest(phone: str, keyring: Keyring) -> str:
    """Return what the same number gives again, however it was written."""
    return keyring.digest("caller:" + domestic_digits(phone))


def reports_of_caller(connection: Connection, digest: str, since: datetime) -> list[ReportId]:
    """Return the newest reports by a caller since an instant, the newest first."""
    # An id begins with the time it was made at, so that no instant need be kept beside it.
    asked = {"digest": digest, "since": id_at(since)[:TIME_PART]}
    return [ReportId(each) for each in connection.execute(_OF_CALLER, asked).scalars()]


def read_personal(
    connection: Connection, report_ids: Iterable[ReportId], keyring: Keyring
) -> dict[ReportId, dict[str, str]]:
    """Return the personal fields of those reports that have any; the caller has asked `personal.read` and audits the look."""
    wanted, found = list(report_ids), {}
    for part in lots(wanted, ASKED_AT_ONCE):
        for row in connection.execute(_READ, {"wanted": part}):
            found[ReportId(row.report_id)] = keyring.unseal(row.key_id, row.sealed, row.report_id)
    return found


def erase_personal(connection: Connection, report_ids: Iterable[ReportId]) -> int:
    """Erase the personal fields of these reports (retention, or a person's wish) and return how many rows went."""
    wanted = personal.c.report_id.in_(list(report_ids))
    return connection.execute(delete(personal).where(wanted)).rowcount
