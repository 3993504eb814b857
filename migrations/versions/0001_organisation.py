"""Organisation and people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from lunarfront.kernel.db.ddl import APPEND_ONLY_FUNCTION, secure_table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Company tables of this step, with what is special about them.
TABLES = {
    "app_user": {},
    "document_counter": {},
    "location": {},
    "rate_counter": {},
    "reason_code": {},
    "role": {},
    "approval": {"append_only": True},
    "drawer": {},
    "password_reset": {},
    "permission_grant": {},
    "role_permission": {},
    "user_location": {},
    "user_preference": {},
    "user_role": {},
    "terminal": {},
    "api_token": {},
    "auth_session": {},
    "refresh_token": {},
}


def upgrade() -> None:
    """Create the tables and put them under the rules of tenancy."""
    for extension in ("btree_gist", "pg_trgm", "unaccent"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute(APPEND_ONLY_FUNCTION)
    op.create_table(
        "company",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_uuid", sa.Uuid(), nullable=True),
        sa.Column("created_by_ref", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("default_timezone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("settings", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("catalog_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("rights_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("company_country_check")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("company_currency_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("company_pkey")),
    )
    op.create_index("company_client_uuid_key", "company", ["created_by_ref", "client_uuid"], unique=True)
    op.create_table(
        "app_user",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("can_sign_in", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("staff_number", sa.Text(), nullable=True),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("badge_hash", sa.LargeBinary(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("theme", sa.Text(), server_default=sa.text("'system'"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_logins", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mfa_secret", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("staff_number ~ '^[0-9]{4}$'", name=op.f("app_user_staff_number_check")),
        sa.CheckConstraint(
            "theme IN ('system', 'light', 'dark', 'contrast')", name=op.f("app_user_theme_check")
        ),
        sa.CheckConstraint(
            "NOT can_sign_in OR (email IS NOT NULL AND password_hash IS NOT NULL)",
            name=op.f("app_user_sign_in_check"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("app_user_email_check")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("app_user_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("app_user_pkey")),
        sa.UniqueConstraint("company_id", "email", name=op.f("app_user_company_id_email_key")),
        sa.UniqueConstraint("company_id", "staff_number", name=op.f("app_user_company_id_staff_number_key")),
    )
    op.create_index("app_user_email_idx", "app_user", ["email"], unique=False)
    op.create_table(
        "document_counter",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("document_counter_company_id_fkey")
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("document_counter_pkey")),
        sa.UniqueConstraint("company_id", "kind", name=op.f("document_counter_company_id_kind_key")),
    )
    op.create_table(
        "location",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address_line1", sa.Text(), nullable=True),
        sa.Column("address_line2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("day_cutoff", sa.Time(), server_default=sa.text("'00:00'"), nullable=False),
        sa.Column("price_mode", sa.Text(), nullable=False),
        sa.Column("tax_rounding", sa.Text(), server_default=sa.text("'document'"), nullable=False),
        sa.Column(
            "cash_rounding_increment",
            sa.Numeric(precision=4, scale=2),
            server_default=sa.text("0.01"),
            nullable=False,
        ),
        sa.Column("cash_rounding_mode", sa.Text(), server_default=sa.text("'nearest'"), nullable=False),
        sa.Column("receipt_header", sa.Text(), nullable=True),
        sa.Column("receipt_footer", sa.Text(), nullable=True),
        sa.Column("is_mobile", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_training", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("trade_in_reduces_tax", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT trade_in_reduces_tax OR price_mode = 'exclusive'", name=op.f("location_trade_in_check")
        ),
        sa.CheckConstraint(
            "cash_rounding_mode IN ('nearest', 'down')", name=op.f("location_cash_rounding_mode_check")
        ),
        sa.CheckConstraint(
            "price_mode IN ('exclusive', 'inclusive')", name=op.f("location_price_mode_check")
        ),
        sa.CheckConstraint("tax_rounding IN ('document', 'line')", name=op.f("location_tax_rounding_check")),
        sa.CheckConstraint(
            "cash_rounding_increment IN (0.01, 0.05, 0.10, 0.50, 1.00)",
            name=op.f("location_cash_rounding_increment_check"),
        ),
        sa.CheckConstraint("char_length(code) BETWEEN 1 AND 8", name=op.f("location_code_check")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("location_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("location_pkey")),
        sa.UniqueConstraint("company_id", "code", name=op.f("location_company_id_code_key")),
    )
    op.create_table(
        "rate_counter",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("rate_counter_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("rate_counter_pkey")),
        sa.UniqueConstraint("company_id", "subject", name=op.f("rate_counter_company_id_subject_key")),
    )
    op.create_table(
        "reason_code",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("requires_note", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("reason_code_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("reason_code_pkey")),
        sa.UniqueConstraint("company_id", "kind", "code", name=op.f("reason_code_company_id_kind_code_key")),
    )
    op.create_table(
        "role",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_system", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("discount_percent_limit", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("discount_amount_limit", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("refund_limit", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("trade_in_limit", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("role_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("role_pkey")),
        sa.UniqueConstraint("company_id", "code", name=op.f("role_company_id_code_key")),
    )
    op.create_table(
        "approval",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("outcome IN ('approved', 'denied')", name=op.f("approval_outcome_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "approved_by"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("approval_company_id_approved_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "requested_by"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("approval_company_id_requested_by_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("approval_pkey")),
    )
    op.create_table(
        "drawer",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "default_float", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "last_left", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("z_counter", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("drawer_company_id_location_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("drawer_pkey")),
        sa.UniqueConstraint(
            "company_id", "location_id", "name", name=op.f("drawer_company_id_location_id_name_key")
        ),
    )
    op.create_table(
        "password_reset",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("password_reset_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("password_reset_pkey")),
        sa.UniqueConstraint("company_id", "hash", name=op.f("password_reset_company_id_hash_key")),
    )
    op.create_table(
        "permission_grant",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "effect IN ('allow', 'deny', 'approval')", name=op.f("permission_grant_effect_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("permission_grant_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("permission_grant_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "user_id",
            "permission",
            name=op.f("permission_grant_company_id_user_id_permission_key"),
        ),
    )
    op.create_table(
        "role_permission",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("effect IN ('allow', 'approval')", name=op.f("role_permission_effect_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "role_id"],
            ["role.company_id", "role.id"],
            name=op.f("role_permission_company_id_role_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("role_permission_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "role_id",
            "permission",
            name=op.f("role_permission_company_id_role_id_permission_key"),
        ),
    )
    op.create_table(
        "user_location",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("user_location_company_id_location_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("user_location_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("user_location_pkey")),
        sa.UniqueConstraint(
            "company_id",
            "user_id",
            "location_id",
            name=op.f("user_location_company_id_user_id_location_id_key"),
        ),
    )
    op.create_table(
        "user_preference",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("user_preference_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("user_preference_pkey")),
        sa.UniqueConstraint(
            "company_id", "user_id", "key", name=op.f("user_preference_company_id_user_id_key_key")
        ),
    )
    op.create_table(
        "user_role",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "role_id"],
            ["role.company_id", "role.id"],
            name=op.f("user_role_company_id_role_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("user_role_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("user_role_pkey")),
        sa.UniqueConstraint(
            "company_id", "user_id", "role_id", name=op.f("user_role_company_id_user_id_role_id_key")
        ),
    )
    op.create_index(
        op.f("user_role_company_id_role_id_idx"), "user_role", ["company_id", "role_id"], unique=False
    )
    op.create_table(
        "terminal",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'desktop'"), nullable=False),
        sa.Column("device_key_hash", sa.LargeBinary(), nullable=True),
        sa.Column("drawer_id", sa.Uuid(), nullable=True),
        sa.Column("next_sequence", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("pin_failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('desktop', 'tablet', 'mobile', 'kiosk')", name=op.f("terminal_kind_check")
        ),
        sa.CheckConstraint("char_length(code) BETWEEN 1 AND 8", name=op.f("terminal_code_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "drawer_id"],
            ["drawer.company_id", "drawer.id"],
            name=op.f("terminal_company_id_drawer_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("terminal_company_id_location_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("terminal_pkey")),
        sa.UniqueConstraint(
            "company_id", "location_id", "code", name=op.f("terminal_company_id_location_id_code_key")
        ),
    )
    op.create_table(
        "api_token",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("terminal_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "terminal_id"],
            ["terminal.company_id", "terminal.id"],
            name=op.f("api_token_company_id_terminal_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("api_token_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("api_token_pkey")),
        sa.UniqueConstraint("company_id", "hash", name=op.f("api_token_company_id_hash_key")),
    )
    op.create_index(
        op.f("api_token_company_id_user_id_idx"), "api_token", ["company_id", "user_id"], unique=False
    )
    op.create_table(
        "auth_session",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("terminal_id", sa.Uuid(), nullable=True),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "authenticated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", postgresql.INET(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('web', 'api', 'pin')", name=op.f("auth_session_kind_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "terminal_id"],
            ["terminal.company_id", "terminal.id"],
            name=op.f("auth_session_company_id_terminal_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("auth_session_company_id_user_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("auth_session_pkey")),
        sa.UniqueConstraint("company_id", "id_hash", name=op.f("auth_session_company_id_id_hash_key")),
    )
    op.create_index(
        op.f("auth_session_company_id_user_id_idx"), "auth_session", ["company_id", "user_id"], unique=False
    )
    op.create_table(
        "refresh_token",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "session_id"],
            ["auth_session.company_id", "auth_session.id"],
            name=op.f("refresh_token_company_id_session_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("refresh_token_pkey")),
        sa.UniqueConstraint("company_id", "hash", name=op.f("refresh_token_company_id_hash_key")),
    )
    op.create_index(
        op.f("refresh_token_company_id_session_id_idx"),
        "refresh_token",
        ["company_id", "session_id"],
        unique=False,
    )
    for table, options in TABLES.items():
        for statement in secure_table(table, **options):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("refresh_token")
    op.drop_table("auth_session")
    op.drop_table("api_token")
    op.drop_table("terminal")
    op.drop_table("user_role")
    op.drop_table("user_preference")
    op.drop_table("user_location")
    op.drop_table("role_permission")
    op.drop_table("permission_grant")
    op.drop_table("password_reset")
    op.drop_table("drawer")
    op.drop_table("approval")
    op.drop_table("role")
    op.drop_table("reason_code")
    op.drop_table("rate_counter")
    op.drop_table("location")
    op.drop_table("document_counter")
    op.drop_table("app_user")
    op.drop_table("company")
    op.execute("DROP FUNCTION lf_append_only()")
