"""Functions that open a request, find companies before one is known, and search (hot-path.md §2, SEC-07, SEC-08)."""

from alembic import op

from lunarfront.kernel.db.ddl import search_function

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: Not security definer: the policies apply from its first read, since the setting is made before it.
REQUEST_OPEN = """
CREATE FUNCTION lf_request_open(
  p_company uuid, p_kind text, p_hash bytea, p_session uuid, p_terminal uuid, p_scope text, p_key text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  s record;
  u record;
  t record;
  c record;
  l record;
  stored record;
  idem jsonb;
BEGIN
  PERFORM set_config('app.company_id', p_company::text, true);
  IF p_kind = 'token' THEN
    SELECT id, user_id, terminal_id, 'token' AS kind, created_at AS authenticated_at, scopes INTO s FROM api_token
      WHERE company_id = p_company AND hash = p_hash AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now());
  ELSE
    SELECT id, user_id, terminal_id, kind, authenticated_at, NULL::text[] AS scopes, last_seen_at INTO s
      FROM auth_session
      WHERE company_id = p_company AND (id_hash = p_hash OR id = p_session) AND revoked_at IS NULL
        AND expires_at > now() AND last_seen_at > now() - interval '12 hours';
    IF FOUND AND s.last_seen_at < now() - interval '5 minutes' THEN
      UPDATE auth_session SET last_seen_at = now() WHERE company_id = p_company AND id = (
        SELECT id FROM auth_session WHERE company_id = p_company AND id = s.id FOR UPDATE SKIP LOCKED);
    END IF;
  END IF;
  IF s.id IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT id, full_name, email, locale, theme INTO u FROM app_user
    WHERE company_id = p_company AND id = s.user_id AND is_active;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT name, currency, country, default_timezone, settings, catalog_version, rights_version, is_demo INTO c
    FROM company WHERE id = p_company;
  SELECT id, code, name, drawer_id, location_id INTO t FROM terminal
    WHERE company_id = p_company AND id = coalesce(s.terminal_id, p_terminal) AND is_active;
  SELECT id, code, name, timezone, day_cutoff, price_mode, tax_rounding, cash_rounding_increment,
         cash_rounding_mode, is_mobile, is_training INTO l FROM location
    WHERE company_id = p_company AND id = t.location_id;
  IF p_key IS NOT NULL THEN
    IF pg_try_advisory_xact_lock(hashtextextended(p_company || ' ' || u.id || ' ' || p_scope || ' ' || p_key, 0)) THEN
      SELECT request_sha256, response_status, response_body, response_type INTO stored FROM idempotency_record
        WHERE company_id = p_company AND scope = u.id || ' ' || p_scope AND key = p_key AND expires_at > now();
      idem := CASE WHEN FOUND THEN to_jsonb(stored) ELSE '{}'::jsonb END;
    ELSE
      idem := '{"busy": true}'::jsonb;
    END IF;
  END IF;
  RETURN jsonb_build_object(
    'session', to_jsonb(s), 'user', to_jsonb(u), 'company', to_jsonb(c),
    'terminal', CASE WHEN t.id IS NULL THEN NULL ELSE to_jsonb(t) END,
    'location', CASE WHEN t.id IS NULL THEN NULL ELSE to_jsonb(l) END,
    'idem', idem);
END $$
"""

