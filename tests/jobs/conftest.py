"""The real thing: a database that commits, a Valkey, workers that pop from it."""

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import select

from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import Core
from lunarfront.kernel.jobs import JobKind, enqueue
from lunarfront.kernel.jobs.registry import extra_kinds
from lunarfront.kernel.jobs.rq_worker import make_worker, use_core
from lunarfront.kernel.records import AuditLog, JobOutbox
from lunarfront.kernel.runtime.testing import start_test_valkey, stop_test_valkey, temporary_home
from lunarfront.sdk.testing.plugin import RealDb


@dataclass
class Shop:
    """One company with an outbox, a queue and a worker."""

    core: Core
    company_id: UUID
    redis: Redis
    url: str

    def put(self, kind: str = "test.note", count: int = 1, **options: Any) -> list[UUID]:
        with self.core.unit_of_work(self.company_id) as uow:
            ids = [enqueue(uow, kind, {"n": n}, **options) for n in range(count)]
            uow.commit()
        return ids

    def work(self, queue: str = "default", *, in_process: bool = True) -> None:
        """Run a worker until the queue is empty."""
        use_core(self.core)
        make_worker(self.core, self.url, queue, in_process).work(burst=True, logging_level="ERROR")

    def jobs(self) -> list[JobOutbox]:
        with self.core.unit_of_work(self.company_id) as uow:
            return list(uow.session.execute(select(JobOutbox).order_by(JobOutbox.id)).scalars())

    def traces(self) -> int:
        with self.core.unit_of_work(self.company_id) as uow:
            return len(uow.session.execute(select(AuditLog.id).where(AuditLog.action == "test.ran")).all())

    def sql(self, statement: str) -> None:
        with self.core.unit_of_work(self.company_id) as uow:
            uow.execute(statement)
            uow.commit()


def note(ctx: CompanyContext, payload: dict[str, Any]) -> None:
    """Leave one audit row a run."""
    audit.record(ctx, "test.ran", "test", None, new=payload)


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with temporary_home() as home:
        yield start_test_valkey(home).url
        stop_test_valkey(home)


@pytest.fixture
def shop(realdb: RealDb, valkey_url: str) -> Iterator[Shop]:
    core: Core = realdb.app.extensions["lunarfront"]
    core.settings = replace(core.settings, jobs="rq", redis_url=valkey_url)
    redis = Redis.from_url(valkey_url)
    redis.flushall()
    kinds = [JobKind("test.note", note), JobKind("test.mail", note, queue="mail")]
    with extra_kinds(*kinds):
        yield Shop(core, realdb.world.company.id, redis, valkey_url)
    redis.close()


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Workers set signal handlers; the test run gets its own back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def declare() -> Iterator[Callable[..., None]]:
    """Declare a kind for this test."""
    from lunarfront.kernel.jobs.registry import registry

    with extra_kinds():

        def add(name: str, handler: Callable[..., Any], **options: Any) -> None:
            registry().kinds[name] = JobKind(name, handler, **options)

        yield add
