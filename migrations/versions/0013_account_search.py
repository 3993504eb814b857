"""Customers by any part of their name, number, phone or address, and by their members' (SRC-01, ACT-03)."""

from alembic import op

from lunarfront.kernel.db.ddl import search_function

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SIGNATURE = "lf_find_accounts(text,boolean,integer)"

#: place 1: the text begins it, 2: it begins a word, 3: it stands anywhere. The index serves all three.
FUNCTION = r"""
CREATE FUNCTION lf_find_accounts(p_query text, p_anywhere boolean, p_limit integer) RETURNS TABLE (
  account_id uuid, place integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  company uuid := current_setting('app.company_id')::uuid;
  word text := replace(replace(replace(p_query, '\', '\\'), '%', '\%'), '_', '\_');
  starts text := word || '%';
  begins text := '% ' || word || '%';
  inside text := CASE WHEN p_anywhere THEN '%' || word || '%' ELSE begins END;
BEGIN
  RETURN QUERY
  WITH found AS (
    SELECT a.id, a.search_text FROM public.account a WHERE a.company_id = company AND a.search_text LIKE starts
    UNION ALL
    SELECT a.id, a.search_text FROM public.account a WHERE a.company_id = company AND a.search_text LIKE inside
    UNION ALL
    SELECT m.account_id, m.search_text FROM public.member m WHERE m.company_id = company AND m.search_text LIKE starts
    UNION ALL
    SELECT m.account_id, m.search_text FROM public.member m WHERE m.company_id = company AND m.search_text LIKE inside
  ), places AS (
    SELECT f.id, f.search_text,
      CASE WHEN f.search_text LIKE starts THEN 1 WHEN f.search_text LIKE begins THEN 2 ELSE 3 END AS at
    FROM found f
  )
  SELECT p.id, min(p.at) FROM places p GROUP BY p.id ORDER BY 2, min(p.search_text), 1 LIMIT least(p_limit, 200);
END $$"""


def upgrade() -> None:
    """Make the function, and indexes for addresses of members and papers that fall due."""
    op.execute(FUNCTION)
    for statement in search_function(
        SIGNATURE, "accounts by a part of what they are known by (SEC-07, SRC-01)"
    ):
        op.execute(statement)
    op.create_index("member_email_idx", "member", ["company_id", "email"])
    op.create_index("member_phone_idx", "member", ["company_id", "phone_e164"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("member_phone_idx", "member")
    op.drop_index("member_email_idx", "member")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
