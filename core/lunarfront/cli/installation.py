"""The database of an installation, opened for one command; the application object of a process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine

from lunarfront.cli.marker import require_kind
from lunarfront.kernel.config import Settings, ensure_secret_key
from lunarfront.kernel.core import make_engine
from lunarfront.kernel.db.migrate import current_revision, head_revision
from lunarfront.kernel.runtime.database_urls import DatabaseUrls, database_urls
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.postgres import PostgresServer
from lunarfront.kernel.runtime.roles import assert_app_role_is_safe, connect, prepare_database
from lunarfront.kernel.uow import UnitOfWork


@contextmanager
def database(settings: Settings, *, prepare: bool = False) -> Iterator[DatabaseUrls]:
    """Yield the addresses of the database; an embedded server is shared, or started for as long as this lasts.

    Args:
        settings: the settings of this process.
        prepare: make roles, database and extensions where they are missing.
    """
    if settings.database_url or settings.database_admin_url:
        yield prepare_database(settings) if prepare else database_urls(settings)
        return
    server = PostgresServer(settings)
    try:
        admin_url = server.start().admin_url
        yield prepare_database(settings, admin_url)
    finally:
        server.stop()


@dataclass(frozen=True)
class Installation:
    """A migrated database, opened as the application role."""

    settings: Settings
    urls: DatabaseUrls
    engine: Engine

    def unit_of_work(self, company_id: UUID) -> UnitOfWork:
        """Return a unit of work of a company."""
        return UnitOfWork(self.engine, company_id)

    def company_ids(self) -> list[UUID]:
        """Return all companies, the oldest first (SEC-08)."""
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql("SELECT lf_company_ids()").scalars())

    def require_company(self) -> None:
        """Insist that there is a company to work for.

        Raises:
            StartRefused: naming ``setup``.
        """
        if not self.company_ids():
            raise StartRefused(NO_COMPANY)

    def only_company(self) -> UUID:
        """Return the company of an installation that has just one.

        Raises:
            StartRefused: there is none, or several.
        """
        ids = self.company_ids()
        if len(ids) != 1:
            raise StartRefused(
                "There is no company yet: `lunarfront setup` makes one." if not ids else SEVERAL
            )
        return ids[0]


NO_COMPANY = "There is no company yet: `lunarfront setup` makes one."
SEVERAL = "There are several companies: name one with --company."


@contextmanager
def installation(settings: Settings) -> Iterator[Installation]:
    """Open the migrated database of these settings.

    Raises:
        StartRefused: it is not migrated, or to another revision than this version's.
    """
    from lunarfront.kernel.db.registry import import_models

    import_models()
    with database(settings) as urls:
        engine = make_engine(urls.app_url, settings)
        try:
            require_migrated(engine)
            yield Installation(settings, urls, engine)
        finally:
            engine.dispose()


def revision_of(url: str) -> str | None:
    """Return the revision of the database at ``url``, None when it is empty."""
    with connect(url) as connection:
        present = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
        if present is None or present[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    return str(row[0]) if row else None


def require_migrated(engine: Engine) -> None:
    """Insist on the newest revision.

    Raises:
        StartRefused: naming both revisions.
    """
    with engine.connect() as connection:
        current = current_revision(connection)
    if current != head_revision():
        raise StartRefused(
            f"The database is at revision {current or 'none'}, this version needs {head_revision()}."
            " `lunarfront db upgrade` brings it there."
        )


def build_app(settings: Settings, *, demo: bool) -> Flask:
    """Return the application object of a process, after the refusals of SEC-01, SEC-34 and of the demo's marker."""
    from lunarfront.app import create_app
    from lunarfront.kernel.logs import configure_logging

    settings = replace(settings, secret_key=ensure_secret_key(settings))
    app_url = database_urls(settings).app_url
    require_kind(app_url, demo=demo)
    configure_logging(settings)
    engine = make_engine(app_url, settings)
    require_migrated(engine)
    with engine.connect() as connection:
        assert_app_role_is_safe(connection)
    app = create_app(settings, app_url, bind=engine, demo=demo)
    if app.debug and not settings.is_development:
        raise StartRefused("FLASK_DEBUG shows people our insides. Remove it from the environment (SEC-34).")
    return app
