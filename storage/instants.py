"""Instants in the store: aware UTC datetimes kept as whole microseconds since 1970, the same in SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

from vocabulary.clock import to_utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """Column type: aware datetime on the Python side, BIGINT microseconds in the store."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return microseconds since 1970-01-01T00:00:00Z; a naive datetime is refused."""
        return None if value is None else (to_utc(value) - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the aware UTC datetime."""
        return None if value is None else EPOCH + value * MICROSECOND
