"""Catalogue and tax."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from lunarfront.kernel.db.ddl import secure_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Company tables of this step, with what is special about them.
TABLES = {
    "category": {},
    "discount": {},
    "supplier": {},
    "tax_category": {},
    "tax_jurisdiction": {},
    "price_list": {},
    "product": {},
    "tax_component": {},
    "tax_rule": {},
    "product_variant": {"searched": True},
    "bundle_item": {},
    "price_list_item": {},
    "product_barcode": {},
    "supplier_item": {},
}


def upgrade() -> None:
    """Create the tables and put them under the rules of tenancy."""
    op.create_table(
        "category",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tax_category", sa.Text(), server_default=sa.text("'standard'"), nullable=False),
        sa.Column("revenue_account", sa.Text(), server_default=sa.text("'sales'"), nullable=False),
        sa.Column("cogs_account", sa.Text(), server_default=sa.text("'cogs'"), nullable=False),
        sa.Column("inventory_account", sa.Text(), server_default=sa.text("'inventory'"), nullable=False),
        sa.Column("discountable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("returnable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("return_days", sa.Integer(), nullable=True),
        sa.Column("restock_fee_type", sa.Text(), server_default=sa.text("'none'"), nullable=False),
        sa.Column("restock_fee_value", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("sku_prefix", sa.Text(), nullable=True),
        sa.Column("sort", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "restock_fee_type = 'none' OR restock_fee_value >= 0",
            name=op.f("category_restock_fee_value_check"),
        ),
        sa.CheckConstraint(
            "restock_fee_type IN ('none', 'percent', 'flat')", name=op.f("category_restock_fee_type_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "parent_id"],
            ["category.company_id", "category.id"],
            name=op.f("category_company_id_parent_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("category_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("category_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "parent_id",
            "name",
            name=op.f("category_company_id_parent_id_name_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "discount",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("used_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("requires_code", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("stackable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "category_ids", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("requires_approval_above", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("scope IN ('line', 'cart')", name=op.f("discount_scope_check")),
        sa.CheckConstraint("type IN ('percent', 'amount')", name=op.f("discount_type_check")),
        sa.CheckConstraint(
            "value >= 0 AND (type = 'amount' OR value <= 100)", name=op.f("discount_value_check")
        ),
        sa.CheckConstraint("max_uses IS NULL OR used_count <= max_uses", name=op.f("discount_uses_check")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("discount_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("discount_pkey")),
        sa.UniqueConstraint("company_id", "code", name=op.f("discount_company_id_code_key")),
    )
    op.create_table(
        "supplier",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone_e164", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("address_line1", sa.Text(), nullable=True),
        sa.Column("address_line2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("terms_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("account_ref", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("supplier_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("supplier_pkey")),
        sa.UniqueConstraint("company_id", "name_key", name=op.f("supplier_company_id_name_key_key")),
    )
    op.create_table(
        "tax_category",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_system", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("tax_category_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("tax_category_pkey")),
        sa.UniqueConstraint("company_id", "code", name=op.f("tax_category_company_id_code_key")),
    )
    op.create_table(
        "tax_jurisdiction",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("filing_frequency", sa.Text(), nullable=True),
        sa.Column("registration_number", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "level IN ('state', 'county', 'city', 'district', 'national')",
            name=op.f("tax_jurisdiction_level_check"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("tax_jurisdiction_company_id_fkey")
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("tax_jurisdiction_pkey")),
        sa.UniqueConstraint("company_id", "code", name=op.f("tax_jurisdiction_company_id_code_key")),
    )
    op.create_table(
        "price_list",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("account_ids", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("price_list_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("price_list_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("price_list_pkey")),
        sa.UniqueConstraint("company_id", "code", name=op.f("price_list_company_id_code_key")),
    )
    op.create_table(
        "product",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_sort", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'stocked'"), nullable=False),
        sa.Column("is_serialized", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_divisible", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tax_category", sa.Text(), nullable=True),
        sa.Column("is_rental", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_dual_use_repair", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("attributes", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "category_id"],
            ["category.company_id", "category.id"],
            name=op.f("product_company_id_category_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("product_pkey")),
    )
    op.create_index(
        op.f("product_company_id_category_id_idx"), "product", ["company_id", "category_id"], unique=False
    )
    op.create_index("product_name_sort_idx", "product", ["company_id", "name_sort", "id"], unique=False)
    op.create_table(
        "tax_component",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("rank", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.literal_column("company_id"), "="),
            (sa.literal_column("code"), "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="tax_component_validity_excl",
        ),
        sa.CheckConstraint("rate >= 0 AND rate <= 1", name=op.f("tax_component_rate_check")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("tax_component_validity_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "jurisdiction_id"],
            ["tax_jurisdiction.company_id", "tax_jurisdiction.id"],
            name=op.f("tax_component_company_id_jurisdiction_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("tax_component_pkey")),
    )
    op.create_table(
        "tax_rule",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("tax_category", sa.Text(), nullable=False),
        sa.Column(
            "component_codes", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("tax_rule_company_id_location_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("tax_rule_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "location_id",
            "tax_category",
            name=op.f("tax_rule_company_id_location_id_tax_category_key"),
        ),
    )
    op.create_table(
        "product_variant",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("sku_key", sa.Text(), nullable=False),
        sa.Column("name_suffix", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("name_sort", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("min_price", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("msrp", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("default_cost", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("weight", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("ownership", sa.Text(), server_default=sa.text("'owned'"), nullable=False),
        sa.Column("warranty_days", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ownership IN ('owned', 'consigned')", name=op.f("product_variant_ownership_check")
        ),
        sa.CheckConstraint("price >= 0", name=op.f("product_variant_price_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "product_id"],
            ["product.company_id", "product.id"],
            name=op.f("product_variant_company_id_product_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("product_variant_pkey")),
        sa.UniqueConstraint("company_id", "sku_key", name=op.f("product_variant_company_id_sku_key_key")),
    )
    op.create_index(
        op.f("product_variant_company_id_product_id_idx"),
        "product_variant",
        ["company_id", "product_id"],
        unique=False,
    )
    op.create_index(
        "product_variant_name_sort_idx", "product_variant", ["company_id", "name_sort", "id"], unique=False
    )
    op.create_index(
        "product_variant_search_idx",
        "product_variant",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "bundle_item",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("qty", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("bundle_id <> component_id", name=op.f("bundle_item_self_check")),
        sa.CheckConstraint("qty > 0", name=op.f("bundle_item_qty_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "bundle_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("bundle_item_company_id_bundle_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "component_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("bundle_item_company_id_component_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("bundle_item_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "bundle_id",
            "component_id",
            name=op.f("bundle_item_company_id_bundle_id_component_id_key"),
        ),
    )
    op.create_index(
        op.f("bundle_item_company_id_bundle_id_idx"), "bundle_item", ["company_id", "bundle_id"], unique=False
    )
    op.create_table(
        "price_list_item",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("price_list_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("price_list_item_price_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "price_list_id"],
            ["price_list.company_id", "price_list.id"],
            name=op.f("price_list_item_company_id_price_list_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "variant_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("price_list_item_company_id_variant_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("price_list_item_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "price_list_id",
            "variant_id",
            name=op.f("price_list_item_company_id_price_list_id_variant_id_key"),
        ),
    )
    op.create_index(
        op.f("price_list_item_company_id_variant_id_idx"),
        "price_list_item",
        ["company_id", "variant_id"],
        unique=False,
    )
    op.create_table(
        "product_barcode",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pack_qty", sa.Numeric(precision=12, scale=3), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('upc_a', 'ean_13', 'ean_8', 'code_128', 'internal')",
            name=op.f("product_barcode_kind_check"),
        ),
        sa.CheckConstraint("pack_qty > 0", name=op.f("product_barcode_pack_qty_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "variant_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("product_barcode_company_id_variant_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("product_barcode_pkey")),
        sa.UniqueConstraint("company_id", "code", name=op.f("product_barcode_company_id_code_key")),
    )
    op.create_index(
        op.f("product_barcode_company_id_variant_id_idx"),
        "product_barcode",
        ["company_id", "variant_id"],
        unique=False,
    )
    op.create_table(
        "supplier_item",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_sku", sa.Text(), nullable=True),
        sa.Column("cost", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("pack_qty", sa.Numeric(precision=12, scale=3), server_default=sa.text("1"), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("is_preferred", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "supplier_id"],
            ["supplier.company_id", "supplier.id"],
            name=op.f("supplier_item_company_id_supplier_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "variant_id"],
            ["product_variant.company_id", "product_variant.id"],
            name=op.f("supplier_item_company_id_variant_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("supplier_item_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "supplier_id",
            "variant_id",
            name=op.f("supplier_item_company_id_supplier_id_variant_id_key"),
        ),
    )
    op.create_index(
        op.f("supplier_item_company_id_variant_id_idx"),
        "supplier_item",
        ["company_id", "variant_id"],
        unique=False,
    )
    for table, options in TABLES.items():
        for statement in secure_table(table, **options):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("supplier_item")
    op.drop_table("product_barcode")
    op.drop_table("price_list_item")
    op.drop_table("bundle_item")
    op.drop_table("product_variant")
    op.drop_table("tax_rule")
    op.drop_table("tax_component")
    op.drop_table("product")
    op.drop_table("price_list")
    op.drop_table("tax_jurisdiction")
    op.drop_table("tax_category")
    op.drop_table("supplier")
    op.drop_table("discount")
    op.drop_table("category")
