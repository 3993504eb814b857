"""Tender rows of a transaction: captured at once (cash, slips, checks, account, store credit)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.sales.models import Tender
from lunarfront.domains.sales.rules.tenders import Settlement
from lunarfront.kernel.context import CompanyContext


def add_tenders(ctx: CompanyContext, transaction_id: UUID, settlement: Settlement) -> list[dict[str, Any]]:
    """Collect the tenders of a settlement and return them as the answer shows them."""
    _, location = ctx.require_terminal()
    rows = []
    for sequence, payment in enumerate(settlement.payments, start=1):
        values = {
            "sequence": sequence,
            "type": payment.type,
            "amount_applied": payment.applied,
            "amount": payment.amount,
            "tendered": payment.tendered,
            "change": payment.change,
            "reference": payment.reference,
            "status": "captured",
            "refund_of_id": payment.refund_of_id,
        }
        tender_id = ctx.uow.add(Tender, transaction_id=transaction_id, location_id=location.id, **values)
        rows.append(values | {"id": tender_id})
    return rows
