"""values that are brought"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "imported_values",
        sa.Column("set", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("parent", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("indicator", sa.String(length=8), nullable=False),
        sa.Column("added_at", storage.instants.Instant(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("set", "code", "period", name=op.f("pk_imported_values")),
    )


def downgrade() -> None:
    op.drop_table("imported_values")
