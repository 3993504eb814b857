"""Reads of transactions: one with everything, lists, what can be returned."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from lunarfront.domains.accounts.models import Account
from lunarfront.domains.sales.models import Transaction
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.auth.models import User
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import not_found

_HEAD_SQL = """
SELECT t.*, e.id AS journal_entry_id FROM transaction t
LEFT JOIN journal_entry e ON e.company_id = t.company_id AND e.event_id = t.id
  AND e.event_type IN ('sale_completed', 'refund_completed', 'exchange_completed')
WHERE t.company_id = %(company)s AND t.id = %(id)s
"""
_LINES_SQL = """
SELECT l.*, coalesce((SELECT -sum(r.qty) FROM transaction_line_item r
  JOIN transaction rt ON rt.company_id = r.company_id AND rt.id = r.transaction_id AND rt.status = 'completed'
  WHERE r.company_id = l.company_id AND r.original_line_id = l.id), 0) AS returned_qty
FROM transaction_line_item l WHERE l.company_id = %(company)s AND l.transaction_id = %(id)s ORDER BY l.line_no
"""
_TAXES_SQL = """
SELECT x.component_name AS name, x.jurisdiction, x.rate, sum(x.taxable_amount) AS taxable_amount,
       sum(x.exempt_amount) AS exempt_amount, sum(x.amount) AS amount
FROM transaction_line_tax x JOIN transaction_line_item l ON l.company_id = x.company_id AND l.id = x.line_id
WHERE l.company_id = %(company)s AND l.transaction_id = %(id)s
GROUP BY x.component_id, x.component_name, x.jurisdiction, x.rate ORDER BY x.component_name
"""
_TENDERS_SQL = (
    "SELECT * FROM tender WHERE company_id = %(company)s AND transaction_id = %(id)s ORDER BY sequence"
)


def head_of(ctx: CompanyContext, transaction_id: UUID) -> dict[str, Any]:
    """Return the row of a transaction with the id of its journal entry.

    Raises:
        Problem: ``not_found``.
    """
    heads = ctx.uow.query(_HEAD_SQL, {"company": ctx.company.id, "id": transaction_id})
    if not heads:
        raise not_found()
    return dict(heads[0]._mapping)


def details_of(ctx: CompanyContext, transaction_id: UUID) -> dict[str, Any]:
    """Return the stored lines, taxes and tenders of a transaction."""
    params = {"company": ctx.company.id, "id": transaction_id}
    return {
        "lines": [dict(row._mapping) for row in ctx.uow.query(_LINES_SQL, params)],
        "taxes": [dict(row._mapping) for row in ctx.uow.query(_TAXES_SQL, params)],
        "tenders": [dict(row._mapping) for row in ctx.uow.query(_TENDERS_SQL, params)],
        "balance_due": ZERO,
        "exemption_notice": None,
    }


def list_transactions(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of transactions, newest first."""
    statement = (
        select(Transaction, Account.display_name.label("account_name"), User.full_name.label("user_name"))
        .outerjoin(
            Account, and_(Account.company_id == Transaction.company_id, Account.id == Transaction.account_id)
        )
        .join(User, and_(User.company_id == Transaction.company_id, User.id == Transaction.user_id))
    )
    for condition in _conditions(query):
        statement = statement.where(condition)
    return paginate(
        ctx,
        statement,
        query,
        sorts={"id": Transaction.id, "total": Transaction.total, "created_at": Transaction.created_at},
        key=Transaction.id,
        default_sort="-id",
        shape=_row,
    )


def _conditions(query: Mapping[str, Any]) -> list[Any]:
    equal = (
        "status",
        "kind",
        "location_id",
        "terminal_id",
        "account_id",
        "client_uuid",
        "legacy_id",
        "number",
    )
    found = [getattr(Transaction, name) == query[name] for name in equal if query.get(name) is not None]
    if query.get("date_from"):
        found.append(Transaction.business_date >= query["date_from"])
    if query.get("date_to"):
        found.append(Transaction.business_date <= query["date_to"])
    if query.get("q"):
        text = query["q"].casefold()
        found.append(
            or_(
                func.lower(Transaction.number).startswith(text, autoescape=True),
                func.lower(Account.display_name).contains(text, autoescape=True),
                Transaction.legacy_id == query["q"],
            )
        )
    return found


def _row(row: Any) -> dict[str, Any]:
    transaction = row[0]
    columns = {column.key: getattr(transaction, column.key) for column in Transaction.__table__.columns}
    return columns | {"account_name": row.account_name, "user_name": row.user_name}
