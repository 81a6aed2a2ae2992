"""plans and cover"""

import sqlalchemy as sa
from alembic import op

import storage.instants

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "cover_gaps",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("since_at", storage.instants.Instant(), nullable=False),
        sa.Column("seen_at", storage.instants.Instant(), nullable=False),
        sa.Column("ended_at", storage.instants.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_gaps")),
    )
    op.create_index(op.f("ix_cover_gaps_ended_at"), "cover_gaps", ["ended_at"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_at", storage.instants.Instant(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_plans")),
    )
    op.create_table(
        "recommendations",
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("sent_at", storage.instants.Instant(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_recommendations")),
    )
    op.create_index(
        op.f("ix_recommendations_case_id"), "recommendations", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_recommendations_sent_at"), "recommendations", ["sent_at"], unique=False
    )
    op.create_table(
        "responses",
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_responses")),
    )


def downgrade() -> None:
    op.drop_table("responses")
    op.drop_index(op.f("ix_recommendations_sent_at"), table_name="recommendations")
    op.drop_index(op.f("ix_recommendations_case_id"), table_name="recommendations")
    op.drop_table("recommendations")
    op.drop_table("plans")
    op.drop_index(op.f("ix_cover_gaps_ended_at"), table_name="cover_gaps")
    op.drop_table("cover_gaps")
