"""``lunarfront upgrade-db``: dump with the old programs, restore into a new folder, keep the old one."""

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from psycopg import sql
from sqlalchemy import make_url

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import make_folder
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.find_postgres import PostgresInstall, find_postgres
from lunarfront.kernel.runtime.initdb import child_environment
from lunarfront.kernel.runtime.placement import data_dir_of
from lunarfront.kernel.runtime.postgres import PostgresServer
from lunarfront.kernel.runtime.roles import connect, create_database, prepare_database
from lunarfront.kernel.runtime.urls import libpq_url, password_of, with_database

#: Database → table → rows.
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Upgrade:
    """What was done: both versions and the folder that keeps the old data."""

    old_version: str
    new_version: str
    kept: Path
    counts: Counts


def upgrade_database(settings: Settings) -> Upgrade:
    """Move the data of an older major version into a new folder and compare the rows of every table.

    The old folder is renamed, never changed or removed; on any failure it gets its name back. Raises StartRefused.
    """
    data_dir = data_dir_of(settings)
    new = find_postgres(settings)
    old = _programs_of(settings, data_dir, new)
    dumps = make_folder(settings.home / f"upgrade-from-{old.major}")
    before = _dump(replace(settings, pg_bin=old.bin_dir), old, dumps)
    kept = data_dir.with_name(f"{data_dir.name}-{old.major}")
    if kept.exists():
        raise StartRefused(f"{kept} is there already, from an earlier upgrade. Move it away first.")
    data_dir.rename(kept)
    try:
        _restore(settings, new, dumps, before)
    except BaseException:
        shutil.rmtree(data_dir, ignore_errors=True)
        kept.rename(data_dir)
        raise
    shutil.rmtree(dumps)
    return Upgrade(old.version, new.version, kept, before)


def _programs_of(settings: Settings, data_dir: Path, new: PostgresInstall) -> PostgresInstall:
    version_file = data_dir / "PG_VERSION"
    if not version_file.exists():
        raise StartRefused(f"There is no data to upgrade in {data_dir}.")
    major = int(version_file.read_text(encoding="ascii").strip())
    if major >= new.major:
        raise StartRefused(f"The data in {data_dir} is of version {major} already.")
    return find_postgres(replace(settings, pg_bin=None), major)


def _dump(settings: Settings, old: PostgresInstall, dumps: Path) -> Counts:
    """Dump with the server's own version: a newer one may copy options that only the old server knows."""
    server = PostgresServer(settings)
    handle = server.start()
    if not handle.started_here:
        raise StartRefused("LunarFront is running. Run `lunarfront down` first.")
    try:
        counts = _count_all(handle.admin_url)
        for database in counts:
            address = with_database(handle.admin_url, database)
            _run(old, "pg_dump", address, "--format=custom", f"--file={dumps / database}")
        return counts
    finally:
        server.stop()


def _restore(settings: Settings, new: PostgresInstall, dumps: Path, before: Counts) -> None:
    server = PostgresServer(settings)
    try:
        admin_url = server.start().admin_url
        prepare_database(settings, admin_url)
        present = _databases(admin_url)
        for database in before:
            if database not in present:
                create_database(admin_url, database)
            address = with_database(admin_url, database)
            _run(new, "pg_restore", address, "--exit-on-error", str(dumps / database))
        if _count_all(admin_url) != before:
            raise StartRefused("The new database does not hold the rows of the old one. The old one is kept.")
    finally:
        server.stop()


def _run(install: PostgresInstall, program: str, url: str, *arguments: str) -> None:
    """Run a program on a database; the password goes through the environment, which other users cannot see."""
    address = libpq_url(make_url(url).set(password=None).render_as_string(hide_password=False))
    answer = subprocess.run(
        [install.program(program), f"--dbname={address}", *arguments],
        env=child_environment() | {"PGPASSWORD": password_of(url) or "", "PGCONNECT_TIMEOUT": "10"},
        capture_output=True,
        text=True,
        check=False,
        umask=0o077 if os.name == "posix" else -1,
    )
    if answer.returncode != 0:
        raise StartRefused(f"{program} failed: {answer.stderr.strip()}")


def _databases(admin_url: str) -> list[str]:
    with connect(admin_url) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY datname"
        ).fetchall()
    return [row[0] for row in rows]


def _count_all(admin_url: str) -> Counts:
    return {database: _count(with_database(admin_url, database)) for database in _databases(admin_url)}


def _count(url: str) -> dict[str, int]:
    """Return the rows of each table, seen by the superuser, whom no policy binds."""
    with connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        return {
            f"{schema}.{table}": _rows(connection.execute(_counting(schema, table)).fetchone())
            for schema, table in tables
        }


def _counting(schema: str, table: str) -> sql.Composed:
    return sql.SQL("SELECT count(*) FROM ONLY {}").format(sql.Identifier(schema, table))


def _rows(row: tuple[int] | None) -> int:
    return row[0] if row else 0
