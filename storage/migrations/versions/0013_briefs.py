"""briefs"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "briefs",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("first", sa.String(length=10), nullable=False),
        sa.Column("last", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("ordered_by", sa.String(length=80), nullable=False),
        sa.Column("due_at", storage.instants.Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("begun_at", storage.instants.Instant(), nullable=True),
        sa.Column("made_at", storage.instants.Instant(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("xlsx", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefs")),
        sa.UniqueConstraint("slot", name=op.f("uq_briefs_slot")),
    )
    op.create_index("ix_briefs_state_due", "briefs", ["state", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_briefs_state_due", table_name="briefs")
    op.drop_table("briefs")
