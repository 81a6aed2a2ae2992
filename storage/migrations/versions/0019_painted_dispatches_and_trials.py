"""painted dispatches and trials"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "painted",
        sa.Column("quarter_at", storage.instants.Instant(), nullable=False),
        sa.Column("ms", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("quarter_at", "ms", name=op.f("pk_painted")),
    )
    op.create_table(
        "trials",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("begun_at", storage.instants.Instant(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
    )
    op.create_index(op.f("ix_trials_begun_at"), "trials", ["begun_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_trials_begun_at"), table_name="trials")
    op.drop_table("trials")
    op.drop_table("painted")
