"""What happened in drawer sessions, by session and business date (DRW-11, DRW-12).

Sales lie above the drawer, so their tables are read by SQL.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from lunarfront.domains.drawer.rules.figures import Part, empty_part
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO

Parts = dict[tuple[UUID | None, date], Part]
_SECTIONS = {"sale": "sales", "refund": "refunds", "exchange": "exchanges"}
_NAMES = ("subtotal", "discounts", "net", "tax", "tips", "fees", "total")
#: ``{of}`` says whose transactions: those of some sessions, or those of a location without a drawer.
_SALES = """
SELECT t.drawer_session_id AS session_id, t.business_date AS day, t.kind, t.status, t.user_id, u.full_name,
  count(*) AS count, sum(t.subtotal) AS subtotal, sum(t.discount_total) AS discounts, sum(t.net_total) AS net,
  sum(t.tax_total) AS tax, sum(t.tip_total) AS tips, sum(t.fee_total) AS fees, sum(t.total) AS total,
  sum(t.cash_rounding) AS rounding
FROM transaction t JOIN app_user u ON u.company_id = t.company_id AND u.id = t.user_id
WHERE t.company_id = %(company)s AND t.number IS NOT NULL AND t.status IN ('completed', 'voided') AND {of}
GROUP BY t.drawer_session_id, t.business_date, t.kind, t.status, t.user_id, u.full_name
ORDER BY u.full_name, t.user_id
"""
_TAXES = """
SELECT t.drawer_session_id AS session_id, t.business_date AS day, x.component_name AS name, x.jurisdiction,
  x.rate::text AS rate, sum(x.taxable_amount) AS taxable_amount, sum(x.exempt_amount) AS exempt_amount,
  sum(x.amount) AS amount
FROM transaction t
JOIN transaction_line_item l ON l.company_id = t.company_id AND l.transaction_id = t.id
JOIN transaction_line_tax x ON x.company_id = l.company_id AND x.line_id = l.id
WHERE t.company_id = %(company)s AND t.status = 'completed' AND {of}
GROUP BY t.drawer_session_id, t.business_date, x.component_name, x.jurisdiction, x.rate
ORDER BY x.component_name, x.rate
"""
_TENDERS = """
SELECT t.drawer_session_id AS session_id, t.business_date AS day, p.type, count(*) AS count, sum(p.amount) AS amount
FROM transaction t JOIN tender p ON p.company_id = t.company_id AND p.transaction_id = t.id
WHERE t.company_id = %(company)s AND t.status = 'completed' AND p.status = 'captured' AND {of}
GROUP BY t.drawer_session_id, t.business_date, p.type ORDER BY p.type
"""
_GIFT_CARDS = """
SELECT t.drawer_session_id AS session_id, t.business_date AS day, sum(l.net) AS amount
FROM transaction t JOIN transaction_line_item l ON l.company_id = t.company_id AND l.transaction_id = t.id
WHERE t.company_id = %(company)s AND t.status = 'completed' AND l.kind = 'gift_card' AND {of}
GROUP BY t.drawer_session_id, t.business_date
"""
_MOVEMENTS = """
SELECT drawer_session_id AS session_id, business_date AS day, kind, count(*) AS count, sum(amount) AS amount
FROM drawer_movement WHERE company_id = %(company)s AND drawer_session_id = ANY(%(sessions)s::uuid[])
GROUP BY drawer_session_id, business_date, kind ORDER BY kind
"""
_OF_SESSIONS = "t.drawer_session_id = ANY(%(sessions)s::uuid[])"
_WITHOUT_DRAWER = "t.drawer_session_id IS NULL AND t.location_id = %(location)s AND t.business_date = %(day)s"


def parts_of_sessions(ctx: CompanyContext, session_ids: Collection[UUID]) -> Parts:
    """Return the figures of sessions, one part per session and business date."""
    params = {"company": ctx.company.id, "sessions": list(session_ids)}
    parts = _sold(ctx, _OF_SESSIONS, params)
    for row in ctx.uow.query(_MOVEMENTS, params):
        parts[row.session_id, row.day]["movements"].append(_row(row, "kind count amount"))
    return parts


def part_without_drawer(ctx: CompanyContext, location_id: UUID, day: date) -> Part:
    """Return what a location sold on a date while no drawer was open at the till (cards and the like)."""
    params = {"company": ctx.company.id, "location": location_id, "day": day}
    return _sold(ctx, _WITHOUT_DRAWER, params)[None, day]


def _sold(ctx: CompanyContext, of: str, params: dict[str, Any]) -> Parts:
    parts: Parts = defaultdict(empty_part)
    for row in ctx.uow.query(_SALES.format(of=of), params):
        _add_sales(parts[row.session_id, row.day], row)
    for row in ctx.uow.query(_TAXES.format(of=of), params):
        columns = "name jurisdiction rate taxable_amount exempt_amount amount"
        parts[row.session_id, row.day]["taxes"].append(_row(row, columns))
    for row in ctx.uow.query(_TENDERS.format(of=of), params):
        parts[row.session_id, row.day]["tenders"].append(_row(row, "type count amount"))
    for row in ctx.uow.query(_GIFT_CARDS.format(of=of), params):
        parts[row.session_id, row.day]["gift_cards_sold"] += row.amount
    return parts


def _add_sales(part: Part, row: Any) -> None:
    if row.status == "voided":
        part["voids"]["count"] += row.count
        part["voids"]["total"] += row.total
        return
    section = part[_SECTIONS[row.kind]]
    section["count"] += row.count
    for name in _NAMES:
        section[name] += getattr(row, name)
    part["rounding"] += row.rounding
    _add_user(part, row)


def _add_user(part: Part, row: Any) -> None:
    user_id = str(row.user_id)
    found = next((user for user in part["users"] if user["user_id"] == user_id), None)
    if found is None:
        found = {"user_id": user_id, "name": row.full_name, "count": 0, "net": ZERO, "total": ZERO}
        part["users"].append(found)
    found["count"] += row.count
    found["net"] += row.net
    found["total"] += row.total


def _row(row: Any, names: str) -> Part:
    return {name: getattr(row, name) for name in names.split()}
