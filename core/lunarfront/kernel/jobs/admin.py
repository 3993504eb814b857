"""What people do with jobs: look at them, try a failed one again, call one off (SEC-72)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, case, func, literal, select, type_coerce

from lunarfront.kernel import audit
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem, not_found
from lunarfront.kernel.records import JobOutbox
from lunarfront.kernel.redaction import clean

_IS_LEASED = and_(JobOutbox.lease_until.is_not(None), JobOutbox.lease_until >= func.now())
#: Done with an error is called off: a finished job has none.
STATUS: ColumnElement[str] = case(
    (and_(JobOutbox.done_at.is_not(None), JobOutbox.error.is_not(None)), literal("cancelled")),
    (JobOutbox.done_at.is_not(None), literal("done")),
    (JobOutbox.failed_at.is_not(None), literal("failed")),
    (JobOutbox.parked_at.is_not(None), literal("parked")),
    (and_(_IS_LEASED, JobOutbox.lease_epoch.is_(None)), literal("running")),
    (_IS_LEASED, literal("queued")),
    else_=literal("waiting"),
)
_COLUMNS = tuple(column.name for column in JobOutbox.__table__.columns)
_SORTS: dict[str, Any] = {"created_at": JobOutbox.created_at, "run_at": JobOutbox.run_at}


def list_jobs(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the company's jobs, the newest first."""
    statement = select(JobOutbox, STATUS.label("status"))
    for name in ("kind", "queue", "module"):
        if query.get(name):
            statement = statement.where(getattr(JobOutbox, name) == query[name])
    if query.get("status"):
        statement = statement.where(query["status"] == STATUS)
    if query.get("q"):
        found = JobOutbox.kind.icontains(query["q"], autoescape=True)
        statement = statement.where(found | JobOutbox.error.icontains(query["q"], autoescape=True))
    return paginate(
        ctx,
        statement,
        query,
        sorts=_SORTS,
        key=type_coerce(JobOutbox.id, Uuid()),
        default_sort="-created_at",
        shape=_job,
    )


def get_job(ctx: CompanyContext, job_id: UUID) -> dict[str, Any]:
    """Return one job.

    Raises:
        Problem: ``not_found``.
    """
    row = ctx.uow.session.execute(
        select(JobOutbox, STATUS.label("status")).where(JobOutbox.id == job_id)
    ).one_or_none()
    if row is None:
        raise not_found()
    return _job(row)


def retry_job(ctx: CompanyContext, job_id: UUID) -> dict[str, Any]:
    """Try failed work again from the first try, now.

    Raises:
        Problem: ``not_found``; ``invalid_transition`` when it has not failed.
    """
    found = _lock(ctx, job_id)
    if found.failed_at is None or found.done_at is not None:
        raise Problem("invalid_transition", "Only a failed job can be tried again.")
    audit.record(
        ctx, "job.retried", "job", job_id, old={"attempts": found.attempts}, new={"kind": found.kind}
    )
    found.failed_at, found.attempts, found.run_at = None, 0, func.now()
    ctx.uow.session.flush()
    return get_job(ctx, job_id)


def cancel_job(ctx: CompanyContext, job_id: UUID) -> dict[str, Any]:
    """Call work off for good, also a failed one.

    Raises:
        Problem: ``not_found``; ``invalid_transition`` when it is done; ``conflict`` when it runs right now.
    """
    found = _lock(ctx, job_id)
    if found.done_at is not None:
        raise Problem("invalid_transition", "This job has ended already.")
    if get_job(ctx, job_id)["status"] == "running":
        raise _runs_now()
    audit.record(ctx, "job.cancelled", "job", job_id, new={"kind": found.kind})
    found.done_at, found.error = func.now(), f"cancelled by {ctx.actor}"
    found.lease_until = found.lease_epoch = None
    ctx.uow.session.flush()
    return get_job(ctx, job_id)


def _lock(ctx: CompanyContext, job_id: UUID) -> JobOutbox:
    wanted = select(JobOutbox).where(JobOutbox.id == job_id)
    found = ctx.uow.session.execute(wanted.with_for_update(skip_locked=True)).scalar_one_or_none()
    if found is None:
        get_job(ctx, job_id)
        raise _runs_now()
    return found


def _runs_now() -> Problem:
    return Problem("conflict", "This job runs right now. Look again in a moment.")


def _job(row: Any) -> dict[str, Any]:
    found: JobOutbox = row[0]
    shown = {name: getattr(found, name) for name in _COLUMNS}
    return shown | {"status": row.status, "payload": clean(found.payload)}
