"""Reads of the books for the API: chart, entries, trial balance."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from lunarfront.domains.ledger.models import AccountCode, JournalEntry, JournalSeal
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import not_found

_LINES_SQL = """
SELECT l.line_no, c.code, c.name, c.role, l.debit, l.credit, l.location_id, l.account_id, l.tax_component_id
FROM journal_entry_line l JOIN account_code c ON c.company_id = l.company_id AND c.id = l.account_code_id
WHERE l.company_id = %(company)s AND l.entry_id = %(entry)s ORDER BY l.line_no
"""
_TRIAL_SQL = """
SELECT c.code, c.name, c.type,
  coalesce(sum(l.debit - l.credit) FILTER (WHERE e.entry_date < %(from)s), 0) AS opening,
  coalesce(sum(l.debit) FILTER (WHERE e.entry_date >= %(from)s), 0) AS debits,
  coalesce(sum(l.credit) FILTER (WHERE e.entry_date >= %(from)s), 0) AS credits,
  coalesce(sum(l.debit - l.credit), 0) AS closing
FROM journal_entry_line l
JOIN journal_entry e ON e.company_id = l.company_id AND e.id = l.entry_id
JOIN account_code c ON c.company_id = l.company_id AND c.id = l.account_code_id
WHERE l.company_id = %(company)s AND e.entry_date <= %(to)s
  AND (%(location)s::uuid IS NULL OR l.location_id = %(location)s)
GROUP BY c.code, c.name, c.type ORDER BY c.code
"""


def list_accounts(ctx: CompanyContext) -> dict[str, Any]:
    """Return the chart of accounts by code."""
    rows = ctx.uow.session.execute(select(AccountCode).order_by(AccountCode.code)).scalars().all()
    return {"items": rows, "next_cursor": None}


def list_entries(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of journal entries, newest first."""
    statement = _entries()
    for name in ("event_type", "event_id"):
        if query.get(name) is not None:
            statement = statement.where(getattr(JournalEntry, name) == query[name])
    if query.get("date_from"):
        statement = statement.where(JournalEntry.entry_date >= query["date_from"])
    if query.get("date_to"):
        statement = statement.where(JournalEntry.entry_date <= query["date_to"])
    if query.get("q"):
        statement = statement.where(JournalEntry.memo.icontains(query["q"], autoescape=True))
    return paginate(
        ctx,
        statement,
        query,
        sorts={
            "id": JournalEntry.id,
            "entry_date": JournalEntry.entry_date,
            "total": JournalEntry.total_debits,
        },
        key=JournalEntry.id,
        default_sort="-id",
        shape=_shape,
    )


def get_entry(ctx: CompanyContext, entry_id: UUID) -> dict[str, Any]:
    """Return an entry with its lines.

    Raises:
        Problem: ``not_found``.
    """
    row = ctx.uow.session.execute(_entries().where(JournalEntry.id == entry_id)).one_or_none()
    if row is None:
        raise not_found()
    lines = ctx.uow.query(_LINES_SQL, {"company": ctx.company.id, "entry": entry_id})
    return _shape(row) | {"lines": [dict(line._mapping) for line in lines]}


def _entries() -> Any:
    reversal = aliased(JournalEntry)
    return (
        select(JournalEntry, JournalSeal.number, reversal.id.label("reversed_by"))
        .outerjoin(
            JournalSeal,
            and_(JournalSeal.company_id == JournalEntry.company_id, JournalSeal.entry_id == JournalEntry.id),
        )
        .outerjoin(
            reversal,
            and_(reversal.company_id == JournalEntry.company_id, reversal.reverses_id == JournalEntry.id),
        )
    )


def _shape(row: Any) -> dict[str, Any]:
    entry: JournalEntry = row[0]
    columns = {column.key: getattr(entry, column.key) for column in JournalEntry.__table__.columns}
    return columns | {"number": row.number, "status": "reversed" if row.reversed_by else "posted"}


def trial_balance(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return opening, debits, credits and closing of every account in a range of business dates."""
    params = {
        "company": ctx.company.id,
        "from": query.get("date_from") or "0001-01-01",
        "to": query.get("date_to") or "9999-12-31",
        "location": query.get("location_id"),
    }
    rows = ctx.uow.query(_TRIAL_SQL, params)
    debits, credited = sum((r.debits for r in rows), ZERO), sum((r.credits for r in rows), ZERO)
    return {
        "lines": [dict(row._mapping) for row in rows],
        "total_debits": debits,
        "total_credits": credited,
        "difference": debits - credited,
    }
