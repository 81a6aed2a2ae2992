"""`python -m storage.new_migration WORDS`: write the next migration from what the tables are and what the last one left."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.engine import open_store, store_url
from storage.schema import MIGRATIONS, migration_config, prepare_schema


def write_migration(words: str) -> None:
    """Compare an up-to-date empty store with the tables and write the difference; read it before you keep it."""
    number = len(list((MIGRATIONS / "versions").glob("*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(store_url("", Path(folder)))
        if number > 1:
            prepare_schema(store)
        with store.writer.begin() as connection:
            config = migration_config(connection)
            command.revision(config, message=words, autogenerate=True, rev_id=f"{number:04d}")
        store.close()


if __name__ == "__main__":
    write_migration(" ".join(sys.argv[1:]))
