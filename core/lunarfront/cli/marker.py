"""The marker of a demo database: other starts refuse it, and the demo refuses one without it (architecture.md §11).

It is the comment of schema public, which only lf_owner can set and which a dump carries along.
"""

from enum import StrEnum

from psycopg import sql

from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.roles import connect

READ = "SELECT obj_description('public'::regnamespace, 'pg_namespace'), to_regclass('public.alembic_version')"
NOT_A_DEMO = "This database is not a demo: the demo store is only opened in one of its own."
A_DEMO = "This database holds a demo store: only `lunarfront demo` opens it."


class Kind(StrEnum):
    """What a database is; the texts of the two demo kinds are its marker."""

    EMPTY = "empty"
    STORE = "store"
    DEMO_BEGUN = "LunarFront demo database, not loaded yet"
    DEMO = "LunarFront demo database"


def kind_of(url: str) -> Kind:
    """Return what the database is."""
    with connect(url) as connection:
        row = connection.execute(READ).fetchone()
    comment, migrated = row if row else (None, None)
    if comment in (Kind.DEMO, Kind.DEMO_BEGUN):
        return Kind(comment)
    return Kind.EMPTY if migrated is None else Kind.STORE


def mark(owner_url: str, kind: Kind) -> None:
    """Write the marker of a demo."""
    with connect(owner_url) as connection:
        connection.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(str(kind))))


def require_kind(url: str, *, demo: bool) -> None:
    """Insist that the database is (not) a demo.

    Raises:
        StartRefused: it is of the other kind.
    """
    is_demo = kind_of(url) in (Kind.DEMO, Kind.DEMO_BEGUN)
    if is_demo != demo:
        raise StartRefused(NOT_A_DEMO if demo else A_DEMO)
