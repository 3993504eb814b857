"""Rows, journal and answer of a refund; also of returns without receipt (JE-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.queries import account_for_sale
from lunarfront.domains.inventory.service.stock_book import Source
from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.ledger.rules import Event
from lunarfront.domains.sales.journal import Books, return_postings, tender_postings
from lunarfront.domains.sales.models import Transaction
from lunarfront.domains.sales.rules.tenders import Settlement
from lunarfront.domains.sales.service import money_movements
from lunarfront.domains.sales.service.back_lines import BackLine, add_back_lines, back_taxes, restock
from lunarfront.domains.sales.service.credit_notes import credit_account
from lunarfront.domains.sales.service.register import Number, Register, take_number
from lunarfront.domains.sales.service.tender_rows import add_tenders
from lunarfront.kernel import audit
from lunarfront.kernel.approvals import Need, approve, given_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO


@dataclass(frozen=True)
class Refund:
    """A refund whose amounts and tenders are decided."""

    id: UUID
    body: Mapping[str, Any]
    kind: str
    lines: Sequence[BackLine]
    settlement: Settlement
    register: Register
    account_id: UUID | None
    original_id: UUID | None
    needs: Sequence[Need]


def complete_refund(ctx: CompanyContext, refund: Refund) -> dict[str, Any]:
    """Agree, restock, number and collect all rows; return the answer.

    Raises:
        Problem: ``drawer_not_open``, ``approval_required``, ``account_required``.
    """
    if any(payment.type == "cash" and payment.amount for payment in refund.settlement.payments):
        refund.register.cash_session()
    account = account_for_sale(ctx, refund.account_id) if refund.account_id else None
    credit = money_movements.lock_store_credit(ctx, account, refund.settlement)
    day = ctx.business_date()
    lines = restock(ctx, refund.lines, Source("transaction", refund.id, day))
    refund = replace(refund, lines=lines)
    approvals = approve(
        ctx,
        refund.needs,
        given_of(refund.body),
        entity_type="transaction",
        entity_id=refund.id,
        payload=_payload(refund),
    )
    number = take_number(ctx, day)
    head = _head(ctx, refund, number, day)
    ctx.uow.add(Transaction, id=refund.id, **head)
    rows = add_back_lines(ctx, refund.id, lines)
    tenders = add_tenders(ctx, refund.id, refund.settlement)
    entry_id = _post(ctx, refund, number, day)
    money_movements.add_drawer_movements(ctx, refund.register.session_id, day, tenders)
    money_movements.use_store_credit(ctx, refund.id, credit, tenders)
    credit_account(ctx, refund, number.text, day, tenders)
    _audit(ctx, refund, number, approvals)
    return _answer(ctx, refund, head, rows, tenders) | {"journal_entry_id": entry_id}


def preview(ctx: CompanyContext, refund: Refund) -> dict[str, Any]:
    """Return what would be given back; nothing is written (``?dry_run=1``)."""
    rows = [
        dict(line.columns)
        | {
            "line_no": i,
            "qty": -line.qty,
            "extended": -line.extended,
            "net": -line.net,
            "tax": -line.tax,
            "total": -line.total,
            "restock_fee": line.fee,
            "restock": line.restock,
            "original_line_id": line.original_line_id,
        }
        for i, line in enumerate(refund.lines, start=1)
    ]
    tenders = [
        {
            "sequence": i,
            "type": payment.type,
            "amount_applied": payment.applied,
            "amount": payment.amount,
            "reference": payment.reference,
            "status": "planned",
        }
        for i, payment in enumerate(refund.settlement.payments, start=1)
    ]
    head = _head(ctx, refund, None, ctx.business_date()) | {"status": "quote"}
    return _answer(ctx, refund, head, rows, tenders) | {"id": None}


def _payload(refund: Refund) -> dict[str, Any]:
    return {
        "original": str(refund.original_id) if refund.original_id else None,
        "lines": [[str(line.original_line_id), str(line.qty), str(line.payout)] for line in refund.lines],
        "tenders": [[payment.type, str(payment.amount)] for payment in refund.settlement.payments],
    }


def _total(refund: Refund, name: str) -> Any:
    return sum((getattr(line, name) for line in refund.lines), ZERO)


def _head(ctx: CompanyContext, refund: Refund, number: Number | None, day: Any) -> dict[str, Any]:
    terminal, location = ctx.require_terminal()
    reductions = (
        _total(refund, "override_amount") + _total(refund, "line_discount") + _total(refund, "cart_discount")
    )
    return {
        "location_id": location.id,
        "terminal_id": terminal.id,
        "drawer_session_id": refund.register.session_id,
        "account_id": refund.account_id,
        "user_id": ctx.require_user().id,
        "kind": refund.kind,
        "status": "completed",
        "number": number.text if number else None,
        "client_uuid": refund.body["client_uuid"],
        "original_transaction_id": refund.original_id,
        "currency": ctx.company.currency,
        "price_mode": location.price_mode,
        "tax_rounding": location.tax_rounding,
        "subtotal": -_total(refund, "extended"),
        "discount_total": -reductions,
        "net_total": -_total(refund, "net"),
        "tax_total": -_total(refund, "tax"),
        "fee_total": _total(refund, "fee"),
        "total": -_total(refund, "payout"),
        "cash_rounding": refund.settlement.rounding,
        "paid_total": refund.settlement.paid,
        "business_date": day,
        "completed_at": ctx.now,
        "legacy_id": refund.body.get("legacy_id"),
        "legacy_source": refund.body.get("legacy_source"),
    }


def _post(ctx: CompanyContext, refund: Refund, number: Number, day: Any) -> UUID | None:
    _, location = ctx.require_terminal()
    if location.is_training:
        return None
    books = Books(location.id, location.is_mobile, refund.account_id, location.price_mode, ctx.unit)
    postings = return_postings(books, [line.books() for line in refund.lines])
    postings += tender_postings(books, refund.settlement)
    event = Event("refund_completed", "transaction", refund.id, day, tuple(postings), f"Refund {number.text}")
    return ledger.post(ctx, event, number.period)


def _audit(ctx: CompanyContext, refund: Refund, number: Number, approvals: Mapping[str, UUID]) -> None:
    audit.record(
        ctx,
        "pos.refund.completed",
        "transaction",
        refund.id,
        new={"number": number.text, "total": -_total(refund, "payout"), "original": refund.original_id},
        reason_code=refund.lines[0].reason_code,
        approval_id=next(iter(approvals.values()), None),
    )


def _answer(
    ctx: CompanyContext,
    refund: Refund,
    head: Mapping[str, Any],
    rows: Sequence[dict[str, Any]],
    tenders: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    return dict(head) | {
        "id": refund.id,
        "created_at": ctx.now,
        "lines": list(rows),
        "taxes": back_taxes(refund.lines),
        "tenders": list(tenders),
        "balance_due": ZERO,
        "change_given": ZERO,
        "needs_review": False,
        "version": 1,
    }
