"""Stock."""

import sqlalchemy as sa
from alembic import op

from lunarfront.kernel.db.ddl import secure_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Company tables of this step, with what is special about them.
TABLES = {
    "item_condition": {},
    "unit_status": {},
    "stock_adjustment": {"append_only": True},
    "inventory_unit": {},
    "stock_balance": {},
    "stock_movement": {"append_only": True},
}


def upgrade() -> None:
    """Create the tables and put them under the rules of tenancy."""
    op.create_table(
        "item_condition",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_system", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("behaves_as", sa.Text(), nullable=False),
        sa.Column("sort", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("item_condition_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("item_condition_pkey")),
        sa.UniqueConstraint("company_id", "slug", name=op.f("item_condition_company_id_slug_key")),
    )
    op.create_table(
        "unit_status",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_system", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("behaves_as", sa.Text(), nullable=False),
        sa.Column("sort", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("unit_status_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("unit_status_pkey")),
        sa.UniqueConstraint("company_id", "slug", name=op.f("unit_status_company_id_slug_key")),
    )
    op.create_table(
        "stock_adjustment",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("client_uuid", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "approval_id"],
            ["approval.company_id", "approval.id"],
            name=op.f("stock_adjustment_company_id_approval_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("stock_adjustment_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("stock_adjustment_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("stock_adjustment_pkey")),
        sa.UniqueConstraint(
            "company_id", "client_uuid", name=op.f("stock_adjustment_company_id_client_uuid_key")
        ),
        sa.UniqueConstraint("company_id", "number", name=op.f("stock_adjustment_company_id_number_key")),
    )
    op.create_table(
        "inventory_unit",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("serial_key", sa.Text(), nullable=False),
        sa.Column("status_id", sa.Uuid(), nullable=False),
        sa.Column("condition_id", sa.Uuid(), nullable=False),
        sa.Column("is_used", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("ownership", sa.Text(), server_default=sa.text("'owned'"), nullable=False),
        sa.Column("owner_account_id", sa.Uuid(), nullable=True),
        sa.Column("cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("acquired_on", sa.Date(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("sold_transaction_id", sa.Uuid(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ownership = 'owned' OR (owner_account_id IS NOT NULL AND cost = 0)",
            name=op.f("inventory_unit_consigned_check"),
        ),
        sa.CheckConstraint(
            "ownership IN ('owned', 'consigned')", name=op.f("inventory_unit_ownership_check")
        ),
        sa.CheckConstraint("cost >= 0", name=op.f("inventory_unit_cost_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "condition_id"],
            ["item_condition.company_id", "item_condition.id"],
            name=op.f("inventory_unit_company_id_condition_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("inventory_unit_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "owner_account_id"],
            ["account.company_id", "account.id"],
            name=op.f("inventory_unit_company_id_owner_account_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "status_id"],
            ["unit_status.company_id", "unit_status.id"],
            name=op.f("inventory_unit_company_id_status_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "supplier_id"],
            ["supplier.company_id", "supplier.id"],
            name=op.f("inventory_unit_company_id_supplier_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "variant_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("inventory_unit_company_id_variant_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("inventory_unit_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "variant_id",
            "serial_key",
            name=op.f("inventory_unit_company_id_variant_id_serial_key_key"),
        ),
    )
    op.create_index("inventory_unit_serial_idx", "inventory_unit", ["company_id", "serial_key"], unique=False)
    op.create_table(
        "stock_balance",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "qty_on_hand", sa.Numeric(precision=12, scale=3), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "qty_reserved", sa.Numeric(precision=12, scale=3), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "pool_value", sa.Numeric(precision=14, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("last_cost", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("reorder_point", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("reorder_to", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("bin", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("qty_on_hand <> 0 OR pool_value = 0", name=op.f("stock_balance_empty_pool_check")),
        sa.CheckConstraint("qty_reserved >= 0", name=op.f("stock_balance_qty_reserved_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("stock_balance_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "variant_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("stock_balance_company_id_variant_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("stock_balance_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "variant_id",
            "location_id",
            name=op.f("stock_balance_company_id_variant_id_location_id_key"),
        ),
    )
    op.create_table(
        "stock_movement",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("qty", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("qty_after", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("value_after", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("stock_movement_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "unit_id"],
            ["inventory_unit.company_id", "inventory_unit.id"],
            name=op.f("stock_movement_company_id_unit_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "variant_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("stock_movement_company_id_variant_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("stock_movement_pkey")),
    )
    op.create_index(
        "stock_movement_source_idx",
        "stock_movement",
        ["company_id", "source_type", "source_id"],
        unique=False,
    )
    op.create_index(
        "stock_movement_variant_idx",
        "stock_movement",
        ["company_id", "variant_id", "location_id", "id"],
        unique=False,
    )
    for table, options in TABLES.items():
        for statement in secure_table(table, **options):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("stock_movement")
    op.drop_table("stock_balance")
    op.drop_table("inventory_unit")
    op.drop_table("stock_adjustment")
    op.drop_table("unit_status")
    op.drop_table("item_condition")
