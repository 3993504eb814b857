"""Makes the roles and the database of SEC-01 and says which address each part of LunarFront uses (runtime.md §4)."""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import make_password, secret_once, write_private
from lunarfront.kernel.runtime import role_sql as statements
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.role_sql import APP, BACKUP, OWNER, SIGN_IN_ROLES, role_sql
from lunarfront.kernel.runtime.urls import database_of, libpq_url, password_of, user_of, with_database, with_user

__all__ = ["DatabaseUrls", "assert_app_role_is_safe", "database_urls", "ensure_roles", "prepare_database", "role_sql"]

DATABASE = "lunarfront"
NO_ADMIN = (
    "This database user may not make the roles that LunarFront needs. Set DATABASE_ADMIN_URL to a user who may,"
    " or give the output of `lunarfront db roles` to the server's administrator and set DATABASE_URL to lf_app"
    " and DATABASE_ADMIN_URL to lf_owner."
)


@dataclass(frozen=True, repr=False)
class DatabaseUrls:
    """SQLAlchemy addresses (``postgresql+psycopg://``) of one database, one per role.

    ``owner_url`` and ``backup_url`` are empty on a machine that only serves (DATABASE_URL of lf_app alone);
    ``admin_url`` is empty where nobody known to us may make roles.
    """

    app_url: str
    owner_url: str = ""
    admin_url: str = ""
    backup_url: str = ""

    def require_owner(self) -> str:
        """Return the owner's address for migrations. Raises StartRefused, naming DATABASE_ADMIN_URL."""
        if not self.owner_url:
            raise StartRefused(NO_ADMIN)
        return self.owner_url

    def on(self, database: str) -> "DatabaseUrls":
        """Return the same addresses on another database of the same server."""
        urls = (self.app_url, self.owner_url, self.admin_url, self.backup_url)
        return DatabaseUrls(*(with_database(url, database) if url else "" for url in urls))


def prepare_database(settings: Settings, embedded_admin_url: str = "") -> DatabaseUrls:
    """Make roles, database, extensions and grants where they are missing; return the addresses. Idempotent.

    ``embedded_admin_url`` is that of the server we started; without it the server is the one of DATABASE_URL.
    Raises StartRefused when nobody given may make the roles and they are not all there.
    """
    if embedded_admin_url:
        return ensure_roles(settings, embedded_admin_url, DATABASE, ours=True)
    admin = settings.database_admin_url or settings.database_url
    if admin is None:
        raise StartRefused("There is no database: neither DATABASE_URL nor a server of our own.")
    if user_of(admin) == OWNER:
        _grant_as_owner(admin)
        return database_urls(settings)
    if not _may_make_roles(admin):
        raise StartRefused(NO_ADMIN)
    return ensure_roles(settings, admin, database_of(settings.database_url or admin), ours=False)


def database_urls(settings: Settings, embedded_admin_url: str = "") -> DatabaseUrls:
    """Return the addresses without changing anything on the server."""
    if embedded_admin_url:
        return _with_kept_passwords(settings, with_database(embedded_admin_url, DATABASE))
    admin, app = settings.database_admin_url, settings.database_url
    if app is not None and user_of(app) == APP:
        return _owner_known(app, admin, settings) if admin else DatabaseUrls(app)
    base = admin or app
    if base is None:
        raise StartRefused("There is no database: neither DATABASE_URL nor a server of our own.")
    if user_of(base) == OWNER:
        raise StartRefused("DATABASE_URL must sign in as lf_app when DATABASE_ADMIN_URL is lf_owner.")
    return _with_kept_passwords(settings, with_database(base, database_of(app or base)))


def ensure_roles(settings: Settings, admin_url: str, database: str, *, ours: bool) -> DatabaseUrls:
    """Run the statements of ``role_sql`` as far as they are needed. ``ours``: nobody else uses this server."""
    with psycopg.connect(libpq_url(admin_url), autocommit=True) as connection:
        passwords = _passwords(settings)
        for role in statements.ATTRIBUTES:
            _ensure_role(connection, settings, role, passwords, ours=ours)
        _run(connection, statements.limit_statements() + _memberships(connection))
        if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", database):
            connection.execute(statements.create_database(database))
    target = with_database(admin_url, database)
    with psycopg.connect(libpq_url(target), autocommit=True) as connection:
        _run(connection, statements.database_grants(database) + statements.schema_grants())
        _run(connection, statements.extension_statements())
    app = settings.database_url
    if app is not None and user_of(app) == APP:
        return _owner_known(app, target, settings)
    return _with_kept_passwords(settings, target)
