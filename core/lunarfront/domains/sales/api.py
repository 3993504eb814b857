"""REST of transactions (domain-core.md §9). Thin: parse, call one service or query, answer."""

from typing import Any
from uuid import UUID

from lunarfront.domains.sales import queries, schemas
from lunarfront.domains.sales.service import exchanges, no_receipt, receipts, refunds, transactions, voids
from lunarfront.domains.sales.service.answers import transaction_answer
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("transactions", __name__, description="Sales, refunds and exchanges")
Answer = dict[str, Any]


@blp.endpoint(
    "GET", "/transactions", permission="pos.view", query=schemas.TransactionQuery, out=schemas.TransactionPage
)
def list_transactions(ctx: CompanyContext, query: Answer) -> Answer:
    """List transactions, newest first."""
    return queries.list_transactions(ctx, query)


@blp.endpoint(
    "POST", "/transactions/quote", permission="pos.sell", body=schemas.QuoteIn, out=schemas.TransactionOut
)
def quote_transaction(ctx: CompanyContext, body: Answer) -> Answer:
    """Price a cart; writes nothing (POS-48)."""
    return transactions.quote(ctx, body)


@blp.endpoint(
    "POST", "/transactions", permission="pos.sell", body=schemas.SaleIn, out=schemas.TransactionOut, status=201,
    idempotent=True,
)  # fmt: skip
def create_transaction(ctx: CompanyContext, body: Answer) -> Answer:
    """Start a cart, or make the whole sale with ``complete`` (POS-01, POS-48)."""
    return transactions.create_transaction(ctx, body)


@blp.endpoint("GET", "/transactions/<uuid:transaction_id>", permission="pos.view", out=schemas.TransactionOut)
def get_transaction(ctx: CompanyContext, transaction_id: UUID) -> Answer:
    """Read a transaction."""
    return transaction_answer(ctx, transaction_id)


@blp.endpoint(
    "PATCH", "/transactions/<uuid:transaction_id>", permission="pos.sell", body=schemas.CartPatch,
    out=schemas.TransactionOut, locked=True,
)  # fmt: skip
def patch_transaction(
    ctx: CompanyContext, body: Answer, transaction_id: UUID, expected_version: int
) -> Answer:
    """Change customer, seller and switches of a pending cart."""
    return transactions.change_cart(ctx, transaction_id, lambda draft: draft.update(body), expected_version)


@blp.endpoint(
    "POST", "/transactions/<uuid:transaction_id>/lines", permission="pos.sell", body=schemas.LineIn,
    out=schemas.TransactionOut, status=201,
)  # fmt: skip
def add_transaction_line(ctx: CompanyContext, body: Answer, transaction_id: UUID) -> Answer:
    """Add a line to a pending cart."""
    return transactions.add_line(ctx, transaction_id, body)


@blp.endpoint(
    "PATCH", "/transactions/<uuid:transaction_id>/lines/<int:line_no>", permission="pos.sell",
    body=schemas.LinePatch, out=schemas.TransactionOut,
)  # fmt: skip
def patch_transaction_line(ctx: CompanyContext, body: Answer, transaction_id: UUID, line_no: int) -> Answer:
    """Change a line of a pending cart."""
    return transactions.change_line(ctx, transaction_id, line_no, body)


@blp.endpoint(
    "DELETE", "/transactions/<uuid:transaction_id>/lines/<int:line_no>", permission="pos.sell",
    out=schemas.TransactionOut,
)  # fmt: skip
def delete_transaction_line(ctx: CompanyContext, transaction_id: UUID, line_no: int) -> Answer:
    """Remove a line of a pending cart (POS-09)."""
    return transactions.remove_line(ctx, transaction_id, line_no)


@blp.endpoint(
    "POST", "/transactions/<uuid:transaction_id>/discounts", permission="pos.sell", body=schemas.DiscountIn,
    out=schemas.TransactionOut, status=201,
)  # fmt: skip
def add_transaction_discount(ctx: CompanyContext, body: Answer, transaction_id: UUID) -> Answer:
    """Add a discount on the whole cart."""
    return transactions.add_discount(ctx, transaction_id, body)


