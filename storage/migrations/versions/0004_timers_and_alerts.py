"""timers_and_alerts"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("offered_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=19), nullable=False),
        sa.Column("priority", sa.String(length=2), nullable=False),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("offered_at", storage.instants.Instant(), nullable=False),
        sa.Column("ack_due_at", storage.instants.Instant(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_at", storage.instants.Instant(), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("implied", sa.Boolean(), nullable=False),
        sa.Column("ended_at", storage.instants.Instant(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "offered_seq", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_offered_at"), "alerts", ["offered_at"], unique=False)
    op.create_index(op.f("ix_alerts_open"), "alerts", ["open"], unique=False)
    op.create_table(
        "timers",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("due_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "part", name=op.f("pk_timers")),
    )
    op.create_index(op.f("ix_timers_due_at"), "timers", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("timers")
    op.drop_table("alerts")
