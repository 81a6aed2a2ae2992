"""What intake keeps beside the journal: keys of imported rows, codes of public reports, and where photos lie."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, insert, select

from storage.instants import Instant
from storage.metadata import metadata
from vocabulary.ids import ReportId

# A row of a file that was imported: brought again, it is the same report, however long ago it was.
imported_reports = Table(
    "imported_reports",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("report_id", String(26), nullable=False),
    Column("case_id", String(26), nullable=False),
    Column("imported_at", Instant, nullable=False),
)

# The code that a citizen holds is not kept, only its hash: who reads the database cannot ask in their name.
public_codes = Table(
    "public_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("report_id", String(26), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
)

photos = Table(
    "photos",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(26), nullable=False, index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(80), nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture that was kept; its file is named by its id, which nobody can guess."""

    id: str
    report_id: ReportId
    width: int
    height: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A row that was imported before."""

    fingerprint: str
    report_id: ReportId
    case_id: str


def find_imported(connection: Connection, key: str) -> Imported | None:
    """Return what became of a row when it was imported, None where it is new."""
    row = connection.execute(select(imported_reports).where(imported_reports.c.key == key)).first()
    if row is None:
        return None
    return Imported(
        fingerprint=row.fingerprint, report_id=ReportId(row.report_id), case_id=row.case_id
    )


def keep_imported(connection: Connection, key: str, imported: Imported, at: datetime) -> None:
    """Remember a row."""
    connection.execute(
        insert(imported_reports).values(
            key=key,
            fingerprint=imported.fingerprint,
            report_id=imported.report_id,
            case_id=imported.case_id,
            imported_at=at,
        )
    )


def keep_code(connection: Connection, digest: str, report_id: ReportId, at: datetime) -> None:
    """Keep the hash of a public report's code."""
    connection.execute(insert(public_codes).values(digest=digest, report_id=report_id, made_at=at))


def report_of_code(connection: Connection, digest: str) -> ReportId | None:
    """Return the report that a code stands for."""
    query = select(public_codes.c.report_id).where(public_codes.c.digest == digest)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else ReportId(found)


def keep_photo(connection: Connection, photo: Photo, at: datetime, by: str) -> None:
    """Remember a photo."""
    connection.execute(
        insert(photos).values(
            id=photo.id,
            report_id=photo.report_id,
            width=photo.width,
            height=photo.height,
            bytes=photo.bytes,
            sha256=photo.sha256,
            added_at=at,
            added_by=by,
        )
    )


def photos_of(connection: Connection, report_ids: list[ReportId]) -> dict[ReportId, list[Photo]]:
    """Return the photos of those reports that have any."""
    found: dict[ReportId, list[Photo]] = {}
    query = select(photos).where(photos.c.report_id.in_(report_ids)).order_by(photos.c.id)
    for row in connection.execute(query):
        photo = Photo(
            id=row.id,
            report_id=ReportId(row.report_id),
            width=row.width,
            height=row.height,
            bytes=row.bytes,
            sha256=row.sha256,
        )
        found.setdefault(photo.report_id, []).append(photo)
    return found


def report_of_photo(connection: Connection, photo_id: str) -> ReportId | None:
    """Return the report that a photo belongs to."""
    query = select(photos.c.report_id).where(photos.c.id == photo_id)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else ReportId(found)
