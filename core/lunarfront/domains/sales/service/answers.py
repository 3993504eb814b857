"""Answers: one shape for stored transactions, pending carts and quotes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.sales import queries
from lunarfront.domains.sales.rules.pricing import PricedLine
from lunarfront.domains.sales.service.carts import Quote, quote_cart
from lunarfront.domains.sales.service.drafts import load_draft
from lunarfront.domains.sales.service.sale_rows import tax_totals
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO


def transaction_answer(ctx: CompanyContext, transaction_id: UUID) -> dict[str, Any]:
    """Return a transaction with lines, taxes and tenders; one with a kept cart is priced as of now.

    Raises:
        Problem: ``not_found``.
    """
    head = queries.head_of(ctx, transaction_id)
    if head["draft"] is None:
        return head | queries.details_of(ctx, transaction_id)
    draft = load_draft(head["draft"])
    shown = quote_answer(ctx, quote_cart(ctx, draft))
    tenders = [_kept_tender(i, tender) for i, tender in enumerate(draft["tenders"], start=1)]
    paid = sum((tender["amount"] for tender in tenders), ZERO)
    priced = {name: shown[name] for name in ("lines", "taxes", "exemption_notice")}
    return head | priced | {"tenders": tenders, "balance_due": max(shown["total"] - paid, ZERO)}


def _kept_tender(sequence: int, tender: Mapping[str, Any]) -> dict[str, Any]:
    amount: Decimal = tender.get("amount") or tender.get("tendered") or ZERO
    return {
        "sequence": sequence,
        "type": tender["type"],
        "amount": amount,
        "amount_applied": amount,
        "tendered": tender.get("tendered") or amount,
        "change": ZERO,
        "reference": tender.get("reference"),
        "status": "captured" if tender["type"] == "card" else "pending",
    }


def quote_answer(ctx: CompanyContext, quote: Quote) -> dict[str, Any]:
    """Return the answer of a quote: lines, tax and totals without ids."""
    terminal, location = ctx.require_terminal()
    cart = quote.cart
    return {
        "status": "quote",
        "kind": "sale",
        "location_id": location.id,
        "terminal_id": terminal.id,
        "account_id": quote.account.id if quote.account else None,
        "currency": ctx.company.currency,
        "price_mode": location.price_mode,
        "lines": [line_answer(index, line) for index, line in enumerate(cart.lines)],
        "taxes": tax_totals(cart.lines),
        "tenders": [],
        "subtotal": cart.subtotal,
        "discount_total": cart.discount_total,
        "net_total": cart.net_total,
        "tax_total": cart.tax_total,
        "total": cart.total,
        "paid_total": ZERO,
        "balance_due": cart.total,
        "exemption_id": quote.exemption.id if quote.exemption else None,
        "exemption_notice": quote.account.exemption_notice if quote.account else None,
    }


def line_answer(index: int, line: PricedLine) -> dict[str, Any]:
    """Return a priced line as an answer shows it."""
    item = line.cart.item
    return {
        "line_no": index + 1,
        "variant_id": item.variant_id,
        "unit_id": line.cart.unit_id,
        "sku": item.sku,
        "item_description": line.cart.description or item.name,
        "kind": item.kind,
        "qty": line.cart.qty,
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
        "tax_category": item.tax_category,
    }
