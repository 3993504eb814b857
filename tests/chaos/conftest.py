"""A store under its real supervisor, tills that sell without a pause, and a killer."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from lunarfront.kernel import audit
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.config import Settings
from lunarfront.kernel.core import Core, make_engine
from lunarfront.kernel.db.migrate import upgrade
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.jobs import enqueue
from lunarfront.kernel.jobs.registry import extra_kinds
from lunarfront.kernel.records import AuditLog, JobOutbox
from lunarfront.kernel.runtime.children import ChildSpec
from lunarfront.kernel.runtime.supervisor import Supervisor
from lunarfront.kernel.runtime.testing import rig_settings, temporary_home
from lunarfront.kernel.runtime.waiting import until
from lunarfront.sdk.testing.world import make_world
from tests.chaos.kinds import KINDS

TILLS = 3
#: What the promise allows from the last kill to the last effect.
CATCH_UP_SECONDS = 60.0


@dataclass
class Store:
    """Everything that runs, and what its tills were told is sold."""

    supervisor: Supervisor
    core: Core
    company_id: UUID
    outside: Path
    acknowledged: list[UUID] = field(default_factory=list)
    failures: int = 0
    _closed: threading.Event = field(default_factory=threading.Event)

    # --- tills ------------------------------------------------------------------------------------

    def sell(self) -> None:
        """Commit a sale with its two follow-ups; only what was committed for sure counts."""
        sale_id = uuid7()
        try:
            with self.core.unit_of_work(self.company_id) as uow:
                audit.write(
                    uow,
                    occurred_at=utc_now(),
                    actor="till",
                    action="chaos.sold",
                    entity_type="chaos",
                    entity_id=sale_id,
                )
                enqueue(uow, "chaos.follow_up", {"sale_id": str(sale_id)})
                enqueue(uow, "chaos.send", {"sale_id": str(sale_id), "outside": str(self.outside)})
                uow.commit()
        except DBAPIError:
            self.failures += 1
        else:
            self.acknowledged.append(sale_id)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Tills sell for as long as the block lasts."""
        tills = [threading.Thread(target=self._till) for _ in range(TILLS)]
        for till in tills:
            till.start()
        try:
            yield
        finally:
            self._closed.set()
            for till in tills:
                till.join()

    def _till(self) -> None:
        while not self._closed.wait(0.4):
            self.sell()

    def sells_again(self, count: int = 10) -> bool:
        """Wait until so many more sales are acknowledged."""
        goal = len(self.acknowledged) + count
        return until(lambda: len(self.acknowledged) >= goal, CATCH_UP_SECONDS)

    # --- the killer -------------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """Kill -9 a process of the store, and wait until another one has taken its place."""
        before = self._pid(name)
        os.kill(before, signal.SIGKILL)
        assert until(lambda: self._pid(name) not in (0, before), CATCH_UP_SECONDS), (
            f"{name} did not come back"
        )

    def _pid(self, name: str) -> int:
        if name in self.supervisor.children:
            return self.supervisor.children[name].pid
        services = self.supervisor.services
        assert services is not None
        server = services.postgres if name == "postgresql" else services.valkey
        process = server._process
        return process.pid if process else 0

    # --- the proof --------------------------------------------------------------------------------

    def open_jobs(self) -> int:
        """Return how many follow-ups are not done; -1 when the database cannot say."""
        wanted = select(JobOutbox.id).where(JobOutbox.done_at.is_(None), JobOutbox.kind.startswith("chaos."))
        try:
            with self.core.unit_of_work(self.company_id) as uow:
                return len(uow.session.execute(wanted).all())
        except DBAPIError:
            return -1

    def caught_up(self) -> bool:
        """Wait until every follow-up is done."""
        return until(lambda: self.open_jobs() == 0, CATCH_UP_SECONDS)

    def effects(self, action: str) -> list[UUID]:
        """Return the sale of every trace with this action, repeats included."""
        with self.core.unit_of_work(self.company_id) as uow:
            return list(
                uow.session.execute(select(AuditLog.entity_id).where(AuditLog.action == action)).scalars()
            )

    def errors(self) -> list[str | None]:
        """Return the errors of follow-ups that ended on the failed list."""
        with self.core.unit_of_work(self.company_id) as uow:
            return list(
                uow.session.execute(select(JobOutbox.error).where(JobOutbox.failed_at.is_not(None))).scalars()
            )


@pytest.fixture
def store() -> Iterator[Callable[..., Store]]:
    """``store(jobs="rq", workers=2)``: a running store of its own, with a server that syncs to disk."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(jobs: str, worker: str = "worker", workers: int = 2) -> Store:
            home = stack.enter_context(temporary_home())
            settings = rig_settings(home, LUNARFRONT_PG_UNSAFE="0", LUNARFRONT_JOBS=jobs)
            stack.enter_context(extra_kinds(*KINDS))
            return stack.enter_context(_running(settings, home, worker, workers))

        yield start


@contextmanager
def _running(settings: Settings, home: Path, worker: str, workers: int) -> Iterator[Store]:
    with Supervisor(settings) as supervisor:
        services = supervisor.start_services()
        upgrade(services.urls.require_owner())
        company = make_world(services.urls.app_url).company
        engine = make_engine(services.urls.app_url, settings)
        roles = {"dispatcher": "dispatcher"} | {
            f"worker-{number}": worker for number in range(1, workers + 1)
        }
        supervisor.start_children([_child(name, role, settings.jobs) for name, role in roles.items()])
        loop = threading.Thread(target=supervisor.run)
        loop.start()
        try:
            yield Store(supervisor, Core(settings=settings, bind=engine), company.id, home / "outside.txt")
        finally:
            _stop(supervisor, loop, engine)


def _stop(supervisor: Supervisor, loop: threading.Thread, engine: Engine) -> None:
    engine.dispose()
    supervisor.request_stop()
    loop.join()


def _child(name: str, role: str, jobs: str) -> ChildSpec:
    command = (sys.executable, "-m", "tests.chaos.program", role)
    environ = {"PYTHONPATH": str(Path.cwd()), "LUNARFRONT_PG_UNSAFE": "0", "LUNARFRONT_JOBS": jobs}
    return ChildSpec(name, command, environ=environ)