@blp.endpoint(
    "POST", "/transactions/<uuid:transaction_id>/tenders", permission="pos.sell", body=schemas.TenderIn,
    out=schemas.TransactionOut, status=201, idempotent=True,
)  # fmt: skip
def add_transaction_tender(ctx: CompanyContext, body: Answer, transaction_id: UUID) -> Answer:
    """Add a tender to a pending cart."""
    return transactions.add_tender(ctx, transaction_id, body)


@blp.endpoint(
    "POST", "/transactions/<uuid:transaction_id>/complete", permission="pos.sell", body=schemas.CompleteIn,
    out=schemas.TransactionOut, idempotent=True,
)  # fmt: skip
def complete_transaction(ctx: CompanyContext, body: Answer, transaction_id: UUID) -> Answer:
    """Complete a pending cart (POS-02). Completing twice answers the first result."""
    return transactions.complete_transaction(ctx, transaction_id, body)


@blp.endpoint(
    "POST", "/transactions/<uuid:transaction_id>/hold", permission="pos.hold", body=schemas.HoldIn,
    out=schemas.TransactionOut,
)  # fmt: skip
def hold_transaction(ctx: CompanyContext, body: Answer, transaction_id: UUID) -> Answer:
    """Put a cart aside (POS-08)."""
    return transactions.hold(ctx, transaction_id, body["label"])


@blp.endpoint(
    "POST", "/transactions/<uuid:transaction_id>/resume", permission="pos.hold", out=schemas.TransactionOut
)
def resume_transaction(ctx: CompanyContext, transaction_id: UUID) -> Answer:
    """Take a held cart up again, on any till of the location (POS-08)."""
    return transactions.resume(ctx, transaction_id)


@blp.endpoint(
    "POST", "/transactions/<uuid:transaction_id>/void", permission="pos.void", approvable=True, body=schemas.VoidIn,
    out=schemas.TransactionOut, idempotent=True,
)  # fmt: skip
def void_transaction(ctx: CompanyContext, body: Answer, transaction_id: UUID) -> Answer:
    """Cancel a cart (POS-09), or void a completed sale of today (POS-24)."""
    return voids.void(ctx, transaction_id, body)


@blp.endpoint(
    "POST", "/transactions/<uuid:transaction_id>/refunds", permission="pos.refund", approvable=True,
    query=schemas.RefundQuery, body=schemas.RefundIn, out=schemas.TransactionOut, status=201, idempotent=True,
)  # fmt: skip
def refund_transaction(ctx: CompanyContext, query: Answer, body: Answer, transaction_id: UUID) -> Answer:
    """Refund lines of a sale; ``?dry_run=1`` previews (RET rules)."""
    return refunds.refund(ctx, transaction_id, body, dry_run=query["dry_run"])


@blp.endpoint(
    "POST", "/transactions/refunds", permission="pos.refund.no_receipt", approvable=True,
    body=schemas.NoReceiptRefundIn, out=schemas.TransactionOut, status=201, idempotent=True,
)  # fmt: skip
def refund_without_receipt(ctx: CompanyContext, body: Answer) -> Answer:
    """Refund items whose sale is not known (RET-11)."""
    return no_receipt.refund_without_receipt(ctx, body)


@blp.endpoint(
    "POST", "/transactions/exchanges", permission="pos.refund", approvable=True, body=schemas.ExchangeIn,
    out=schemas.TransactionOut, status=201, idempotent=True,
)  # fmt: skip
def exchange_transaction(ctx: CompanyContext, body: Answer) -> Answer:
    """Goods back and new goods in one transaction (RET-10)."""
    return exchanges.exchange(ctx, body)


@blp.endpoint(
    "POST",
    "/transactions/<uuid:transaction_id>/receipts",
    permission="pos.sell",
    body=schemas.ReceiptIn,
    out=schemas.ReceiptOut,
    status=201,
)
def issue_receipt(ctx: CompanyContext, body: Answer, transaction_id: UUID) -> Answer:
    """Record that a receipt is printed; says whether it is the original or a duplicate (POS-21)."""
    return receipts.issue_receipt(ctx, transaction_id, body)
