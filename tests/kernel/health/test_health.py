"""Health tells the truth, and in time, whatever hangs (runtime.md §8, SEC-77)."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url

from lunarfront import __version__
from lunarfront.kernel.core import Core
from lunarfront.kernel.health.probe import Probe
from lunarfront.kernel.health.report import ANSWER_SECONDS, Health
from lunarfront.kernel.jobs import JobKind, enqueue
from lunarfront.kernel.jobs.registry import extra_kinds
from lunarfront.kernel.runtime.testing import (
    rig_settings,
    start_test_valkey,
    stop_test_valkey,
    temporary_home,
)
from lunarfront.sdk.testing.plugin import RealDb

pytestmark = pytest.mark.realdb


@pytest.fixture
def core(realdb: RealDb) -> Core:
    found: Core = realdb.app.extensions["lunarfront"]
    found.settings = replace(found.settings, jobs="postgres")
    return found


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that accepts connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def settled(health: Health) -> dict[str, Any]:
    """Return the report when no check hangs: the first answers may be late on a busy machine."""
    health._database.ask().exception(10)
    health._backlog.ask().exception(10)
    if health._queue:
        health._queue.ask().exception(10)
    return health.report()


def test_everything_works(core: Core) -> None:
    assert settled(Health(core)) == {
        "status": "ok",
        "db": "connected",
        "redis": "not_used",
        "version": __version__,
        "migrations": "current",
        "jobs": {"due": 0, "oldest_s": 0, "failed": 0},
    }


def test_the_page_answers_200_without_sign_in(realdb: RealDb, core: Core) -> None:
    settled(realdb.app.extensions.setdefault("lunarfront_health", Health(core)))
    answer = realdb.app.test_client().get("/api/v1/health")
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "ok"


def test_live_touches_nothing(realdb: RealDb, core: Core) -> None:
    core.bind = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    answer = realdb.app.test_client().get("/api/v1/health/live")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_ready_when_all_is_well(core: Core) -> None:
    health = Health(core)
    settled(health)
    checks = {"db": "connected", "migrations": "current", "disk": "ok", "clock": "ok", "redis": "not_used"}
    assert health.readiness() == {"ready": True, "checks": checks}


def test_jobs_are_counted(realdb: RealDb, core: Core) -> None:
    with extra_kinds(JobKind("test.wait", lambda ctx, payload: None)):
        for company in (realdb.world.company, realdb.world.other):
            with core.unit_of_work(company.id) as uow:
                enqueue(uow, "test.wait", {})
                job_id = enqueue(uow, "test.wait", {})
                uow.flush()
                uow.execute("UPDATE job_outbox SET failed_at = now() WHERE id = %(id)s", {"id": job_id})
                uow.commit()
    found = settled(Health(core))["jobs"]
    assert (found["due"], found["failed"]) == (2, 2)


def test_down_without_database(realdb: RealDb, core: Core) -> None:
    core.bind = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    answer = realdb.app.test_client().get("/api/v1/health")
    assert answer.status_code == 503
    body = answer.get_json()
    assert (body["status"], body["db"], body["migrations"]) == ("down", "unavailable", "unknown")
    assert realdb.app.test_client().get("/api/v1/health/ready").status_code == 503


def test_a_database_that_hangs_is_down_and_nothing_piles_up(core: Core, silent_port: int) -> None:
    core.bind = create_engine(f"postgresql+psycopg://nobody@127.0.0.1:{silent_port}/none")
    health = Health(core)
    before = threading.active_count()
    for _ in range(5):
        assert health.report()["status"] == "down"
    assert threading.active_count() <= before + 2


@contextmanager
def as_superuser(core: Core, server: Any) -> Iterator[Connection]:
    """A transaction of the superuser on the database under test."""
    assert isinstance(core.bind, Engine)
    admin = create_engine(make_url(server.admin_url).set(database=core.bind.url.database))
    with admin.begin() as connection:
        yield connection
    admin.dispose()


def test_a_database_that_stops_and_goes_on(core: Core, server: Any) -> None:
    health = Health(core)
    assert settled(health)["status"] == "ok"
    with as_superuser(core, server) as connection:
        connection.exec_driver_sql("LOCK TABLE alembic_version")
        assert health.report()["status"] == "down"
    assert settled(health)["status"] == "ok"


def test_a_kept_connection_that_was_cut_is_replaced(core: Core) -> None:
    health = Health(core)
    settled(health)
    with core.bind.connect() as connection:  # type: ignore[union-attr]
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lunarfront health'"
            " AND datname = current_database()"
        )
    assert settled(health)["status"] == "ok"


def test_a_database_that_is_not_migrated_is_not_ready(core: Core, server: Any) -> None:
    with as_superuser(core, server) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    health = Health(core)
    found = settled(health)
    assert (found["status"], found["migrations"]) == ("ok", "pending")
    assert health.readiness()["ready"] is False


def test_degraded_without_valkey_and_ok_with_it(core: Core) -> None:
    with temporary_home() as home:
        url = start_test_valkey(home).url
        core.settings = replace(core.settings, jobs="rq", redis_url=url)
        health = Health(core)
        found = settled(health)
        assert (found["status"], found["redis"]) == ("ok", "connected")
        stop_test_valkey(home)
        found = settled(health)
        assert (found["status"], found["redis"], found["db"]) == ("degraded", "unavailable", "connected")


def test_a_valkey_that_hangs_is_degraded(core: Core, silent_port: int) -> None:
    core.settings = replace(core.settings, jobs="rq", redis_url=f"redis://127.0.0.1:{silent_port}/0")
    health = Health(core)
    settled(health)
    assert health.report()["status"] == "degraded"


def test_the_pool_is_not_needed(core: Core, realdb: RealDb) -> None:
    """Every connection of the pool is taken, and health still answers."""
    core.bind = create_engine(realdb.urls.app_url, pool_size=1, max_overflow=0, pool_timeout=60)
    with core.bind.connect():
        assert settled(Health(core))["status"] == "ok"
    core.bind.dispose()


def test_waiting_is_bounded_below_the_promise() -> None:
    assert ANSWER_SECONDS < 0.2
    released = threading.Event()
    probe = Probe(lambda: released.wait(60))
    first = probe.ask()
    assert probe.ask() is first
    released.set()
    assert first.result(60) is True
    assert probe.ask() is not first


def test_full_disk_is_not_ready(core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lunarfront.kernel.health import report

    monkeypatch.setattr(report, "MIN_FREE_BYTES", 1 << 62)
    core.settings = replace(core.settings, home=rig_settings(tmp_path).home)
    health = Health(core)
    settled(health)
    assert health.readiness()["checks"]["disk"] == "full"
