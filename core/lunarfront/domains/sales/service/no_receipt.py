"""Use case: goods come back without a receipt (RET-11)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.queries import SaleAccount, account_for_sale
from lunarfront.domains.inventory.service.stock_book import lock_stock
from lunarfront.domains.sales.catalog import SaleCatalog, catalog_for
from lunarfront.domains.sales.rules.items import CartLine, Item
from lunarfront.domains.sales.rules.pricing import PricedLine, price_cart
from lunarfront.domains.sales.rules.returns import SoldTax
from lunarfront.domains.sales.rules.tenders import Offer, Settlement, refund_to
from lunarfront.domains.sales.service.answers import transaction_answer
from lunarfront.domains.sales.service.back_lines import BackLine
from lunarfront.domains.sales.service.carts import offers_of, policy_of, rounding_of
from lunarfront.domains.sales.service.refund_rows import Refund, complete_refund
from lunarfront.domains.sales.service.register import open_register
from lunarfront.domains.tax.rules import full_rate
from lunarfront.kernel.approvals import Need
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.money import ZERO, multiply, round_to
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.reasons import check_reason

LOOK_BACK = timedelta(days=90)

_LOWEST_SQL = """
SELECT l.variant_id, min(l.net / l.qty) AS lowest FROM transaction_line_item l
JOIN transaction t ON t.company_id = l.company_id AND t.id = l.transaction_id
WHERE l.company_id = %(company)s AND l.variant_id = ANY(%(variants)s) AND l.qty > 0
  AND t.status = 'completed' AND t.business_date >= %(since)s
GROUP BY l.variant_id
"""
_COUNT_SQL = """
SELECT count(*) AS n FROM transaction WHERE company_id = %(company)s AND account_id = %(account)s AND kind = 'refund'
  AND status = 'completed' AND original_transaction_id IS NULL AND business_date >= %(since)s
