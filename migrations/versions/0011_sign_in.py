"""Counter of tries by address, and the look-up of a company that was opened over the API (SEC-21, ORG-04)."""

import sqlalchemy as sa
from alembic import op

from lunarfront.kernel.db.ddl import search_function

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SIGNATURE = "lf_opened_company(uuid,uuid)"
#: Exact ids of both: nobody learns of a company that he did not open himself (SEC-08).
OPENED_COMPANY = """
CREATE FUNCTION lf_opened_company(p_created_by uuid, p_client_uuid uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT id FROM public.company WHERE created_by_ref = p_created_by AND client_uuid = p_client_uuid
$$
"""


def upgrade() -> None:
    """Create table and function."""
    op.create_table(
        "address_counter",
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("address", sa.Text(), primary_key=True),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.create_index("address_counter_window_idx", "address_counter", ["window_start"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON address_counter TO lf_app")
    op.execute("GRANT SELECT ON address_counter TO lf_backup")
    op.execute("GRANT SELECT (created_by_ref, client_uuid) ON company TO lf_search")
    op.execute(OPENED_COMPANY)
    for statement in search_function(SIGNATURE, "company that a user opened over the API (SEC-08, ORG-04)"):
        op.execute(statement)


def downgrade() -> None:
    """Drop both."""
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE SELECT (created_by_ref, client_uuid) ON company FROM lf_search")
    op.drop_table("address_counter")
