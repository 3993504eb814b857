"""``lunarfront upgrade-db``: data of an older PostgreSQL moves into a new folder (runtime.md §4)."""

import click

from lunarfront.cli.command import Answer, command
from lunarfront.kernel.config import Settings


@click.command("upgrade-db")
@command
def upgrade_db(settings: Settings) -> Answer:
    """Move the embedded database to the newest PostgreSQL here; the old folder is kept."""
    from lunarfront.kernel.runtime.upgrade import upgrade_database

    done = upgrade_database(settings)
    sealed = _seal(settings)
    rows = sum(sum(tables.values()) for tables in done.counts.values())
    lines = [
        f"From PostgreSQL {done.old_version} to {done.new_version}: {rows} rows are the same in both.",
        f"Sealed what was open: {sealed} rows. The old data is kept in {done.kept}.",
    ]
    return Answer(
        {
            "old_version": done.old_version,
            "new_version": done.new_version,
            "kept": done.kept,
            "rows": rows,
            "sealed": sealed,
        },
        lines,
    )


def _seal(settings: Settings) -> int:
    """Migrate, then seal what is left: transaction ids of the old server mean nothing in the new one (AUD-04)."""
    from lunarfront.cli.installation import database, installation, revision_of
    from lunarfront.kernel.core import Core
    from lunarfront.kernel.db.migrate import upgrade
    from lunarfront.kernel.seals import seal_company

    with database(settings) as urls:
        if revision_of(urls.app_url) is None:
            return 0
        upgrade(urls.require_owner())
        with installation(settings) as found:
            core = Core(settings=settings, bind=found.engine)
            return sum(seal_company(core, c, restored=True).sealed for c in found.company_ids())
