"""The original sale of a return: locked, with what was returned and given back of it already (RET-01 to RET-03)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.sales.rules.returns import SoldLine, SoldTax
from lunarfront.domains.sales.rules.tenders import PaidTender
from lunarfront.domains.sales.service.transactions import lock_transaction
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem

_HEAD_SQL = """
SELECT business_date, price_mode, account_id, number, drawer_session_id, location_id FROM transaction
WHERE company_id = %(company)s AND id = %(id)s
"""
_LINES_SQL = """
SELECT l.*, p.is_divisible, c.returnable, c.return_days, c.restock_fee_type, c.restock_fee_value,
  coalesce((SELECT -sum(r.qty) FROM transaction_line_item r
    JOIN transaction rt ON rt.company_id = r.company_id AND rt.id = r.transaction_id AND rt.status = 'completed'
    WHERE r.company_id = l.company_id AND r.original_line_id = l.id), 0) AS returned
FROM transaction_line_item l
LEFT JOIN product_variant v ON v.company_id = l.company_id AND v.id = l.variant_id
LEFT JOIN product p ON p.company_id = v.company_id AND p.id = v.product_id
LEFT JOIN category c ON c.company_id = l.company_id AND c.id = l.category_id
WHERE l.company_id = %(company)s AND l.transaction_id = %(id)s AND l.qty > 0 ORDER BY l.line_no
"""
_TAXES_SQL = """
SELECT x.* FROM transaction_line_tax x JOIN transaction_line_item l ON l.company_id = x.company_id AND l.id = x.line_id
WHERE l.company_id = %(company)s AND l.transaction_id = %(id)s ORDER BY x.id
"""
_TENDERS_SQL = """
SELECT t.id, t.type, t.amount_applied, t.amount, t.reference, coalesce(-sum(r.amount_applied), 0) AS back_applied,
       coalesce(-sum(r.amount), 0) AS back
FROM tender t LEFT JOIN tender r ON r.company_id = t.company_id AND r.refund_of_id = t.id AND r.status = 'captured'
WHERE t.company_id = %(company)s AND t.transaction_id = %(id)s AND t.status = 'captured' AND t.amount > 0
GROUP BY t.company_id, t.id, t.type, t.amount_applied, t.amount, t.reference, t.sequence ORDER BY t.sequence
"""


@dataclass(frozen=True)
class Original:
    """A completed sale as returns see it; ``rows`` are its stored lines by id."""

    id: UUID
    number: str
    business_date: date
    price_mode: str
    account_id: UUID | None
    lines: Sequence[SoldLine]
    rows: Mapping[UUID, Any]
    tenders: Sequence[PaidTender]

    def line(self, line_id: UUID) -> SoldLine:
        """Return a line of this sale.

        Raises:
            Problem: ``not_found``.
        """
        for line in self.lines:
            if line.id == line_id:
                return line
        raise Problem("not_found", "This line does not belong to the sale.")


def lock_original(ctx: CompanyContext, transaction_id: UUID) -> Original:
    """Lock a completed sale for a return.

    Raises:
        Problem: ``not_found``; ``invalid_transition`` for one that is pending, held, voided or itself a refund.
    """
    row = lock_transaction(ctx, transaction_id, ("completed",), None)
    if row.kind == "refund":
        raise Problem("invalid_transition", "A refund cannot be returned.", extra={"state": "refund"})
    params = {"company": ctx.company.id, "id": transaction_id}
    head = ctx.uow.query(_HEAD_SQL, params)[0]
    rows = {line.id: line for line in ctx.uow.query(_LINES_SQL, params)}
    taxes: dict[UUID, list[SoldTax]] = {}
    for tax in ctx.uow.query(_TAXES_SQL, params):
        taxes.setdefault(tax.line_id, []).append(_tax(tax))
    return Original(
        id=transaction_id,
        number=head.number,
        business_date=head.business_date,
        price_mode=head.price_mode,
        account_id=head.account_id,
        lines=[_line(line, tuple(taxes.get(line.id, ()))) for line in rows.values()],
        rows=rows,
        tenders=[_tender(tender) for tender in ctx.uow.query(_TENDERS_SQL, params)],
    )


def _tax(row: Any) -> SoldTax:
    return SoldTax(
        row.component_id,
        row.component_name,
        row.jurisdiction,
        row.rate,
        row.taxable_amount,
        row.exempt_amount,
        row.amount,
        row.exemption_id,
    )


def _line(row: Any, taxes: tuple[SoldTax, ...]) -> SoldLine:
    return SoldLine(
        id=row.id,
        line_no=row.line_no,
        qty=row.qty,
        extended=row.extended,
        override_amount=row.override_amount,
        line_discount=row.line_discount,
        cart_discount=row.cart_discount,
        net=row.net,
        tax=row.tax,
        total=row.total,
        cost_value=row.cost_value,
        taxes=taxes,
        returned=Decimal(row.returned),
    )


def _tender(row: Any) -> PaidTender:
    return PaidTender(
        row.id, row.type, row.amount_applied, row.amount, row.back_applied, row.back, row.reference
    )
