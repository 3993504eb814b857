"""The dispatcher's loop, cleaning, nightly proof, and mode ``postgres`` (runtime.md §5)."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine

from lunarfront.kernel import audit
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs import cleaning, run_dispatcher, run_worker
from lunarfront.kernel.jobs.cleaning import clean_company
from lunarfront.kernel.jobs.dispatcher import Dispatcher, Task
from lunarfront.kernel.jobs.inline import run_due_jobs
from lunarfront.kernel.jobs.limits import time_limit
from lunarfront.kernel.jobs.processes import work_without_queue
from lunarfront.kernel.jobs.registry import QUEUES
from lunarfront.kernel.records import IdempotencyRecord
from lunarfront.kernel.runtime.waiting import until
from tests.jobs.conftest import Shop

pytestmark = pytest.mark.realdb
SECONDS = 20.0


def without_queue(shop: Shop) -> Shop:
    shop.core.settings = replace(shop.core.settings, jobs="postgres", redis_url=None)
    return shop


def in_thread(run: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_the_loop_sends_seals_and_stops(shop: Shop) -> None:
    stop = threading.Event()
    loop = in_thread(lambda: Dispatcher(shop.core).run(stop))
    shop.put(count=2)
    assert until(lambda: all(job.lease_epoch for job in shop.jobs()), SECONDS)
    shop.work()
    assert until(lambda: sealed(shop) == 2, SECONDS)
    stop.set()
    loop.join(SECONDS)
    assert not loop.is_alive()


def sealed(shop: Shop) -> int:
    with shop.core.unit_of_work(shop.company_id) as uow:
        return int(uow.query("SELECT count(*) FROM audit_seal")[0][0])


def test_aud_04_the_sealer_needs_no_queue(shop: Shop) -> None:
    with shop.core.unit_of_work(shop.company_id) as uow:
        audit.write(uow, occurred_at=utc_now(), actor="system", action="test.ran", entity_type="test")
        uow.commit()
    Dispatcher(without_queue(shop).core).seal()
    assert sealed(shop) == 1


@pytest.mark.parametrize("run", [run_dispatcher, lambda core: run_worker(core, "default")])
def test_sigterm_ends_a_loop(shop: Shop, run: Callable[..., None]) -> None:
    without_queue(shop)
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    run(shop.core)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_sigterm_ends_a_worker_of_the_queue(shop: Shop) -> None:
    threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    run_worker(shop.core, "default", in_process=True)


def test_a_task_that_fails_does_not_stop_the_loop(capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter([ValueError("broken"), ValueError("broken"), None])

    def act() -> None:
        answer = next(answers)
        if answer:
            raise answer

    task = Task("test", 0.0, act)
    for _ in range(3):
        task.run()
    written = capsys.readouterr().out
    assert written.count("dispatcher.task_failed") == 1
    assert written.count("dispatcher.task_works_again") == 1


def test_a_database_that_is_away_is_waited_for(shop: Shop) -> None:
    without_queue(shop)
    there, away = shop.core.bind, create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    shop.put(count=2)
    shop.core.bind = away

    class Stop(threading.Event):
        """The first wait brings the database back, the next one ends the loop."""

        def wait(self, timeout: float | None = None) -> bool:
            if shop.core.bind is there:
                self.set()
            shop.core.bind = there
            return self.is_set()

    work_without_queue(shop.core, QUEUES, Stop())
    assert shop.traces() == 2


def test_workers_without_queue_share_the_work(shop: Shop) -> None:
    without_queue(shop)
    shop.put(count=20)
    shop.put("test.mail", count=5)
    stop = threading.Event()
    loops = [in_thread(lambda: work_without_queue(shop.core, QUEUES, stop)) for _ in range(3)]
    assert until(lambda: all(job.done_at for job in shop.jobs()), SECONDS)
    stop.set()
    for loop in loops:
        loop.join(SECONDS)
    assert shop.traces() == 25


def test_sec_72_time_limit_without_queue(shop: Shop, declare: Callable[..., None]) -> None:
    def hangs(ctx: CompanyContext, payload: dict[str, Any]) -> None:
        ctx.uow.query("SELECT pg_sleep(60)")

    from lunarfront.kernel.jobs.execution import run_next

    declare("test.hangs", hangs, timeout=1)
    shop.put("test.hangs")
    run_next(shop.core, shop.company_id, "default", limit=time_limit)
    assert "JobTimeoutException" in (shop.jobs()[0].error or "")


def test_done_work_is_cleared_after_a_week(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "CHUNK", 2)
    shop.put(count=7)
    run_due_jobs(shop.core, shop.company_id)
    shop.sql("UPDATE job_outbox SET done_at = now() - interval '8 days' WHERE (payload->>'n')::int < 5")
    shop.put("test.mail")
    assert clean_company(shop.core, shop.company_id) == 5
    assert len(shop.jobs()) == 3


def test_idm_03_keys_are_cleared_when_they_end(shop: Shop) -> None:
    with shop.core.unit_of_work(shop.company_id) as uow:
        for days in (-1, 1):
            uow.add(
                IdempotencyRecord, scope="s", key=f"key {days}", request_sha256="", response_status=200,
                response_type="", expires_at=uow.query(f"SELECT now() + interval '{days} day'")[0][0],
            )  # fmt: skip
        uow.commit()
    assert clean_company(shop.core, shop.company_id) == 1


def test_aud_04_the_nightly_proof_puts_a_fault_on_the_failed_list(shop: Shop, server: Any) -> None:
    import psycopg

    from lunarfront.kernel.jobs import enqueue
    from lunarfront.kernel.runtime.urls import libpq_url, with_database

    shop.put()
    run_due_jobs(shop.core, shop.company_id)
    Dispatcher(without_queue(shop).core).seal()
    for _ in range(2):
        with shop.core.unit_of_work(shop.company_id) as uow:
            enqueue(uow, "core.chains.verify", {})
            uow.commit()
        run_due_jobs(shop.core, shop.company_id)
        database = shop.core.bind.engine.url.database or ""
        with psycopg.connect(libpq_url(with_database(server.admin_url, database))) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE audit_log SET note = 'x'")
    good, bad = [job for job in shop.jobs() if job.kind == "core.chains.verify"]
    assert (good.failed_at, good.error) == (None, None)
    assert bad.failed_at is not None
    assert "audit: broken at 1: the row was changed" in (bad.error or "")


def test_inline_runs_work_as_soon_as_it_is_committed(shop: Shop) -> None:
    shop.core.settings = replace(shop.core.settings, jobs="inline")
    shop.put(count=2)
    assert shop.traces() == 2
