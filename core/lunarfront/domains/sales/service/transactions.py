"""Use cases of a cart on the server: start, change, hold, resume, complete, cancel (POS-01, POS-07 to POS-09)."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.sales.models import Transaction
from lunarfront.domains.sales.service.answers import quote_answer, transaction_answer
from lunarfront.domains.sales.service.carts import quote_cart
from lunarfront.domains.sales.service.completion import Pending, complete_sale
from lunarfront.domains.sales.service.drafts import Draft, dump_draft, load_draft
from lunarfront.domains.sales.service.register import open_register
from lunarfront.kernel import audit
from lunarfront.kernel.approvals import Need, approve, given_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem, not_found
from lunarfront.kernel.reasons import check_reason

_LOCK_SQL = """
SELECT id, status, kind, version, location_id, client_uuid, draft, held_label, legacy_id, legacy_source
FROM transaction WHERE company_id = %(company)s AND id = %(id)s FOR NO KEY UPDATE
"""


def quote(ctx: CompanyContext, body: Draft) -> dict[str, Any]:
    """Price a cart and write nothing (POS-48)."""
    return quote_answer(ctx, quote_cart(ctx, body))


def create_transaction(ctx: CompanyContext, body: Draft) -> dict[str, Any]:
    """Start a cart, or make the whole sale when the body says ``complete`` (POS-01, POS-48).

    A second request with the same ``client_uuid`` answers the first one's transaction.
    """
    register = open_register(ctx, body["client_uuid"])
    if register.existing_id is not None:
        return transaction_answer(ctx, register.existing_id)
    transaction_id = uuid7()
    if body["complete"]:
        return complete_sale(ctx, transaction_id, body, register)
    terminal, location = ctx.require_terminal()
    priced = quote_cart(ctx, body)
    ctx.uow.add(
        Transaction,
        id=transaction_id,
        client_uuid=body["client_uuid"],
        location_id=location.id,
        terminal_id=terminal.id,
        user_id=ctx.require_user().id,
        account_id=priced.account.id if priced.account else None,
        kind="sale",
        status="pending",
        currency=ctx.company.currency,
        price_mode=location.price_mode,
        tax_rounding=location.tax_rounding,
        draft=dump_draft(body),
        total=priced.cart.total,
        net_total=priced.cart.net_total,
        tax_total=priced.cart.tax_total,
        subtotal=priced.cart.subtotal,
        discount_total=priced.cart.discount_total,
        legacy_id=body.get("legacy_id"),
        legacy_source=body.get("legacy_source"),
    )
    ctx.uow.flush()
    return transaction_answer(ctx, transaction_id)


def change_cart(
    ctx: CompanyContext,
    transaction_id: UUID,
    change: Callable[[Draft], None],
    expected_version: int | None = None,
) -> dict[str, Any]:
    """Apply ``change`` to a pending cart and price it anew (POS-07).

    Raises:
        Problem: ``invalid_transition`` unless it is pending, ``version_conflict``, and those of pricing.
    """
    row = lock_transaction(ctx, transaction_id, ("pending",), expected_version)
    draft = load_draft(row.draft)
    change(draft)
    priced = quote_cart(ctx, draft)
    ctx.uow.change(
        Transaction,
        transaction_id,
        row.version,
        draft=dump_draft(draft),
        account_id=priced.account.id if priced.account else None,
        total=priced.cart.total,
        net_total=priced.cart.net_total,
        tax_total=priced.cart.tax_total,
        subtotal=priced.cart.subtotal,
        discount_total=priced.cart.discount_total,
    )
    ctx.uow.flush()
    return transaction_answer(ctx, transaction_id)


def add_line(ctx: CompanyContext, transaction_id: UUID, line: Draft) -> dict[str, Any]:
    """Add a line to a pending cart."""
    return change_cart(ctx, transaction_id, lambda draft: draft["lines"].append(line))


def change_line(ctx: CompanyContext, transaction_id: UUID, line_no: int, values: Draft) -> dict[str, Any]:
    """Change a line of a pending cart; null takes an override off."""

    def change(draft: Draft) -> None:
        line = _line(draft, line_no)
        line.update(values)
        for name in [name for name, value in line.items() if value is None]:
            del line[name]

    return change_cart(ctx, transaction_id, change)


def remove_line(ctx: CompanyContext, transaction_id: UUID, line_no: int) -> dict[str, Any]:
    """Remove a line; after the first tender only with the right to do so (POS-09)."""

    def change(draft: Draft) -> None:
        line = _line(draft, line_no)
        if draft["tenders"]:
            ctx.require("pos.line.remove_after_tender")
        draft["lines"].remove(line)
        audit.record(
            ctx,
            "pos.line.removed",
            "transaction",
            transaction_id,
            old={"line_no": line_no, "variant_id": line["variant_id"], "qty": line["qty"]},
        )

    return change_cart(ctx, transaction_id, change)


def add_discount(ctx: CompanyContext, transaction_id: UUID, discount: Draft) -> dict[str, Any]:
    """Add a discount on the whole cart."""
    return change_cart(ctx, transaction_id, lambda draft: draft["discounts"].append(discount))


def add_tender(ctx: CompanyContext, transaction_id: UUID, tender: Draft) -> dict[str, Any]:
    """Add a tender to a pending cart; the bill is settled when it completes.

    Raises:
        Problem: ``drawer_not_open`` for cash without an open drawer (POS-27).
    """
    if tender["type"] == "cash":
        row = lock_transaction(ctx, transaction_id, ("pending",), None)
        open_register(ctx, row.client_uuid).cash_session()
    return change_cart(ctx, transaction_id, lambda draft: draft["tenders"].append(tender))


def complete_transaction(
    ctx: CompanyContext, transaction_id: UUID, body: Draft, expected_version: int | None = None
) -> dict[str, Any]:
    """Complete a pending cart. A second completion answers the first result (domain-core §10)."""
    row = lock_transaction(ctx, transaction_id, ("pending", "held", "completed"), None)
    if row.status == "completed":
        return transaction_answer(ctx, transaction_id)
    _check_version(row, expected_version)
    draft = load_draft(row.draft) | {k: v for k, v in body.items() if v is not None}
    draft |= {"client_uuid": row.client_uuid, "legacy_id": row.legacy_id, "legacy_source": row.legacy_source}
    register = open_register(ctx, row.client_uuid)
    return complete_sale(ctx, transaction_id, draft, register, Pending(row.id, row.version))


def hold(ctx: CompanyContext, transaction_id: UUID, label: str) -> dict[str, Any]:
    """Put a cart aside; it reserves nothing (POS-08)."""
    row = lock_transaction(ctx, transaction_id, ("pending",), None)
    ctx.uow.change(Transaction, row.id, row.version, status="held", held_at=ctx.now, held_label=label or None)
    ctx.uow.flush()
    return transaction_answer(ctx, transaction_id)


def resume(ctx: CompanyContext, transaction_id: UUID) -> dict[str, Any]:
    """Take a held cart up on any till of its location; it is priced anew (POS-08, TAX-02)."""
    terminal, location = ctx.require_terminal()
    row = lock_transaction(ctx, transaction_id, ("held",), None)
    if row.location_id != location.id:
        raise Problem("conflict", "This cart was put aside at another location.")
    ctx.uow.change(
        Transaction,
        row.id,
        row.version,
        status="pending",
        held_at=None,
        held_label=None,
        terminal_id=terminal.id,
    )
    ctx.uow.flush()
    return change_cart(ctx, transaction_id, lambda _draft: None)


def cancel(ctx: CompanyContext, transaction_id: UUID, body: Mapping[str, Any]) -> dict[str, Any]:
    """Cancel a cart that was not completed; with lines it needs a reason and stays in the list (POS-09).

    Raises:
        Problem: ``reason_required``; ``conflict`` while a card slip was taken and not given back.
    """
    row = lock_transaction(ctx, transaction_id, ("pending", "held"), None)
    draft = load_draft(row.draft)
    if draft["tenders"]:
        needs = [Need("pos.line.remove_after_tender", "Cancelling after a payment")]
        approve(
            ctx,
            needs,
            given_of(body),
            entity_type="transaction",
            entity_id=row.id,
            payload={"status": "voided"},
        )
    reason = None
    if draft["lines"]:
        reason = check_reason(ctx, "void", body.get("reason_code"), body.get("note"))
    ctx.uow.change(
        Transaction, row.id, row.version, status="voided", voided_at=ctx.now, void_reason_code=reason
    )
    audit.record(
        ctx, "pos.cart.cancelled", "transaction", row.id, old={"status": row.status}, new={"status": "voided"},
        reason_code=reason, note=body.get("note"),
    )  # fmt: skip
    ctx.uow.flush()
    return transaction_answer(ctx, transaction_id)


def lock_transaction(
    ctx: CompanyContext, transaction_id: UUID, statuses: tuple[str, ...], expected_version: int | None
) -> Any:
    """Lock a transaction, the first lock of every use case on it (OCC-02).

    Raises:
        Problem: ``not_found``, ``invalid_transition`` naming its state, ``version_conflict``.
    """
    rows = ctx.uow.query(_LOCK_SQL, {"company": ctx.company.id, "id": transaction_id})
    if not rows:
        raise not_found()
    row = rows[0]
    if row.status not in statuses:
        raise Problem(
            "invalid_transition",
            f"This transaction is {row.status}.",
            extra={"state": row.status, "allowed_from": list(statuses)},
        )
    _check_version(row, expected_version)
    return row


def _check_version(row: Any, expected_version: int | None) -> None:
    if expected_version is not None and row.version != expected_version:
        raise Problem("version_conflict", "This cart was changed.", extra={"current_version": row.version})


def _line(draft: Draft, line_no: int) -> Draft:
    if not 1 <= line_no <= len(draft["lines"]):
        raise not_found()
    line: Draft = draft["lines"][line_no - 1]
    return line
