"""Use case: complete a sale in one database transaction (POS-02, POS-48, hot-path.md §1 and §2).

Reads like the list there: open, price, reserve, pay, agree, number, build. The gateway flushes and commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.service.stock_book import Source
from lunarfront.domains.sales.rules.approvals import needs_of
from lunarfront.domains.sales.rules.tenders import Settlement, settle
from lunarfront.domains.sales.service import money_movements, sale_rows
from lunarfront.domains.sales.service.carts import Quote, offers_of, quote_cart, rounding_of
from lunarfront.domains.sales.service.goods import Issued, lock_goods
from lunarfront.domains.sales.service.register import Number, Register, take_number
from lunarfront.kernel.approvals import Need, approve, given_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem


@dataclass(frozen=True)
class Pending:
    """A locked pending row that is being completed."""

    id: UUID
    version: int


@dataclass(frozen=True)
class Sale:
    """Everything about a sale that is decided; rows, journal and answer are built from it."""

    id: UUID
    client_uuid: UUID
    draft: Mapping[str, Any]
    quote: Quote
    settlement: Settlement
    issued: Issued
    register: Register
    number: Number
    approvals: Mapping[str, UUID]
    pending: Pending | None = None


def complete_sale(
    ctx: CompanyContext,
    transaction_id: UUID,
    draft: Mapping[str, Any],
    register: Register,
    pending: Pending | None = None,
) -> dict[str, Any]:
    """Complete a cart and return the answer of ``TransactionOut``.

    Args:
        ctx: the till's context; all rows go into its unit of work.
        transaction_id: id of the row that is made, or of the pending one.
        draft: the cart as loaded by ``QuoteIn``.
        register: the till, locked by ``open_register``.
        pending: the locked pending row, if the cart was kept on the server.

    Raises:
        Problem: ``no_lines``, ``total_changed``, ``underpaid``, ``overpayment_not_allowed``, ``drawer_not_open``,
            ``approval_required``, ``unit_not_available``, ``account_required`` and those of pricing.
    """
    quote = quote_cart(ctx, draft)
    _guard(ctx, draft, quote)
    settlement = _settle(ctx, draft, quote)
    if any(payment.type == "cash" and payment.tendered for payment in settlement.payments):
        register.cash_session()
    credit = money_movements.lock_store_credit(ctx, quote.account, settlement)
    goods = lock_goods(ctx, [line.cart for line in quote.cart.lines], quote.catalog.items)
    issued = goods.issue(ctx, Source("transaction", transaction_id, quote.day), len(quote.cart.lines))
    approvals = _agree(ctx, transaction_id, draft, quote, issued, settlement)
    sale_rows.count_promotions(ctx, quote)
    number = take_number(ctx, quote.day)
    client_uuid = draft["client_uuid"]
    sale = Sale(
        transaction_id, client_uuid, draft, quote, settlement, issued, register, number, approvals, pending
    )
    answer = sale_rows.build(ctx, sale)
    money_movements.record(ctx, sale, credit, answer["tenders"])
    return answer


def _guard(ctx: CompanyContext, draft: Mapping[str, Any], quote: Quote) -> None:
    if not quote.cart.lines:
        raise Problem("no_lines", "Add an item first.")
    expected = draft.get("expected_total")
    if expected is not None and expected != quote.cart.total:
        raise Problem(
            "total_changed",
            f"The total is {quote.cart.total} now, not {expected}.",
            extra={"total": f"{quote.cart.total:.2f}"},
        )
    if quote.account is None:
        _require_no_account(ctx, draft, quote)


def _require_no_account(ctx: CompanyContext, draft: Mapping[str, Any], quote: Quote) -> None:
    above = ctx.setting("require_account_above")
    if above is not None and quote.cart.total > Decimal(above):
        raise Problem("account_required", f"A sale above {above} needs a customer.")
    if ctx.setting("require_account_serialized") and any(
        line.cart.item.is_serialized for line in quote.cart.lines
    ):
        raise Problem("account_required", "Selling a serial number needs a customer.")
    if any(tender["type"] in ("account", "store_credit") for tender in draft["tenders"]):
        raise Problem("account_required", "This way of paying needs a customer.")


def _settle(ctx: CompanyContext, draft: Mapping[str, Any], quote: Quote) -> Settlement:
    _, location = ctx.require_terminal()
    return settle(
        quote.cart.total,
        offers_of(draft["tenders"]),
        rounding_of(ctx, location, draft.get("exact_cash", False)),
    )


def _agree(
    ctx: CompanyContext,
    transaction_id: UUID,
    draft: Mapping[str, Any],
    quote: Quote,
    issued: Issued,
    settlement: Settlement,
) -> dict[str, UUID]:
    needs = needs_of(quote.cart, ctx.rights) + issued.needs(ctx) + _credit_needs(quote, settlement)
    return approve(
        ctx,
        needs,
        given_of(draft),
        entity_type="transaction",
        entity_id=transaction_id,
        payload={
            "total": str(quote.cart.total),
            "discount_total": str(quote.cart.discount_total),
            "lines": [
                [str(line.cart.item.variant_id), str(line.cart.qty), str(line.running)]
                for line in quote.cart.lines
            ],
        },
    )


def _credit_needs(quote: Quote, settlement: Settlement) -> list[Need]:
    """On account needs its right, and above the credit limit an override (ACT-07)."""
    charged = sum(p.amount for p in settlement.payments if p.type == "account")
    if not charged or quote.account is None:
        return []
    needs = [Need("ar.charge", "Sale on account")]
    limit = quote.account.credit_limit
    if limit is not None and quote.account.open_balance + charged > limit:
        needs.append(
            Need("ar.credit.override", f"{quote.account.display_name} is above the credit limit of {limit}")
        )
    return needs
