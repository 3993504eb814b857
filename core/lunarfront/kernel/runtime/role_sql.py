"""The SQL of SEC-01: roles, database, extensions and grants. Printed by ``lunarfront db roles``, run by ``roles``."""

from collections.abc import Mapping

from psycopg import sql

OWNER, APP, BACKUP, SEARCH = "lf_owner", "lf_app", "lf_backup", "lf_search"
SIGN_IN_ROLES = (OWNER, APP, BACKUP)
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "citext")
#: No role can pass row-level security, make roles or databases, or replicate.
HARMLESS = "NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION"
#: lf_owner may hand functions to lf_search, but must not inherit its policies (SEC-07): hence NOINHERIT.
ATTRIBUTES = {
    OWNER: "LOGIN NOINHERIT",
    APP: "LOGIN NOINHERIT",
    BACKUP: "LOGIN NOINHERIT",
    SEARCH: "NOLOGIN NOINHERIT",
}
#: Limits of the web; jobs and reports change them for their own transaction (runtime.md §4).
LIMITS = {
    APP: {"statement_timeout": "30s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"},
    BACKUP: {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"},
}


def create_role(role: str) -> sql.Composed:
    """Return the statement that makes a role; it cannot sign in before it has a password."""
    return sql.SQL("CREATE ROLE {} {} {}").format(
        sql.Identifier(role), sql.SQL(ATTRIBUTES[role]), sql.SQL(HARMLESS)
    )


def set_password(role: str, password: str) -> sql.Composed:
    """Return the statement that gives a role its password."""
    return sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))


def limit_statements() -> list[sql.Composed]:
    """Return the time limits of each role."""
    return [
        sql.SQL("ALTER ROLE {} SET {} = {}").format(
            sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
        )
        for role, limits in LIMITS.items()
        for name, value in limits.items()
    ]


def membership_statements() -> list[sql.Composed]:
    """Return the one membership: lf_owner may hand functions over to lf_search (SEC-07, SEC-08)."""
    return [sql.SQL("GRANT {} TO {}").format(sql.Identifier(SEARCH), sql.Identifier(OWNER))]


def act_as_owner() -> sql.Composed:
    """Return the membership that an administrator without superuser rights needs to make the database."""
    return sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER))


def create_database(name: str, template: str | None = None) -> sql.Composed:
    """Return the statement that makes a database owned by lf_owner."""
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
    return statement + sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else statement


def database_grants(name: str) -> list[sql.Composed]:
    """Return who may connect. Nobody but the owner may make anything in the database (SEC-01)."""
    database = sql.Identifier(name)
    roles = sql.SQL(", ").join(map(sql.Identifier, (APP, BACKUP)))
    return [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database),
        sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {}").format(
            database, sql.Identifier(OWNER)
        ),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, roles),
    ]


def schema_grants() -> list[sql.Composed]:
    """Return the rights on schema public: use for all, making tables for the owner alone (SEC-01)."""
    roles = sql.SQL(", ").join(map(sql.Identifier, (APP, BACKUP, SEARCH)))
    return [
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format(),
        # Before PostgreSQL 16 a NOINHERIT owner of the database has no rights by owning its public schema.
        sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)),
        sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(OWNER)),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(roles),
    ]


def extension_statements() -> list[sql.Composed]:
    """Return the extensions; all are trusted, so the database's owner may make them."""
    return [sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)) for name in EXTENSIONS]


def role_sql(database: str = "lunarfront", passwords: Mapping[str, str] | None = None) -> str:
    """Return a psql script for the server's administrator that does what ``ensure_roles`` does.

    Without ``passwords`` (role → password) the script asks for them, so that it can be sent by mail.
    """
    lines = ["-- Roles, database, extensions and grants of LunarFront. Run with psql as an administrator."]
    lines += [_if_missing(role) for role in ATTRIBUTES]
    for role in SIGN_IN_ROLES:
        given = (passwords or {}).get(role)
        lines.append(set_password(role, given).as_string() + ";" if given else f"\\password {role}")
    lines += _script([*limit_statements(), *membership_statements(), act_as_owner()])
    lines += [
        create_database(database).as_string() + ";",
        f"\\connect {sql.Identifier(database).as_string()}",
    ]
    lines += _script(database_grants(database) + schema_grants() + extension_statements())
    return "\n".join(lines) + "\n"


def _script(statements: list[sql.Composed]) -> list[str]:
    return [statement.as_string() + ";" for statement in statements]


def _if_missing(role: str) -> str:
    create = create_role(role).as_string()
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {sql.Literal(role).as_string()})"
        f" THEN {create}; END IF; END $$;"
    )
