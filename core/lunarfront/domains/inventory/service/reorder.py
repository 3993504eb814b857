"""Use cases: reorder points and bins of a variant at a location (INV-21)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.models import Product, ProductVariant
from lunarfront.domains.catalog.rules import STOCKED_KINDS
from lunarfront.domains.inventory.models import StockBalance
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load, load_for_edit
from lunarfront.kernel.problems import invalid
from lunarfront.kernel.tenancy.models import Location


def create_place(ctx: CompanyContext, values: Mapping[str, Any]) -> UUID:
    """Say where a variant lies and when to reorder it before it ever moved; return the balance's id.

    Raises:
        Problem: ``not_found``, ``conflict`` if it has a balance there, ``validation_failed`` for a kind without stock.
    """
    variant = load(ctx, ProductVariant, values["variant_id"])
    load(ctx, Location, values["location_id"])
    if load(ctx, Product, variant.product_id).kind not in STOCKED_KINDS:
        raise invalid("variant_id", "validation_failed", "This kind of item has no stock.")
    _check(values)
    row = StockBalance(**values)
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    return row.id


def change_place(
    ctx: CompanyContext, balance_id: UUID, values: Mapping[str, Any], expected_version: int
) -> None:
    """Change bin and reorder points; quantities change by movements only.

    Raises:
        Problem: ``not_found``, ``version_conflict`` or ``validation_failed``.
    """
    row = load_for_edit(ctx, StockBalance, balance_id, expected_version)
    _check({"reorder_point": row.reorder_point, "reorder_to": row.reorder_to} | dict(values))
    apply(ctx, row, values)


def _check(values: Mapping[str, Any]) -> None:
    point, upto = values.get("reorder_point"), values.get("reorder_to")
    if (point is None) != (upto is None):
        raise invalid("reorder_to", "validation_failed", "Give reorder point and order-up-to together.")
    if point is not None and upto is not None and upto < point:
        raise invalid("reorder_to", "validation_failed", "It is below the reorder point.")
