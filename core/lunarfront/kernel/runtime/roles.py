"""Makes the roles and the database of SEC-01 where they are missing (runtime.md §4). Safe to run again, and at once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import ensure_home, make_password, secret_once
from lunarfront.kernel.runtime import role_sql as statements
from lunarfront.kernel.runtime.app_role import assert_app_role_is_safe
from lunarfront.kernel.runtime.database_urls import (
    DATABASE,
    NO_ADMIN,
    NO_DATABASE,
    DatabaseUrls,
    database_urls,
    known_password,
    urls_of,
)
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.role_sql import APP, OWNER, SIGN_IN_ROLES, role_sql
from lunarfront.kernel.runtime.urls import database_of, libpq_url, user_of, with_database

__all__ = [
    "DatabaseUrls",
    "assert_app_role_is_safe",
    "connect",
    "create_database",
    "database_urls",
    "drop_database",
    "prepare_database",
    "role_sql",
]

#: The database to sign in to when another one is made, copied or dropped.
MAINTENANCE = "postgres"
#: Two starts at once must not change the same role: "tuple concurrently updated".
LOCK = "SELECT pg_advisory_xact_lock(hashtext('lunarfront.roles'))"


def prepare_database(settings: Settings, embedded_admin_url: str = "") -> DatabaseUrls:
    """Make roles, database, extensions and grants where they are missing; return the addresses.

    ``embedded_admin_url`` is that of a server we started; without it the server is that of DATABASE_ADMIN_URL or
    DATABASE_URL. Raises StartRefused when no given user may make the roles.
    """
    if embedded_admin_url:
        return _prepare(settings, embedded_admin_url, DATABASE, ours=True)
    admin = settings.database_admin_url or settings.database_url
    if admin is None:
        raise StartRefused(NO_DATABASE)
    database = database_of(settings.database_url or admin)
    if user_of(admin) == OWNER:
        _grant(with_database(admin, database))
    elif user_of(admin) == APP or not _may_make_roles(admin):
        raise StartRefused(NO_ADMIN)
    else:
        return _prepare(settings, admin, database, ours=False)
    return database_urls(settings)


def create_database(admin_url: str, name: str, template: str | None = None) -> None:
    """Make a database owned by lf_owner, as a copy of ``template`` if one is given, with its grants.

    ``admin_url`` may name any database of the server.
    """
    with connect(with_database(admin_url, MAINTENANCE)) as connection:
        connection.execute(statements.create_database(name, template))
        _run(connection, statements.database_grants(name))


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database, with whoever is connected to it; nothing happens if there is none."""
    with connect(with_database(admin_url, MAINTENANCE)) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def connect(url: str) -> Iterator[psycopg.Connection]:
    """Open a connection in autocommit; a server that cannot be reached is a StartRefused."""
    try:
        connection = psycopg.connect(libpq_url(url), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise StartRefused(f"The database cannot be reached: {error}") from None
    with connection:
        yield connection


def _prepare(settings: Settings, admin_url: str, database: str, *, ours: bool) -> DatabaseUrls:
    ensure_home(settings.home)
    with connect(admin_url) as connection:
        with connection.transaction():
            connection.execute(LOCK)
            _make_roles(connection, settings, ours=ours)
        _make_database(connection, database)
    _grant(with_database(admin_url, database))
    return urls_of(settings, with_database(admin_url, database), settings.database_url or "")


def _make_roles(connection: psycopg.Connection, settings: Settings, *, ours: bool) -> None:
    present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    if not ours:
        _refuse_unknown_passwords(settings, present)
    _run(connection, (statements.create_role(role) for role in statements.ATTRIBUTES if role not in present))
    for role in SIGN_IN_ROLES:
        connection.execute(statements.set_password(role, _password(settings, role)))
    _run(connection, [*statements.limit_statements(), *statements.membership_statements()])
    if not _is_superuser(connection):
        connection.execute(statements.act_as_owner())


def _refuse_unknown_passwords(settings: Settings, present: set[str]) -> None:
    """Another machine may sign in with these roles: never give them a new password unasked."""
    for role in SIGN_IN_ROLES:
        if role in present and known_password(settings, role) is None:
            raise StartRefused(
                f"The role {role} exists on this server, but its password is not known here. Copy the file"
                f" {settings.secrets_dir / role} from the machine that made it, or write a new one (mode 0600)."
            )


def _password(settings: Settings, role: str) -> str:
    return known_password(settings, role) or secret_once(settings.secrets_dir / role, make_password)


def _make_database(connection: psycopg.Connection, database: str) -> None:
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).rowcount:
        return
    try:
        connection.execute(statements.create_database(database))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return


def _grant(url: str) -> None:
    """Run the statements that belong to one database, as its owner or as an administrator."""
    try:
        with connect(url) as connection, connection.transaction():
            connection.execute(LOCK)
            _run(connection, statements.database_grants(database_of(url)))
            _run(connection, statements.schema_grants() + statements.extension_statements())
    except psycopg.errors.InsufficientPrivilege as error:
        raise StartRefused(
            f"{user_of(url)} may not prepare the database {database_of(url)}: {error.diag.message_primary}."
            " Set DATABASE_ADMIN_URL to the database's owner or to a superuser."
        ) from None


def _run(connection: psycopg.Connection, wanted: Iterable[sql.Composed]) -> None:
    for statement in wanted:
        connection.execute(statement)


def _is_superuser(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _may_make_roles(url: str) -> bool:
    with connect(url) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    return bool(row and row[0])
