"""Bring the store's schema to what this program needs, and refuse a store that is newer."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.engine import Store
from vocabulary.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def prepare_schema(store: Store) -> None:
    """Run the migrations that are missing, in one transaction.

    Raises Unavailable `store.newer` when the store has a revision this program does not know.
    """
    with store.writer.begin() as connection:
        found = current_revision(connection)
        known = known_revisions()
        if found == known[-1]:
            return
        if found is not None and found not in known:
            raise Unavailable("store.newer", found=found)
        from alembic import command  # slow to load, and needed only here

        command.upgrade(migration_config(connection), "head")


def known_revisions() -> list[str]:
    """Return the revisions this program knows, oldest first: each migration's file begins with its own."""
    return sorted(file.stem.partition("_")[0] for file in (MIGRATIONS / "versions").glob("*.py"))


def migration_config(connection: Connection) -> "Config":
    """Return Alembic's configuration for one open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def current_revision(connection: Connection) -> str | None:
    """Return the store's revision, None for an empty store."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
