"""Routes that a till finds items by."""

from typing import Any

from lunarfront.domains.inventory.queries import items as queries
from lunarfront.domains.inventory.schemas.items import ItemOut, ItemQuery, LookupOut, LookupQuery
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint(
    "items", __name__, description="Sellable items: scan, search and lists with price and stock."
)


@blp.endpoint("GET", "/lookup", permission="catalog.view", query=LookupQuery, out=LookupOut)
def lookup(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """Find by exact code: barcode, else SKU, else serial number, else own label (INV-02)."""
    return {"items": queries.lookup(ctx, query["code"])}


@blp.endpoint("GET", "/variants", permission="catalog.view", query=ItemQuery, out=page_schema(ItemOut))
def list_variants(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List variants with price and stock; ``q`` answers the best 20 (SRC-03)."""
    return queries.list_items(ctx, query)
