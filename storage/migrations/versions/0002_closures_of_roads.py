"""closures of roads"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "road_closures",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("until_at", storage.instants.Instant(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_closures")),
    )
    op.create_index("ix_road_closures_open_until", "road_closures", ["open", "until_at"])


def downgrade() -> None:
    op.drop_index("ix_road_closures_open_until", table_name="road_closures")
    op.drop_table("road_closures")
