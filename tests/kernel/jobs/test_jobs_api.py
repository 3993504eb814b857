"""Jobs over the API: what waits, what failed, retry and cancel (SEC-72)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.jobs import JobKind, enqueue
from lunarfront.kernel.jobs.registry import extra_kinds
from lunarfront.kernel.records import AuditLog, JobOutbox
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

KIND = "test.api"


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    with extra_kinds(JobKind(KIND, lambda ctx, payload: None, queue="mail")):
        yield


@pytest.fixture
def put(app: Any, ctx: CompanyContext) -> Callable[..., UUID]:
    """Add a job with these columns."""

    def add(**columns: Any) -> UUID:
        job_id = enqueue(ctx, KIND, {"to": "Ada", "api_token": "x"})
        ctx.uow.flush()
        if columns:
            ctx.uow.session.execute(update(JobOutbox).where(JobOutbox.id == job_id).values(**columns))
        ctx.uow.commit()
        return job_id

    return add


def states(client: ApiClient, query: str = "") -> set[str]:
    answer = client.get(f"/jobs?{query}")
    assert answer.status_code == 200, answer.text
    return {item["status"] for item in answer.get_json()["items"]}


def test_each_state_is_told_and_can_be_asked_for(client: ApiClient, put: Callable[..., UUID]) -> None:
    later = func.now() + timedelta(minutes=1)
    put()
    put(lease_until=later, lease_epoch="e")
    put(lease_until=later)
    put(done_at=func.now())
    put(done_at=func.now(), error="cancelled by Ada")
    put(failed_at=func.now(), error="no route", attempts=8)
    put(parked_at=func.now())
    expected = {"waiting", "queued", "running", "done", "cancelled", "failed", "parked"}
    assert states(client) == expected
    for state in expected:
        assert states(client, f"filter[status]={state}") == {state}
    assert states(client, "q=route") == {"failed"}
    assert states(client, "filter[queue]=billing") == set()
    assert len(states(client, f"filter[kind]={KIND}&filter[module]=core&filter[queue]=mail")) == 7


def test_a_job_is_shown_without_secrets(client: ApiClient, put: Callable[..., UUID]) -> None:
    job = client.get(f"/jobs/{put()}").get_json()
    assert job["payload"] == {"to": "Ada", "api_token": "[removed]"}
    assert (job["status"], job["attempts"], job["request_id"]) == ("waiting", 0, "test")


def test_sec_72_failed_work_is_tried_again(
    client: ApiClient, ctx: CompanyContext, put: Callable[..., UUID]
) -> None:
    job_id = put(failed_at=func.now(), error="no route", attempts=8)
    answer = client.post(f"/jobs/{job_id}/retry")
    assert answer.status_code == 200, answer.text
    assert (answer.get_json()["status"], answer.get_json()["attempts"]) == ("waiting", 0)
    assert client.post(f"/jobs/{job_id}/retry").get_json()["code"] == "invalid_transition"
    wanted = select(AuditLog.action).where(AuditLog.entity_id == job_id)
    assert ctx.uow.session.execute(wanted).scalars().all() == ["job.retried"]


@pytest.mark.parametrize("columns", [{}, {"failed_at": func.now()}, {"parked_at": func.now()}])
def test_work_is_called_off(client: ApiClient, put: Callable[..., UUID], columns: dict[str, Any]) -> None:
    job_id = put(**columns)
    answer = client.post(f"/jobs/{job_id}/cancel")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "cancelled")
    assert client.post(f"/jobs/{job_id}/cancel").get_json()["code"] == "invalid_transition"
    assert client.post(f"/jobs/{job_id}/retry").status_code == 409


def test_running_work_is_not_called_off(client: ApiClient, put: Callable[..., UUID]) -> None:
    job_id = put(lease_until=func.now() + timedelta(minutes=1))
    assert client.post(f"/jobs/{job_id}/cancel").get_json()["code"] == "conflict"


@pytest.mark.parametrize(("role", "view", "manage"), [("admin", 200, 409), ("manager", 200, 409), ("viewer", 200, 403),
                                                      ("staff", 403, 403)])  # fmt: skip
def test_rights(
    as_user: Callable[..., ApiClient], put: Callable[..., UUID], role: str, view: int, manage: int
) -> None:
    job_id = put()
    assert as_user(role).get("/jobs").status_code == view
    assert as_user(role).get(f"/jobs/{job_id}").status_code == view
    assert as_user(role).post(f"/jobs/{job_id}/retry").status_code == manage


def test_gen_02_the_other_companys_job_is_404(
    as_user: Callable[..., ApiClient], put: Callable[..., UUID], other_company: CompanyWorld
) -> None:
    job_id, theirs = put(), as_user("admin", other_company)
    assert theirs.get(f"/jobs/{job_id}").status_code == 404
    assert theirs.post(f"/jobs/{job_id}/retry").status_code == 404
    assert theirs.post(f"/jobs/{job_id}/cancel").status_code == 404
    assert as_user("admin").get(f"/jobs/{uuid7()}").status_code == 404


@pytest.mark.parametrize("query", ["filter[status]=lost", "filter[queue]=x", "x=1", "sort=kind", "limit=900"])
def test_bad_queries_are_refused(client: ApiClient, query: str) -> None:
    assert client.get(f"/jobs?{query}").status_code == 422
