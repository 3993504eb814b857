"""``lunarfront db``: roles, migrations and where the database stands."""

import click

from lunarfront.cli.command import Answer, command
from lunarfront.cli.installation import database
from lunarfront.cli.marker import require_kind
from lunarfront.kernel.config import Settings
from lunarfront.kernel.runtime.roles import connect


@click.group("db")
def db() -> None:
    """Roles and migrations of the database."""


@db.command("upgrade")
@command
def upgrade(settings: Settings) -> Answer:
    """Make roles and extensions where they are missing, then migrate to the newest revision."""
    from lunarfront.kernel.db.migrate import head_revision
    from lunarfront.kernel.db.migrate import upgrade as migrate

    with database(settings, prepare=True) as urls:
        require_kind(urls.require_owner(), demo=False)
        before = _revision(urls.require_owner())
        migrate(urls.require_owner())
    after = head_revision()
    line = (
        f"At revision {after} already."
        if before == after
        else f"From revision {before or 'none'} to {after}."
    )
    return Answer({"before": before, "after": after}, [line])


@db.command("current")
@command
def current(settings: Settings) -> Answer:
    """Revision of the database and of this version; code 1 when they differ."""
    from lunarfront.kernel.db.migrate import head_revision

    with database(settings) as urls:
        found = _revision(urls.app_url)
    head = head_revision()
    lines = [f"database {found or 'none'}", f"this version {head}"]
    return Answer({"current": found, "head": head}, lines, ok=found == head)


@db.command("roles")
@click.option("--database", "name", default="lunarfront", show_default=True, help="Name of the database.")
@command
def roles(_settings: Settings, name: str) -> Answer:
    """SQL for the server's administrator: roles, grants, extensions (SEC-01)."""
    from lunarfront.kernel.runtime.role_sql import role_sql

    script = role_sql(name)
    return Answer({"sql": script}, script.splitlines())


def _revision(url: str) -> str | None:
    with connect(url) as connection:
        present = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
        if present is None or present[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    return str(row[0]) if row else None
