"""The embedded PostgreSQL: shared, recovered after kill -9, never opened to the network (runtime.md §1, §4)."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from lunarfront.kernel.config import Settings, load_settings
from lunarfront.kernel.runtime.errors import StartRefused
from lunarfront.kernel.runtime.find_postgres import DEBIAN, find_postgres, inspect
from lunarfront.kernel.runtime.postgres import PostgresServer, ServerHandle
from lunarfront.kernel.runtime.postmaster import is_postmaster
from lunarfront.kernel.runtime.roles import prepare_database
from lunarfront.kernel.runtime.testing import rig_settings, temporary_home
from lunarfront.kernel.runtime.urls import libpq_url


def value(handle: ServerHandle, statement: str) -> object:
    with psycopg.connect(libpq_url(handle.admin_url), autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def run(handle: ServerHandle, *statements: str) -> None:
    with psycopg.connect(libpq_url(handle.admin_url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def safe_settings(home: Path) -> Settings:
    return load_settings({"LUNARFRONT_HOME": str(home)})


@pytest.fixture(scope="module")
def safe() -> Iterator[ServerHandle]:
    with temporary_home() as folder:
        server = PostgresServer(safe_settings(folder))
        yield server.start()
        server.stop()


def test_rows_survive_kill_9(home: Path) -> None:
    server = PostgresServer(safe_settings(home))
    first = server.start()
    run(first, "CREATE TABLE sale (n int)", "INSERT INTO sale SELECT generate_series(1, 1000)")
    os.kill(first.pid, signal.SIGKILL)
    second = PostgresServer(safe_settings(home)).start()
    assert second.started_here
    assert second.pid != first.pid
    assert value(second, "SELECT count(*) FROM sale") == 1000


def test_killed_while_somebody_works_starts_again(home: Path) -> None:
    """Processes of the dead server hold its shared memory until they notice."""
    server = PostgresServer(rig_settings(home))
    first = server.start()
    busy = psycopg.connect(libpq_url(first.admin_url), autocommit=True)
    with ThreadPoolExecutor(1) as pool:
        endless = pool.submit(busy.execute, "SELECT count(*) FROM generate_series(1, 1e12)")
        while value(first, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%1e12%'") == 1:
            assert not endless.done()
        os.kill(first.pid, signal.SIGKILL)
        second = server.start()
        assert value(second, "SELECT 1") == 1
        with pytest.raises(psycopg.OperationalError):
            endless.result()
    busy.close()


def test_zombie_is_dead(home: Path) -> None:
    """Nobody reaps the killed server here, as in a container without an init process."""
    unreaped = PostgresServer(rig_settings(home))
    first = unreaped.start()
    os.kill(first.pid, signal.SIGKILL)
    second = PostgresServer(rig_settings(home)).start()
    assert psutil.Process(first.pid).status() == psutil.STATUS_ZOMBIE
    assert not is_postmaster(first.pid, first.data_dir)
    assert second.pid != first.pid
    assert not unreaped.stop()


def test_pid_of_another_program_counts_as_dead(home: Path) -> None:
    server = PostgresServer(rig_settings(home))
    handle = server.start()
    pid_file = handle.data_dir / "postmaster.pid"
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    os.kill(handle.pid, signal.SIGKILL)
    server.wait()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="utf-8")
    assert PostgresServer(rig_settings(home)).start().started_here


def test_running_server_is_shared_and_left_alone(home: Path) -> None:
    starter, guest = PostgresServer(rig_settings(home)), PostgresServer(rig_settings(home))
    first, second = starter.start(), guest.start()
    assert (first.started_here, second.started_here) == (True, False)
    assert second.pid == first.pid
    assert second.admin_url == first.admin_url
    assert not guest.stop()
    assert value(first, "SELECT 1") == 1
    assert starter.stop()
    assert not is_postmaster(first.pid, first.data_dir)


STARTER = """
import sys
from lunarfront.kernel.runtime.postgres import PostgresServer
from lunarfront.kernel.runtime.testing import rig_settings
from pathlib import Path
handle = PostgresServer(rig_settings(Path(sys.argv[1]))).start()
print(handle.pid, int(handle.started_here))
"""


def test_concurrent_starts_share_one_server(home: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(home)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [starter.communicate()[0].split() for starter in starters]
    assert len({pid for pid, _ in answers}) == 1
    assert sorted(here for _, here in answers) == ["0", "0", "0", "1"]


def test_server_outlives_its_starter_and_down_ends_it(home: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", STARTER, str(home)], capture_output=True, text=True, check=True
    )
    pid = int(answer.stdout.split()[0])
    assert psutil.pid_exists(pid)
    assert PostgresServer(rig_settings(home)).stop(force=True)
    assert not is_postmaster(pid, home / "postgres")


def test_server_that_hangs_is_never_pushed_aside(home: Path) -> None:
    handle = PostgresServer(rig_settings(home)).start()
    os.kill(handle.pid, signal.SIGSTOP)
    try:
        with pytest.raises(StartRefused, match=str(handle.pid)):
            PostgresServer(rig_settings(home)).start()
        assert (handle.data_dir / "postmaster.pid").exists()
    finally:
        os.kill(handle.pid, signal.SIGCONT)


def test_data_of_another_major_version_is_not_touched(home: Path) -> None:
    settings = rig_settings(home)
    server = PostgresServer(settings)
    data_dir = server.start().data_dir
    server.stop()
    version_file = data_dir / "PG_VERSION"
    version_file.write_text("14\n", encoding="ascii")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in data_dir.iterdir())
    with pytest.raises(StartRefused, match=r"PostgreSQL 14, .*lunarfront upgrade-db"):
        server.start()
    assert sorted((path.name, path.stat().st_mtime_ns) for path in data_dir.iterdir()) == before
    version_file.write_text(f"{find_postgres(settings).major}\n", encoding="ascii")


def test_failed_start_says_why(home: Path) -> None:
    server = PostgresServer(rig_settings(home))
    data_dir = server.start().data_dir
    server.stop()
    (data_dir / "postgresql.conf").write_text("no_such_setting = 1\n", encoding="utf-8")
    with pytest.raises(StartRefused, match="no_such_setting"):
        server.start()


def test_half_made_data_folder_is_made_again(home: Path) -> None:
    half = home / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    assert PostgresServer(rig_settings(home)).start().started_here
    assert not half.exists()


def test_nothing_listens_on_the_network(server: ServerHandle, module_home: Path) -> None:
    assert value(server, "SHOW listen_addresses") == ""
    assert not psutil.Process(server.pid).net_connections("inet")
    folder = Path(str(value(server, "SHOW unix_socket_directories")))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_every_sign_in_needs_the_password(server: ServerHandle, module_home: Path) -> None:
    password_file = module_home / "secrets" / "postgres_password"
    assert password_file.stat().st_mode & 0o777 == 0o600
    assert value(
        server, "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'lunarfront'"
    )
    methods = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
    assert value(server, methods) == "scram-sha-256"
    password = password_file.read_text(encoding="ascii")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(libpq_url(server.admin_url).replace(password, "wrong"))


def test_server_never_runs_as_root(server: ServerHandle) -> None:
    assert psutil.Process(server.pid).uids().effective != 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("shared_buffers", "128MB"),
        ("max_connections", "60"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("log_min_duration_statement", "500ms"),
        ("server_encoding", "UTF8"),
        ("timezone", "UTC"),
    ],
)
def test_settings_of_a_server_that_keeps_sales(safe: ServerHandle, name: str, expected: str) -> None:
    assert value(safe, f"SHOW {name}") == expected


def test_sorting_is_the_same_on_every_machine(safe: ServerHandle) -> None:
    statement = "SELECT datlocprovider::text || ' ' || datcollate FROM pg_database WHERE datname = 'postgres'"
    expected = "b C" if int(safe.version.split(".")[0]) >= 17 else "c C.UTF-8"
    assert value(safe, statement) == expected


def installed() -> list[str]:
    """Return the folders of all supported servers on this machine: the wheel's and Debian's."""
    wheel = find_postgres(load_settings({})).bin_dir
    return [str(folder) for folder in (wheel, *sorted(DEBIAN.glob("*/bin"))) if inspect(folder)]


@pytest.mark.parametrize("folder", installed())
def test_every_server_on_this_machine_works(folder: str, home: Path) -> None:
    settings = load_settings({"LUNARFRONT_HOME": str(home), "LUNARFRONT_PG_BIN": folder})
    server = PostgresServer(settings)
    first = server.start()
    urls = prepare_database(settings, first.admin_url)
    with psycopg.connect(libpq_url(urls.owner_url)) as connection:
        connection.execute("CREATE TABLE item (name citext, price numeric(12, 2))")
        connection.execute("INSERT INTO item VALUES ('Violine', 1.50)")
    os.kill(first.pid, signal.SIGKILL)
    second = server.start()
    assert prepare_database(settings, second.admin_url) == urls
    with psycopg.connect(libpq_url(urls.owner_url)) as connection:
        assert connection.execute("SELECT count(*) FROM item WHERE name = 'VIOLINE'").fetchone() == (1,)
        inherits = "SELECT pg_has_role('lf_owner', 'lf_search', 'USAGE'), pg_has_role('lf_owner', 'lf_search', 'SET')"
        if int(first.version.split(".")[0]) >= 16:
            assert connection.execute(inherits).fetchone() == (False, True)
