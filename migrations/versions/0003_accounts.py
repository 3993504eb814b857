"""Customers and members."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from lunarfront.kernel.db.ddl import secure_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Company tables of this step, with what is special about them.
TABLES = {
    "account": {"searched": True},
    "member": {"searched": True},
    "tax_exemption": {},
    "member_identifier": {},
}


def upgrade() -> None:
    """Create the tables and put them under the rules of tenancy."""
    op.create_table(
        "account",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("name_sort", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone_e164", sa.Text(), nullable=True),
        sa.Column("phone_digits", sa.Text(), nullable=True),
        sa.Column("address_line1", sa.Text(), nullable=True),
        sa.Column("address_line2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("billing_mode", sa.Text(), server_default=sa.text("'consolidated'"), nullable=False),
        sa.Column("credit_limit", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("terms_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("name_checked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "billing_mode IN ('consolidated', 'split')", name=op.f("account_billing_mode_check")
        ),
        sa.CheckConstraint(
            "kind IN ('person', 'family', 'business', 'school')", name=op.f("account_kind_check")
        ),
        sa.CheckConstraint("terms_days >= 0", name=op.f("account_terms_days_check")),
        sa.ForeignKeyConstraint(
            ["company_id", "merged_into_id"],
            ["account.company_id", "account.id"],
            name=op.f("account_company_id_merged_into_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("account_company_id_fkey")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("account_pkey")),
        sa.UniqueConstraint(
            "company_id", "account_number", name=op.f("account_company_id_account_number_key")
        ),
    )
    op.create_index("account_email_idx", "account", ["company_id", "email"], unique=False)
    op.create_index("account_name_sort_idx", "account", ["company_id", "name_sort", "id"], unique=False)
    op.create_index("account_phone_idx", "account", ["company_id", "phone_e164"], unique=False)
    op.create_index(
        "account_search_idx",
        "account",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "member",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), server_default=sa.text("'other'"), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone_e164", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("is_minor_override", sa.Boolean(), nullable=True),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=True),
        sa.Column("legacy_source", sa.Text(), nullable=True),
        sa.Column("migrated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "relation IN ('primary', 'spouse', 'child', 'student', 'employee', 'other')",
            name=op.f("member_relation_check"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.id"],
            name=op.f("member_company_id_account_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("member_pkey")),
        sa.UniqueConstraint("company_id", "member_number", name=op.f("member_company_id_member_number_key")),
    )
    op.create_index(
        op.f("member_company_id_account_id_idx"), "member", ["company_id", "account_id"], unique=False
    )
    op.create_index(
        "member_primary_key",
        "member",
        ["company_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("is_primary AND is_active"),
    )
    op.create_index(
        "member_search_idx",
        "member",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "tax_exemption",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("certificate_number", sa.Text(), nullable=True),
        sa.Column(
            "jurisdictions", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "status <> 'approved' OR certificate_number IS NOT NULL",
            name=op.f("tax_exemption_certificate_check"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'revoked', 'expired')", name=op.f("tax_exemption_status_check")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("tax_exemption_validity_check")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.id"],
            name=op.f("tax_exemption_company_id_account_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "decided_by"],
            ["app_user.company_id", "app_user.id"],
            name=op.f("tax_exemption_company_id_decided_by_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("tax_exemption_pkey")),
    )
    op.create_index(
        op.f("tax_exemption_company_id_account_id_idx"),
        "tax_exemption",
        ["company_id", "account_id"],
        unique=False,
    )
    op.create_table(
        "member_identifier",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("delete_after", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('drivers_license', 'passport', 'school_id', 'other')",
            name=op.f("member_identifier_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "member_id"],
            ["member.company_id", "member.id"],
            name=op.f("member_identifier_company_id_member_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("member_identifier_pkey")),
    )
    op.create_index(
        op.f("member_identifier_company_id_member_id_idx"),
        "member_identifier",
        ["company_id", "member_id"],
        unique=False,
    )
    for table, options in TABLES.items():
        for statement in secure_table(table, **options):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("member_identifier")
    op.drop_table("tax_exemption")
    op.drop_table("member")
    op.drop_table("account")
