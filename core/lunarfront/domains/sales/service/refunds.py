"""Use case: refund lines of one sale (RET-01 to RET-09, RET-12)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.sales.catalog import catalog_for
from lunarfront.domains.sales.rules.returns import ReturnedLine, is_everything, restock_fee, return_line
from lunarfront.domains.sales.rules.tenders import Settlement, plan_refund, refund_to
from lunarfront.domains.sales.service.answers import transaction_answer
from lunarfront.domains.sales.service.back_lines import BackLine
from lunarfront.domains.sales.service.carts import offers_of, rounding_of
from lunarfront.domains.sales.service.originals import Original, lock_original
from lunarfront.domains.sales.service.refund_rows import Refund, complete_refund, preview
from lunarfront.domains.sales.service.register import open_register
from lunarfront.kernel.approvals import Need
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.reasons import check_reason

#: Columns of a returned line that are copies of the original's.
COPIED = (
    "variant_id unit_id sku item_description kind list_price unit_price price_source tax_category tax_rate "
    "category_id revenue_account cogs_account inventory_account sold_by_id"
).split()


def refund(
    ctx: CompanyContext, original_id: UUID, body: Mapping[str, Any], *, dry_run: bool
) -> dict[str, Any]:
    """Give lines of a completed sale back; with ``dry_run`` only say what would be given.

    Raises:
        Problem: ``no_lines``, ``refund_exceeds_sold``, ``refund_exceeds_paid``, ``reason_required``,
            ``approval_required``, ``drawer_not_open``, ``invalid_transition``.
    """
    if not body["lines"]:
        raise Problem("no_lines", "Choose what comes back.")
    original = lock_original(ctx, original_id)
    register = open_register(ctx, body["client_uuid"])
    if register.existing_id is not None:
        return transaction_answer(ctx, register.existing_id)
    lines = back_lines(ctx, original, body["lines"], waive_fee=body["waive_fee"], with_reason=not dry_run)
    settlement = settle_refund(ctx, original, lines, body.get("tenders"))
    planned = Refund(
        id=uuid7(),
        body=body,
        kind="refund",
        lines=lines,
        settlement=settlement,
        register=register,
        account_id=original.account_id,
        original_id=original.id,
        needs=refund_needs(ctx, original, lines, body),
    )
    return preview(ctx, planned) if dry_run else complete_refund(ctx, planned)


def back_lines(
    ctx: CompanyContext,
    original: Original,
    asked: Sequence[Mapping[str, Any]],
    *,
    waive_fee: bool = False,
    with_reason: bool = True,
) -> list[BackLine]:
    """Return the lines that come back with their amounts by cumulative rounding (RET-04)."""
    if len({line["line_id"] for line in asked}) != len(asked):
        raise invalid("lines", "validation_failed", "A line stands twice in this return.")
    return [_back_line(ctx, original, i, line, waive_fee, with_reason) for i, line in enumerate(asked)]


def _back_line(
    ctx: CompanyContext,
    original: Original,
    index: int,
    asked: Mapping[str, Any],
    waive_fee: bool,
    with_reason: bool,
) -> BackLine:
    sold = original.line(asked["line_id"])
    row = original.rows[sold.id]
    _check_piece(index, asked, row)
    amounts = return_line(sold, asked["qty"], original.price_mode, ctx.unit)
    return BackLine(
        columns={name: getattr(row, name) for name in COPIED},
        qty=asked["qty"],
        extended=amounts.extended,
        override_amount=amounts.override_amount,
        line_discount=amounts.line_discount,
        cart_discount=amounts.cart_discount,
        net=amounts.net,
        tax=amounts.tax,
        cost=amounts.cost_value,
        taxes=amounts.taxes,
        restock=_restock(row.kind, asked.get("restock")),
        reason_code=_reason(ctx, index, asked) if with_reason else asked.get("reason_code") or "",
        fee=ZERO if waive_fee else _fee(ctx, row, amounts),
        original_line_id=sold.id,
        parts=_parts(ctx, row, asked["qty"]),
    )


def _check_piece(index: int, asked: Mapping[str, Any], row: Any) -> None:
    if row.is_divisible is False and asked["qty"] != asked["qty"].to_integral_value():
        raise invalid(f"lines[{index}].qty", "quantity_invalid", "This item comes back in whole pieces.")
    if asked.get("unit_id") is not None and asked["unit_id"] != row.unit_id:
        raise Problem("unit_not_available", "This serial number was not sold on this line.")


def _reason(ctx: CompanyContext, index: int, asked: Mapping[str, Any]) -> str:
    field = f"lines[{index}].reason_code"
    return check_reason(ctx, "return", asked.get("reason_code"), asked.get("note"), field)


def _fee(ctx: CompanyContext, row: Any, amounts: ReturnedLine) -> Decimal:
    kind = row.restock_fee_type or "none"
    return restock_fee(amounts.net, amounts.qty, kind, row.restock_fee_value, ctx.unit)


def _restock(kind: str, asked: str | None) -> str:
    """Services never go back to stock; goods do unless somebody says otherwise (RET-09)."""
    if kind not in ("stocked", "bundle"):
        return "none"
    return asked if asked in ("sellable", "damaged") else "sellable"


def _parts(ctx: CompanyContext, row: Any, qty: Any) -> tuple[Any, ...]:
    if row.kind != "bundle":
        return ()
    catalog = catalog_for(ctx, [row.variant_id])
    return tuple(
        (catalog.items[part], per_bundle * qty)
        for part, per_bundle in catalog.items[row.variant_id].components
    )


def settle_refund(
    ctx: CompanyContext,
    original: Original,
    lines: Sequence[BackLine],
    tenders: Sequence[Mapping[str, Any]] | None,
) -> Settlement:
    """Decide how the money goes back: the way it came, unless staff chose otherwise (RET-07, RET-08)."""
    _, location = ctx.require_terminal()
    due = sum((line.payout for line in lines), ZERO)
    rounding = rounding_of(ctx, location, exact=False)
    if tenders:
        return refund_to(due, offers_of(tenders), original.tenders, rounding)
    returning = {line.original_line_id: line.qty for line in lines if line.original_line_id is not None}
    return plan_refund(due, original.tenders, rounding, is_last=is_everything(original.lines, returning))


def refund_needs(
    ctx: CompanyContext, original: Original, lines: Sequence[BackLine], body: Mapping[str, Any]
) -> list[Need]:
    """Return the rights that this refund needs: limit, window, other tenders, fee waived (RET-02, RET-06, RET-07)."""
    due = sum((line.payout for line in lines), ZERO)
    needs = [Need("pos.refund", f"Refund of {due}", "refund_limit", due)]
    needs += [Need("pos.refund.late", why) for line in lines if (why := _late(ctx, original, line))]
    if body.get("tenders"):
        needs.append(Need("pos.refund.tender_override", "Money back another way than it was paid"))
    if body.get("waive_fee"):
        needs.append(Need("pos.refund.late", "Restocking fee waived"))
    return needs


def _late(ctx: CompanyContext, original: Original, line: BackLine) -> str | None:
    """Say why a line may not simply come back (RET-02), None when it may."""
    if line.original_line_id is None:
        return None
    row = original.rows[line.original_line_id]
    if row.returnable is False:
        return f"{row.item_description} is not taken back"
    days = row.return_days if row.return_days is not None else ctx.setting("return_days")
    if (ctx.business_date() - original.business_date).days > days:
        return f"{row.item_description} was sold more than {days} days ago"
    return None
