"""Roles, grants and the refusal to start with a role that sees too much (SEC-01, runtime.md §4)."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine

from lunarfront.kernel.config import Settings, load_settings
from lunarfront.kernel.config.private_files import write_private
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.postgres import ServerHandle
from lunarfront.kernel.runtime.role_sql import role_sql
from lunarfront.kernel.runtime.roles import (
    DatabaseUrls,
    assert_app_role_is_safe,
    create_database,
    database_urls,
    drop_database,
    prepare_database,
)
from lunarfront.kernel.runtime.testing import prepare_test_database, rig_settings
from lunarfront.kernel.runtime.urls import libpq_url, user_of, with_database, with_user


@contextmanager
def signed_in(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        yield connection


def value(url: str, statement: str) -> object:
    with signed_in(url) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture(scope="module")
def urls(module_home: Path, server: ServerHandle) -> DatabaseUrls:
    return prepare_test_database(module_home, server)


def refused(url: str) -> str:
    engine = create_engine(url)
    try:
        with engine.connect() as connection, pytest.raises(StartRefused) as caught:
            assert_app_role_is_safe(connection)
    finally:
        engine.dispose()
    return str(caught.value)


def accepted(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        assert_app_role_is_safe(connection)
    engine.dispose()


@pytest.mark.parametrize(
    ("role", "signs_in"), [("lf_owner", True), ("lf_app", True), ("lf_backup", True), ("lf_search", False)]
)
def test_sec_01_no_role_passes_row_level_security(urls: DatabaseUrls, role: str, signs_in: bool) -> None:
    statement = (
        "SELECT array[rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit, rolcanlogin]"
        f" FROM pg_roles WHERE rolname = '{role}'"
    )
    assert value(urls.admin_url, statement) == [False] * 6 + [signs_in]


def test_sec_01_each_address_signs_in_as_its_role(urls: DatabaseUrls) -> None:
    found = [value(url, "SELECT current_user") for url in (urls.app_url, urls.owner_url, urls.backup_url)]
    assert found == ["lf_app", "lf_owner", "lf_backup"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (n int)",
        "CREATE TEMPORARY TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "SET ROLE lf_owner",
    ],
)
def test_sec_01_application_makes_nothing(urls: DatabaseUrls, statement: str) -> None:
    with signed_in(urls.app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_sec_01_application_role_is_accepted(urls: DatabaseUrls) -> None:
    accepted(urls.app_url)


def test_sec_01_superuser_is_refused(urls: DatabaseUrls) -> None:
    assert "is a superuser" in refused(urls.admin_url)


def test_sec_01_role_with_bypassrls_is_refused(urls: DatabaseUrls) -> None:
    with signed_in(urls.admin_url) as connection:
        connection.execute("CREATE ROLE sly LOGIN PASSWORD 'pw' BYPASSRLS")
    sly = with_user(urls.admin_url, "sly", "pw")
    with signed_in(urls.admin_url) as connection:
        connection.execute("GRANT CONNECT ON DATABASE lunarfront TO sly")
    assert "BYPASSRLS" in refused(sly)


def test_sec_01_owner_of_a_table_is_refused(urls: DatabaseUrls) -> None:
    with signed_in(urls.owner_url) as connection:
        connection.execute("CREATE TABLE owned (n int)")
    assert "lf_owner owns the table owned" in refused(urls.owner_url)


def test_sec_01_member_of_the_owner_is_refused(urls: DatabaseUrls) -> None:
    with signed_in(urls.owner_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS owned (n int)")
    with signed_in(urls.admin_url) as connection:
        connection.execute("CREATE ROLE friend LOGIN PASSWORD 'pw' NOINHERIT IN ROLE lf_owner")
        connection.execute("GRANT CONNECT ON DATABASE lunarfront TO friend")
    assert "owns the table owned" in refused(with_user(urls.admin_url, "friend", "pw"))


def test_sec_07_owner_does_not_inherit_the_policies_of_search(urls: DatabaseUrls) -> None:
    with signed_in(urls.owner_url) as connection:
        connection.execute("CREATE TABLE secret (n int)")
        connection.execute("INSERT INTO secret VALUES (1)")
        connection.execute("ALTER TABLE secret ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE secret FORCE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY seen_by_search ON secret FOR SELECT TO lf_search USING (true)")
        assert connection.execute("SELECT count(*) FROM secret").fetchone() == (0,)
        connection.execute("CREATE FUNCTION look() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        connection.execute("GRANT CREATE ON SCHEMA public TO lf_search")
        connection.execute("ALTER FUNCTION look() OWNER TO lf_search")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM lf_search")


def test_web_has_time_limits_and_the_owner_has_none(urls: DatabaseUrls) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    assert [value(urls.app_url, f"SHOW {name}") for name in names] == ["30s", "5s", "30s"]
    assert [value(urls.owner_url, f"SHOW {name}") for name in names] == ["0", "0", "30s"]
    assert value(urls.backup_url, "SHOW idle_in_transaction_session_timeout") == "0"


def test_extensions_are_there_for_every_copy_of_the_database(urls: DatabaseUrls) -> None:
    create_database(urls.admin_url, "copy", template="lunarfront")
    statement = (
        "SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'"
    )
    copy = urls.on("copy")
    assert value(copy.app_url, statement) == ["btree_gist", "citext", "pg_trgm", "unaccent"]
    with signed_in(copy.app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TEMPORARY TABLE mine (n int)")
    drop_database(urls.admin_url, "copy")
    drop_database(urls.admin_url, "copy")


def test_passwords_lie_in_private_files(urls: DatabaseUrls, module_home: Path) -> None:
    for role in ("lf_owner", "lf_app", "lf_backup"):
        assert (module_home / "secrets" / role).stat().st_mode & 0o777 == 0o600
    assert "@" not in repr(urls)


def test_preparing_again_and_at_once_changes_nothing(
    urls: DatabaseUrls, module_home: Path, server: ServerHandle
) -> None:
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: prepare_test_database(module_home, server), range(4)))
    assert set(again) == {urls}
    assert database_urls(rig_settings(module_home), server.admin_url) == urls


# --- a server that is not ours: another home, its address from the environment ------------------------------------


@pytest.fixture
def foreign(home: Path) -> tuple[str, Path]:
    """A server of somebody else with an administrator ``boss`` who is no superuser, and our own empty home."""
    from lunarfront.kernel.runtime.testing import start_test_server

    superuser = start_test_server(home).admin_url
    with signed_in(superuser) as connection:
        connection.execute("CREATE ROLE boss LOGIN PASSWORD 'boss-pw' CREATEROLE CREATEDB")
        connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'clerk-pw'")
    return superuser, home / "ours"


def settings_with(home: Path, **more: str) -> Settings:
    return load_settings({"LUNARFRONT_HOME": str(home), **more})


def test_one_address_is_enough_when_its_user_may_make_roles(foreign: tuple[str, Path]) -> None:
    superuser, home = foreign
    boss = with_database(with_user(superuser, "boss", "boss-pw"), "postgres")
    with signed_in(boss) as connection:
        connection.execute("CREATE DATABASE shop")
    settings = settings_with(home, DATABASE_URL=with_database(boss, "shop"))
    with pytest.raises(StartRefused, match="lunarfront db upgrade"):
        database_urls(settings)
    urls = prepare_database(settings)
    assert prepare_database(settings) == urls == database_urls(settings)
    assert user_of(urls.app_url) == "lf_app"
    accepted(urls.app_url)
    with signed_in(urls.owner_url) as connection:
        connection.execute("CREATE SCHEMA rentals")
        connection.execute("CREATE TABLE item (name citext)")


def test_three_addresses_make_the_database_too(foreign: tuple[str, Path]) -> None:
    superuser, home = foreign
    settings = settings_with(
        home,
        DATABASE_URL=with_database(with_user(superuser, "lf_app", "app-pw"), "shop"),
        DATABASE_ADMIN_URL=with_user(superuser, "boss", "boss-pw"),
    )
    urls = prepare_database(settings)
    assert urls.app_url == settings.database_url
    assert value(urls.app_url, "SELECT current_user::text || '@' || current_database()") == "lf_app@shop"
    assert value(urls.owner_url, "SELECT current_user::text") == "lf_owner"


def test_user_without_the_right_is_refused_with_the_way_out(foreign: tuple[str, Path]) -> None:
    superuser, home = foreign
    settings = settings_with(home, DATABASE_URL=with_user(superuser, "clerk", "clerk-pw"))
    with pytest.raises(StartRefused, match=r"DATABASE_ADMIN_URL.*lunarfront db roles"):
        prepare_database(settings)
    assert value(superuser, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'lf_%'") == 0


def test_database_of_somebody_else_is_refused(foreign: tuple[str, Path]) -> None:
    superuser, home = foreign
    with pytest.raises(StartRefused, match=r"boss may not prepare the database postgres.*DATABASE_ADMIN_URL"):
        prepare_database(settings_with(home, DATABASE_URL=with_user(superuser, "boss", "boss-pw")))


def test_role_of_another_installation_keeps_its_password(foreign: tuple[str, Path], tmp_path: Path) -> None:
    superuser, home = foreign
    boss = {
        "DATABASE_URL": with_database(with_user(superuser, "boss", "boss-pw"), "shop"),
        "DATABASE_ADMIN_URL": with_user(superuser, "boss", "boss-pw"),
    }
    first = prepare_database(settings_with(home, **boss))
    with pytest.raises(StartRefused, match="its password is not known here"):
        prepare_database(settings_with(tmp_path / "second", **boss))
    accepted(first.app_url)
    for role in ("lf_owner", "lf_app", "lf_backup"):
        write_private(tmp_path / "second" / "secrets" / role, (home / "secrets" / role).read_text())
    assert prepare_database(settings_with(tmp_path / "second", **boss)) == first


def test_machine_that_only_serves_knows_the_application_alone(foreign: tuple[str, Path]) -> None:
    superuser, home = foreign
    app = with_user(superuser, "lf_app", "app-pw")
    urls = database_urls(settings_with(home, DATABASE_URL=app))
    assert urls == DatabaseUrls(app)
    with pytest.raises(StartRefused, match="DATABASE_ADMIN_URL"):
        urls.require_owner()
    with pytest.raises(StartRefused, match="DATABASE_ADMIN_URL"):
        prepare_database(settings_with(home, DATABASE_URL=app))


def test_printed_sql_does_the_administrators_part(foreign: tuple[str, Path], server: ServerHandle) -> None:
    superuser, home = foreign
    passwords = {"lf_owner": "o'wner", "lf_app": "app\\pw", "lf_backup": "b"}
    psql = [str(server.bin_dir / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", libpq_url(superuser)]
    subprocess.run(psql, input=role_sql("shop", passwords), text=True, check=True, stdout=sys.stderr)
    settings = settings_with(
        home,
        DATABASE_URL=with_database(with_user(superuser, "lf_app", passwords["lf_app"]), "shop"),
        DATABASE_ADMIN_URL=with_database(with_user(superuser, "lf_owner", passwords["lf_owner"]), "shop"),
    )
    urls = prepare_database(settings)
    assert (urls.app_url, urls.owner_url) == (settings.database_url, settings.database_admin_url)
    accepted(urls.app_url)
    assert not home.exists()


def test_printed_sql_asks_for_passwords_when_it_has_none() -> None:
    script = role_sql()
    assert [line for line in script.splitlines() if "assword" in line] == [
        "\\password lf_owner",
        "\\password lf_app",
        "\\password lf_backup",
    ]


def test_unreachable_server_is_a_sentence(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, DATABASE_URL="postgresql://boss:geheim@127.0.0.1:1/shop")
    with pytest.raises(StartRefused, match="cannot be reached") as caught:
        prepare_database(settings)
    assert "geheim" not in str(caught.value)


def test_names_are_quoted() -> None:
    from lunarfront.kernel.runtime.role_sql import create_database as statement

    assert statement('a"b').as_string() == 'CREATE DATABASE "a""b" OWNER "lf_owner"'
    assert isinstance(statement("a"), sql.Composed)
