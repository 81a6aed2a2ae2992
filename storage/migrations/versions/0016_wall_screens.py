"""wall screens"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "kiosks",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", storage.instants.Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("opened_at", storage.instants.Instant(), nullable=True),
        sa.Column("revoked_at", storage.instants.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosks")),
    )
    op.create_table(
        "kiosk_sessions",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kiosk_id", sa.String(length=26), nullable=False),
        sa.Column("started_at", storage.instants.Instant(), nullable=False),
        sa.Column("seen_at", storage.instants.Instant(), nullable=False),
        sa.Column("idle_s", sa.Integer(), nullable=False),
        sa.Column("ends_at", storage.instants.Instant(), nullable=False),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"], ["kiosks.id"], name=op.f("fk_kiosk_sessions_kiosk_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_kiosk_sessions")),
    )
    op.create_index(
        op.f("ix_kiosk_sessions_kiosk_id"), "kiosk_sessions", ["kiosk_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_kiosk_sessions_kiosk_id"), table_name="kiosk_sessions")
    op.drop_table("kiosk_sessions")
    op.drop_table("kiosks")
