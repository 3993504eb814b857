"""The marker of a demo database: other starts refuse it, and the demo refuses one without it (architecture.md §11).

It is the comment of schema public, which only lf_owner can set and which a dump carries along.
"""

import psycopg

from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.roles import connect

MARK = "LunarFront demo database"
READ = "SELECT obj_description('public'::regnamespace, 'pg_namespace'), to_regclass('public.alembic_version')"


def is_marked(connection: psycopg.Connection) -> bool:
    """Tell whether the database belongs to the demo."""
    row = connection.execute(READ).fetchone()
    return row is not None and row[0] == MARK


def mark_for_demo(owner_url: str) -> None:
    """Mark an empty database as the demo's.

    Raises:
        StartRefused: it holds data already and has no marker.
    """
    with connect(owner_url) as connection:
        row = connection.execute(READ).fetchone()
        if row is None or row[0] == MARK:
            return
        if row[1] is not None:
            raise StartRefused(
                "This database is not a demo: the demo store is only opened in one of its own."
            )
        connection.execute(f"COMMENT ON SCHEMA public IS '{MARK}'")


def require_kind(url: str, *, demo: bool) -> None:
    """Insist that the database is (not) a demo.

    Raises:
        StartRefused: it is of the other kind.
    """
    with connect(url) as connection:
        marked = is_marked(connection)
    if marked and not demo:
        raise StartRefused("This database holds a demo store: only `lunarfront demo` opens it.")
    if demo and not marked:
        raise StartRefused("This database is not a demo: the demo store is only opened in one of its own.")
