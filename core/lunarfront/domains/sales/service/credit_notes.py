"""Credit on account: a refund of an on-account sale lowers what the customer owes (RET-07)."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from lunarfront.domains.receivables.models import Invoice
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO

if TYPE_CHECKING:
    from lunarfront.domains.sales.service.refund_rows import Refund

_INVOICE_SQL = """
SELECT id, balance, amount, version FROM invoice
WHERE company_id = %(company)s AND transaction_id = %(original)s AND kind = 'sale' FOR NO KEY UPDATE
"""


def credit_account(
    ctx: CompanyContext, refund: "Refund", number: str, day: date, tenders: Sequence[dict[str, Any]]
) -> None:
    """Collect the credit note of an on-account refund and lower the balance of the sale's invoice by it.

    What the invoice no longer owes stays on the credit note as the customer's open credit.
    """
    credited = -sum((t["amount"] for t in tenders if t["type"] == "account"), ZERO)
    if not credited or refund.account_id is None:
        return
    settled = _settle_invoice(ctx, refund, credited)
    ctx.uow.add(
        Invoice,
        account_id=refund.account_id,
        transaction_id=refund.id,
        number=number,
        kind="credit_note",
        issue_date=day,
        due_date=day,
        subtotal=-credited,
        tax=ZERO,
        amount=-credited,
        balance=settled - credited,
        status="paid" if settled == credited else "open",
    )


def _settle_invoice(ctx: CompanyContext, refund: "Refund", credited: Any) -> Any:
    rows = ctx.uow.query(_INVOICE_SQL, {"company": ctx.company.id, "original": refund.original_id})
    if not rows:
        return ZERO
    invoice = rows[0]
    settled = min(invoice.balance, credited)
    left = invoice.balance - settled
    status = "paid" if left == 0 else "partially_paid"
    ctx.uow.change(Invoice, invoice.id, invoice.version, balance=left, status=status)
    return settled
