"""The dispatcher: sends due work, ticks schedules, seals, clears away. Any number may run (runtime.md §5)."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from lunarfront.kernel.config import OperatorError
from lunarfront.kernel.core import Core
from lunarfront.kernel.jobs import companies
from lunarfront.kernel.jobs.cleaning import clean_company
from lunarfront.kernel.jobs.schedules import seed_schedules, tick
from lunarfront.kernel.seals import seal_once, sealables

log = structlog.get_logger(__name__)

SEND_SECONDS = 0.5
SEAL_SECONDS = 2.0
TICK_SECONDS = 1.0
CLEAN_SECONDS = 3600.0
SEED_SECONDS = 600.0
#: A task that failed waits at least this long: the database or Valkey is away.
AWAY_SECONDS = 1.0


@dataclass
class Task:
    """Something that the dispatcher does again and again; one that fails does not keep the others waiting."""

    name: str
    every: float
    action: Callable[[], object]
    due: float = 0.0
    is_failing: bool = False

    def run(self) -> None:
        """Do it once; what goes wrong is logged once until it works again."""
        try:
            self.action()
        except Exception as error:
            if not self.is_failing:
                log.warning(
                    "dispatcher.task_failed", task=self.name, exc_info=None if _is_away(error) else error
                )
            self.is_failing = True
        else:
            if self.is_failing:
                log.info("dispatcher.task_works_again", task=self.name)
            self.is_failing = False
        self.due = monotonic() + (max(self.every, AWAY_SECONDS) if self.is_failing else self.every)


def _is_away(error: Exception) -> bool:
    return isinstance(error, DBAPIError | OSError) or type(error).__module__.startswith("redis")


class Dispatcher:
    """The loop of one dispatcher process."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.tasks = [
            Task("seal", SEAL_SECONDS, self.seal),
            Task("tick", TICK_SECONDS, self.tick),
            Task("seed schedules", SEED_SECONDS, self.seed),
            Task("clean", CLEAN_SECONDS, self.clean),
        ]
        if core.settings.jobs == "rq":
            self.tasks.insert(0, Task("send", SEND_SECONDS, self._sender()))

    def run(self, stop: Event) -> None:
        """Work until ``stop`` is set."""
        log.info("dispatcher.started", jobs=self.core.settings.jobs)
        while not stop.is_set():
            for task in self.tasks:
                if task.due <= monotonic() and not stop.is_set():
                    task.run()
            stop.wait(max(0.0, min(task.due for task in self.tasks) - monotonic()))
        log.info("dispatcher.stopped")

    def seal(self) -> None:
        """Seal what can be sealed in every company that has something (AUD-04)."""
        for company_id in companies.to_seal(self.core):
            for chain in sealables():
                seal_once(self.core, company_id, chain)

    def tick(self) -> None:
        """Turn due times of schedules into work."""
        for company_id in companies.with_due_schedules(self.core):
            with self.core.unit_of_work(company_id) as uow:
                tick(uow)
                uow.commit()

    def seed(self) -> None:
        """Give new companies, and new kinds, their schedules."""
        for company_id in companies.all_companies(self.core):
            self._seed_company(company_id)

    def _seed_company(self, company_id: UUID) -> None:
        with self.core.unit_of_work(company_id) as uow:
            seed_schedules(uow, self.core.clock())
            uow.commit()

    def clean(self) -> None:
        """Delete what is past its time."""
        for company_id in companies.all_companies(self.core):
            clean_company(self.core, company_id)

    def _sender(self) -> Callable[[], object]:
        from lunarfront.kernel.jobs.dispatching import Sender
        from lunarfront.kernel.jobs.queues import JobQueues

        return Sender(self.core, JobQueues(redis_url(self.core))).send_due


def redis_url(core: Core) -> str:
    """Return the address of Valkey.

    Raises:
        OperatorError: mode ``rq`` without an address.
    """
    if not core.settings.redis_url:
        raise OperatorError(
            "LUNARFRONT_JOBS=rq needs REDIS_URL; `lunarfront up` starts a Valkey and sets it."
        )
    return core.settings.redis_url
