"""records of cases for figures"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "figure_records",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_figure_records")),
    )
    op.create_index(
        op.f("ix_figure_records_last_seq"), "figure_records", ["last_seq"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_figure_records_last_seq"), table_name="figure_records")
    op.drop_table("figure_records")
