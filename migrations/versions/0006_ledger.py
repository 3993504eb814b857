"""Ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from lunarfront.kernel.db.ddl import secure_table
from lunarfront.kernel.records import TransactionId

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Company tables of this step, with what is special about them.
TABLES = {
    "account_code": {},
    "accounting_period": {},
    "journal_entry": {"append_only": True},
    "financial_event": {"append_only": True},
    "journal_entry_line": {"append_only": True},
    "journal_seal": {"append_only": True},
}


def upgrade() -> None:
    """Create the tables and put them under the rules of tenancy."""
    op.create_table(
        "account_code",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("quickbooks_account_name", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("is_system", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "type IN ('asset', 'liability', 'equity', 'revenue', 'contra_revenue', 'cogs', 'expense')",
            name=op.f("account_code_type_check"),
        ),
        sa.CheckConstraint("char_length(code) BETWEEN 1 AND 8", name=op.f("account_code_code_check")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("account_code_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("account_code_pkey")),
        sa.UniqueConstraint("company_id", "code", name=op.f("account_code_company_id_code_key")),
        sa.UniqueConstraint("company_id", "role", name=op.f("account_code_company_id_role_key")),
    )
    op.create_table(
        "accounting_period",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.literal_column("company_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            using="gist",
            name="accounting_period_dates_excl",
        ),
        sa.CheckConstraint(
            "status IN ('open', 'soft_closed', 'locked')", name=op.f("accounting_period_status_check")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("accounting_period_dates_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "closed_by"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("accounting_period_company_id_closed_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("accounting_period_company_id_fkey")
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("accounting_period_pkey")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("xact_id", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("entry_date", sa.Date(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("original_event_date", sa.Date(), nullable=True),
        sa.Column("total_debits", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("total_credits", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("is_manual", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "total_debits = total_credits AND total_debits > 0", name=op.f("journal_entry_balanced_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "approval_id"],
            ["approval.company_id", "approval.id"],
            name=op.f("journal_entry_company_id_approval_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "created_by"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("journal_entry_company_id_created_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "reverses_id"],
            ["journal_entry.company_id", "journal_entry.id"],
            name=op.f("journal_entry_company_id_reverses_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("journal_entry_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("journal_entry_pkey")),
        sa.UniqueConstraint(
            "company_id", "idempotency_key", name=op.f("journal_entry_company_id_idempotency_key_key")
        ),
        sa.UniqueConstraint(
            "company_id", "reverses_id", name=op.f("journal_entry_company_id_reverses_id_key")
        ),
    )
    op.create_index(
        "journal_entry_date_idx", "journal_entry", ["company_id", "entry_date", "id"], unique=False
    )
    op.create_index(
        "journal_entry_event_idx", "journal_entry", ["company_id", "event_type", "event_id"], unique=False
    )
    op.create_table(
        "financial_event",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("posted_entry_id", sa.Uuid(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "posted_entry_id"],
            ["journal_entry.company_id", "journal_entry.id"],
            name=op.f("financial_event_company_id_posted_entry_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("financial_event_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("financial_event_pkey")),
    )
    op.create_index(
        "financial_event_source_idx",
        "financial_event",
        ["company_id", "source_type", "source_id"],
        unique=False,
    )
    op.create_table(
        "journal_entry_line",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("account_code_id", sa.Uuid(), nullable=False),
        sa.Column("debit", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("credit", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("tax_component_id", sa.Uuid(), nullable=True),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)",
            name=op.f("journal_entry_line_one_side_check"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "account_code_id"],
            ["account_code.company_id", "account_code.id"],
            name=op.f("journal_entry_line_company_id_account_code_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.id"],
            name=op.f("journal_entry_line_company_id_account_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "entry_id"],
            ["journal_entry.company_id", "journal_entry.id"],
            name=op.f("journal_entry_line_company_id_entry_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("journal_entry_line_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "supplier_id"],
            ["supplier.company_id", "supplier.id"],
            name=op.f("journal_entry_line_company_id_supplier_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "tax_component_id"],
            ["tax_component.company_id", "tax_component.id"],
            name=op.f("journal_entry_line_company_id_tax_component_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("journal_entry_line_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "entry_id",
            "line_no",
            name=op.f("journal_entry_line_company_id_entry_id_line_no_key"),
        ),
    )
    op.create_index(
        "journal_entry_line_account_idx",
        "journal_entry_line",
        ["company_id", "account_code_id", "id"],
        unique=False,
    )
    op.create_table(
        "journal_seal",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("journal_seal_hash_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "entry_id"],
            ["journal_entry.company_id", "journal_entry.id"],
            name=op.f("journal_seal_company_id_entry_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("journal_seal_pkey")),
        sa.UniqueConstraint("company_id", "entry_id", name=op.f("journal_seal_company_id_entry_id_key")),
        sa.UniqueConstraint("company_id", "number", name=op.f("journal_seal_company_id_number_key")),
    )
    for table, options in TABLES.items():
        for statement in secure_table(table, **options):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("journal_seal")
    op.drop_table("journal_entry_line")
    op.drop_table("financial_event")
    op.drop_table("journal_entry")
    op.drop_table("accounting_period")
    op.drop_table("account_code")
