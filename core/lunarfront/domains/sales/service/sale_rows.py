"""Rows and answer of a completed sale, built together so that nothing is read back (hot-path.md §1.5)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.ledger.rules import Event
from lunarfront.domains.sales.journal import Books, Sold, sale_postings, tender_postings
from lunarfront.domains.sales.models import (
    DiscountAudit,
    Transaction,
    TransactionDiscount,
    TransactionLine,
    TransactionLineTax,
)
from lunarfront.domains.sales.rules.pricing import Applied, PricedLine
from lunarfront.domains.sales.service.carts import Quote
from lunarfront.domains.sales.service.tender_rows import add_tenders
from lunarfront.domains.tax.rules import full_rate
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import Problem

if TYPE_CHECKING:
    from lunarfront.domains.sales.service.completion import Sale

_USE_SQL = """
UPDATE discount SET used_count = used_count + 1
WHERE company_id = %(company)s AND id = %(id)s AND is_active AND used_count < max_uses
"""


def count_promotions(ctx: CompanyContext, quote: Quote) -> None:
    """Count the uses of promotions that have a limit, under the lock of their row (POS-19).

    Raises:
        Problem: ``discount_invalid`` when one is used up.
    """
    used = {a.reduction.code for line in quote.cart.lines for a in line.applied}
    used |= {a.reduction.code for a in quote.cart.cart_applied}
    for code in sorted(code for code in used if code):
        promotion = quote.catalog.promotions[code]
        if promotion.max_uses is None:
            continue
        params = {"company": ctx.company.id, "id": promotion.reduction.discount_id}
        if ctx.uow.execute(_USE_SQL, params) != 1:
            raise Problem("discount_invalid", f"Discount {code} is used up.")


def build(ctx: CompanyContext, sale: "Sale") -> dict[str, Any]:
    """Collect all rows of the sale and return its answer."""
    head = head_of_sale(ctx, sale)
    _write_head(ctx, sale, head)
    lines = add_sale_lines(ctx, sale)
    tenders = add_tenders(ctx, sale.id, sale.settlement)
    entry_id = _post(ctx, sale)
    audit.record(
        ctx,
        "pos.sale.completed",
        "transaction",
        sale.id,
        new={"number": sale.number.text, "total": sale.quote.cart.total},
    )
    return _answer(ctx, sale, head, lines, tenders, entry_id)


def add_sale_lines(ctx: CompanyContext, sale: "Sale", first_no: int = 1) -> list[dict[str, Any]]:
    """Collect lines, their taxes and discounts with the audit of each; return the lines as the answer shows them."""
    lines = [_add_line(ctx, sale, index, line, first_no) for index, line in enumerate(sale.quote.cart.lines)]
    _add_cart_discounts(ctx, sale)
    return lines


def head_of_sale(ctx: CompanyContext, sale: "Sale") -> dict[str, Any]:
    """Return the columns of the transaction of a sale."""
    terminal, location = ctx.require_terminal()
    cart, draft = sale.quote.cart, sale.draft
    return {
        "location_id": location.id,
        "terminal_id": terminal.id,
        "drawer_session_id": sale.register.session_id,
        "account_id": sale.quote.account.id if sale.quote.account else None,
        "member_id": draft.get("member_id"),
        "sold_by_id": draft.get("sold_by_id"),
        "user_id": ctx.require_user().id,
        "kind": "sale",
        "status": "completed",
        "number": sale.number.text,
        "client_uuid": sale.client_uuid,
        "currency": ctx.company.currency,
        "price_mode": location.price_mode,
        "tax_rounding": location.tax_rounding,
        "subtotal": cart.subtotal,
        "discount_total": cart.discount_total,
        "net_total": cart.net_total,
        "tax_total": cart.tax_total,
        "cash_rounding": sale.settlement.rounding,
        "total": cart.total,
        "paid_total": sale.settlement.paid,
        "change_given": sale.settlement.change,
        "exemption_id": sale.quote.exemption.id if sale.quote.exemption else None,
        "business_date": sale.quote.day,
        "completed_at": ctx.now,
        "client_recorded_at": draft.get("client_recorded_at"),
        "legacy_id": draft.get("legacy_id"),
        "legacy_source": draft.get("legacy_source"),
    }


def _write_head(ctx: CompanyContext, sale: "Sale", head: Mapping[str, Any]) -> None:
    if sale.pending is None:
        ctx.uow.add(Transaction, id=sale.id, **head)
    else:
        ctx.uow.change(
            Transaction, sale.id, sale.pending.version, draft=None, held_label=None, held_at=None, **head
        )


def _add_line(
    ctx: CompanyContext, sale: "Sale", index: int, line: PricedLine, first_no: int
) -> dict[str, Any]:
    cart, item = line.cart, line.cart.item
    values = {
        "transaction_id": sale.id,
        "line_no": first_no + index,
        "variant_id": item.variant_id,
        "unit_id": cart.unit_id,
        "sku": item.sku,
        "item_description": cart.description or item.name,
        "kind": item.kind,
        "qty": cart.qty,
        "list_price": line.list_price,
        "unit_price": line.unit_price,
        "price_source": item.price_source,
        "extended": line.extended,
        "override_amount": line.override_amount,
        "line_discount": line.line_discount,
        "cart_discount": line.cart_discount,
        "net": line.net,
        "tax": line.tax.tax,
        "total": line.total,
        "cost_value": sale.issued.costs[index],
        "cost_provisional": sale.issued.provisional[index],
        "tax_category": item.tax_category,
        "tax_rate": full_rate(cart.components),
        "category_id": item.category_id,
        "revenue_account": item.revenue_account,
        "cogs_account": item.cogs_account,
        "inventory_account": item.inventory_account,
        "sold_by_id": cart.sold_by_id or sale.draft.get("sold_by_id"),
    }
    line_id = ctx.uow.add(TransactionLine, **values)
    _add_line_taxes(ctx, sale, line_id, line)
    _add_line_discounts(ctx, sale, line_id, line)
    return values | {"id": line_id}


def _add_line_taxes(ctx: CompanyContext, sale: "Sale", line_id: UUID, line: PricedLine) -> None:
    for part in line.tax.parts:
        ctx.uow.add(
            TransactionLineTax,
            line_id=line_id,
            component_id=part.component.id,
            component_name=part.component.name,
            jurisdiction=part.component.jurisdiction,
            rate=part.component.rate,
            taxable_amount=part.taxable_amount,
            exempt_amount=part.exempt_amount,
            amount=part.amount,
            exemption_id=sale.quote.exemption.id if sale.quote.exemption and part.exempt_amount else None,
        )


def _add_line_discounts(ctx: CompanyContext, sale: "Sale", line_id: UUID, line: PricedLine) -> None:
    if line.override_amount or line.unit_price > line.list_price > 0:
        approval = sale.approvals.get("pos.price_override")
        after = line.extended - line.override_amount
        reason = line.cart.reason_code
        before = after if line.unit_price > line.list_price else line.extended
        _audit_discount(
            ctx, sale, line_id, "override", before, line.override_amount, line.extended, reason, approval
        )
    for applied in line.applied:
        _add_applied(ctx, sale, line_id, applied, line.extended)


def _add_cart_discounts(ctx: CompanyContext, sale: "Sale") -> None:
    for applied in sale.quote.cart.cart_applied:
        _add_applied(ctx, sale, None, applied, sale.quote.cart.subtotal)
    if sale.quote.cart.discount_total:
        audit.record(
            ctx,
            "pos.discount.applied",
            "transaction",
            sale.id,
            new={"discount_total": sale.quote.cart.discount_total, "subtotal": sale.quote.cart.subtotal},
            approval_id=sale.approvals.get("pos.discount.approve"),
        )


def _add_applied(
    ctx: CompanyContext, sale: "Sale", line_id: UUID | None, applied: Applied, extended: Decimal
) -> None:
    reduction = applied.reduction
    approval = sale.approvals.get("pos.discount.approve")
    ctx.uow.add(
        TransactionDiscount,
        transaction_id=sale.id,
        line_id=line_id,
        discount_id=reduction.discount_id,
        sequence=applied.sequence,
        type=reduction.type,
        value=reduction.value,
        amount=applied.amount,
        reason_code=reduction.reason_code,
        approval_id=approval,
    )
    kind = "line" if line_id else "cart"
    reason = reduction.reason_code or reduction.code
    _audit_discount(ctx, sale, line_id, kind, applied.before, applied.amount, extended, reason, approval)


def _audit_discount(
    ctx: CompanyContext,
    sale: "Sale",
    line_id: UUID | None,
    kind: str,
    before: Decimal,
    amount: Decimal,
    extended: Decimal,
    reason: str | None,
    approval_id: UUID | None,
) -> None:
    ctx.uow.add(
        DiscountAudit,
        transaction_id=sale.id,
        line_id=line_id,
        user_id=ctx.require_user().id,
        kind=kind,
        original_value=before,
        new_value=before - amount,
        amount=amount,
        percent=(amount / extended).quantize(Decimal("0.000001")) if extended else ZERO,
        reason_code=reason,
        approval_required=approval_id is not None,
        approval_id=approval_id,
        occurred_at=ctx.now,
    )


def _post(ctx: CompanyContext, sale: "Sale") -> UUID | None:
    _, location = ctx.require_terminal()
    if location.is_training:
        return None
    account = sale.quote.account
    books = Books(
        location.id, location.is_mobile, account.id if account else None, location.price_mode, ctx.unit
    )
    postings = sale_postings(books, sold_lines(sale)) + tender_postings(books, sale.settlement)
    event = Event(
        "sale_completed", "transaction", sale.id, sale.quote.day, tuple(postings), f"Sale {sale.number.text}"
    )
    return ledger.post(ctx, event, sale.number.period)


def sold_lines(sale: "Sale") -> list[Sold]:
    """Return what the journal needs of the lines of a sale."""
    return [_sold(line, cost) for line, cost in zip(sale.quote.cart.lines, sale.issued.costs, strict=True)]


def _sold(line: PricedLine, cost: Decimal) -> Sold:
    item = line.cart.item
    return Sold(
        revenue_account=item.revenue_account,
        cogs_account=item.cogs_account,
        inventory_account=item.inventory_account,
        extended=line.extended,
        discount=line.line_discount + line.cart_discount,
        override=line.override_amount,
        net=line.net,
        rate=full_rate(line.cart.components),
        taxes=tuple((part.component.id, part.amount) for part in line.tax.parts),
        cost=cost,
    )


def _answer(
    ctx: CompanyContext,
    sale: "Sale",
    head: Mapping[str, Any],
    lines: list[dict[str, Any]],
    tenders: list[dict[str, Any]],
    entry_id: UUID | None,
) -> dict[str, Any]:
    return dict(head) | {
        "id": sale.id,
        "created_at": ctx.now,
        "lines": lines,
        "taxes": tax_totals(sale.quote.cart.lines),
        "tenders": tenders,
        "fee_total": ZERO,
        "balance_due": ZERO,
        "journal_entry_id": entry_id,
        "needs_review": False,
        "exemption_notice": sale.quote.account.exemption_notice if sale.quote.account else None,
        "version": sale.pending.version + 1 if sale.pending else 1,
    }


def tax_totals(lines: Iterable[PricedLine]) -> list[dict[str, Any]]:
    """Return the document's tax by component, for answers and receipts."""
    totals: dict[Any, dict[str, Any]] = {}
    for part in (part for line in lines for part in line.tax.parts):
        component = part.component
        entry = totals.setdefault(
            component,
            {
                "name": component.name,
                "jurisdiction": component.jurisdiction,
                "rate": component.rate,
                "taxable_amount": ZERO,
                "exempt_amount": ZERO,
                "amount": ZERO,
            },
        )
        entry["taxable_amount"] += part.taxable_amount
        entry["exempt_amount"] += part.exempt_amount
        entry["amount"] += part.amount
    return list(totals.values())
