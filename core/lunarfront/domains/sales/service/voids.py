"""Use case: void a completed sale of today (POS-24, JE-30)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.rules import put_back
from lunarfront.domains.inventory.service.stock_book import Source, lock_stock
from lunarfront.domains.inventory.service.units import lock_units, move_unit, status_ids
from lunarfront.domains.ledger import service as ledger
from lunarfront.domains.receivables.models import Invoice
from lunarfront.domains.sales.models import Transaction
from lunarfront.domains.sales.service import money_movements
from lunarfront.domains.sales.service.answers import transaction_answer
from lunarfront.domains.sales.service.transactions import cancel, lock_transaction
from lunarfront.domains.stored_value.service import lock_credit
from lunarfront.kernel import audit
from lunarfront.kernel.approvals import Need, approve, given_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.reasons import check_reason

_STATE_SQL = """
SELECT t.business_date, t.kind, t.total, t.number, t.account_id, t.location_id, d.id AS session_id, d.status AS drawer,
  d.terminal_id,
  EXISTS (SELECT FROM transaction r WHERE r.company_id = t.company_id AND r.original_transaction_id = t.id
          AND r.status = 'completed') AS refunded,
  (SELECT e.id FROM journal_entry e WHERE e.company_id = t.company_id AND e.event_id = t.id
   AND e.event_type = 'sale_completed') AS entry_id
FROM transaction t LEFT JOIN drawer_session d ON d.company_id = t.company_id AND d.id = t.drawer_session_id
WHERE t.company_id = %(company)s AND t.id = %(id)s
"""
_SESSION_SQL = (
    "SELECT id FROM drawer_session WHERE company_id = %(company)s AND id = %(id)s FOR NO KEY UPDATE"
)
_MOVES_SQL = """
SELECT variant_id, -qty AS qty, -value AS value, unit_id FROM stock_movement
WHERE company_id = %(company)s AND source_type = 'transaction' AND source_id = %(id)s ORDER BY id
"""
_TENDERS_SQL = """
SELECT id, type, -amount AS amount FROM tender WHERE company_id = %(company)s AND transaction_id = %(id)s
"""
_REVERSE_SQL = (
    "UPDATE tender SET status = 'reversed' WHERE company_id = %(company)s AND transaction_id = %(id)s"
)
_INVOICE_SQL = """
SELECT id, version, balance, amount FROM invoice WHERE company_id = %(company)s AND transaction_id = %(id)s
FOR NO KEY UPDATE
"""


def void(ctx: CompanyContext, transaction_id: UUID, body: Mapping[str, Any]) -> dict[str, Any]:
    """Cancel a cart, or void a completed sale: same business date, drawer still open, nothing refunded.

    Raises:
        Problem: ``reason_required``, ``approval_required``, ``invalid_transition`` when a refund is the way.
    """
    row = lock_transaction(ctx, transaction_id, ("pending", "held", "completed"), None)
    if row.status != "completed":
        return cancel(ctx, transaction_id, body)
    state = ctx.uow.query(_STATE_SQL, {"company": ctx.company.id, "id": transaction_id})[0]
    _guard(ctx, state)
    reason = check_reason(ctx, "void", body.get("reason_code"), body.get("note"))
    approvals = approve(
        ctx,
        [Need("pos.void", f"Void of {state.number}")],
        given_of(body),
        entity_type="transaction",
        entity_id=transaction_id,
        payload={"number": state.number, "total": str(state.total)},
    )
    _reverse_money(ctx, transaction_id, state)
    _reverse_stock(ctx, transaction_id, state, reason)
    if state.entry_id is not None:
        ledger.reverse(ctx, state.entry_id, "transaction", transaction_id, "sale_voided")
    ctx.uow.change(
        Transaction, row.id, row.version, status="voided", voided_at=ctx.now, void_reason_code=reason
    )
    audit.record(
        ctx, "pos.sale.voided", "transaction", transaction_id, old={"status": "completed"}, new={"status": "voided"},
        reason_code=reason, note=body.get("note"), approval_id=approvals.get("pos.void"),
    )  # fmt: skip
    ctx.uow.flush()
    return transaction_answer(ctx, transaction_id)


def _guard(ctx: CompanyContext, state: Any) -> None:
    reasons = {
        "Only a sale can be voided.": state.kind != "sale",
        "It was sold on another day: refund it.": state.business_date != ctx.business_date(),
        "Its drawer is closed: refund it.": state.session_id is not None and state.drawer != "open",
        "Something of it was refunded already.": state.refunded,
    }
    for sentence, holds in reasons.items():
        if holds:
            raise Problem("invalid_transition", sentence, extra={"state": "completed"})


def _reverse_money(ctx: CompanyContext, transaction_id: UUID, state: Any) -> None:
    params = {"company": ctx.company.id, "id": transaction_id}
    if state.session_id is not None:
        ctx.uow.query(_SESSION_SQL, params | {"id": state.session_id})
    tenders = [dict(row._mapping) for row in ctx.uow.query(_TENDERS_SQL, params)]
    money_movements.add_drawer_movements(ctx, state.session_id, state.business_date, tenders)
    if any(tender["type"] == "store_credit" for tender in tenders):
        credit = lock_credit(ctx, state.account_id)
        money_movements.use_store_credit(ctx, transaction_id, credit, tenders)
    ctx.uow.execute(_REVERSE_SQL, params)
    for invoice in ctx.uow.query(_INVOICE_SQL, params):
        if invoice.balance != invoice.amount:
            raise Problem(
                "invalid_transition", "Its invoice was paid in part: refund it.", extra={"state": "completed"}
            )
        ctx.uow.change(Invoice, invoice.id, invoice.version, balance=0, status="void")


def _reverse_stock(ctx: CompanyContext, transaction_id: UUID, state: Any, reason: str) -> None:
    moves = ctx.uow.query(_MOVES_SQL, {"company": ctx.company.id, "id": transaction_id})
    book = lock_stock(ctx, state.location_id, (move.variant_id for move in moves))
    units = lock_units(ctx, [move.unit_id for move in moves if move.unit_id is not None])
    statuses = status_ids(ctx) if units else {}
    source = Source("transaction_void", transaction_id, state.business_date, reason)
    for move in moves:
        book.post("return", put_back(book.pools[move.variant_id], move.qty, move.value), source, move.unit_id)
        if move.unit_id is not None:
            move_unit(ctx, units[move.unit_id], "available", statuses, sold_transaction_id=None)
    book.write()
