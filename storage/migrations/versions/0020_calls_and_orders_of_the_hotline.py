"""calls and orders of the hotline"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("rang_at", storage.instants.Instant(), nullable=False),
        sa.Column("answer_s", sa.Float(), nullable=True),
        sa.Column("added_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calls")),
    )
    op.create_table(
        "hotline_orders",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("received_at", storage.instants.Instant(), nullable=False),
        sa.Column("sign_due_at", storage.instants.Instant(), nullable=True),
        sa.Column("signed_at", storage.instants.Instant(), nullable=True),
        sa.Column("due_at", storage.instants.Instant(), nullable=True),
        sa.Column("closed_at", storage.instants.Instant(), nullable=True),
        sa.Column("visited_at", storage.instants.Instant(), nullable=True),
        sa.Column("responded", sa.Boolean(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("redone", sa.Boolean(), nullable=False),
        sa.Column("exempt", sa.Boolean(), nullable=False),
        sa.Column("added_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_hotline_orders")),
    )


def downgrade() -> None:
    op.drop_table("hotline_orders")
    op.drop_table("calls")
