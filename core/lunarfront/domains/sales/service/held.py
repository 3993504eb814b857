"""Use case: carts that were put aside and forgotten (POS-08)."""

from datetime import timedelta

from lunarfront.domains.sales.models import Transaction
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext

REASON = "held_expired"
CHUNK = 500

_DUE_SQL = """
SELECT id, version FROM transaction WHERE company_id = %(company)s AND status = 'held' AND held_at < %(before)s
ORDER BY id LIMIT %(chunk)s FOR NO KEY UPDATE SKIP LOCKED
"""


def expire_held_carts(ctx: CompanyContext) -> int:
    """Void carts held longer than the company's ``held_days``; return how many."""
    before = ctx.now - timedelta(days=ctx.setting("held_days"))
    rows = ctx.uow.query(_DUE_SQL, {"company": ctx.company.id, "before": before, "chunk": CHUNK})
    for row in rows:
        ctx.uow.change(
            Transaction, row.id, row.version, status="voided", voided_at=ctx.now, void_reason_code=REASON
        )
        audit.record(
            ctx,
            "pos.cart.cancelled",
            "transaction",
            row.id,
            old={"status": "held"},
            new={"status": "voided"},
            reason_code=REASON,
        )
    return len(rows)
