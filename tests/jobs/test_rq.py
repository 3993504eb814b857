"""Mode ``rq``: leases, window, epochs, refused payloads (runtime.md §5, SEC-57, SEC-71)."""

import os
import pickle
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rq import Queue
from rq.serializers import PickleSerializer

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs import queues
from lunarfront.kernel.jobs.dispatching import Sender
from lunarfront.kernel.jobs.queues import JobQueues
from tests.jobs.conftest import Shop

pytestmark = pytest.mark.realdb


def sender(shop: Shop) -> Sender:
    return Sender(shop.core, JobQueues(shop.url))


@pytest.mark.parametrize("in_process", [True, False])
def test_sec_71_work_goes_through_the_queue_and_runs_once(shop: Shop, in_process: bool) -> None:
    shop.put(count=3)
    assert sender(shop).send_due() == 3
    shop.work(in_process=in_process)
    assert shop.traces() == 3
    assert all(job.done_at is not None and job.attempts == 0 for job in shop.jobs())
    assert sender(shop).send_due() == 0


def test_a_lease_keeps_work_from_being_sent_again(shop: Shop) -> None:
    shop.put()
    first, second = sender(shop), sender(shop)
    assert (first.send_due(), second.send_due(), first.send_due()) == (1, 0, 0)
    shop.sql("UPDATE job_outbox SET lease_until = now() - interval '1 second'")
    assert second.send_due() == 1
    shop.work()
    assert shop.traces() == 1


def test_sec_71_an_emptied_queue_is_filled_again_at_once(shop: Shop) -> None:
    shop.put(count=2)
    send = sender(shop)
    send.send_due()
    shop.redis.flushall()
    assert send.send_due() == 2
    shop.work()
    assert shop.traces() == 2


def test_a_dispatcher_that_starts_trusts_leases_of_the_same_queue(shop: Shop) -> None:
    shop.put()
    assert sender(shop).send_due() == 1
    assert sender(shop).send_due() == 0
    shop.sql("UPDATE job_outbox SET lease_epoch = 'another server'")
    assert sender(shop).send_due() == 1


def test_a_claim_outlives_the_queue(shop: Shop) -> None:
    """Work that talks to the outside is not sent a second time because Valkey restarted."""
    shop.put()
    shop.sql("UPDATE job_outbox SET lease_until = now() + interval '1 minute', lease_epoch = NULL")
    shop.redis.flushall()
    assert sender(shop).send_due() == 0


def test_the_window_bounds_what_waits_in_the_queue(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "WINDOW", 5)
    shop.put(count=12)
    send = sender(shop)
    assert (send.send_due(), send.send_due()) == (5, 0)
    shop.work()
    assert (send.send_due(), shop.traces()) == (5, 5)
    shop.work()
    send.send_due()
    shop.work()
    assert shop.traces() == 12


def test_both_companies_get_their_share_of_the_window(
    shop: Shop, realdb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "WINDOW", 6)
    shop.put(count=20)
    other = Shop(shop.core, realdb.world.other.id, shop.redis, shop.url)
    other.put(count=20)
    sender(shop).send_due()
    leased = [sum(job.lease_until is not None for job in each.jobs()) for each in (shop, other)]
    assert leased == [3, 3]


def test_a_queue_without_a_worker_is_served_by_the_default_one(shop: Shop) -> None:
    shop.put("test.mail")
    sender(shop).send_due()
    shop.work("default")
    assert shop.traces() == 1


def test_failed_work_is_not_delivered_before_its_time(shop: Shop, declare: Callable[..., None]) -> None:
    def fails(ctx: CompanyContext, payload: dict[str, Any]) -> None:
        raise ValueError("no")

    declare("test.fails", fails)
    shop.put("test.fails")
    send = sender(shop)
    send.send_due()
    shop.work()
    (job,) = shop.jobs()
    assert (job.attempts, job.lease_until, job.error) == (1, None, "ValueError: no")
    assert send.send_due() == 0


def test_a_job_that_kills_its_process_is_a_failed_try(shop: Shop, declare: Callable[..., None]) -> None:
    declare("test.dies", lambda ctx, payload: os.kill(os.getpid(), signal.SIGKILL))
    shop.put("test.dies")
    sender(shop).send_due()
    shop.work(in_process=False)
    (job,) = shop.jobs()
    assert job.attempts == 1
    assert "WorkerDiedError" in (job.error or "")


def test_sec_72_a_handler_has_a_time_limit(shop: Shop, declare: Callable[..., None]) -> None:
    def hangs(ctx: CompanyContext, payload: dict[str, Any]) -> None:
        ctx.uow.query("SELECT pg_sleep(60)")

    declare("test.hangs", hangs, timeout=1)
    shop.put("test.hangs")
    sender(shop).send_due()
    shop.work()
    assert "JobTimeoutException" in (shop.jobs()[0].error or "")


class Evil:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_sec_57_a_pickle_in_the_queue_is_refused(shop: Shop, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    queue = Queue("default", connection=shop.redis, serializer=PickleSerializer)
    queue.enqueue("posix.getpid", Evil(mark))
    raw = queue.enqueue("posix.getpid")
    shop.redis.hset(raw.key, "data", pickle.dumps(("posix.getpid", None, (Evil(mark),), {})))
    shop.put()
    sender(shop).send_due()
    shop.work()
    assert not mark.exists()
    assert shop.traces() == 1


@pytest.mark.parametrize("function", ["os.system", "posix.getpid", "lunarfront.kernel.jobs.rq_job.deliver"])
def test_sec_57_no_function_named_in_the_queue_is_called(shop: Shop, tmp_path: Path, function: str) -> None:
    mark = tmp_path / "ran"
    queue = Queue("default", connection=shop.redis, serializer=queues.Serializer)
    job = queue.enqueue(function, f"touch {mark}")
    shop.redis.hset(job.key, "success_callback_name", "os.getpid")
    shop.redis.hset(job.key, "failure_callback_name", "os.getpid")
    shop.put()
    sender(shop).send_due()
    shop.work()
    assert not mark.exists()
    assert shop.traces() == 1


def test_an_interrupted_statement_does_not_go_on_holding_its_row(
    shop: Shop, declare: Callable[..., None]
) -> None:
    declare("test.hangs", lambda ctx, payload: ctx.uow.query("SELECT pg_sleep(60)"), timeout=1)
    shop.put("test.hangs")
    sender(shop).send_due()
    shop.work()
    shop.sql("UPDATE job_outbox SET run_at = now(), kind = 'test.note'")
    sender(shop).send_due()
    shop.work()
    assert shop.traces() == 1
