"""From a request to a priced cart: items, promotions, customer, tax (POS-06, POS-07, TAX-02, TAX-09)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.queries import SaleAccount, account_for_sale
from lunarfront.domains.sales.catalog import SaleCatalog, catalog_for
from lunarfront.domains.sales.rules.items import CartLine, Item, Reduction
from lunarfront.domains.sales.rules.pricing import PricedCart, price_cart
from lunarfront.domains.sales.rules.tenders import CashRounding, Offer
from lunarfront.domains.tax.rules import Exemption, TaxPolicy
from lunarfront.kernel.context import CompanyContext, LocationInfo
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.reasons import check_reason


@dataclass(frozen=True)
class Quote:
    """A priced cart with what it was priced for."""

    cart: PricedCart
    catalog: SaleCatalog
    account: SaleAccount | None
    exemption: Exemption | None
    day: date


def quote_cart(ctx: CompanyContext, draft: Mapping[str, Any]) -> Quote:
    """Price a cart as it stands on today's business date; writes nothing.

    Raises:
        Problem: ``too_many_lines``, ``not_found``, ``tax_not_configured``, discount and quantity problems.
    """
    _, location = ctx.require_terminal()
    lines = draft["lines"]
    if len(lines) > ctx.setting("max_lines"):
        raise Problem("too_many_lines", f"At most {ctx.setting('max_lines')} lines in a transaction.")
    day = ctx.business_date()
    catalog = catalog_for(ctx, [line["variant_id"] for line in lines])
    account = _account(ctx, draft.get("account_id"))
    exemption = _exemption(account, draft)
    cart_lines = [_cart_line(ctx, i, line, catalog, location, account, day) for i, line in enumerate(lines)]
    reductions = _cart_reductions(ctx, draft["discounts"], catalog, day)
    cart = price_cart(cart_lines, reductions, policy_of(ctx, location), exemption)
    return Quote(cart, catalog, account, exemption, day)


def policy_of(ctx: CompanyContext, location: LocationInfo) -> TaxPolicy:
    """Return how the location computes tax."""
    return TaxPolicy(location.price_mode, location.tax_rounding, ctx.unit)


def rounding_of(ctx: CompanyContext, location: LocationInfo, exact: bool) -> CashRounding:
    """Return the cash rounding that holds here; ``exact`` switches it off where that is allowed (POS-31)."""
    if exact and ctx.setting("allow_exact_cash"):
        return CashRounding(ctx.unit)
    return CashRounding(max(location.cash_rounding_increment, ctx.unit), location.cash_rounding_mode)


def offers_of(tenders: Sequence[Mapping[str, Any]]) -> list[Offer]:
    """Return the tenders of a request."""
    return [Offer(t["type"], t.get("amount"), t.get("tendered"), t.get("reference")) for t in tenders]


def _account(ctx: CompanyContext, account_id: UUID | None) -> SaleAccount | None:
    if account_id is None:
        return None
    account = account_for_sale(ctx, account_id)
    if account.merged_into_id is not None:
        account = account_for_sale(ctx, account.merged_into_id)
    if not account.is_active:
        raise Problem("conflict", "This customer is archived.")
    return account


def _exemption(account: SaleAccount | None, draft: Mapping[str, Any]) -> Exemption | None:
    if account is None or account.exemption is None or not draft.get("use_exemption", True):
        return None
    return Exemption(account.exemption.id, frozenset(account.exemption.jurisdictions))


def _cart_line(
    ctx: CompanyContext,
    index: int,
    line: Mapping[str, Any],
    catalog: SaleCatalog,
    location: LocationInfo,
    account: SaleAccount | None,
    day: date,
) -> CartLine:
    item = catalog.priced(
        catalog.items[line["variant_id"]], account.id if account else None, location.id, day
    )
    _check_item(index, item, line)
    if line.get("unit_price") is not None and 0 != item.price != line["unit_price"]:
        check_reason(
            ctx, "override", line.get("reason_code"), line.get("note"), f"lines[{index}].reason_code"
        )
    where = f"lines[{index}].discounts"
    return CartLine(
        item=item,
        qty=line["qty"],
        components=catalog.tax_components(location.id, item.tax_category, day),
        unit_price=line.get("unit_price"),
        reason_code=line.get("reason_code"),
        reductions=tuple(_reductions(ctx, line["discounts"], where, catalog, day, "line", item)),
        excluded=line.get("no_cart_discount", False),
        unit_id=line.get("unit_id"),
        description=line.get("description"),
        sold_by_id=line.get("sold_by_id"),
    )


def _check_item(index: int, item: Item, line: Mapping[str, Any]) -> None:
    if not item.is_active:
        raise Problem("conflict", f"Line {index + 1}: {item.name} is no longer sold.")
    if item.kind == "gift_card":
        raise Problem("conflict", f"Line {index + 1}: gift cards are not sold here yet.")
    if item.is_serialized and line.get("unit_id") is None:
        raise invalid(
            f"lines[{index}].unit_id", "validation_failed", f"Choose the serial number of {item.name}."
        )
    if not item.is_serialized and line.get("unit_id") is not None:
        raise invalid(f"lines[{index}].unit_id", "validation_failed", f"{item.name} has no serial numbers.")


def _cart_reductions(
    ctx: CompanyContext, asked: Sequence[Mapping[str, Any]], catalog: SaleCatalog, day: date
) -> list[Reduction]:
    return _reductions(ctx, asked, "discounts", catalog, day, "cart", None)


def _reductions(
    ctx: CompanyContext,
    asked: Sequence[Mapping[str, Any]],
    where: str,
    catalog: SaleCatalog,
    day: date,
    scope: str,
    item: Item | None,
) -> list[Reduction]:
    """Manual discounts, promotions named by code, and those that apply by themselves (POS-19)."""
    found = []
    for i, discount in enumerate(asked):
        if "code" in discount:
            found.append(_promotion(catalog, discount["code"], scope, day, f"{where}[{i}].code"))
        else:
            reason = check_reason(
                ctx,
                "discount",
                discount.get("reason_code"),
                discount.get("note"),
                f"{where}[{i}].reason_code",
            )
            found.append(Reduction(discount["type"], discount["value"], reason))
    named = {reduction.code for reduction in found if reduction.code}
    for promotion in catalog.promotions.values():
        applies = promotion.scope == scope and not promotion.requires_code and promotion.valid_on(day)
        covers = item is None or (promotion.reduction.covers(item) and item.takes_discounts)
        if applies and covers and promotion.reduction.code not in named:
            found.append(promotion.reduction)
    return found


def _promotion(catalog: SaleCatalog, code: str, scope: str, day: date, field: str) -> Reduction:
    promotion = catalog.promotions.get(code)
    if promotion is None or promotion.scope != scope or not promotion.valid_on(day):
        raise invalid(field, "discount_invalid", f"There is no discount {code} for this today.")
    return promotion.reduction
