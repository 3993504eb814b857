"""Data of an older PostgreSQL moves into a new folder; the old one is kept (runtime.md §4)."""

from pathlib import Path

import psycopg
import pytest

from lunarfront.kernel.config import Settings, load_settings
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.find_postgres import DEBIAN, find_postgres, inspect
from lunarfront.kernel.runtime.postgres import PostgresServer
from lunarfront.kernel.runtime.roles import DatabaseUrls, prepare_database
from lunarfront.kernel.runtime.upgrade import upgrade_database
from lunarfront.kernel.runtime.urls import libpq_url, with_database


def settings_of(home: Path, **more: str) -> Settings:
    return load_settings({"LUNARFRONT_HOME": str(home), **more})


def older_folders(below: int = 1000) -> list[str]:
    """Return Debian's servers that are older than the wheel's, and than version ``below``."""
    newest = min(find_postgres(load_settings({})).major, below)
    found = filter(None, map(inspect, sorted(DEBIAN.glob("*/bin"))))
    return [str(item.bin_dir) for item in found if item.major < newest]


def fill(urls: DatabaseUrls) -> None:
    with psycopg.connect(libpq_url(urls.owner_url)) as connection:
        connection.execute("CREATE SCHEMA rentals")
        connection.execute("CREATE TABLE rentals.contract (id int PRIMARY KEY, name citext)")
        connection.execute(
            "INSERT INTO rentals.contract SELECT n, 'Cello ' || n FROM generate_series(1, 100) n"
        )
        connection.execute("ALTER TABLE rentals.contract ENABLE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY one ON rentals.contract TO lf_app USING (id = 7)")
        connection.execute("GRANT USAGE ON SCHEMA rentals TO lf_app")
        connection.execute("GRANT SELECT ON rentals.contract TO lf_app")


def seen(urls: DatabaseUrls) -> object:
    with psycopg.connect(libpq_url(urls.app_url)) as connection:
        return connection.execute("SELECT id, name FROM rentals.contract WHERE name = 'CELLO 7'").fetchall()


def test_older_data_moves_with_roles_rights_and_policies(home: Path) -> None:
    for folder in older_folders():
        shop = home / Path(folder).parent.name
        old = PostgresServer(settings_of(shop, LUNARFRONT_PG_BIN=folder))
        fill(prepare_database(settings_of(shop), old.start().admin_url))
        old.stop()
        done = upgrade_database(settings_of(shop))
        assert done.counts["lunarfront"] == {"rentals.contract": 100}
        assert (done.kept / "PG_VERSION").read_text(encoding="ascii").strip() == done.old_version.split(".")[
            0
        ]
        server = PostgresServer(settings_of(shop))
        handle = server.start()
        assert handle.version == done.new_version
        assert seen(prepare_database(settings_of(shop), handle.admin_url)) == [(7, "Cello 7")]
        server.stop()
        assert not list(shop.glob("upgrade-from-*"))


def test_failed_upgrade_gives_the_old_folder_its_name_back(home: Path) -> None:
    """The extension adminpack ended with version 16: a database that has it cannot be restored into the new one."""
    for folder in older_folders(below=17):
        shop = home / Path(folder).parent.name
        settings = settings_of(shop, LUNARFRONT_PG_BIN=folder)
        old = PostgresServer(settings)
        admin_url = old.start().admin_url
        fill(prepare_database(settings, admin_url))
        with psycopg.connect(libpq_url(with_database(admin_url, "lunarfront"))) as connection:
            connection.execute("CREATE EXTENSION adminpack")
        old.stop()
        with pytest.raises(StartRefused, match="adminpack"):
            upgrade_database(settings_of(shop))
        assert seen(prepare_database(settings, old.start().admin_url)) == [(7, "Cello 7")]
        old.stop()


def test_current_data_and_no_data_need_no_upgrade(home: Path) -> None:
    with pytest.raises(StartRefused, match="no data"):
        upgrade_database(settings_of(home))
    server = PostgresServer(settings_of(home))
    server.start()
    server.stop()
    with pytest.raises(StartRefused, match="already"):
        upgrade_database(settings_of(home))


def test_missing_old_programs_are_named(home: Path) -> None:
    data_dir = home / "postgres"
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("12\n", encoding="ascii")
    with pytest.raises(StartRefused, match="PostgreSQL 12 was not found"):
        upgrade_database(settings_of(home))
    assert [path.name for path in data_dir.iterdir()] == ["PG_VERSION"]
