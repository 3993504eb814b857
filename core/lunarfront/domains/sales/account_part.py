"""What sales keep for an account (ACT-08, SEC-62). Sales get the kept account's id by themselves (ACT-04)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.parts import AccountPart
from lunarfront.kernel.context import CompanyContext

_ERASE = (
    """UPDATE receipt_delivery d SET recipient = NULL FROM transaction t
    WHERE t.company_id = %(company)s AND t.account_id = %(account)s AND d.company_id = t.company_id
      AND d.transaction_id = t.id AND d.recipient IS NOT NULL""",
    """UPDATE transaction SET held_label = NULL, version = version + 1, updated_at = now()
    WHERE company_id = %(company)s AND account_id = %(account)s AND held_label IS NOT NULL""",
)
_PURCHASES = """
SELECT number, kind, business_date, net_total, tax_total, total FROM transaction
WHERE company_id = %(company)s AND account_id = %(account)s AND status = 'completed' ORDER BY completed_at, id
"""


def erase(ctx: CompanyContext, account_id: UUID) -> None:
    """Forget where receipts were sent and what held carts were called."""
    for statement in _ERASE:
        ctx.uow.execute(statement, {"company": ctx.company.id, "account": account_id})


def export(ctx: CompanyContext, account_id: UUID) -> Mapping[str, Any]:
    """Return the account's purchases."""
    params = {"company": ctx.company.id, "account": account_id}
    return {"purchases": [row._asdict() for row in ctx.uow.query(_PURCHASES, params)]}


PART = AccountPart(erase=erase, export=export)
