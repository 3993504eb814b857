"""Where a row came from is unique per source, for every table that says it (GEN-01)."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: The transaction has had its key from the start.
TABLES = (
    "account", "app_user", "category", "inventory_unit", "invoice", "location", "member", "product", "product_variant",
    "supplier", "terminal",
)  # fmt: skip


def upgrade() -> None:
    """Add the keys."""
    for table in TABLES:
        op.create_unique_constraint(
            f"{table}_company_id_legacy_source_legacy_id_key",
            table,
            ["company_id", "legacy_source", "legacy_id"],
        )


def downgrade() -> None:
    """Remove the keys."""
    for table in TABLES:
        op.drop_constraint(f"{table}_company_id_legacy_source_legacy_id_key", table)
