"""rosters and looks at cover"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "unit_duties",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("since_at", storage.instants.Instant(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_unit_duties")),
    )
    # What the journal already holds of it; `rebuild` makes the same rows.
    op.execute(
        "INSERT INTO unit_duties (seq, unit_id, since_at, document)"
        " SELECT seq, substr(stream, 6), recorded_at, data FROM events"
        " WHERE kind IN ('dispatch.unit_registered.v1', 'dispatch.unit_rostered.v1')"
    )
    op.create_table(
        "cover_looks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("since_at", storage.instants.Instant(), nullable=False),
        sa.Column("seen_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_looks")),
    )


def downgrade() -> None:
    op.drop_table("cover_looks")
    op.drop_table("unit_duties")
