"""Fresh stores for the contract suites: SQLite always, PostgreSQL where one is reachable."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from storage.engine import Store, open_store, store_url
from storage.schema import prepare_schema
from vocabulary.ids import new_id

POSTGRES = os.environ.get("ONENET_TEST_POSTGRES", "")


@contextmanager
def fresh_store(kind: str, folder: Path) -> Iterator[Store]:
    """Yield an empty store with its schema: `sqlite` in `folder`, or a `postgresql` database of its own."""
    with fresh_url(kind, folder) as url:
        store = open_store(store_url(url, folder))
        try:
            prepare_schema(store)
            yield store
        finally:
            store.close()


@contextmanager
def fresh_url(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database, empty text for the SQLite file in `folder`."""
    if kind == "sqlite":
        yield ""
        return
    name = f"onenet_{new_id().lower()}"
    admin = create_engine(
        make_url(POSTGRES).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
