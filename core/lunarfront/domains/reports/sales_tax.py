"""Sales tax by component for a range of business dates, tied to the tax account (TAX-12)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO

#: Voided sales are out: their entry and its reversal cancel each other in the books, too.
_LINES_SQL = """
SELECT x.jurisdiction, x.component_name AS component, x.rate,
  sum(CASE WHEN l.qty > 0 THEN x.taxable_amount + x.exempt_amount ELSE 0 END) AS gross,
  sum(CASE WHEN l.qty > 0 THEN x.exempt_amount ELSE 0 END) AS exempt,
  sum(CASE WHEN l.qty > 0 THEN x.taxable_amount ELSE 0 END) AS taxable,
  sum(CASE WHEN l.qty > 0 THEN x.amount ELSE 0 END) AS collected,
  -sum(CASE WHEN l.qty < 0 THEN x.amount ELSE 0 END) AS refunded,
  sum(x.amount) AS due
FROM transaction_line_tax x
JOIN transaction_line_item l ON l.company_id = x.company_id AND l.id = x.line_id
JOIN transaction t ON t.company_id = l.company_id AND t.id = l.transaction_id
JOIN location p ON p.company_id = t.company_id AND p.id = t.location_id
WHERE x.company_id = %(company)s AND t.status = 'completed' AND NOT p.is_training
  AND t.business_date BETWEEN %(from)s AND %(to)s
  AND (%(location)s::uuid IS NULL OR t.location_id = %(location)s)
GROUP BY x.jurisdiction, x.component_name, x.rate ORDER BY x.jurisdiction, x.component_name, x.rate
"""
_EXEMPT_SQL = """
SELECT coalesce(e.reason_code, 'none') AS reason, sum(s.exempt) AS amount FROM (
  SELECT x.exemption_id, l.id, max(x.exempt_amount) AS exempt
  FROM transaction_line_tax x
  JOIN transaction_line_item l ON l.company_id = x.company_id AND l.id = x.line_id
  JOIN transaction t ON t.company_id = l.company_id AND t.id = l.transaction_id
  WHERE x.company_id = %(company)s AND t.status = 'completed' AND x.exempt_amount > 0
    AND t.business_date BETWEEN %(from)s AND %(to)s
    AND (%(location)s::uuid IS NULL OR t.location_id = %(location)s)
  GROUP BY x.exemption_id, l.id) s
LEFT JOIN tax_exemption e ON e.company_id = %(company)s AND e.id = s.exemption_id
GROUP BY 1 ORDER BY 1
"""
_LEDGER_SQL = """
SELECT coalesce(sum(l.credit - l.debit), 0) AS moved
FROM journal_entry_line l
JOIN journal_entry e ON e.company_id = l.company_id AND e.id = l.entry_id
JOIN account_code c ON c.company_id = l.company_id AND c.id = l.account_code_id
WHERE l.company_id = %(company)s AND c.role = 'sales_tax'
  AND coalesce(e.original_event_date, e.entry_date) BETWEEN %(from)s AND %(to)s
  AND (%(location)s::uuid IS NULL OR l.location_id = %(location)s)
"""


def sales_tax(
    ctx: CompanyContext, date_from: date, date_to: date, location_id: UUID | None
) -> dict[str, Any]:
    """Return gross, exempt, taxable, collected, refunded and due by component, with the movement of the tax account.

    Args:
        ctx: the context.
        date_from, date_to: business dates, both inclusive.
        location_id: one location, None for all.

    Returns:
        ``lines``, ``exempt_by_reason``, their sums, ``ledger`` and ``difference``, which is 0.00.
    """
    params: Mapping[str, Any] = {
        "company": ctx.company.id,
        "from": date_from,
        "to": date_to,
        "location": location_id,
    }
    lines = [dict(row._mapping) for row in ctx.uow.query(_LINES_SQL, params)]
    ledger: Decimal = ctx.uow.query(_LEDGER_SQL, params)[0].moved
    due = sum((line["due"] for line in lines), ZERO)
    return {
        "date_from": date_from,
        "date_to": date_to,
        "lines": lines,
        "exempt_by_reason": [dict(row._mapping) for row in ctx.uow.query(_EXEMPT_SQL, params)],
        "collected": sum((line["collected"] for line in lines), ZERO),
        "refunded": sum((line["refunded"] for line in lines), ZERO),
        "due": due,
        "ledger": ledger,
        "difference": due - ledger,
    }
