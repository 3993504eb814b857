"""Reads of price lists."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import PriceList, PriceListItem, Product, ProductVariant
from lunarfront.domains.catalog.queries.search import ranked_variants
from lunarfront.domains.catalog.rules import item_name
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

SORTS = {"code": PriceList.code, "name": PriceList.name}
PRICE_SORTS = {"name": ProductVariant.name_sort, "sku": ProductVariant.sku_key}


def list_price_lists(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of price lists; ``q`` finds them by the beginning of code or name."""
    statement = select(PriceList)
    for name in ("is_active", "location_id"):
        if name in query:
            statement = statement.where(getattr(PriceList, name) == query[name])
    if "q" in query:
        starts = [c.istartswith(query["q"], autoescape=True) for c in (PriceList.code, PriceList.name)]
        statement = statement.where(starts[0] | starts[1])
    return paginate(
        ctx, statement, query, sorts=SORTS, key=PriceList.id, default_sort="code", shape=lambda row: row[0]
    )


def list_prices(ctx: CompanyContext, list_id: UUID, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the prices in a list.

    Raises:
        Problem: ``not_found``.
    """
    load(ctx, PriceList, list_id)
    columns = (PriceListItem.variant_id, PriceListItem.price, ProductVariant.sku, ProductVariant.name_suffix)
    statement = (
        select(*columns, Product.name)
        .join(ProductVariant, ProductVariant.id == PriceListItem.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(PriceListItem.price_list_id == list_id)
    )
    if "q" in query:
        statement = statement.where(PriceListItem.variant_id.in_(ranked_variants(ctx, query["q"])))
    return paginate(
        ctx,
        statement,
        query,
        sorts=PRICE_SORTS,
        key=PriceListItem.id,
        default_sort="name",
        shape=lambda row: {
            "variant_id": row.variant_id,
            "sku": row.sku,
            "name": item_name(row.name, row.name_suffix),
            "price": row.price,
        },
    )
