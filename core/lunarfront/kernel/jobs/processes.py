"""What the commands ``worker`` and ``dispatcher`` run (runtime.md §5)."""

from threading import Event
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from lunarfront.kernel.core import Core
from lunarfront.kernel.jobs import companies
from lunarfront.kernel.jobs.dispatcher import Dispatcher, redis_url
from lunarfront.kernel.jobs.execution import Outcome, run_next
from lunarfront.kernel.jobs.registry import QUEUES, load_jobs
from lunarfront.kernel.jobs.stopping import stop_event
from lunarfront.kernel.metrics import served

log = structlog.get_logger(__name__)
#: How often a worker of mode ``postgres`` looks for work when it had none.
LOOK_SECONDS = 0.3
AWAY_SECONDS = 1.0


def run_dispatcher(core: Core) -> None:
    """Run a dispatcher until SIGTERM or SIGINT; it also serves the figures of all processes."""
    load_jobs()
    with stop_event() as stop, served(core):
        Dispatcher(core).run(stop)


def run_worker(core: Core, queue: str, in_process: bool = False) -> None:
    """Work off a queue until SIGTERM or SIGINT; the current job is ended first.

    In mode ``postgres`` a worker of ``default`` takes work of every queue. In mode ``inline`` there is nothing to do.
    """
    load_jobs()
    if core.settings.jobs == "rq":
        from lunarfront.kernel.jobs.rq_worker import work

        work(core, redis_url(core), queue, in_process=in_process)
    elif core.settings.jobs == "postgres":
        with stop_event() as stop:
            work_without_queue(core, QUEUES if queue == "default" else (queue,), stop)


def work_without_queue(core: Core, queues: tuple[str, ...], stop: Event) -> None:
    """Take due rows straight from the outbox until ``stop`` is set."""
    while not stop.is_set():
        try:
            worked = _one_round(core, queues, stop)
        except DBAPIError:
            log.warning("worker.database_away")
            stop.wait(AWAY_SECONDS)
        else:
            if not worked:
                stop.wait(LOOK_SECONDS)


def _one_round(core: Core, queues: tuple[str, ...], stop: Event) -> bool:
    """Give each company that has work one turn; tell whether there was any."""
    turns = [(company, queue) for company in companies.with_due_jobs(core) for queue in queues]
    return sum(_turn(core, company, queue) for company, queue in turns if not stop.is_set()) > 0


def _turn(core: Core, company_id: UUID, queue: str) -> bool:
    from lunarfront.kernel.jobs.limits import time_limit

    return run_next(core, company_id, queue, limit=time_limit) is not Outcome.NOTHING
