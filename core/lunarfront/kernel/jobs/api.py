"""``/jobs``: the outbox as people see it."""

from typing import Any
from uuid import UUID

from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs import admin, schemas

blp = ApiBlueprint("jobs", __name__, description="Work in the background: waiting, done, failed.")


@blp.endpoint("GET", "/jobs", permission="job.view", query=schemas.JobQuery, out=page_schema(schemas.JobOut))
def list_jobs(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List jobs, the newest first; done ones are kept for a week."""
    return admin.list_jobs(ctx, query)


@blp.endpoint("GET", "/jobs/<uuid:job_id>", permission="job.view", out=schemas.JobOut)
def get_job(ctx: CompanyContext, job_id: UUID) -> dict[str, Any]:
    """Read a job."""
    return admin.get_job(ctx, job_id)


@blp.endpoint("POST", "/jobs/<uuid:job_id>/retry", permission="job.manage", out=schemas.JobOut)
def retry_job(ctx: CompanyContext, job_id: UUID) -> dict[str, Any]:
    """Try a failed job again, now."""
    return admin.retry_job(ctx, job_id)


@blp.endpoint("POST", "/jobs/<uuid:job_id>/cancel", permission="job.manage", out=schemas.JobOut)
def cancel_job(ctx: CompanyContext, job_id: UUID) -> dict[str, Any]:
    """Call a job off."""
    return admin.cancel_job(ctx, job_id)
