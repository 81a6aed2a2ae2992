"""Open the store: SQLite (WAL, synchronous FULL) beside us, or PostgreSQL by URL, with one engine to write and one to read."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from vocabulary.errors import Refused, Unavailable

BUSY_TIMEOUT_MS = 30_000
WRITER_LOCK = 0x6F6E656E6574  # "onenet": the PostgreSQL advisory lock that makes writers take turns
READERS = 8
DRIVERS = {  # what an operator may write, and what it means
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
}


@dataclass(frozen=True)
class Store:
    """Two engines on one database; `writer` begins every transaction already holding the write lock."""

    writer: Engine
    reader: Engine

    @property
    def embedded(self) -> bool:
        """Say whether the store is the SQLite file beside us."""
        return self.writer.dialect.name == "sqlite"

    def close(self) -> None:
        """Let every connection go."""
        self.writer.dispose()
        self.reader.dispose()


def store_url(database_url: str, home: Path) -> URL:
    """Return the URL of the store: `database_url` if given, else the SQLite file in `home`.

    Raises Refused when it is no URL, or one of a kind of database that is not supported; its words are never repeated.
    """
    if not database_url:
        return URL.create("sqlite", database=str(home / "onenet.db"))
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):  # the second: a port that is no number
        raise Refused("store.bad_url") from None
    driver = DRIVERS.get(url.drivername)
    if driver is None:
        raise Refused("store.unknown_kind", kind=url.drivername)
    return url.set(drivername=driver)


def open_store(url: URL) -> Store:
    """Connect to the store and prove that it answers.

    Raises Unavailable with host and database, never the password, when it does not.
    """
    sqlite = url.get_backend_name() == "sqlite"
    arguments = {} if sqlite else {"connect_timeout": 2, "application_name": "one-network"}
    writer = create_engine(url, pool_size=1, max_overflow=4, pool_pre_ping=not sqlite,
                           connect_args=arguments)  # fmt: skip
    reader = create_engine(url, pool_size=READERS, max_overflow=8, pool_pre_ping=not sqlite,
                           connect_args=arguments)  # fmt: skip
    _prepare(writer, write=True)
    _prepare(reader, write=False)
    store = Store(writer, reader)
    try:
        with writer.begin() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as problem:
        store.close()
        raise unreachable(url, problem) from None
    return store


def unreachable(url: URL, problem: SQLAlchemyError) -> Unavailable:
    """Return the sentence for a store that does not answer."""
    cause = getattr(problem, "orig", None) or problem
    first_line = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    # Without the query: a password may stand there too.
    where = url.difference_update_query(url.query).render_as_string(hide_password=True)
    return Unavailable("store.unreachable", where=where, problem=first_line)


def _prepare(engine: Engine, *, write: bool) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        begin = "BEGIN IMMEDIATE" if write else "BEGIN"
    else:
        event.listen(engine, "connect", _postgres_connected)
        begin = f"SELECT pg_advisory_xact_lock({WRITER_LOCK})" if write else ""
    if begin:
        event.listen(engine, "begin", lambda connection: _begin(connection, begin))


def _begin(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _sqlite_connected(connection: object, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # we say BEGIN ourselves
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "wal_autocheckpoint = 1000",
        "journal_size_limit = 67108864",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _postgres_connected(connection: object, _entry: ConnectionPoolEntry) -> None:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SET statement_timeout = '30s'")
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()  # type: ignore[attr-defined]
