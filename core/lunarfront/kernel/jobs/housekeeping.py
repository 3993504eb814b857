"""Kinds that the kernel itself repeats for every company."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs.external import ExternalCall
from lunarfront.kernel.jobs.registry import scheduled
from lunarfront.kernel.jobs.retries import GiveUp
from lunarfront.kernel.records import ChangeLog
from lunarfront.kernel.seals import verify_company

CHANGE_LOG_DAYS = 365


@scheduled("core.change_log.clean", "20 3 * * *")
def clean_change_log(ctx: CompanyContext, _payload: dict[str, Any]) -> None:
    """Remove field history older than a year; the audit trail is never cleaned (AUD-07)."""
    oldest = ctx.now - timedelta(days=CHANGE_LOG_DAYS)
    ctx.uow.session.execute(delete(ChangeLog).where(ChangeLog.created_at < oldest))


@scheduled("core.chains.verify", "40 3 * * *", external=True, timeout=1800)
def verify_chains(call: ExternalCall) -> None:
    """Check every chain each night (AUD-04); a fault goes to the failed list, where it stays seen."""
    faults = [found.summary for found in verify_company(call.core, call.company_id) if not found.ok]
    if faults:
        raise GiveUp("; ".join(faults))
