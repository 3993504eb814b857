"""Routes of price lists (POS-06)."""

from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.models import PriceList
from lunarfront.domains.catalog.queries import price_lists as queries
from lunarfront.domains.catalog.schemas import price_lists as schemas
from lunarfront.domains.catalog.service import price_lists as service
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

blp = ApiBlueprint("price-lists", __name__, description="Prices for some accounts, else for a location.")


@blp.endpoint(
    "GET", "/price-lists", permission="catalog.view", query=schemas.PriceListQuery,
    out=page_schema(schemas.PriceListOut),
)  # fmt: skip
def list_price_lists(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List price lists."""
    return queries.list_price_lists(ctx, query)


@blp.endpoint(
    "POST", "/price-lists", permission="catalog.price.edit", body=schemas.PriceListIn, out=schemas.PriceListOut,
    status=201,
)  # fmt: skip
def create_price_list(ctx: CompanyContext, body: dict[str, Any]) -> PriceList:
    """Make a price list."""
    return service.create_price_list(ctx, body)


@blp.endpoint("GET", "/price-lists/<uuid:list_id>", permission="catalog.view", out=schemas.PriceListOut)
def get_price_list(ctx: CompanyContext, list_id: UUID) -> PriceList:
    """Read a price list."""
    return load(ctx, PriceList, list_id)


@blp.endpoint(
    "PATCH", "/price-lists/<uuid:list_id>", permission="catalog.price.edit",
    body=schemas.PriceListChange(partial=True), out=schemas.PriceListOut, locked=True,
)  # fmt: skip
def change_price_list(
    ctx: CompanyContext, body: dict[str, Any], list_id: UUID, expected_version: int
) -> PriceList:
    """Change a price list, or switch it off."""
    return service.change_price_list(ctx, list_id, body, expected_version)


@blp.endpoint(
    "DELETE", "/price-lists/<uuid:list_id>", permission="catalog.price.edit", status=204, locked=True
)
def archive_price_list(ctx: CompanyContext, list_id: UUID, expected_version: int) -> None:
    """Switch a price list off; its prices stay to be read."""
    service.change_price_list(ctx, list_id, {"is_active": False}, expected_version)


@blp.endpoint(
    "GET", "/price-lists/<uuid:list_id>/items", permission="catalog.view", query=ListQuery,
    out=page_schema(schemas.PriceOut),
)  # fmt: skip
def list_prices(ctx: CompanyContext, query: dict[str, Any], list_id: UUID) -> dict[str, Any]:
    """List the prices of a list."""
    return queries.list_prices(ctx, list_id, query)


@blp.endpoint(
    "POST", "/price-lists/<uuid:list_id>/items", permission="catalog.price.edit", body=schemas.PricesIn,
    out=schemas.PricesOut,
)  # fmt: skip
def set_prices(ctx: CompanyContext, body: dict[str, Any], list_id: UUID) -> dict[str, Any]:
    """Set the prices of up to 500 variants in a list; the same call again changes nothing."""
    return {"count": service.set_prices(ctx, list_id, body["items"])}


@blp.endpoint(
    "DELETE",
    "/price-lists/<uuid:list_id>/items/<uuid:variant_id>",
    permission="catalog.price.edit",
    status=204,
)
def remove_price(ctx: CompanyContext, list_id: UUID, variant_id: UUID) -> None:
    """Take a variant out of a list."""
    service.remove_price(ctx, list_id, variant_id)
