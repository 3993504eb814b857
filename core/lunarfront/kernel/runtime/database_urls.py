"""Which address each part of LunarFront uses for the database (runtime.md §4, SEC-01)."""

from dataclasses import dataclass

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import read_private
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.role_sql import APP, BACKUP, OWNER
from lunarfront.kernel.runtime.urls import database_of, password_of, user_of, with_database, with_user

#: The name of the database on a server that we started.
DATABASE = "lunarfront"
NO_DATABASE = "There is no database: neither DATABASE_URL is set nor a server of our own was started."
NO_ADMIN = (
    "This database user may not make the roles that LunarFront needs. Set DATABASE_ADMIN_URL to a user who may;"
    " or let the server's administrator run the output of `lunarfront db roles`, then set DATABASE_URL to lf_app"
    " and DATABASE_ADMIN_URL to lf_owner."
)


@dataclass(frozen=True, repr=False)
class DatabaseUrls:
    """SQLAlchemy addresses (``postgresql+psycopg://``) of one database, one per role.

    ``owner_url`` and ``backup_url`` are empty on a machine that only serves (DATABASE_URL of lf_app alone);
    ``admin_url`` is empty where no sign-in that may make roles is known.
    """

    app_url: str
    owner_url: str = ""
    admin_url: str = ""
    backup_url: str = ""

    def require_owner(self) -> str:
        """Return the owner's address for migrations. Raises StartRefused, which names DATABASE_ADMIN_URL."""
        if not self.owner_url:
            raise StartRefused(NO_ADMIN)
        return self.owner_url

    def on(self, database: str) -> "DatabaseUrls":
        """Return the same addresses on another database of the same server."""
        urls = (self.app_url, self.owner_url, self.admin_url, self.backup_url)
        return DatabaseUrls(*(with_database(url, database) if url else "" for url in urls))


def database_urls(settings: Settings, embedded_admin_url: str = "") -> DatabaseUrls:
    """Return the addresses and change nothing; ``embedded_admin_url`` is that of a server we started.

    Raises StartRefused when the roles were not made yet from this LUNARFRONT_HOME.
    """
    if embedded_admin_url:
        return urls_of(settings, with_database(embedded_admin_url, DATABASE), "")
    app = settings.database_url or ""
    admin = settings.database_admin_url or (app if user_of(app) != APP else "")
    if not admin:
        if not app:
            raise StartRefused(NO_DATABASE)
        return DatabaseUrls(app)
    return urls_of(settings, with_database(admin, database_of(app or admin)), app)


def urls_of(settings: Settings, admin: str, app: str) -> DatabaseUrls:
    """Return the addresses made from that of the administrator, on the target database, and of the application."""
    if user_of(app or admin) == OWNER:
        raise StartRefused("DATABASE_URL must sign in as lf_app, since lf_owner never runs the application.")
    return DatabaseUrls(
        app_url=app if user_of(app) == APP else _signed_in(settings, app or admin, APP),
        owner_url=admin if user_of(admin) == OWNER else _signed_in(settings, admin, OWNER),
        admin_url="" if user_of(admin) == OWNER else admin,
        backup_url=_signed_in(settings, admin, BACKUP) if known_password(settings, BACKUP) else "",
    )


def known_password(settings: Settings, role: str) -> str | None:
    """Return the password of a role, from DATABASE_URL or our own 0600 file, or None."""
    for url in (settings.database_url, settings.database_admin_url):
        if url and user_of(url) == role and password_of(url):
            return password_of(url)
    path = settings.secrets_dir / role
    return read_private(path) if path.exists() else None


def _signed_in(settings: Settings, url: str, role: str) -> str:
    password = known_password(settings, role)
    if password is None:
        raise StartRefused(f"The password of {role} is not known here. Run `lunarfront db upgrade` first.")
    return with_user(url, role, password)
