"""Routes of balances, movements and units."""

from typing import Any
from uuid import UUID

from lunarfront.domains.inventory.queries import stock as queries
from lunarfront.domains.inventory.queries import units
from lunarfront.domains.inventory.schemas import stock as schemas
from lunarfront.domains.inventory.service import reorder
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("stock", __name__, description="Balances, movements and serialized units.")


@blp.endpoint(
    "GET", "/stock", permission="catalog.view", query=schemas.StockQuery, out=page_schema(schemas.StockOut)
)
def list_stock(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List stock by variant and location."""
    return queries.list_stock(ctx, query)


@blp.endpoint(
    "POST", "/stock", permission="catalog.edit", body=schemas.PlaceIn, out=schemas.StockOut, status=201
)
def create_place(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Set bin and reorder points of a variant that never moved at a location; quantities stay 0."""
    return queries.get_stock(ctx, reorder.create_place(ctx, body))


@blp.endpoint("GET", "/stock/<uuid:balance_id>", permission="catalog.view", out=schemas.StockOut)
def get_stock(ctx: CompanyContext, balance_id: UUID) -> dict[str, Any]:
    """Read the stock of a variant at a location."""
    return queries.get_stock(ctx, balance_id)


@blp.endpoint(
    "PATCH", "/stock/<uuid:balance_id>", permission="catalog.edit", body=schemas.PlaceChange, out=schemas.StockOut,
    locked=True,
)  # fmt: skip
def change_place(
    ctx: CompanyContext, body: dict[str, Any], balance_id: UUID, expected_version: int
) -> dict[str, Any]:
    """Change bin and reorder points."""
    reorder.change_place(ctx, balance_id, body, expected_version)
    return queries.get_stock(ctx, balance_id)


@blp.endpoint(
    "GET", "/stock/movements", permission="catalog.view", query=schemas.MovementQuery,
    out=page_schema(schemas.MovementOut),
)  # fmt: skip
def list_movements(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List movements, the latest first."""
    return queries.list_movements(ctx, query)


@blp.endpoint(
    "GET", "/units", permission="catalog.view", query=schemas.UnitQuery, out=page_schema(schemas.UnitOut)
)
def list_units(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List pieces with serial numbers; ``q`` finds them by the beginning of the number."""
    return units.list_units(ctx, query)


@blp.endpoint("GET", "/units/<uuid:unit_id>", permission="catalog.view", out=schemas.UnitOut)
def get_unit(ctx: CompanyContext, unit_id: UUID) -> dict[str, Any]:
    """Read a piece with a serial number."""
    return units.get_unit(ctx, unit_id)
