"""``lunarfront db``: roles, migrations and where the database stands."""

import click

from lunarfront.cli.command import Answer, command
from lunarfront.cli.installation import database, revision_of
from lunarfront.cli.marker import require_kind
from lunarfront.kernel.config import Settings


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
        before = revision_of(urls.require_owner())
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
        found = revision_of(urls.app_url)
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
