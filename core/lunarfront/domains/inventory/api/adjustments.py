"""REST of stock adjustments."""

from typing import Any

from lunarfront.domains.inventory.schemas.adjustments import AdjustmentIn, AdjustmentOut
from lunarfront.domains.inventory.service.adjustments import adjust_stock
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("stock_adjustments", __name__, description="Corrections of stock by hand")


@blp.endpoint(
    "POST",
    "/stock/adjustments",
    permission="inventory.adjust",
    approvable=True,
    body=AdjustmentIn,
    out=AdjustmentOut,
    status=201,
    idempotent=True,
)
def create_adjustment(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Correct stock with a reason; posts the difference (INV-20, JE-16)."""
    return adjust_stock(ctx, body)
