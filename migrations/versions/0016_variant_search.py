"""Search of variants in steps: all words as typed, then more and more freely similar (SRC-01, SRC-02, SEC-07)."""

from alembic import op

from lunarfront.kernel.db.ddl import search_function

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: The threshold is set for the call alone: the function's own setting is restored when it ends.
SIMILAR = "lf_similar_variants(text,real,integer)"
WITH_WORDS = "lf_variants_with_words(text,text[],integer)"
OLD = "lf_search_variants(text,integer)"
FUNCTIONS = {
    WITH_WORDS: (
        """
        CREATE FUNCTION lf_variants_with_words(p_longest text, p_all text[], p_limit integer)
        RETURNS TABLE (variant_id uuid, score real)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT v.id, 1::real FROM public.product_variant v
          WHERE v.company_id = current_setting('app.company_id')::uuid
            AND v.search_text LIKE p_longest AND v.search_text LIKE ALL (p_all)
          ORDER BY v.name_sort, v.id LIMIT least(p_limit, 200)
        $$""",
        "variants that have all words of a search (SEC-07, SRC-01)",
    ),
    SIMILAR: (
        """
        CREATE FUNCTION lf_similar_variants(p_query text, p_threshold real, p_limit integer)
        RETURNS TABLE (variant_id uuid, score real)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        SET pg_trgm.word_similarity_threshold = '0.3' AS $$
        BEGIN
          PERFORM set_config('pg_trgm.word_similarity_threshold', p_threshold::text, true);
          RETURN QUERY
            SELECT c.id, word_similarity(p_query, c.search_text) AS score
            FROM (SELECT v.id, v.search_text FROM public.product_variant v
                  WHERE v.company_id = current_setting('app.company_id')::uuid AND p_query <% v.search_text
                  LIMIT 3000) c
            ORDER BY 2 DESC, 1 LIMIT least(p_limit, 200);
        END $$""",
        "variants by similar name (SEC-07, SRC-01)",
    ),
}
FORMER = """
CREATE FUNCTION lf_search_variants(p_query text, p_limit integer) RETURNS TABLE (
  variant_id uuid, score real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET pg_trgm.word_similarity_threshold = '0.3' AS $$
  SELECT v.id, word_similarity(p_query, v.search_text) FROM public.product_variant v
  WHERE v.company_id = current_setting('app.company_id')::uuid AND p_query <% v.search_text
  ORDER BY 2 DESC, 1 LIMIT least(p_limit, 200)
$$"""


def upgrade() -> None:
    """Put the steps in place of the one search."""
    op.execute(f"DROP FUNCTION {OLD}")
    op.execute("GRANT SELECT (name_sort) ON product_variant TO lf_search")
    for signature, (body, comment) in FUNCTIONS.items():
        _create(signature, body, comment)


def downgrade() -> None:
    """Go back to the one search."""
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE SELECT (name_sort) ON product_variant FROM lf_search")
    _create(OLD, FORMER, "variants by similar name (SEC-07, SRC-01)")


def _create(signature: str, body: str, comment: str) -> None:
    """A setting of an extension may be named only when its library is loaded, which its first call does."""
    op.execute("SELECT show_limit()")
    op.execute(body)
    for statement in search_function(signature, comment):
        op.execute(statement)
