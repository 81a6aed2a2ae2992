"""ground"""

import sqlalchemy as sa
from alembic import op

import storage.instants
from storage.append_only import statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_name", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column("created_at", storage.instants.Instant(), nullable=False),
        sa.Column("password_changed_at", storage.instants.Instant(), nullable=False),
        sa.Column("disabled_at", storage.instants.Instant(), nullable=True),
        sa.Column("signed_in_at", storage.instants.Instant(), nullable=True),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',dispatcher,', '') = roles",
            name=op.f("ck_accounts_auditor_not_dispatcher"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',intake,', '') = roles",
            name=op.f("ck_accounts_auditor_not_intake"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',leader,', '') = roles",
            name=op.f("ck_accounts_auditor_not_leader"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',responder,', '') = roles",
            name=op.f("ck_accounts_auditor_not_responder"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',supervisor,', '') = roles",
            name=op.f("ck_accounts_auditor_not_supervisor"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',auditor,', '') = roles",
            name=op.f("ck_accounts_secadmin_not_auditor"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',dispatcher,', '') = roles",
            name=op.f("ck_accounts_secadmin_not_dispatcher"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',intake,', '') = roles",
            name=op.f("ck_accounts_secadmin_not_intake"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',leader,', '') = roles",
            name=op.f("ck_accounts_secadmin_not_leader"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',responder,', '') = roles",
            name=op.f("ck_accounts_secadmin_not_responder"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',supervisor,', '') = roles",
            name=op.f("ck_accounts_secadmin_not_supervisor"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',auditor,', '') = roles",
            name=op.f("ck_accounts_sysadmin_not_auditor"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',dispatcher,', '') = roles",
            name=op.f("ck_accounts_sysadmin_not_dispatcher"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',intake,', '') = roles",
            name=op.f("ck_accounts_sysadmin_not_intake"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',leader,', '') = roles",
            name=op.f("ck_accounts_sysadmin_not_leader"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',responder,', '') = roles",
            name=op.f("ck_accounts_sysadmin_not_responder"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',secadmin,', '') = roles",
            name=op.f("ck_accounts_sysadmin_not_secadmin"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',supervisor,', '') = roles",
            name=op.f("ck_accounts_sysadmin_not_supervisor"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("user_name", name=op.f("uq_accounts_user_name")),
    )
    op.create_table(
        "answers",
        sa.Column("actor_id", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answered_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_answers")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", storage.instants.Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("used_at", storage.instants.Instant(), nullable=True),
        sa.Column("revoked_at", storage.instants.Instant(), nullable=True),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',dispatcher,', '') = roles",
            name=op.f("ck_api_keys_auditor_not_dispatcher"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',intake,', '') = roles",
            name=op.f("ck_api_keys_auditor_not_intake"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',leader,', '') = roles",
            name=op.f("ck_api_keys_auditor_not_leader"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',responder,', '') = roles",
            name=op.f("ck_api_keys_auditor_not_responder"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',auditor,', '') = roles OR replace(roles, ',supervisor,', '') = roles",
            name=op.f("ck_api_keys_auditor_not_supervisor"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',auditor,', '') = roles",
            name=op.f("ck_api_keys_secadmin_not_auditor"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',dispatcher,', '') = roles",
            name=op.f("ck_api_keys_secadmin_not_dispatcher"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',intake,', '') = roles",
            name=op.f("ck_api_keys_secadmin_not_intake"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',leader,', '') = roles",
            name=op.f("ck_api_keys_secadmin_not_leader"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',responder,', '') = roles",
            name=op.f("ck_api_keys_secadmin_not_responder"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',secadmin,', '') = roles OR replace(roles, ',supervisor,', '') = roles",
            name=op.f("ck_api_keys_secadmin_not_supervisor"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',auditor,', '') = roles",
            name=op.f("ck_api_keys_sysadmin_not_auditor"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',dispatcher,', '') = roles",
            name=op.f("ck_api_keys_sysadmin_not_dispatcher"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',intake,', '') = roles",
            name=op.f("ck_api_keys_sysadmin_not_intake"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',leader,', '') = roles",
            name=op.f("ck_api_keys_sysadmin_not_leader"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',responder,', '') = roles",
            name=op.f("ck_api_keys_sysadmin_not_responder"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',secadmin,', '') = roles",
            name=op.f("ck_api_keys_sysadmin_not_secadmin"),
        ),
        sa.CheckConstraint(
            "replace(roles, ',sysadmin,', '') = roles OR replace(roles, ',supervisor,', '') = roles",
            name=op.f("ck_api_keys_sysadmin_not_supervisor"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", storage.instants.Instant(), nullable=False),
        sa.Column("actor_id", sa.String(length=80), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_roles", sa.Text(), nullable=False),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=12), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("scheme", sa.String(length=16), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("result IN ('done', 'refused', 'failed')", name=op.f("ck_audit_result")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_actor", "audit", ["actor_id", "seq"], unique=False)
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_object", "audit", ["object", "seq"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=19), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.String(length=2), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("lead", sa.String(length=40), nullable=True),
        sa.Column("departments", sa.Text(), nullable=False),
        sa.Column("lon_deg", sa.Float(), nullable=False),
        sa.Column("lat_deg", sa.Float(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("opened_at", storage.instants.Instant(), nullable=False),
        sa.Column("updated_at", storage.instants.Instant(), nullable=False),
        sa.Column("due_at", storage.instants.Instant(), nullable=True),
        sa.Column("opened_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index("ix_cases_open_seq", "cases", ["open", "opened_seq"], unique=False)
    op.create_index("ix_cases_state_seq", "cases", ["state", "opened_seq"], unique=False)
    op.create_index("ix_cases_updated", "cases", ["updated_at"], unique=False)
    op.create_table(
        "consumers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_consumers")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "dead_letters",
        sa.Column("consumer", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("kept_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "seq", name=op.f("pk_dead_letters")),
    )
    op.create_table(
        "effects",
        sa.Column("consumer", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=4), nullable=False),
        sa.Column("done_at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "seq", name=op.f("pk_effects")),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("recorded_at", storage.instants.Instant(), nullable=False),
        sa.Column("source_at", storage.instants.Instant(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.String(length=160), nullable=True),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_events_event_id")),
        sa.UniqueConstraint("stream", "version", name=op.f("uq_events_stream_version")),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
    )
    op.create_table(
        "personal",
        sa.Column("report_id", sa.String(length=26), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_personal")),
    )
    op.create_table(
        "positions",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("lon_deg", sa.Float(), nullable=False),
        sa.Column("lat_deg", sa.Float(), nullable=False),
        sa.Column("observed_at", storage.instants.Instant(), nullable=False),
        sa.Column("received_at", storage.instants.Instant(), nullable=False),
        sa.Column("speed_mps", sa.Float(), nullable=True),
        sa.Column("heading_deg", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_positions")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("opened_case_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_case_id"), "reports", ["case_id"], unique=False)
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("at", storage.instants.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(
        "ix_sign_in_failures_subject_at", "sign_in_failures", ["subject", "at"], unique=False
    )
    op.create_table(
        "units",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("started_at", storage.instants.Instant(), nullable=False),
        sa.Column("seen_at", storage.instants.Instant(), nullable=False),
        sa.Column("idle_s", sa.Integer(), nullable=False),
        sa.Column("ends_at", storage.instants.Instant(), nullable=False),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False)
    _append_only("events", "audit")


def downgrade() -> None:
    op.drop_index(op.f("ix_sessions_account_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("units")
    op.drop_index("ix_sign_in_failures_subject_at", table_name="sign_in_failures")
    op.drop_table("sign_in_failures")
    op.drop_index(op.f("ix_reports_case_id"), table_name="reports")
    op.drop_table("reports")
    op.drop_table("positions")
    op.drop_table("personal")
    op.drop_table("outbox")
    op.drop_table("events")
    op.drop_table("effects")
    op.drop_table("dead_letters")
    op.drop_table("counters")
    op.drop_table("consumers")
    op.drop_index("ix_cases_updated", table_name="cases")
    op.drop_index("ix_cases_state_seq", table_name="cases")
    op.drop_index("ix_cases_open_seq", table_name="cases")
    op.drop_table("cases")
    op.drop_index("ix_audit_object", table_name="audit")
    op.drop_index("ix_audit_at", table_name="audit")
    op.drop_index("ix_audit_actor", table_name="audit")
    op.drop_table("audit")
    op.drop_table("api_keys")
    op.drop_table("answers")
    op.drop_table("accounts")


def _append_only(*tables: str) -> None:
    for table in tables:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)
