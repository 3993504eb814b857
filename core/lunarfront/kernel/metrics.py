"""Figures for Prometheus on a port of their own (runtime.md §8).

Each process writes to files in LUNARFRONT_HOME/metrics; the dispatcher serves the sum of all of them, so that one
address answers for web processes and workers alike. Counters of a process that ended go with the next start of the
dispatcher, which Prometheus takes as a reset. An empty LUNARFRONT_METRICS switches all of it off.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy import Engine, event

from lunarfront.kernel.config import Settings
from lunarfront.kernel.config.private_files import make_folder
from lunarfront.kernel.core import Core
from lunarfront.kernel.health.checks import BacklogCheck

log = structlog.get_logger(__name__)
DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
REQUEST_SECONDS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12)
JOB_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 120, 600)
STATEMENTS = (1, 2, 4, 6, 8, 10, 15, 20, 40, 80, 160)

_statements: ContextVar[list[int] | None] = ContextVar("statements", default=None)


class Instruments:
    """What is measured. Made after the folder is known: the library decides at import where it writes."""

    def __init__(self) -> None:
        from prometheus_client import Gauge, Histogram

        labels = ("method", "route", "status")
        self.requests = Histogram(
            "lunarfront_request_seconds", "Seconds of a request", labels, buckets=REQUEST_SECONDS
        )
        self.statements = Histogram(
            "lunarfront_request_statements", "Statements of a request", ("route",), buckets=STATEMENTS
        )
        self.jobs = Histogram(
            "lunarfront_job_seconds", "Seconds of a job", ("kind", "outcome"), buckets=JOB_SECONDS
        )
        self.pool = Gauge("lunarfront_db_pool_in_use", "Connections in use", multiprocess_mode="livesum")


_instruments: Instruments | None = None


def install(app: Flask) -> None:
    """Measure the requests of an application, and let the jobs of its process be measured."""
    global _instruments
    core: Core = app.extensions["lunarfront"]
    if core.settings.metrics_address is None:
        return
    if _instruments is None:
        if not core.testing:
            use_folder(core.settings)
        _instruments = Instruments()
        event.listen(Engine, "before_cursor_execute", _count_statement)
    app.before_request(_begin)
    app.after_request(lambda response: _end(core, response))


def use_folder(settings: Settings) -> Path:
    """Tell the library, before it is imported, where the processes of this home put their figures together."""
    folder = make_folder(folder_of(settings))
    os.environ[DIRECTORY_VARIABLE] = str(folder)
    return folder


def folder_of(settings: Settings) -> Path:
    """Return the folder of the figures."""
    return settings.home / "metrics"


def _count_statement(*_: Any) -> None:
    counter = _statements.get()
    if counter is not None:
        counter[0] += 1


def _begin() -> None:
    g.metrics_started = perf_counter()
    _statements.set([0])


def _end(core: Core, response: Response) -> Response:
    started, counter = g.get("metrics_started"), _statements.get()
    if _instruments is None or started is None or counter is None:
        return response
    route = str(request.url_rule) if request.url_rule else "none"
    _instruments.requests.labels(request.method, route, response.status_code).observe(
        perf_counter() - started
    )
    _instruments.statements.labels(route).observe(counter[0])
    if isinstance(core.bind, Engine):
        _instruments.pool.set(_in_use(core.bind))
    _statements.set(None)
    return response


def _in_use(engine: Engine) -> int:
    checked_out: Callable[[], int] = getattr(engine.pool, "checkedout", lambda: 0)
    return checked_out()


def observe_job(kind: str, outcome: str, seconds: float) -> None:
    """Count one try of a job. ``kind`` must be a declared one: it becomes a label."""
    if _instruments is not None:
        _instruments.jobs.labels(kind, outcome).observe(seconds)


def forget_in_this_process() -> None:
    """Measure nothing more: for forked children that live for one job, whose parent measures."""
    global _instruments
    _instruments = None


class BacklogCollector:
    """Due, oldest and failed jobs, counted when somebody asks."""

    def __init__(self, core: Core) -> None:
        self._check = BacklogCheck(core)

    def collect(self) -> Iterator[Any]:
        """Yield the figures; none while the database is away."""
        from prometheus_client.core import GaugeMetricFamily

        try:
            found = self._check()
        except Exception as error:  # noqa: BLE001 - a page without these figures is better than none
            log.warning("metrics.backlog_unknown", error=str(error))
            return
        yield GaugeMetricFamily("lunarfront_jobs_due", "Jobs that are due", found.due)
        yield GaugeMetricFamily("lunarfront_jobs_oldest_seconds", "Age of the oldest due job", found.oldest_s)
        yield GaugeMetricFamily("lunarfront_jobs_failed", "Jobs on the failed list", found.failed)


@contextmanager
def served(core: Core) -> Iterator[int | None]:
    """Serve the figures of all processes for as long as the block lasts; yield the port, None when it is off.

    A port that is taken is told in the log and is no reason not to work.
    """
    server = None
    with suppress(OSError):
        server = _serve(core)
    try:
        yield server.server_port if server else None
    finally:
        if server:
            server.shutdown()
            server.server_close()


def _serve(core: Core) -> Any:
    address = core.settings.metrics_address
    if address is None or _instruments is None:
        return None
    from prometheus_client import start_http_server

    try:
        server, _thread = start_http_server(address[1], addr=address[0], registry=_registry(core))
    except OSError as error:
        log.warning("metrics.port_taken", address=core.settings.metrics, error=str(error))
        raise
    return server


def _registry(core: Core) -> Any:
    from prometheus_client import REGISTRY, CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    folder = os.environ.get(DIRECTORY_VARIABLE)
    if folder:
        _forget_dead(Path(folder))
        MultiProcessCollector(registry, folder)
    else:
        registry.register(REGISTRY)
    registry.register(BacklogCollector(core))
    return registry


def _forget_dead(folder: Path) -> None:
    """Remove the files of processes that are gone: their number may come again."""
    for file in folder.glob("*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not _is_alive(int(pid)):
            file.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