"""


def refund_without_receipt(ctx: CompanyContext, body: Mapping[str, Any]) -> dict[str, Any]:
    """Refund items whose sale is not known, within the company's settings (RET-11).

    Raises:
        Problem: ``no_lines``, ``account_required``, ``approval_required``, ``rate_limited`` when the account had
            too many, ``conflict`` for a tender that the settings do not allow, and those of pricing.
    """
    if not body["lines"]:
        raise Problem("no_lines", "Choose what comes back.")
    register = open_register(ctx, body["client_uuid"])
    if register.existing_id is not None:
        return transaction_answer(ctx, register.existing_id)
    account = _account(ctx, body.get("account_id"))
    lines = _lines(ctx, body["lines"])
    due = sum((line.payout for line in lines), ZERO)
    refund = Refund(
        id=uuid7(),
        body=body,
        kind="refund",
        lines=lines,
        settlement=_settlement(ctx, due, body.get("tenders")),
        register=register,
        account_id=account.id if account else None,
        original_id=None,
        needs=_needs(ctx, due),
    )
    return complete_refund(ctx, refund)


def _account(ctx: CompanyContext, account_id: UUID | None) -> SaleAccount | None:
    required = ctx.setting("no_receipt_account") == "required"
    if account_id is None:
        if required:
            raise Problem("account_required", "A return without receipt needs a customer.")
        return None
    account = account_for_sale(ctx, account_id)
    if required and not account.name_checked:
        raise Problem("account_required", f"The name of {account.display_name} was not checked yet.")
    _limit(ctx, account)
    return account


def _limit(ctx: CompanyContext, account: SaleAccount) -> None:
    allowed = ctx.setting("no_receipt_count")
    if allowed is None:
        return
    since = ctx.business_date() - timedelta(days=ctx.setting("no_receipt_days"))
    params = {"company": ctx.company.id, "account": account.id, "since": since}
    if ctx.uow.query(_COUNT_SQL, params)[0].n >= allowed:
        raise Problem(
            "rate_limited",
            "This customer had too many returns without receipt.",
        )


def _needs(ctx: CompanyContext, due: Decimal) -> list[Need]:
    needs = [
        Need("pos.refund.no_receipt", "Return without receipt"),
        Need("pos.refund", "Refund", "refund_limit", due),
    ]
    return needs if ctx.setting("no_receipt_approval") == "always" else needs[1:]


def _settlement(ctx: CompanyContext, due: Decimal, tenders: Sequence[Mapping[str, Any]] | None) -> Settlement:
    _, location = ctx.require_terminal()
    only_credit = ctx.setting("no_receipt_tender") == "store_credit"
    offers = offers_of(tenders) if tenders else [Offer("store_credit" if only_credit else "cash", due, due)]
    if only_credit and any(offer.type != "store_credit" for offer in offers):
        raise Problem("conflict", "Without a receipt money goes back as store credit only.")
    return refund_to(due, offers if due else [], (), rounding_of(ctx, location, exact=False))


def _lines(ctx: CompanyContext, asked: Sequence[Mapping[str, Any]]) -> list[BackLine]:
    """Price the goods as if sold today at the allowed price; the lines come back at exactly that (TAX-02)."""
    _, location = ctx.require_terminal()
    if len(asked) > ctx.setting("max_lines"):
        raise Problem("too_many_lines", f"At most {ctx.setting('max_lines')} lines.")
    ids = [line["variant_id"] for line in asked]
    catalog = catalog_for(ctx, ids)
    lowest = _lowest(ctx, ids)
    carts = [_cart_line(ctx, i, line, catalog, lowest) for i, line in enumerate(asked)]
    priced = price_cart(carts, [], policy_of(ctx, location))
    costs = _costs(ctx, location.id, carts)
    return [
        _back_line(ctx, i, line, a, cost)
        for i, (line, a, cost) in enumerate(zip(priced.lines, asked, costs, strict=True))
    ]


def _lowest(ctx: CompanyContext, variant_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    if ctx.setting("no_receipt_price_rule") == "entered":
        return {}
    params = {
        "company": ctx.company.id,
        "variants": list(variant_ids),
        "since": ctx.business_date() - LOOK_BACK,
    }
    return {row.variant_id: row.lowest for row in ctx.uow.query(_LOWEST_SQL, params)}


def _cart_line(
    ctx: CompanyContext,
    index: int,
    asked: Mapping[str, Any],
    catalog: SaleCatalog,
    lowest: Mapping[UUID, Decimal],
) -> CartLine:
    _, location = ctx.require_terminal()
    item = catalog.priced(catalog.items[asked["variant_id"]], None, location.id, ctx.business_date())
    if item.is_serialized:
        raise Problem("unit_not_available", f"{item.name}: find the sale by its serial number.")
    price = _price(ctx, index, item, asked, lowest)
    return CartLine(
        item=replace(item, price=price),
        qty=asked["qty"],
        components=catalog.tax_components(location.id, item.tax_category, ctx.business_date()),
    )


def _price(
    ctx: CompanyContext, index: int, item: Item, asked: Mapping[str, Any], lowest: Mapping[UUID, Decimal]
) -> Decimal:
    if ctx.setting("no_receipt_price_rule") == "entered":
        if asked.get("unit_price") is None:
            raise invalid(f"lines[{index}].unit_price", "validation_failed", "Enter the price that was paid.")
        entered: Decimal = asked["unit_price"]
        return entered
    if asked.get("unit_price") is not None:
        raise invalid(
            f"lines[{index}].unit_price", "validation_failed", "The price is set by the store's rule."
        )
    return min(item.price, round_to(lowest.get(item.variant_id, item.price), ctx.unit))


def _costs(ctx: CompanyContext, location_id: UUID, carts: Sequence[CartLine]) -> list[Decimal]:
    """Goods without a sale come back at the current average (INV-15)."""
    stocked = {cart.item.variant_id for cart in carts if cart.item.is_stocked}
    book = lock_stock(ctx, location_id, stocked)
    return [
        round_to(
            multiply(book.pools[cart.item.variant_id].unit_cost(cart.item.default_cost), cart.qty), ctx.unit
        )
        if cart.item.is_stocked
        else ZERO
        for cart in carts
    ]


def _back_line(
    ctx: CompanyContext, index: int, line: PricedLine, asked: Mapping[str, Any], cost: Decimal
) -> BackLine:
    field = f"lines[{index}].reason_code"
    return BackLine(
        columns=_columns(line),
        qty=line.cart.qty,
        extended=line.extended,
        override_amount=ZERO,
        line_discount=ZERO,
        cart_discount=ZERO,
        net=line.net,
        tax=line.tax.tax,
        cost=cost,
        taxes=_taxes(line),
        restock=asked["restock"] if line.cart.item.is_stocked else "none",
        reason_code=check_reason(ctx, "return", asked.get("reason_code"), asked.get("note"), field),
    )


def _columns(line: PricedLine) -> dict[str, Any]:
    item = line.cart.item
    return {
        "variant_id": item.variant_id,
        "unit_id": None,
        "sku": item.sku,
        "item_description": item.name,
        "kind": item.kind,
        "list_price": item.price,
        "unit_price": line.unit_price,
        "price_source": item.price_source,
        "tax_category": item.tax_category,
        "tax_rate": full_rate(line.cart.components),
        "category_id": item.category_id,
        "revenue_account": item.revenue_account,
        "cogs_account": item.cogs_account,
        "inventory_account": item.inventory_account,
        "sold_by_id": None,
    }


def _taxes(line: PricedLine) -> tuple[SoldTax, ...]:
    return tuple(
        SoldTax(
            part.component.id,
            part.component.name,
            part.component.jurisdiction,
            part.component.rate,
            part.taxable_amount,
            part.exempt_amount,
            part.amount,
        )
        for part in line.tax.parts
    )
