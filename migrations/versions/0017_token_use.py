"""An API token tells when it was last used (SEC-24); like a session's, the moment is written every five minutes.

A token's own till is where it works when the request names none; a sign-in stays at the till it is bound to.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: The function of 0009 with one more step: the token's last use. A request that runs beside it does not wait.
REQUEST_OPEN = """
CREATE OR REPLACE FUNCTION lf_request_open(
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
    SELECT id, user_id, terminal_id, 'token' AS kind, created_at AS authenticated_at, scopes, last_used_at INTO s
      FROM api_token
      WHERE company_id = p_company AND hash = p_hash AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now());
    IF FOUND AND coalesce(s.last_used_at, '-infinity') < now() - interval '5 minutes' THEN
      UPDATE api_token SET last_used_at = now() WHERE company_id = p_company AND id = (
        SELECT id FROM api_token WHERE company_id = p_company AND id = s.id FOR UPDATE SKIP LOCKED);
    END IF;
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
    WHERE company_id = p_company AND is_active
      AND id = CASE WHEN p_kind = 'token' THEN coalesce(p_terminal, s.terminal_id) ELSE coalesce(s.terminal_id, p_terminal) END;
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


def upgrade() -> None:
    """Replace the function; its grants stay."""
    op.execute(REQUEST_OPEN)


def downgrade() -> None:
    """Forward only: the newer function answers the older code as well."""
