"""Where readings lie: a SQLite file of their own beside the store, or tables of the store where that is PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from sensors.batch import Batch
from storage.engine import Store
from storage.readings import Database, StoredReadings

SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS arrivals (seq BIGINT NOT NULL PRIMARY KEY, columns {blob} NOT NULL)",
    "CREATE TABLE IF NOT EXISTS readings (channel BIGINT NOT NULL, observed_us BIGINT NOT NULL, lag_ms BIGINT NOT NULL,"
    " value {real}, quality SMALLINT NOT NULL, PRIMARY KEY (channel, observed_us)){tail}",
    "CREATE TABLE IF NOT EXISTS unrolled (channel BIGINT NOT NULL, quarter BIGINT NOT NULL,"
    " PRIMARY KEY (channel, quarter)){tail}",
    "CREATE TABLE IF NOT EXISTS rollups (level SMALLINT NOT NULL, channel BIGINT NOT NULL, at_us BIGINT NOT NULL,"
    " least {real}, most {real}, total {real}, good BIGINT NOT NULL, bad BIGINT NOT NULL,"
    " PRIMARY KEY (level, channel, at_us)){tail}",
)
CACHE_KIB: Final = 65_536


def open_readings(store: Store, home: Path) -> StoredReadings:
    """Return the readings of a home: beside its SQLite store, or within its PostgreSQL."""
    database: Database = (
        SqliteReadings(home / "readings.db") if store.embedded else PostgresReadings(store.writer)
    )
    return StoredReadings(database)


class SqliteReadings:
    """`storage.readings.Database` over a file; acknowledged readings survive a power cut (synchronous FULL)."""

    mark = "?"

    def __init__(self, file: Path) -> None:
        file.touch(mode=0o600)
        file.chmod(0o600)
        self._file = file
        self._writer = self._connect()
        with self.transaction() as cursor:
            for statement in SCHEMA:
                cursor.execute(statement.format(blob="BLOB", real="REAL", tail=" WITHOUT ROWID"))

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        for pragma in (
            "busy_timeout = 30000",
            "journal_mode = WAL",
            "synchronous = FULL",
            f"cache_size = -{CACHE_KIB}",
            "journal_size_limit = 67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Yield a cursor whose work is kept when the block ends."""
        with closing(self._writer.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """Yield a cursor of a connection of this moment's own."""
        with closing(self._connect()) as connection, closing(connection.cursor()) as cursor:
            yield cursor

    def lay(self, cursor: Any, batch: Batch) -> None:
        """Put rows under their keys."""
        cursor.executemany(
            "INSERT INTO readings VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel, observed_us)"
            " DO UPDATE SET lag_ms = excluded.lag_ms, value = excluded.value, quality = excluded.quality",
            _columns(batch),
        )

    def close(self) -> None:
        """Close the file."""
        self._writer.close()


class PostgresReadings:
    """`storage.readings.Database` over the store's PostgreSQL."""

    mark = "%s"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with self.transaction() as cursor:
            for statement in SCHEMA:
                cursor.execute(statement.format(blob="BYTEA", real="DOUBLE PRECISION", tail=""))

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Yield a cursor whose work is kept when the block ends."""
        raw = self._engine.raw_connection()
        try:
            with raw.cursor() as cursor:  # type: ignore[attr-defined]
                yield cursor
            raw.commit()
        except BaseException:
            raw.rollback()
            raise
        finally:
            raw.close()

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """Yield a cursor to read with."""
        with self.transaction() as cursor:
            yield cursor

    def lay(self, cursor: Any, batch: Batch) -> None:
        """Put rows under their keys, by way of a COPY."""
        cursor.execute("CREATE TEMP TABLE laid (LIKE readings) ON COMMIT DROP")
        with cursor.copy("COPY laid FROM STDIN") as copy:
            for row in _columns(batch):
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO readings SELECT * FROM laid ON CONFLICT (channel, observed_us) DO UPDATE"
            " SET lag_ms = excluded.lag_ms, value = excluded.value, quality = excluded.quality"
        )

    def close(self) -> None:
        """Leave the store to who opened it."""


def _columns(batch: Batch) -> Iterator[tuple[int, int, int, float | None, int]]:
    lag_ms = ((batch.received_us - batch.observed_us) // 1000).tolist()
    # A gap has no value: NaN is NULL in SQLite, and in PostgreSQL it must be said.
    values = [value if value == value else None for value in batch.value.tolist()]
    return zip(
        batch.channel.tolist(),
        batch.observed_us.tolist(),
        lag_ms,
        values,
        batch.quality.tolist(),
        strict=True,
    )
