"""handovers of shifts"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_open"), "handovers", ["open"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_handovers_open"), table_name="handovers")
    op.drop_table("handovers")
