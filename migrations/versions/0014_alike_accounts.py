"""Accounts whose whole name is alike, for the check of duplicates (ACT-03)."""

from alembic import op

from lunarfront.kernel.db.ddl import search_function

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SIGNATURE = "lf_alike_accounts(text,integer)"

#: The threshold is ACT-03's; what is alike in a part only is the search's business.
FUNCTION = """
CREATE FUNCTION lf_alike_accounts(p_name text, p_limit integer) RETURNS TABLE (account_id uuid, score real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET pg_trgm.similarity_threshold = '0.6' AS $$
  SELECT a.id, similarity(p_name, a.name_sort) FROM public.account a
  WHERE a.company_id = current_setting('app.company_id')::uuid AND a.name_sort % p_name
  ORDER BY 2 DESC, 1 LIMIT least(p_limit, 200)
$$"""


def upgrade() -> None:
    """Make the function and the index that it reads."""
    op.create_index(
        "account_name_alike_idx",
        "account",
        ["name_sort"],
        postgresql_using="gin",
        postgresql_ops={"name_sort": "gin_trgm_ops"},
    )
    op.execute("GRANT SELECT (name_sort) ON account TO lf_search")
    op.execute(FUNCTION)
    for statement in search_function(SIGNATURE, "accounts by alike name (SEC-07, ACT-03)"):
        op.execute(statement)


def downgrade() -> None:
    """Remove them."""
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE SELECT (name_sort) ON account FROM lf_search")
    op.drop_index("account_name_alike_idx", "account")
