"""Sales, drawer, store credit and receivables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from lunarfront.kernel.db.ddl import secure_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: Company tables of this step, with what is special about them.
TABLES = {
    "import_batch": {"append_only": True},
    "store_credit": {},
    "drawer_session": {},
    "transaction": {},
    "invoice": {},
    "receipt_delivery": {},
    "stored_value_entry": {"append_only": True},
    "tender": {},
    "transaction_line_item": {},
    "discount_audit": {"append_only": True},
    "drawer_movement": {"append_only": True},
    "transaction_discount": {},
    "transaction_line_tax": {"append_only": True},
}


def upgrade() -> None:
    """Create the tables and put them under the rules of tenancy."""
    op.create_table(
        "import_batch",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('products', 'suppliers', 'opening_stock')", name=op.f("import_batch_kind_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("import_batch_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("import_batch_pkey")),
        sa.UniqueConstraint(
            "company_id", "kind", "sha256", name=op.f("import_batch_company_id_kind_sha256_key")
        ),
    )
    op.create_table(
        "store_credit",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("balance", sa.Numeric(precision=14, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("store_credit_balance_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.id"],
            name=op.f("store_credit_company_id_account_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("store_credit_pkey")),
    )
    op.create_index("store_credit_account_key", "store_credit", ["company_id", "account_id"], unique=True)
    op.create_table(
        "drawer_session",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("drawer_id", sa.Uuid(), nullable=False),
        sa.Column("terminal_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("opening_float", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("opening_denominations", postgresql.JSONB(), nullable=True),
        sa.Column(
            "opening_variance", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_date", sa.Date(), nullable=True),
        sa.Column("first_count", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("count_tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("counted_total", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("closing_denominations", postgresql.JSONB(), nullable=True),
        sa.Column("expected_total", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("over_short", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("variance_reason_code", sa.Text(), nullable=True),
        sa.Column("variance_note", sa.Text(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("z_number", sa.BigInteger(), nullable=True),
        sa.Column("z_report", postgresql.JSONB(), nullable=True),
        sa.Column("left_in_drawer", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("deposited", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("forced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'counting', 'closed')", name=op.f("drawer_session_status_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "approval_id"],
            ["approval.company_id", "approval.id"],
            name=op.f("drawer_session_company_id_approval_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "closed_by"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("drawer_session_company_id_closed_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "drawer_id"],
            ["drawer.company_id", "drawer.id"],
            name=op.f("drawer_session_company_id_drawer_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("drawer_session_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "opened_by"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("drawer_session_company_id_opened_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "terminal_id"],
            ["terminal.company_id", "terminal.id"],
            name=op.f("drawer_session_company_id_terminal_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("drawer_session_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "drawer_id",
            "z_number",
            name=op.f("drawer_session_company_id_drawer_id_z_number_key"),
        ),
    )
    op.create_index(
        "drawer_session_open_key",
        "drawer_session",
        ["company_id", "drawer_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        "drawer_session_terminal_key",
        "drawer_session",
        ["company_id", "terminal_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_table(
        "transaction",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("terminal_id", sa.Uuid(), nullable=False),
        sa.Column("drawer_session_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("sold_by_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("client_uuid", sa.Uuid(), nullable=False),
        sa.Column("original_transaction_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_mode", sa.Text(), nullable=False),
        sa.Column("tax_rounding", sa.Text(), nullable=False),
        sa.Column("draft", postgresql.JSONB(), nullable=True),
        sa.Column("subtotal", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "discount_total", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "net_total", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "tax_total", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "tip_total", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "fee_total", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "cash_rounding", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("total", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "paid_total", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "change_given", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("exemption_id", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_label", sa.Text(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason_code", sa.Text(), nullable=True),
        sa.Column("client_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_offline", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("needs_review", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('sale', 'refund', 'exchange')", name=op.f("transaction_kind_check")),
        sa.CheckConstraint(
            "status <> 'completed' OR (number IS NOT NULL AND business_date IS NOT NULL)",
            name=op.f("transaction_completed_check"),
        ),
        sa.CheckConstraint(
            "status <> 'completed' OR paid_total = total + cash_rounding", name=op.f("transaction_paid_check")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'held', 'completed', 'voided')", name=op.f("transaction_status_check")
        ),
        sa.CheckConstraint(
            "total = net_total + tax_total + tip_total + fee_total", name=op.f("transaction_total_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.id"],
            name=op.f("transaction_company_id_account_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "drawer_session_id"],
            ["drawer_session.company_id", "drawer_session.id"],
            name=op.f("transaction_company_id_drawer_session_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "exemption_id"],
            ["tax_exemption.company_id", "tax_exemption.id"],
            name=op.f("transaction_company_id_exemption_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("transaction_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "member_id"],
            ["member.company_id", "member.id"],
            name=op.f("transaction_company_id_member_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "original_transaction_id"],
            ["transaction.company_id", "transaction.id"],
            name=op.f("transaction_company_id_original_transaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "sold_by_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("transaction_company_id_sold_by_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "terminal_id"],
            ["terminal.company_id", "terminal.id"],
            name=op.f("transaction_company_id_terminal_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("transaction_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("transaction_pkey")),
        sa.UniqueConstraint("company_id", "client_uuid", name=op.f("transaction_company_id_client_uuid_key")),
        sa.UniqueConstraint(
            "company_id",
            "legacy_source",
            "legacy_id",
            name=op.f("transaction_company_id_legacy_source_legacy_id_key"),
        ),
        sa.UniqueConstraint("company_id", "number", name=op.f("transaction_company_id_number_key")),
    )
    op.create_index(
        op.f("transaction_company_id_account_id_idx"),
        "transaction",
        ["company_id", "account_id"],
        unique=False,
    )
    op.create_index(
        op.f("transaction_company_id_drawer_session_id_idx"),
        "transaction",
        ["company_id", "drawer_session_id"],
        unique=False,
    )
    op.create_index(
        op.f("transaction_company_id_original_transaction_id_idx"),
        "transaction",
        ["company_id", "original_transaction_id"],
        unique=False,
    )
    op.create_index(
        "transaction_date_idx", "transaction", ["company_id", "business_date", "id"], unique=False
    )
    op.create_index(
        "transaction_status_idx", "transaction", ["company_id", "status", "location_id"], unique=False
    )
    op.create_table(
        "invoice",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'sale'"), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("subtotal", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("tax", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("balance", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('sale', 'regular', 'stub', 'manual', 'credit_note')", name=op.f("invoice_kind_check")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'partially_paid', 'paid', 'void', 'written_off')",
            name=op.f("invoice_status_check"),
        ),
        sa.CheckConstraint("amount = subtotal + tax", name=op.f("invoice_amount_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.id"],
            name=op.f("invoice_company_id_account_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "transaction_id"],
            ["transaction.company_id", "transaction.id"],
            name=op.f("invoice_company_id_transaction_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("invoice_pkey")),
        sa.UniqueConstraint("company_id", "number", name=op.f("invoice_company_id_number_key")),
    )
    op.create_index(
        op.f("invoice_company_id_account_id_idx"), "invoice", ["company_id", "account_id"], unique=False
    )
    op.create_index(
        "invoice_open_idx",
        "invoice",
        ["company_id", "account_id", "due_date"],
        unique=False,
        postgresql_where=sa.text("balance <> 0"),
    )
    op.create_table(
        "receipt_delivery",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('print', 'email', 'sms')", name=op.f("receipt_delivery_channel_check")
        ),
        sa.CheckConstraint(
            "kind IN ('original', 'duplicate', 'gift')", name=op.f("receipt_delivery_kind_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "transaction_id"],
            ["transaction.company_id", "transaction.id"],
            name=op.f("receipt_delivery_company_id_transaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("receipt_delivery_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("receipt_delivery_pkey")),
    )
    op.create_index(
        op.f("receipt_delivery_company_id_transaction_id_idx"),
        "receipt_delivery",
        ["company_id", "transaction_id"],
        unique=False,
    )
    op.create_table(
        "stored_value_entry",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_credit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("balance_after", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('issue', 'reload', 'redeem', 'refund', 'adjust', 'expire', 'cash_out')",
            name=op.f("stored_value_entry_kind_check"),
        ),
        sa.CheckConstraint("balance_after >= 0", name=op.f("stored_value_entry_balance_after_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "store_credit_id"],
            ["store_credit.company_id", "store_credit.id"],
            name=op.f("stored_value_entry_company_id_store_credit_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "transaction_id"],
            ["transaction.company_id", "transaction.id"],
            name=op.f("stored_value_entry_company_id_transaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("stored_value_entry_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("stored_value_entry_pkey")),
    )
    op.create_index(
        op.f("stored_value_entry_company_id_store_credit_id_idx"),
        "stored_value_entry",
        ["company_id", "store_credit_id"],
        unique=False,
    )
    op.create_table(
        "tender",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("amount_applied", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("tendered", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("change", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("provider_payment_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("refund_of_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'captured', 'failed', 'reversed')", name=op.f("tender_status_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("tender_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "refund_of_id"],
            ["tender.company_id", "tender.id"],
            name=op.f("tender_company_id_refund_of_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "transaction_id"],
            ["transaction.company_id", "transaction.id"],
            name=op.f("tender_company_id_transaction_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("tender_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "transaction_id",
            "sequence",
            name=op.f("tender_company_id_transaction_id_sequence_key"),
        ),
    )
    op.create_index(
        op.f("tender_company_id_refund_of_id_idx"), "tender", ["company_id", "refund_of_id"], unique=False
    )
    op.create_index(
        op.f("tender_company_id_transaction_id_idx"), "tender", ["company_id", "transaction_id"], unique=False
    )
    op.create_table(
        "transaction_line_item",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("item_description", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("qty", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("list_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("price_source", sa.Text(), server_default=sa.text("'variant'"), nullable=False),
        sa.Column("extended", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("override_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("line_discount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("cart_discount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("tax", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("total", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "restock_fee", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("cost_value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("cost_provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tax_category", sa.Text(), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=9, scale=6), server_default=sa.text("0"), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("revenue_account", sa.Text(), nullable=False),
        sa.Column("cogs_account", sa.Text(), nullable=False),
        sa.Column("inventory_account", sa.Text(), nullable=False),
        sa.Column("sold_by_id", sa.Uuid(), nullable=True),
        sa.Column("original_line_id", sa.Uuid(), nullable=True),
        sa.Column("restock", sa.Text(), nullable=True),
        sa.Column("return_reason_code", sa.Text(), nullable=True),
        sa.Column("source_type", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "restock IN ('sellable', 'damaged', 'none')", name=op.f("transaction_line_item_restock_check")
        ),
        sa.CheckConstraint("qty <> 0", name=op.f("transaction_line_item_qty_check")),
        sa.CheckConstraint("total = net + tax", name=op.f("transaction_line_item_total_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "category_id"],
            ["category.company_id", "category.id"],
            name=op.f("transaction_line_item_company_id_category_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "original_line_id"],
            ["transaction_line_item.company_id", "transaction_line_item.id"],
            name=op.f("transaction_line_item_company_id_original_line_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "sold_by_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("transaction_line_item_company_id_sold_by_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "transaction_id"],
            ["transaction.company_id", "transaction.id"],
            name=op.f("transaction_line_item_company_id_transaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "unit_id"],
            ["inventory_unit.company_id", "inventory_unit.id"],
            name=op.f("transaction_line_item_company_id_unit_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "variant_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("transaction_line_item_company_id_variant_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("transaction_line_item_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "transaction_id",
            "line_no",
            name=op.f("transaction_line_item_company_id_transaction_id_line_no_key"),
        ),
    )
    op.create_index(
        op.f("transaction_line_item_company_id_original_line_id_idx"),
        "transaction_line_item",
        ["company_id", "original_line_id"],
        unique=False,
    )
    op.create_index(
        op.f("transaction_line_item_company_id_variant_id_idx"),
        "transaction_line_item",
        ["company_id", "variant_id"],
        unique=False,
    )
    op.create_table(
        "discount_audit",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("original_value", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("new_value", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("percent", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("approval_required", sa.Boolean(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "approval_id"],
            ["approval.company_id", "approval.id"],
            name=op.f("discount_audit_company_id_approval_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"],
            ["transaction_line_item.company_id", "transaction_line_item.id"],
            name=op.f("discount_audit_company_id_line_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "transaction_id"],
            ["transaction.company_id", "transaction.id"],
            name=op.f("discount_audit_company_id_transaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("discount_audit_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("discount_audit_pkey")),
    )
    op.create_index(
        op.f("discount_audit_company_id_transaction_id_idx"),
        "discount_audit",
        ["company_id", "transaction_id"],
        unique=False,
    )
    op.create_table(
        "drawer_movement",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("drawer_session_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("contra_account", sa.Text(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("tender_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("drawer_movement_amount_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "approval_id"],
            ["approval.company_id", "approval.id"],
            name=op.f("drawer_movement_company_id_approval_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "drawer_session_id"],
            ["drawer_session.company_id", "drawer_session.id"],
            name=op.f("drawer_movement_company_id_drawer_session_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("drawer_movement_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "tender_id"],
            ["tender.company_id", "tender.id"],
            name=op.f("drawer_movement_company_id_tender_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("drawer_movement_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("drawer_movement_pkey")),
    )
    op.create_index(
        "drawer_movement_session_idx",
        "drawer_movement",
        ["company_id", "drawer_session_id", "id"],
        unique=False,
    )
    op.create_table(
        "transaction_discount",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("discount_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("type IN ('percent', 'amount')", name=op.f("transaction_discount_type_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "approval_id"],
            ["approval.company_id", "approval.id"],
            name=op.f("transaction_discount_company_id_approval_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "discount_id"],
            ["discount.company_id", "discount.id"],
            name=op.f("transaction_discount_company_id_discount_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"],
            ["transaction_line_item.company_id", "transaction_line_item.id"],
            name=op.f("transaction_discount_company_id_line_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "transaction_id"],
            ["transaction.company_id", "transaction.id"],
            name=op.f("transaction_discount_company_id_transaction_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("transaction_discount_pkey")),
    )
    op.create_index(
        op.f("transaction_discount_company_id_transaction_id_idx"),
        "transaction_discount",
        ["company_id", "transaction_id"],
        unique=False,
    )
    op.create_table(
        "transaction_line_tax",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=True),
        sa.Column("component_name", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("taxable_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "exempt_amount", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("exemption_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "component_id"],
            ["tax_component.company_id", "tax_component.id"],
            name=op.f("transaction_line_tax_company_id_component_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "exemption_id"],
            ["tax_exemption.company_id", "tax_exemption.id"],
            name=op.f("transaction_line_tax_company_id_exemption_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"],
            ["transaction_line_item.company_id", "transaction_line_item.id"],
            name=op.f("transaction_line_tax_company_id_line_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("transaction_line_tax_pkey")),
    )
    op.create_index(
        op.f("transaction_line_tax_company_id_line_id_idx"),
        "transaction_line_tax",
        ["company_id", "line_id"],
        unique=False,
    )
    for table, options in TABLES.items():
        for statement in secure_table(table, **options):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("transaction_line_tax")
    op.drop_table("transaction_discount")
    op.drop_table("drawer_movement")
    op.drop_table("discount_audit")
    op.drop_table("transaction_line_item")
    op.drop_table("tender")
    op.drop_table("stored_value_entry")
    op.drop_table("receipt_delivery")
    op.drop_table("invoice")
    op.drop_table("transaction")
    op.drop_table("drawer_session")
    op.drop_table("store_credit")
    op.drop_table("import_batch")
