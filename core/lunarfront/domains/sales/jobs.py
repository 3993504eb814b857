"""Nightly work of the till."""

from typing import Any

from lunarfront.domains.sales.service.held import expire_held_carts
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs import scheduled


@scheduled("sales.held.expire", "15 0 * * *")
def expire(ctx: CompanyContext, _payload: dict[str, Any]) -> None:
    """Void carts that were held too long (POS-08)."""
    expire_held_carts(ctx)
