"""Routes of the statuses of units (INV-25)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.models import UnitStatus
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

blp = ApiBlueprint("unit-statuses", __name__, description="Statuses of serialized units.")


@blp.endpoint("GET", "/unit-statuses", permission="catalog.view", query=LookupRowQuery, out=LookupRowPage)
def list_unit_statuses(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List the statuses."""
    return queries.list_lookup_rows(ctx, UnitStatus, query)


@blp.endpoint(
    "POST", "/unit-statuses", permission="catalog.edit", body=LookupRowIn, out=LookupRowOut, status=201
)
def create_unit_status(ctx: CompanyContext, body: dict[str, Any]) -> UnitStatus:
    """Make a status of the company's own."""
    return service.create_row(ctx, UnitStatus, body)


@blp.endpoint("GET", "/unit-statuses/<uuid:row_id>", permission="catalog.view", out=LookupRowOut)
def get_unit_status(ctx: CompanyContext, row_id: UUID) -> UnitStatus:
    """Read a status."""
    return load(ctx, UnitStatus, row_id)


@blp.endpoint(
    "PATCH",
    "/unit-statuses/<uuid:row_id>",
    permission="catalog.edit",
    body=LookupRowChange,
    out=LookupRowOut,
    locked=True,
)
def change_unit_status(
    ctx: CompanyContext, body: dict[str, Any], row_id: UUID, expected_version: int
) -> UnitStatus:
    """Rename, sort, switch off or re-point a status."""
    return service.change_row(ctx, UnitStatus, row_id, body, expected_version)


@blp.endpoint("DELETE", "/unit-statuses/<uuid:row_id>", permission="catalog.edit", status=204, locked=True)
def delete_unit_status(ctx: CompanyContext, row_id: UUID, expected_version: int) -> None:
    """Remove a status of the company's own that no unit has."""
    service.delete_row(ctx, UnitStatus, row_id, expected_version)
