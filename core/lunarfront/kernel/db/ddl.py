"""DDL that every company table needs: row-level security, grants, append-only triggers (SEC-01, SEC-02, AUD-03).

Used by the migrations of core and of modules. Names of tables come from migrations, never from input.
"""

from collections.abc import Iterable, Iterator

COMPANY = "current_setting('app.company_id')::uuid"

#: Raises on any change of an append-only row, whoever tries (AUD-03).
APPEND_ONLY_FUNCTION = """
CREATE FUNCTION lf_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def secure_table(
    table: str, *, append_only: bool = False, searched: bool = False, schema: str = "public"
) -> list[str]:
    """Return the statements that put a company table under the rules of tenancy.

    Args:
        table: its name.
        append_only: rows are never changed or deleted by anybody.
        searched: the search functions of SEC-07 read it.
        schema: ``public``, or a module's own.
    """
    name = f'{schema}."{table}"'
    readers = "lf_backup, lf_search" if searched else "lf_backup"
    statements = [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {name} TO lf_app, lf_owner USING (company_id = {COMPANY}) "
        f"WITH CHECK (company_id = {COMPANY})",
        f"CREATE POLICY readers ON {name} FOR SELECT TO {readers} USING (true)",
        f"GRANT SELECT, INSERT{'' if append_only else ', UPDATE, DELETE'} ON {name} TO lf_app",
        f"GRANT SELECT ON {name} TO lf_backup",
    ]
    return statements + (_append_only(name, table) if append_only else [])


def _append_only(name: str, table: str) -> list[str]:
    return [
        f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE ON {name} '
        "FOR EACH ROW EXECUTE FUNCTION lf_append_only()",
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON {name} '
        "FOR EACH STATEMENT EXECUTE FUNCTION lf_append_only()",
    ]


def version_trigger(
    table: str, column: str, columns: Iterable[str] = (), schema: str = "public"
) -> Iterator[str]:
    """Yield statement triggers that raise ``company.<column>`` when the table changes (hot-path.md §4).

    Args:
        table: the table that caches depend on.
        column: ``catalog_version`` or ``rights_version``.
        columns: an update counts only if it sets one of these; none given: every update counts.
    """
    update = "UPDATE OF " + ", ".join(columns) if columns else "UPDATE"
    yield (
        f'CREATE TRIGGER "{table}_{column}" AFTER INSERT OR DELETE OR {update} ON {schema}."{table}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION lf_raise_{column}()"
    )


def search_function(signature: str, name: str) -> list[str]:
    """Return the statements that hand a security-definer function to ``lf_search`` and let ``lf_app`` call it."""
    return [
        f"COMMENT ON FUNCTION {signature} IS '{name}'",
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {signature} TO lf_app",
        "GRANT CREATE ON SCHEMA public TO lf_search",
        f"ALTER FUNCTION {signature} OWNER TO lf_search",
        "REVOKE CREATE ON SCHEMA public FROM lf_search",
    ]
