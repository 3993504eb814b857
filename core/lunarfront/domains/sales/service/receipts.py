"""Use case: hand out a receipt and remember it, so that further ones say "duplicate" (POS-21)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.sales.models import ReceiptDelivery
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem, not_found

_STATE_SQL = """
SELECT t.status, t.number, (SELECT count(*) FROM receipt_delivery d WHERE d.company_id = t.company_id
  AND d.transaction_id = t.id AND d.kind <> 'gift') AS printed
FROM transaction t WHERE t.company_id = %(company)s AND t.id = %(id)s
"""


def issue_receipt(ctx: CompanyContext, transaction_id: UUID, body: Mapping[str, Any]) -> dict[str, Any]:
    """Record that a receipt is printed: the first is the original, later ones are duplicates, gifts have no prices.

    Raises:
        Problem: ``not_found``; ``invalid_transition`` for a cart; ``forbidden`` for a duplicate without
            ``pos.receipt.reprint``.
    """
    rows = ctx.uow.query(_STATE_SQL, {"company": ctx.company.id, "id": transaction_id})
    if not rows:
        raise not_found()
    state = rows[0]
    if state.number is None:
        raise Problem("invalid_transition", "A cart has no receipt.", extra={"state": state.status})
    kind = "gift" if body["gift"] else "duplicate" if state.printed else "original"
    if kind == "duplicate":
        ctx.require("pos.receipt.reprint")
    delivery_id = ctx.uow.add(
        ReceiptDelivery,
        transaction_id=transaction_id,
        channel="print",
        kind=kind,
        status="printed",
        user_id=ctx.require_user().id,
    )
    return {"id": delivery_id, "transaction_id": transaction_id, "number": state.number, "kind": kind}
