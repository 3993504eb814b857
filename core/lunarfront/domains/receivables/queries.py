"""What accounts owe: balance and statement of open items (domain-core.md §3.3, §9)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import invalid, not_found

_BALANCE = """
SELECT a.id AS account_id, a.credit_limit, a.terms_days,
       coalesce(sum(i.balance), 0) AS open_balance,
       coalesce(sum(i.balance) FILTER (WHERE i.due_date < %(today)s), 0) AS overdue_balance,
       coalesce((SELECT s.balance FROM store_credit s
                 WHERE s.company_id = a.company_id AND s.account_id = a.id), 0) AS store_credit
FROM account a LEFT JOIN invoice i ON i.company_id = a.company_id AND i.account_id = a.id AND i.balance <> 0
  AND i.status IN ('open', 'partially_paid')
WHERE a.company_id = %(company)s AND a.id = %(account)s
GROUP BY a.company_id, a.id, a.credit_limit, a.terms_days
"""
_OPEN_BEFORE = """
SELECT coalesce(sum(balance), 0) AS balance FROM invoice
WHERE company_id = %(company)s AND account_id = %(account)s AND issue_date < %(first)s AND balance <> 0
  AND status IN ('open', 'partially_paid')
"""
_ITEMS = """
SELECT id AS invoice_id, number, kind, issue_date, due_date, subtotal, tax, amount, balance, status FROM invoice
WHERE company_id = %(company)s AND account_id = %(account)s AND issue_date BETWEEN %(first)s AND %(last)s
  AND status <> 'draft' ORDER BY issue_date, number
"""
MAX_DAYS = 3660


def open_balance(ctx: CompanyContext, account_id: UUID) -> Decimal:
    """Return what an account owes today; negative when the store owes it."""
    balance: Decimal = account_balance(ctx, account_id)["open_balance"]
    return balance


def account_balance(ctx: CompanyContext, account_id: UUID) -> dict[str, Any]:
    """Return what an account owes, what of it is late, and what it may still charge (ACT-07).

    ``available_credit`` is None without a credit limit; it is negative where an approved sale went above it.

    Raises:
        Problem: ``not_found``.
    """
    params = {"company": ctx.company.id, "account": account_id, "today": ctx.business_date()}
    rows = ctx.uow.query(_BALANCE, params)
    if not rows:
        raise not_found()
    row = rows[0]._asdict()
    limit = row["credit_limit"]
    available = None if limit is None else limit - row["open_balance"]
    return row | {"currency": ctx.company.currency, "available_credit": available}


def statement(ctx: CompanyContext, account_id: UUID, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the open-item statement of an account for a range of dates.

    ``opening_balance`` is what is still open of earlier invoices; with the balances of the items it makes
    ``closing_balance``. Paid items are listed with the balance 0.00.

    Raises:
        Problem: ``not_found``, or ``validation_failed`` for a range that ends before it begins.
    """
    last = query.get("last") or ctx.business_date()
    first = query.get("first") or last.replace(day=1)
    _check_range(first, last)
    balance = account_balance(ctx, account_id)
    params = {"company": ctx.company.id, "account": account_id, "first": first, "last": last}
    items = [row._asdict() for row in ctx.uow.query(_ITEMS, params)]
    opening = ctx.uow.query(_OPEN_BEFORE, params)[0].balance
    open_items = (item["balance"] for item in items if item["status"] in ("open", "partially_paid"))
    return {
        "account_id": account_id,
        "currency": balance["currency"],
        "first": first,
        "last": last,
        "opening_balance": opening,
        "items": items,
        "closing_balance": sum(open_items, opening),
    }


def _check_range(first: date, last: date) -> None:
    if last < first:
        raise invalid("to", "validation_failed", "The range ends before it begins.")
    if (last - first).days > MAX_DAYS:
        raise invalid("from", "validation_failed", "Ask for at most ten years.")
