"""The schema: migrations make exactly what the tables say, twice is once, and a newer store is refused."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from storage import every_table
from storage.engine import Store
from storage.metadata import metadata
from storage.schema import migration_config, prepare_schema
from vocabulary.errors import Unavailable


def test_the_migrations_make_what_the_tables_say(store: Store) -> None:
    assert every_table.EVERY_TABLE_MODULE
    with store.writer.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_preparing_a_prepared_store_changes_nothing(store: Store) -> None:
    prepare_schema(store)
    with store.reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM events")).scalar_one() == 0


def test_a_store_from_a_newer_program_is_refused(store: Store) -> None:
    with store.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable) as refused:
        prepare_schema(store)
    assert "9999" in refused.value.text("en")


def test_the_way_back_leaves_no_table(store: Store) -> None:
    with store.writer.begin() as connection:
        command.downgrade(migration_config(connection), "base")
    assert set(inspect(store.reader).get_table_names()) <= {"alembic_version"}
