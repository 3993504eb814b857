"""What receivables keep for an account (ACT-05, SEC-62). Invoices get the kept account's id by themselves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.parts import AccountPart, Use
from lunarfront.domains.receivables.queries import open_balance
from lunarfront.kernel.context import CompanyContext

_INVOICES = """
SELECT number, kind, issue_date, due_date, amount, balance, status FROM invoice
WHERE company_id = %(company)s AND account_id = %(account)s ORDER BY issue_date, number
"""


def uses(ctx: CompanyContext, account_id: UUID) -> list[Use]:
    """An account that owes or is owed something is in use."""
    balance = open_balance(ctx, account_id)
    return [Use("open_balance", f"open balance {balance} {ctx.company.currency}")] if balance else []


def export(ctx: CompanyContext, account_id: UUID) -> Mapping[str, Any]:
    """Return the account's invoices."""
    params = {"company": ctx.company.id, "account": account_id}
    return {"invoices": [row._asdict() for row in ctx.uow.query(_INVOICES, params)]}


PART = AccountPart(uses=uses, export=export)