FUNCTIONS = {
    "lf_sign_in_candidates(text)": (
        """
        CREATE FUNCTION lf_sign_in_candidates(p_email text) RETURNS TABLE (
          company_id uuid, company_name text, user_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT c.id, c.name, u.id FROM public.app_user u JOIN public.company c ON c.id = u.company_id
          WHERE u.email = p_email AND u.can_sign_in AND u.is_active ORDER BY c.id LIMIT 5
        $$""",
        "companies where an address may sign in (SEC-08, USR-11)",
    ),
    "lf_company_ids()": (
        """
        CREATE FUNCTION lf_company_ids() RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT id FROM public.company ORDER BY id
        $$""",
        "all companies, for work that visits each (SEC-08)",
    ),
    "lf_companies_with_due_jobs()": (
        """
        CREATE FUNCTION lf_companies_with_due_jobs() RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT DISTINCT company_id FROM public.job_outbox
          WHERE done_at IS NULL AND failed_at IS NULL AND parked_at IS NULL AND run_at <= now()
            AND (lease_until IS NULL OR lease_until < now())
        $$""",
        "companies with work for the dispatcher (SEC-08)",
    ),
    "lf_companies_with_due_schedules()": (
        """
        CREATE FUNCTION lf_companies_with_due_schedules() RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT DISTINCT company_id FROM public.schedule WHERE is_active AND next_run_at <= now()
        $$""",
        "companies with a schedule that is due (SEC-08)",
    ),
    "lf_companies_to_seal()": (
        """
        CREATE FUNCTION lf_companies_to_seal() RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT DISTINCT company_id FROM public.seal_pending
        $$""",
        "companies with rows to seal (SEC-08)",
    ),
    "lf_job_backlog()": (
        """
        CREATE FUNCTION lf_job_backlog() RETURNS TABLE (due bigint, oldest_s numeric, failed bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT count(*) FILTER (WHERE failed_at IS NULL AND run_at <= now()),
                 coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE failed_at IS NULL AND run_at <= now())), 0),
                 count(*) FILTER (WHERE failed_at IS NOT NULL)
          FROM public.job_outbox WHERE done_at IS NULL AND parked_at IS NULL
        $$""",
        "figures of the health page; no company is named (SEC-08)",
    ),
    "lf_search_accounts(text,integer)": (
        """
        CREATE FUNCTION lf_search_accounts(p_query text, p_limit integer) RETURNS TABLE (
          account_id uuid, score real)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        SET pg_trgm.word_similarity_threshold = '0.3' AS $$
          WITH hits AS (
            SELECT a.id, word_similarity(p_query, a.search_text) AS score FROM public.account a
            WHERE a.company_id = current_setting('app.company_id')::uuid AND p_query <% a.search_text
            UNION ALL
            SELECT m.account_id, word_similarity(p_query, m.search_text) FROM public.member m
            WHERE m.company_id = current_setting('app.company_id')::uuid AND p_query <% m.search_text
          )
          SELECT id, max(score) FROM hits GROUP BY id ORDER BY 2 DESC, 1 LIMIT least(p_limit, 200)
        $$""",
        "accounts by similar name (SEC-07, SRC-01)",
    ),
    "lf_search_variants(text,integer)": (
        """
        CREATE FUNCTION lf_search_variants(p_query text, p_limit integer) RETURNS TABLE (
          variant_id uuid, score real)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        SET pg_trgm.word_similarity_threshold = '0.3' AS $$
          SELECT v.id, word_similarity(p_query, v.search_text) FROM public.product_variant v
          WHERE v.company_id = current_setting('app.company_id')::uuid AND p_query <% v.search_text
          ORDER BY 2 DESC, 1 LIMIT least(p_limit, 200)
        $$""",
        "variants by similar name (SEC-07, SRC-01)",
    ),
}

#: What the owner of these functions may read: just the columns they need (SEC-08).
READABLE = {
    "company": "id, name",
    "app_user": "id, company_id, email, can_sign_in, is_active",
    "job_outbox": "company_id, run_at, done_at, failed_at, parked_at, lease_until",
    "schedule": "company_id, is_active, next_run_at",
    "seal_pending": "company_id",
    "account": "id, company_id, search_text",
    "member": "id, company_id, account_id, search_text",
    "product_variant": "id, company_id, search_text",
}
#: Tables read before a company is known; searched tables have this policy already.
ACROSS_COMPANIES = ("app_user", "job_outbox", "schedule", "seal_pending")


def upgrade() -> None:
    """Create the functions and give them to their owner."""
    op.execute(REQUEST_OPEN)
    op.execute("REVOKE ALL ON FUNCTION lf_request_open FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION lf_request_open TO lf_app")
    for table, columns in READABLE.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO lf_search")
    for table in ACROSS_COMPANIES:
        op.execute(f"CREATE POLICY lf_search ON {table} FOR SELECT TO lf_search USING (true)")
    for signature, (body, comment) in FUNCTIONS.items():
        op.execute(body)
        for statement in search_function(signature, comment):
            op.execute(statement)


def downgrade() -> None:
    """Drop the functions."""
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for table in ACROSS_COMPANIES:
        op.execute(f"DROP POLICY lf_search ON {table}")
    for table in READABLE:
        op.execute(f"REVOKE ALL ON {table} FROM lf_search")
    op.execute("DROP FUNCTION lf_request_open")
