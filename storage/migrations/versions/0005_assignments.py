"""assignments: what was asked of which unit, one open at a time"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("answer_by", storage.instants.Instant(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_case_id"), "assignments", ["case_id"], unique=False)
    op.create_index("ix_assignments_answer_by", "assignments", ["answer_by"], unique=False)
    op.create_index(
        "uq_assignments_one_open",
        "assignments",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )


def downgrade() -> None:
    op.drop_index("uq_assignments_one_open", table_name="assignments")
    op.drop_index("ix_assignments_answer_by", table_name="assignments")
    op.drop_index(op.f("ix_assignments_case_id"), table_name="assignments")
    op.drop_table("assignments")
