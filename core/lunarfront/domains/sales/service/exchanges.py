"""Use case: exchange, goods back and new goods in one transaction (RET-10, example W12)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.service.stock_book import Source
from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.ledger.rules import Event
from lunarfront.domains.sales.journal import Books, return_postings, sale_postings, tender_postings
from lunarfront.domains.sales.models import Transaction
from lunarfront.domains.sales.rules.approvals import needs_of
from lunarfront.domains.sales.rules.tenders import Settlement, plan_refund, settle
from lunarfront.domains.sales.service import money_movements, sale_rows
from lunarfront.domains.sales.service.answers import transaction_answer
from lunarfront.domains.sales.service.back_lines import BackLine, add_back_lines, restock
from lunarfront.domains.sales.service.carts import Quote, offers_of, quote_cart, rounding_of
from lunarfront.domains.sales.service.completion import Sale
from lunarfront.domains.sales.service.goods import lock_goods
from lunarfront.domains.sales.service.originals import Original, lock_original
from lunarfront.domains.sales.service.refunds import back_lines, refund_needs
from lunarfront.domains.sales.service.register import Register, open_register, take_number
from lunarfront.domains.sales.service.tender_rows import add_tenders
from lunarfront.kernel import audit
from lunarfront.kernel.approvals import approve, given_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import Problem

#: An exchange never uses these: money on account or credit goes by refund and sale.
_NOT_HERE = frozenset({"account", "store_credit"})


def exchange(ctx: CompanyContext, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take goods back by RET-04 and sell new ones at today's price; the difference is due or paid back.

    Raises:
        Problem: those of refunds and of sales; ``conflict`` for tenders on account.
    """
    original = lock_original(ctx, body["original_transaction_id"])
    register = open_register(ctx, body["client_uuid"])
    if register.existing_id is not None:
        return transaction_answer(ctx, register.existing_id)
    returned = back_lines(ctx, original, body["returns"])
    draft = dict(body) | {"account_id": original.account_id}
    quote = quote_cart(ctx, draft)
    settlement = _settle(ctx, body, original, returned, quote)
    _guard_tenders(settlement, register)
    transaction_id = uuid7()
    source = Source("transaction", transaction_id, quote.day)
    returned = restock(ctx, returned, source)
    ctx.uow.flush()
    goods = lock_goods(ctx, [line.cart for line in quote.cart.lines], quote.catalog.items)
    issued = goods.issue(ctx, source, len(quote.cart.lines))
    approvals = approve(
        ctx,
        refund_needs(ctx, original, returned, {}) + needs_of(quote.cart, ctx.rights) + issued.needs(ctx),
        given_of(body),
        entity_type="transaction",
        entity_id=transaction_id,
        payload={"total": str(quote.cart.total - _payout(returned)), "original": str(original.id)},
    )
    sale_rows.count_promotions(ctx, quote)
    number = take_number(ctx, quote.day)
    sale = Sale(
        transaction_id, body["client_uuid"], draft, quote, settlement, issued, register, number, approvals
    )
    return _write(ctx, sale, original, returned)


def _payout(returned: Sequence[BackLine]) -> Decimal:
    return sum((line.payout for line in returned), ZERO)


def _settle(
    ctx: CompanyContext,
    body: Mapping[str, Any],
    original: Original,
    returned: Sequence[BackLine],
    quote: Quote,
) -> Settlement:
    _, location = ctx.require_terminal()
    rounding = rounding_of(ctx, location, exact=False)
    due = quote.cart.total - _payout(returned)
    if due >= 0:
        return settle(due, offers_of(body["tenders"]), rounding)
    return plan_refund(-due, original.tenders, rounding, is_last=False)


def _guard_tenders(settlement: Settlement, register: Register) -> None:
    kinds = {payment.type for payment in settlement.payments}
    if kinds & _NOT_HERE:
        raise Problem(
            "conflict", "Refund the goods and sell the new ones: this was not paid in cash or by card."
        )
    if any(payment.type == "cash" and payment.amount for payment in settlement.payments):
        register.cash_session()


def _write(
    ctx: CompanyContext, sale: Sale, original: Original, returned: Sequence[BackLine]
) -> dict[str, Any]:
    head = _head(ctx, sale, original, returned)
    ctx.uow.add(Transaction, id=sale.id, **head)
    add_back_lines(ctx, sale.id, returned)
    sale_rows.add_sale_lines(ctx, sale, first_no=len(returned) + 1)
    tenders = add_tenders(ctx, sale.id, sale.settlement)
    _post(ctx, sale, original, returned)
    money_movements.add_drawer_movements(ctx, sale.register.session_id, sale.quote.day, tenders)
    audit.record(
        ctx,
        "pos.exchange.completed",
        "transaction",
        sale.id,
        new={"number": sale.number.text, "total": head["total"], "original": original.id},
        reason_code=returned[0].reason_code,
        approval_id=next(iter(sale.approvals.values()), None),
    )
    ctx.uow.flush()
    return transaction_answer(ctx, sale.id)


def _head(
    ctx: CompanyContext, sale: Sale, original: Original, returned: Sequence[BackLine]
) -> dict[str, Any]:
    cart = sale.quote.cart

    def net_of(new: Decimal, name: str) -> Decimal:
        return new - sum((getattr(line, name) for line in returned), ZERO)

    given_back = sum((r.override_amount + r.line_discount + r.cart_discount for r in returned), ZERO)
    return sale_rows.head_of_sale(ctx, sale) | {
        "kind": "exchange",
        "original_transaction_id": original.id,
        "subtotal": net_of(cart.subtotal, "extended"),
        "discount_total": cart.discount_total - given_back,
        "net_total": net_of(cart.net_total, "net"),
        "tax_total": net_of(cart.tax_total, "tax"),
        "fee_total": sum((line.fee for line in returned), ZERO),
        "total": cart.total - _payout(returned),
    }


def _post(ctx: CompanyContext, sale: Sale, original: Original, returned: Sequence[BackLine]) -> UUID | None:
    _, location = ctx.require_terminal()
    if location.is_training:
        return None
    books = Books(location.id, location.is_mobile, original.account_id, location.price_mode, ctx.unit)
    postings = return_postings(books, [line.books() for line in returned])
    postings += sale_postings(books, sale_rows.sold_lines(sale)) + tender_postings(books, sale.settlement)
    memo = f"Exchange {sale.number.text}"
    event = Event("exchange_completed", "transaction", sale.id, sale.quote.day, tuple(postings), memo)
    return ledger.post(ctx, event, sale.number.period)
