"""Use case: hand a customer the data kept about him; that it was done stays in the trail (SEC-62, AUD-01)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.queries import export
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext


def export_account(ctx: CompanyContext, account_id: UUID) -> dict[str, Any]:
    """Return everything kept about an account.

    Raises:
        Problem: ``not_found``.
    """
    document = export.export_account(ctx, account_id)
    audit.record(ctx, "account.account.exported", "account", account_id)
    return document
