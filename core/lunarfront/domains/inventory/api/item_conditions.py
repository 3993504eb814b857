"""Routes of the conditions of units (INV-25)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.models import ItemCondition
from lunarfront.domains.inventory.queries import units as queries
from lunarfront.domains.inventory.schemas.stock import (
    LookupRowChange,
    LookupRowIn,
    LookupRowOut,
    LookupRowPage,
    LookupRowQuery,
)
from lunarfront.domains.inventory.service import lookup_rows as service
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

blp = ApiBlueprint("item-conditions", __name__, description="Conditions of serialized units.")


@blp.endpoint("GET", "/item-conditions", permission="catalog.view", query=LookupRowQuery, out=LookupRowPage)
def list_item_conditions(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List the conditions."""
    return queries.list_lookup_rows(ctx, ItemCondition, query)


@blp.endpoint(
    "POST", "/item-conditions", permission="catalog.edit", body=LookupRowIn, out=LookupRowOut, status=201
)
def create_item_condition(ctx: CompanyContext, body: dict[str, Any]) -> ItemCondition:
    """Make a condition of the company's own."""
    return service.create_row(ctx, ItemCondition, body)


@blp.endpoint("GET", "/item-conditions/<uuid:row_id>", permission="catalog.view", out=LookupRowOut)
def get_item_condition(ctx: CompanyContext, row_id: UUID) -> ItemCondition:
    """Read a condition."""
    return load(ctx, ItemCondition, row_id)


@blp.endpoint(
    "PATCH",
    "/item-conditions/<uuid:row_id>",
    permission="catalog.edit",
    body=LookupRowChange,
    out=LookupRowOut,
    locked=True,
)
def change_item_condition(
    ctx: CompanyContext, body: dict[str, Any], row_id: UUID, expected_version: int
) -> ItemCondition:
    """Rename, sort, switch off or re-point a condition."""
    return service.change_row(ctx, ItemCondition, row_id, body, expected_version)


@blp.endpoint("DELETE", "/item-conditions/<uuid:row_id>", permission="catalog.edit", status=204, locked=True)
def delete_item_condition(ctx: CompanyContext, row_id: UUID, expected_version: int) -> None:
    """Remove a condition of the company's own that no unit has."""
    service.delete_row(ctx, ItemCondition, row_id, expected_version)
