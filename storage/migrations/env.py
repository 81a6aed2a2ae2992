"""Alembic's entry: runs the steps on the connection that `storage.schema` hands over."""

from alembic import context

import storage.every_table  # noqa: F401 - every table joins the metadata
from storage.metadata import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=False,
    transaction_per_migration=False,
)
context.run_migrations()
