"""Database's own guards: company policy, cache versions and balanced entries (SEC-02, SEC-13, hot-path.md §4)."""

from alembic import op

from lunarfront.kernel.db.ddl import version_trigger

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COMPANY_RULES = (
    "ALTER TABLE company ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE company FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON company TO lf_app, lf_owner USING (id = current_setting('app.company_id')::uuid) "
    "WITH CHECK (id = current_setting('app.company_id')::uuid)",
    "CREATE POLICY readers ON company FOR SELECT TO lf_backup, lf_search USING (true)",
    "GRANT SELECT, INSERT, UPDATE ON company TO lf_app",
    "GRANT SELECT ON company TO lf_backup",
    "GRANT SELECT ON alembic_version TO lf_app, lf_backup",
)

CATALOG_TABLES = {
    "category": (),
    "product": (),
    "product_variant": (),
    "product_barcode": (),
    "bundle_item": (),
    "price_list": (),
    "price_list_item": (),
    "tax_category": (),
    "tax_jurisdiction": (),
    "tax_component": (),
    "tax_rule": (),
    "account_code": (),
    "location": (),
    "reason_code": (),
    "discount": (
        "code", "name", "scope", "type", "value", "starts_on", "ends_on", "max_uses", "requires_code",
        "stackable", "category_ids", "requires_approval_above", "is_active",
    ),
}  # fmt: skip

RIGHTS_TABLES = {
    "role": (),
    "role_permission": (),
    "user_role": (),
    "permission_grant": (),
    "user_location": (),
    "app_user": ("is_active", "archived_at"),
}

#: At most one raise a transaction; the setting is undone with the transaction or savepoint that made it.
RAISE_VERSION = """
CREATE FUNCTION lf_raise_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('app.{column}_raised', true), '') <> pg_current_xact_id()::text THEN
    PERFORM set_config('app.{column}_raised', pg_current_xact_id()::text, true);
    UPDATE company SET {column} = {column} + 1 WHERE id = current_setting('app.company_id')::uuid;
  END IF;
  RETURN NULL;
END $$
"""

#: Two triggers, as each alone has a hole: a header without lines, and lines added to a balanced entry (SEC-13).
BALANCED = """
CREATE FUNCTION lf_entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entry uuid := CASE WHEN TG_TABLE_NAME = 'journal_entry' THEN (to_jsonb(NEW)->>'id')::uuid
                     ELSE (to_jsonb(NEW)->>'entry_id')::uuid END;
  head record;
  sums record;
BEGIN
  SELECT total_debits, total_credits INTO head FROM journal_entry
    WHERE company_id = NEW.company_id AND id = entry;
  SELECT count(*) AS lines, coalesce(sum(debit), 0) AS debits, coalesce(sum(credit), 0) AS credits INTO sums
    FROM journal_entry_line WHERE company_id = NEW.company_id AND entry_id = entry;
  IF sums.lines < 2 OR sums.debits <> sums.credits OR sums.debits <> head.total_debits THEN
    RAISE EXCEPTION 'journal entry % does not balance', entry USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Install the guards."""
    for statement in COMPANY_RULES:
        op.execute(statement)
    for column, tables in (("catalog_version", CATALOG_TABLES), ("rights_version", RIGHTS_TABLES)):
        op.execute(RAISE_VERSION.format(column=column))
        for table, columns in tables.items():
            for statement in version_trigger(table, column, columns):
                op.execute(statement)
    op.execute(BALANCED)
    for table in ("journal_entry", "journal_entry_line"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_balanced AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION lf_entry_balanced()"
        )


def downgrade() -> None:
    """Remove the guards."""
    for table in ("journal_entry", "journal_entry_line"):
        op.execute(f"DROP TRIGGER {table}_balanced ON {table}")
    op.execute("DROP FUNCTION lf_entry_balanced()")
    for column, tables in (("catalog_version", CATALOG_TABLES), ("rights_version", RIGHTS_TABLES)):
        for table in tables:
            op.execute(f"DROP TRIGGER {table}_{column} ON {table}")
        op.execute(f"DROP FUNCTION lf_raise_{column}()")
    op.execute("DROP POLICY tenant ON company")
    op.execute("DROP POLICY readers ON company")
    op.execute("ALTER TABLE company NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE company DISABLE ROW LEVEL SECURITY")
