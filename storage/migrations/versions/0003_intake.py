"""what intake keeps: categories, imported rows, codes, photos, callers' hashes"""

import sqlalchemy as sa
from alembic import op

import storage.instants
from storage.append_only import statements

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("full_code", sa.String(length=80), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("added_at", storage.instants.Instant(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_categories")),
        sa.UniqueConstraint("full_code", name=op.f("uq_categories_full_code")),
    )
    for statement in statements("categories", op.get_bind().dialect.name):
        op.execute(statement)
    op.create_table(
        "imported_reports",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("imported_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_imported_reports")),
    )
    op.create_table(
        "public_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.String(length=26), nullable=False),
        sa.Column("made_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_public_codes")),
        sa.UniqueConstraint("report_id", name=op.f("uq_public_codes_report_id")),
    )
    op.create_table(
        "photos",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=26), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", storage.instants.Instant(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
    )
    op.create_index(op.f("ix_photos_report_id"), "photos", ["report_id"], unique=False)
    op.add_column("personal", sa.Column("caller_digest", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_personal_caller_digest"), "personal", ["caller_digest"], unique=False)
    op.create_index("ix_cases_category_open", "cases", ["category", "open"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_cases_category_open", table_name="cases")
    op.drop_index(op.f("ix_personal_caller_digest"), table_name="personal")
    op.drop_column("personal", "caller_digest")
    op.drop_index(op.f("ix_photos_report_id"), table_name="photos")
    op.drop_table("photos")
    op.drop_table("public_codes")
    op.drop_table("imported_reports")
    op.drop_table("categories")
