"""The audit trail as it is kept: rows sealed one to the next by a key outside the database, refused every change by triggers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    RowMapping,
    String,
    Table,
    Text,
    insert,
    select,
    text,
)

from security.audit import FIRST, Anchor, AuditEntry, AuditKey, row_of, seal_row, to_micros
from storage.append_only import append_only
from storage.engine import WRITER_LOCK
from storage.instants import Instant
from storage.metadata import metadata

audit = append_only(
    Table(
        "audit",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("at", Instant, nullable=False),
        Column("actor_id", String(80), nullable=False),
        Column("actor_name", Text, nullable=False),
        Column("actor_kind", String(10), nullable=False),
        Column("actor_roles", Text, nullable=False),
        Column("ip", String(64), nullable=False),
        Column("session", String(12), nullable=False),
        Column("action", String(80), nullable=False),
        Column("object", Text, nullable=False),
        Column("result", String(10), nullable=False),
        Column("before", Text),
        Column("after", Text),
        Column("request_id", String(40), nullable=False),
        Column("scheme", String(16), nullable=False),
        Column("prev_hash", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        CheckConstraint("result IN ('done', 'refused', 'failed')", name="result"),
        Index("ix_audit_actor", "actor_id", "seq"),
        Index("ix_audit_object", "object", "seq"),
        Index("ix_audit_at", "at"),
    )
)
SEALED = tuple(
    str(column.name)
    for column in audit.columns
    if column.name not in ("scheme", "prev_hash", "hash")
)
ROWS_AT_ONCE = 1000
_HEAD = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_APPEND = insert(audit)
_TAKE_TURNS = text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: how many rows hold, and the first that does not with why, or None."""

    rows: int
    head: Anchor
    broken_seq: int | None = None
    problem: str = ""

    @property
    def whole(self) -> bool:
        """Say whether nothing was changed."""
        return self.broken_seq is None


def append_audit(connection: Connection, entry: AuditEntry, key: AuditKey) -> Anchor:
    """Append one row and return the new head; the caller's transaction decides whether it stays."""
    if connection.dialect.name == "postgresql":
        # Two writers would seal to the same row. The journal's writer holds this lock already.
        connection.execute(_TAKE_TURNS)
    head = audit_head(connection)
    row = row_of(entry, head.seq + 1)
    sealed = seal_row(key, row, head.hash)
    kept = {**row, "at": entry.at, "scheme": key.scheme, "prev_hash": head.hash, "hash": sealed}
    connection.execute(_APPEND, kept)
    return Anchor(head.seq + 1, sealed)


def audit_head(connection: Connection) -> Anchor:
    """Return the newest row's number and hash: what is to be anchored outside every minute."""
    row = connection.execute(_HEAD).first()
    return Anchor(row.seq, row.hash) if row else Anchor(0, FIRST)


def read_audit(
    connection: Connection,
    *,
    before_seq: int | None = None,
    actor_id: str | None = None,
    object_: str | None = None,
    action: str | None = None,
    limit: int = 200,
) -> list[RowMapping]:
    """Return the newest rows that fit, newest first; page on with `before_seq`."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    wanted = {audit.c.actor_id: actor_id, audit.c.object: object_, audit.c.action: action}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if before_seq is not None:
        query = query.where(audit.c.seq < before_seq)
    return list(connection.execute(query).mappings())


def verify_audit(connection: Connection, key: AuditKey, anchor: Anchor | None = None) -> Verdict:
    """Check every row's seal and place, and that `anchor`, kept outside, is still in the chain; name the first broken row."""
    head, rows, anchored = Anchor(0, FIRST), 0, anchor is None or anchor.seq == 0
    query = select(audit).order_by(audit.c.seq).execution_options(yield_per=ROWS_AT_ONCE)
    with connection.execute(query) as result:
        for row in result.mappings():
            problem = _problem(row, head, key)
            if not problem and anchor and row["seq"] == anchor.seq:
                anchored = row["hash"] == anchor.hash
                problem = "" if anchored else "not the row that was anchored outside"
            if problem:
                # A missing row breaks the chain at its own number, not at its neighbour's.
                return Verdict(rows, head, min(row["seq"], head.seq + 1), problem)
            head, rows = Anchor(row["seq"], row["hash"]), rows + 1
    if not anchored:
        return Verdict(rows, head, head.seq + 1, "rows up to the outside anchor are cut off")
    return Verdict(rows, head)


def _problem(row: RowMapping, head: Anchor, key: AuditKey) -> str:
    if row["seq"] != head.seq + 1:
        return "row missing"
    if row["prev_hash"] != head.hash:
        return "not sealed to the row before it"
    if row["scheme"] != key.scheme:
        key = AuditKey(key.secret, row["scheme"])  # the setting changed since
    if seal_row(key, _values(row), head.hash) != row["hash"]:
        return "values are not those that were sealed"
    return ""


def _values(row: RowMapping) -> Mapping[str, Any]:
    return {**{name: row[name] for name in SEALED}, "at": to_micros(row["at"])}
