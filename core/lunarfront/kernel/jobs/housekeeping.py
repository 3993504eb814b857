"""Kinds that the kernel itself repeats for every company."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs.registry import scheduled
from lunarfront.kernel.records import ChangeLog

CHANGE_LOG_DAYS = 365


@scheduled("core.change_log.clean", "20 3 * * *")
def clean_change_log(ctx: CompanyContext, _payload: dict[str, Any]) -> None:
    """Remove field history older than a year; the audit trail is never cleaned (AUD-07)."""
    oldest = ctx.now - timedelta(days=CHANGE_LOG_DAYS)
    ctx.uow.session.execute(delete(ChangeLog).where(ChangeLog.created_at < oldest))
