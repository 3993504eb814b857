"""Nightly work about customers, in the company's zone (TAX-13, ACT-11, SEC-63)."""

from typing import Any

from lunarfront.domains.accounts.service.exemptions import expire_exemptions
from lunarfront.domains.accounts.service.identifiers import delete_due_identifiers
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs import scheduled


@scheduled("accounts.exemptions.expire", "10 0 * * *")
def expire(ctx: CompanyContext, _payload: dict[str, Any]) -> None:
    """Set certificates that ran out to expired (TAX-13)."""
    expire_exemptions(ctx)


@scheduled("accounts.identifiers.delete", "40 3 * * *")
def delete_papers(ctx: CompanyContext, _payload: dict[str, Any]) -> None:
    """Delete identity papers whose time is over (ACT-11, SEC-63)."""
    delete_due_identifiers(ctx)
