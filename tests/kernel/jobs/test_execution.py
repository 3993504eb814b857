"""One piece of work runs once in effect, and failed work is tried again (runtime.md §5, SEC-72)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import select, update

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import Core
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.jobs import ExternalCall, GiveUp, JobKind, enqueue
from lunarfront.kernel.jobs.execution import Outcome, run_job
from lunarfront.kernel.jobs.inline import run_due_jobs
from lunarfront.kernel.jobs.registry import extra_kinds
from lunarfront.kernel.records import AuditLog, JobOutbox, UserPreference
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.world import CompanyWorld

KIND = "test.work"
Handler = Callable[..., Any]


def note(ctx: CompanyContext, payload: dict[str, Any]) -> None:
    """Leave a trace in the database: one audit row a run."""
    from lunarfront.kernel.audit import record

    record(ctx, "test.ran", "test", None, new=payload)


def boom(ctx: CompanyContext, payload: dict[str, Any]) -> None:
    note(ctx, payload)
    raise ValueError("password=hunter22 was wrong")


@pytest.fixture
def core(app: Any) -> Core:
    found: Core = app.extensions["lunarfront"]
    return found


@pytest.fixture
def kind() -> Iterator[Callable[..., None]]:
    """Declare ``test.work`` with a handler."""
    with extra_kinds():
        from lunarfront.kernel.jobs.registry import registry

        def declare(handler: Handler = note, **options: Any) -> None:
            registry().kinds[KIND] = JobKind(KIND, handler, **options)

        declare()
        yield declare


def put(core: Core, company: CompanyWorld, payload: dict[str, Any] | None = None, **options: Any) -> UUID:
    with core.unit_of_work(company.id) as uow:
        job_id = enqueue(uow, KIND, payload or {}, **options)
        uow.commit()
    return job_id


def row(core: Core, company: CompanyWorld, job_id: UUID) -> JobOutbox:
    with core.unit_of_work(company.id) as uow:
        return uow.session.execute(select(JobOutbox).where(JobOutbox.id == job_id)).scalar_one()


def traces(core: Core, company: CompanyWorld) -> list[Any]:
    with core.unit_of_work(company.id) as uow:
        found = uow.session.execute(
            select(AuditLog.new).where(AuditLog.action == "test.ran").order_by(AuditLog.id)
        )
        return list(found.scalars())


def make_due(core: Core, company: CompanyWorld, job_id: UUID) -> None:
    with core.unit_of_work(company.id) as uow:
        uow.session.execute(
            update(JobOutbox).where(JobOutbox.id == job_id).values(run_at=uow.query("SELECT now()")[0][0])
        )
        uow.commit()


def test_sec_71_work_and_event_share_one_transaction(core: Core, company: CompanyWorld, kind: Any) -> None:
    with core.unit_of_work(company.id) as uow:
        enqueue(uow, KIND, {"n": 1})
        uow.flush()
        uow.rollback()
    assert run_due_jobs(core, company.id) == 0
    put(core, company, {"n": 2})
    assert run_due_jobs(core, company.id) == 1
    assert traces(core, company) == [{"n": 2}]


def test_sec_72_second_delivery_finds_nothing_to_do(core: Core, company: CompanyWorld, kind: Any) -> None:
    job_id = put(core, company)
    assert run_job(core, company.id, job_id) is Outcome.DONE
    assert run_job(core, company.id, job_id) is Outcome.NOTHING
    assert run_job(core, company.id, uuid7()) is Outcome.NOTHING
    assert len(traces(core, company)) == 1


def test_sec_72_work_is_not_run_before_its_time(
    core: Core, company: CompanyWorld, kind: Any, clock: Any
) -> None:
    job_id = put(core, company, run_at=clock() + timedelta(hours=1))
    assert run_job(core, company.id, job_id) is Outcome.NOTHING
    assert run_due_jobs(core, company.id) == 0


def test_sec_72_failed_work_leaves_nothing_and_waits(core: Core, company: CompanyWorld, kind: Any) -> None:
    kind(boom)
    job_id = put(core, company)
    assert run_job(core, company.id, job_id) is Outcome.FAILED
    found = row(core, company, job_id)
    assert found.attempts == 1
    assert found.failed_at is None
    assert traces(core, company) == []
    delay = (found.run_at - found.created_at).total_seconds()
    assert 7.9 <= delay <= 12.1


def test_sec_41_failure_text_has_no_secrets(core: Core, company: CompanyWorld, kind: Any) -> None:
    kind(boom)
    job_id = put(core, company)
    run_job(core, company.id, job_id)
    assert row(core, company, job_id).error == "ValueError: password=[removed] was wrong"


def test_sec_72_eight_tries_end_on_the_failed_list(core: Core, company: CompanyWorld, kind: Any) -> None:
    kind(boom)
    job_id = put(core, company)
    for _ in range(8):
        make_due(core, company, job_id)
        assert run_job(core, company.id, job_id) is Outcome.FAILED
    found = row(core, company, job_id)
    assert found.attempts == 8
    assert found.failed_at is not None
    assert run_job(core, company.id, job_id) is Outcome.NOTHING


def test_handler_may_give_up_at_once(core: Core, company: CompanyWorld, kind: Any) -> None:
    def hopeless(ctx: CompanyContext, payload: dict[str, Any]) -> None:
        raise GiveUp("the address does not exist")

    kind(hopeless)
    job_id = put(core, company)
    run_job(core, company.id, job_id)
    assert row(core, company, job_id).failed_at is not None


def test_what_a_failure_must_leave_behind_is_written(core: Core, company: CompanyWorld, kind: Any) -> None:
    def fails(ctx: CompanyContext, payload: dict[str, Any]) -> None:
        user_id = company.people["admin"].id
        ctx.uow.on_failure(lambda own: own.add(UserPreference, user_id=user_id, key="left", value=1) and None)
        raise ValueError("no")

    kind(fails)
    run_job(core, company.id, put(core, company))
    with core.unit_of_work(company.id) as uow:
        assert (
            uow.session.execute(select(UserPreference.value).where(UserPreference.key == "left")).scalar_one()
            == 1
        )


def test_unknown_kind_is_refused_at_once_and_kept_later(core: Core, company: CompanyWorld, kind: Any) -> None:
    with core.unit_of_work(company.id) as uow, pytest.raises(ValueError, match="no module declares"):
        enqueue(uow, "test.nobody", {})
    job_id = put(core, company)
    with core.unit_of_work(company.id) as uow:
        uow.session.execute(update(JobOutbox).where(JobOutbox.id == job_id).values(kind="gone.module"))
        uow.commit()
    assert run_job(core, company.id, job_id) is Outcome.FAILED
    assert "gone.module" in (row(core, company, job_id).error or "")


def test_external_work_is_called_with_no_transaction_and_recorded(
    core: Core, company: CompanyWorld, kind: Any
) -> None:
    seen: list[Any] = []

    def call_out(call: ExternalCall) -> str:
        claimed = row(core, company, call.id)
        seen.append((call.id, claimed.attempts, claimed.lease_until is not None, claimed.done_at))
        assert run_job(core, company.id, call.id) is Outcome.NOTHING
        return "sent"

    kind(call_out, external=True, record=lambda ctx, payload, result: note(ctx, {"result": result}))
    job_id = put(core, company)
    assert run_job(core, company.id, job_id) is Outcome.DONE
    assert seen == [(job_id, 1, True, None)]
    assert traces(core, company) == [{"result": "sent"}]


def test_external_failure_counts_once(core: Core, company: CompanyWorld, kind: Any) -> None:
    def call_out(call: ExternalCall) -> None:
        raise ConnectionError("no route")

    kind(call_out, external=True)
    job_id = put(core, company)
    assert run_job(core, company.id, job_id) is Outcome.FAILED
    found = row(core, company, job_id)
    assert (found.attempts, found.lease_until) == (1, None)


def test_external_work_that_kills_its_worker_ends_on_the_failed_list(
    core: Core, company: CompanyWorld, kind: Any
) -> None:
    kind(lambda call: None, external=True)
    job_id = put(core, company)
    with core.unit_of_work(company.id) as uow:
        uow.session.execute(update(JobOutbox).where(JobOutbox.id == job_id).values(attempts=8))
        uow.commit()
    assert run_job(core, company.id, job_id) is Outcome.FAILED
    assert row(core, company, job_id).failed_at is not None


def test_dedupe_adds_one_row_until_the_work_begins(core: Core, company: CompanyWorld, kind: Any) -> None:
    first = put(core, company, {"n": 1}, dedupe="k")
    assert put(core, company, {"n": 2}, dedupe="k") == first
    assert put(core, company, {"n": 3}, dedupe="other") != first
    added: list[UUID] = []

    def adds(ctx: CompanyContext, payload: dict[str, Any]) -> None:
        note(ctx, payload)
        if not added:
            added.append(put(core, company, {"n": 4}, dedupe="k"))

    kind(adds)
    assert run_job(core, company.id, first) is Outcome.DONE
    assert added != [first]
    run_due_jobs(core, company.id)
    assert sorted(trace["n"] for trace in traces(core, company)) == [1, 3, 4]


def test_work_carries_the_id_of_its_request(
    ctx: CompanyContext, core: Core, company: CompanyWorld, kind: Any
) -> None:
    seen: list[str] = []
    kind(lambda job_ctx, payload: seen.append(job_ctx.request_id))
    enqueue(ctx, KIND, {})
    ctx.uow.commit()
    run_due_jobs(core, company.id)
    assert seen == ["test"]


def test_other_companies_work_is_out_of_reach(
    core: Core, company: CompanyWorld, other_company: CompanyWorld, kind: Any
) -> None:
    job_id = put(core, company)
    assert run_job(core, other_company.id, job_id) is Outcome.NOTHING
    assert isinstance(core.unit_of_work(company.id), UnitOfWork)
    assert row(core, company, job_id).done_at is None


def test_log_lines_of_a_job_carry_its_ids(
    ctx: CompanyContext, core: Core, company: CompanyWorld, kind: Any
) -> None:
    seen: list[dict[str, Any]] = []
    kind(lambda job_ctx, payload: seen.append(structlog.contextvars.get_contextvars()))
    job_id = enqueue(ctx, KIND, {})
    ctx.uow.commit()
    run_due_jobs(core, company.id)
    assert seen == [
        {
            "request_id": "test",
            "job_id": str(job_id),
            "company_id": str(company.id),
            "kind": KIND,
            "module": "core",
        }
    ]
    assert "job_id" not in structlog.contextvars.get_contextvars()
