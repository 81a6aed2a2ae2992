"""warnings"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "warnings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.Column("sent_at", storage.instants.Instant(), nullable=False),
        sa.Column("expires_at", storage.instants.Instant(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warnings")),
    )
    op.create_index("ix_warnings_open_expires", "warnings", ["open", "expires_at"])
    op.create_index(op.f("ix_warnings_sent_at"), "warnings", ["sent_at"])
    op.create_table(
        "warning_references",
        sa.Column("warning_id", sa.String(length=40), nullable=False),
        sa.Column("refers_to", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("warning_id", "refers_to", name=op.f("pk_warning_references")),
    )
    op.create_index(
        op.f("ix_warning_references_refers_to"), "warning_references", ["refers_to"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_warning_references_refers_to"), table_name="warning_references")
    op.drop_table("warning_references")
    op.drop_index(op.f("ix_warnings_sent_at"), table_name="warnings")
    op.drop_index("ix_warnings_open_expires", table_name="warnings")
    op.drop_table("warnings")
