"""Second factor: the last code that was used, and recovery codes (SEC-29)."""

import sqlalchemy as sa
from alembic import op

from lunarfront.kernel.db.ddl import secure_table

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table; a factor that comes or goes ends cached rights."""
    op.add_column("app_user", sa.Column("mfa_last_step", sa.BigInteger(), nullable=True))
    op.create_table(
        "mfa_recovery_code",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"],
            ["app_user.company_id", "app_user.id"],
            name="mfa_recovery_code_company_id_user_id_fkey",
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name="mfa_recovery_code_pkey"),
        sa.UniqueConstraint(
            "company_id", "user_id", "hash", name="mfa_recovery_code_company_id_user_id_hash_key"
        ),
    )
    for statement in secure_table("mfa_recovery_code"):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER app_user_mfa_rights_version AFTER UPDATE OF mfa_secret ON app_user "
        "FOR EACH STATEMENT EXECUTE FUNCTION lf_raise_rights_version()"
    )


def downgrade() -> None:
    """Remove them."""
    op.execute("DROP TRIGGER app_user_mfa_rights_version ON app_user")
    op.drop_table("mfa_recovery_code")
    op.drop_column("app_user", "mfa_last_step")
