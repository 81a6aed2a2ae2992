"""refused frames: what no wire could read, kept for inspection"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0007"
down_revision = "0006"


def upgrade() -> None:

    op.create_table(
        "refused_frames",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("wire", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("at", storage.instants.Instant(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_frames")),
    )
    op.create_index("ix_refused_frames_wire", "refused_frames", ["wire", "id"], unique=False)


def downgrade() -> None:

    op.drop_index("ix_refused_frames_wire", table_name="refused_frames")
    op.drop_table("refused_frames")
