"""Workers of mode ``rq``: the application is imported before the fork, so a job costs a fork and no start-up."""

import signal
import threading
from contextlib import suppress
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.worker import SimpleWorker, Worker
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from lunarfront.kernel.core import Core
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.jobs import rows
from lunarfront.kernel.jobs.companies import all_companies
from lunarfront.kernel.jobs.execution import record_failure
from lunarfront.kernel.jobs.external import context_of_work
from lunarfront.kernel.jobs.registry import kind_named
from lunarfront.kernel.jobs.rq_job import OutboxJob, Serializer, use_core
from lunarfront.kernel.metrics import forget_in_this_process, observe_job
from lunarfront.kernel.records import JobOutbox

log = structlog.get_logger(__name__)
#: How long to wait before talking to a Valkey again that was away.
AWAY_SECONDS = 1.0
LONGEST_AWAY_SECONDS = 2.0


class WorkerDiedError(Exception):
    """The process of a job ended before the job did: killed, out of memory, or far over its time."""


class _Settings:
    """What both kinds of workers share."""

    job_class = OutboxJob
    max_connection_wait_time = LONGEST_AWAY_SECONDS
    core: Core
    is_stopping = False

    def request_stop(self, signum: int, frame: Any) -> None:
        """End after the current job."""
        self.is_stopping = True
        super().request_stop(signum, frame)  # type: ignore[misc]

    def _install_signal_handlers(self) -> None:
        if threading.current_thread() is threading.main_thread():
            super()._install_signal_handlers()  # type: ignore[misc]


class InProcessWorker(_Settings, SimpleWorker):
    """Runs jobs in its own process: faster, and a job that kills it kills the worker."""


class ForkingWorker(_Settings, Worker):
    """Forks for each job; the parent measures, since a child's figures would be one file each."""

    def execute_job(self, job: Any, queue: Any) -> None:
        """Run a job in a child and wait for it."""
        started = monotonic()
        super().execute_job(job, queue)
        kind = job.description or ""
        observe_job(kind if kind_named(kind) else "unknown", "ended", monotonic() - started)

    def main_work_horse(self, job: Any, queue: Any) -> None:
        """Run a job in the forked process, with connections of its own."""
        forget_in_this_process()
        if isinstance(self.core.bind, Engine):
            self.core.bind.dispose(close=False)
        super().main_work_horse(job, queue)

    def handle_work_horse_killed(self, job: Any, retpid: int, ret_val: int, rusage: Any) -> None:
        """Count the try, so that a job that kills its process ends on the failed list."""
        company_id, job_id = map(UUID, job.args)
        note_death(self.core, company_id, job_id, f"the process of the job ended with status {ret_val}")


def note_death(core: Core, company_id: UUID, job_id: UUID, reason: str) -> None:
    """Record a failed try of work whose process is gone; an external one has counted it at its claim."""
    with core.unit_of_work(company_id) as uow:
        wanted = select(JobOutbox.attempts, JobOutbox.lease_epoch).where(JobOutbox.id == job_id)
        row = uow.session.execute(wanted).first()
    if row is not None:
        tries = row.attempts + (1 if row.lease_epoch is not None else 0)
        record_failure(core, company_id, job_id, max(tries, 1), WorkerDiedError(reason))


def work(core: Core, url: str, queue: str, *, in_process: bool) -> None:
    """Work until SIGTERM; a Valkey that goes away is waited for."""
    use_core(core)
    _warm_up(core)
    stop = _stop_between_workers()
    while not stop.is_set():
        with suppress(RedisError):
            worker = make_worker(core, url, queue, in_process)
            worker.work(logging_level=_level(core))
            if worker.is_stopping:
                return
        log.warning("worker.queue_away", queue=queue)
        stop.wait(AWAY_SECONDS)


def _warm_up(core: Core) -> None:
    """Compile before the fork what every job needs: each child would compile it anew."""
    with suppress(DBAPIError):
        for company_id in all_companies(core)[:1]:
            with core.unit_of_work(company_id) as uow:
                rows.take(uow, uuid7())
                context_of_work(core, uow, None)
    if isinstance(core.bind, Engine):
        core.bind.dispose()


def make_worker(core: Core, url: str, queue: str, in_process: bool) -> Any:
    """Return a worker of one queue: only those move jobs atomically."""
    kind = InProcessWorker if in_process else ForkingWorker
    worker = kind([queue], connection=Redis.from_url(url), job_class=OutboxJob, serializer=Serializer)
    worker.core = core
    worker.log_job_description = False
    return worker


def _level(core: Core) -> str:
    return "WARNING" if core.settings.log_level == "info" else core.settings.log_level.upper()


def _stop_between_workers() -> threading.Event:
    """rq sets handlers of its own while it works; these hold before and between."""
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    return stop
