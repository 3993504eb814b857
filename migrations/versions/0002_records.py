"""Audit, seals, idempotency and outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from lunarfront.kernel.db.ddl import secure_table
from lunarfront.kernel.records import TransactionId

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Company tables of this step, with what is special about them.
TABLES = {
    "idempotency_record": {},
    "job_outbox": {},
    "schedule": {},
    "seal_pending": {},
    "change_log": {},
    "audit_log": {"append_only": True},
    "audit_seal": {"append_only": True},
}


def upgrade() -> None:
    """Create the tables and put them under the rules of tenancy."""
    op.create_table(
        "idempotency_record",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("response_status", sa.Integer(), nullable=False),
        sa.Column("response_body", sa.Text(), nullable=True),
        sa.Column("response_type", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("idempotency_record_company_id_fkey")
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("idempotency_record_pkey")),
        sa.UniqueConstraint(
            "company_id", "scope", "key", name=op.f("idempotency_record_company_id_scope_key_key")
        ),
    )
    op.create_index(
        "idempotency_record_expires_idx", "idempotency_record", ["company_id", "expires_at"], unique=False
    )
    op.create_table(
        "job_outbox",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("module", sa.Text(), server_default=sa.text("'core'"), nullable=False),
        sa.Column("queue", sa.Text(), server_default=sa.text("'default'"), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("job_outbox_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("job_outbox_pkey")),
    )
    op.create_index(
        "job_outbox_dedupe_key",
        "job_outbox",
        ["company_id", "kind", "dedupe_key"],
        unique=True,
        postgresql_where=sa.text("dedupe_key IS NOT NULL AND done_at IS NULL"),
    )
    op.create_index(
        "job_outbox_due_idx",
        "job_outbox",
        ["run_at", "company_id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL AND parked_at IS NULL"),
    )
    op.create_table(
        "schedule",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("schedule_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("schedule_pkey")),
        sa.UniqueConstraint("company_id", "kind", name=op.f("schedule_company_id_kind_key")),
    )
    op.create_table(
        "seal_pending",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("xact_id", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('audit', 'journal')", name=op.f("seal_pending_kind_check")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("seal_pending_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("seal_pending_pkey")),
    )
    op.create_index(
        "seal_pending_order_idx", "seal_pending", ["company_id", "kind", "xact_id", "row_id"], unique=False
    )
    op.create_table(
        "change_log",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", postgresql.JSONB(), nullable=True),
        sa.Column("new", postgresql.JSONB(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("change_log_company_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("change_log_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("change_log_pkey")),
    )
    op.create_index("change_log_row_idx", "change_log", ["company_id", "table_name", "row_id"], unique=False)
    op.create_table(
        "audit_log",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("xact_id", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("terminal_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("ip", postgresql.INET(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("old", postgresql.JSONB(), nullable=True),
        sa.Column("new", postgresql.JSONB(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("approval_required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "approval_id"],
            ["approval.company_id", "approval.id"],
            name=op.f("audit_log_company_id_approval_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("audit_log_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "terminal_id"],
            ["terminal.company_id", "terminal.id"],
            name=op.f("audit_log_company_id_terminal_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("audit_log_company_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("audit_log_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("audit_log_pkey")),
    )
    op.create_index(
        "audit_log_action_idx", "audit_log", ["company_id", "action", "occurred_at"], unique=False
    )
    op.create_index(
        "audit_log_entity_idx", "audit_log", ["company_id", "entity_type", "entity_id"], unique=False
    )
    op.create_table(
        "audit_seal",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("audit_seal_hash_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "row_id"],
            ["audit_log.company_id", "audit_log.id"],
            name=op.f("audit_seal_company_id_row_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("audit_seal_pkey")),
        sa.UniqueConstraint("company_id", "row_id", name=op.f("audit_seal_company_id_row_id_key")),
        sa.UniqueConstraint("company_id", "seq", name=op.f("audit_seal_company_id_seq_key")),
    )
    for table, options in TABLES.items():
        for statement in secure_table(table, **options):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("audit_seal")
    op.drop_table("audit_log")
    op.drop_table("change_log")
    op.drop_table("seal_pending")
    op.drop_table("schedule")
    op.drop_table("job_outbox")
    op.drop_table("idempotency_record")
