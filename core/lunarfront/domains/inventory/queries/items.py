"""What a till finds: sellable items with price and stock, by scan, by words and by category (INV-02, SRC-01)."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select

from lunarfront.domains.catalog.models import PriceList, PriceListItem, Product, ProductVariant
from lunarfront.domains.catalog.queries.categories import with_all_below
from lunarfront.domains.catalog.queries.search import search
from lunarfront.domains.catalog.rules import STOCKED_KINDS, item_name, same_codes
from lunarfront.domains.inventory.models import StockBalance
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.text import identifier_key

SORTS = {"name": ProductVariant.name_sort, "sku": ProductVariant.sku_key, "price": ProductVariant.price}
#: The first kind of code that finds anything decides (INV-02).
_SCAN = """
SELECT CASE WHEN kind = 'internal' THEN 3 ELSE 0 END AS place, variant_id, pack_qty, NULL::uuid AS unit_id,
       NULL AS serial, NULL AS unit_status
FROM product_barcode WHERE company_id = %(company)s AND code = ANY(%(codes)s)
UNION ALL
SELECT 1, id, 1, NULL, NULL, NULL FROM product_variant WHERE company_id = %(company)s AND sku_key = %(key)s
UNION ALL
SELECT 2, u.variant_id, 1, u.id, u.serial, s.behaves_as
FROM inventory_unit u JOIN unit_status s ON s.company_id = u.company_id AND s.id = u.status_id
WHERE u.company_id = %(company)s AND u.serial_key = %(key)s
ORDER BY 1, 2
"""


def lookup(ctx: CompanyContext, code: str) -> list[dict[str, Any]]:
    """Return the items that a scanned code means: barcode, else SKU, else serial number, else own label (INV-02).

    An item found by its serial number brings ``unit_id``; several items are for the cashier to choose from.

    Raises:
        Problem: ``unknown_barcode``; nothing similar is ever taken.
    """
    params = {"company": ctx.company.id, "codes": list(same_codes(code)), "key": identifier_key(code)}
    hits = ctx.uow.query(_SCAN, params)
    if not hits:
        raise Problem("unknown_barcode", f"No item has the code {code}.")
    best = [hit for hit in hits if hit.place == hits[0].place]
    items = items_by_id(ctx, {hit.variant_id for hit in best})
    return [items[hit.variant_id] | _scanned(hit) for hit in best]


def _scanned(hit: Any) -> dict[str, Any]:
    if hit.unit_id is None:
        return {"pack_qty": hit.pack_qty}
    unit = {"unit_id": hit.unit_id, "serial": hit.serial, "unit_status": hit.unit_status}
    return {"pack_qty": hit.pack_qty} | unit


def items_by_id(ctx: CompanyContext, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return items by variant id, active or not."""
    rows = ctx.uow.session.execute(_items(ctx).where(ProductVariant.id.in_(ids)))
    return {row.variant_id: _shape(row) for row in rows}


def list_items(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of items; with ``q`` the best 20 that a search finds (SRC-03)."""
    statement = _filtered(ctx, query)
    if "q" not in query:
        return paginate(
            ctx, statement, query, sorts=SORTS, key=ProductVariant.id, default_sort="name", shape=_shape
        )

    def fetch(variant_ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
        rows = ctx.uow.session.execute(statement.where(ProductVariant.id.in_(variant_ids)))
        return {row.variant_id: _shape(row) for row in rows}

    return {"items": search(ctx, query["q"], fetch, query["limit"]), "next_cursor": None}


def _filtered(ctx: CompanyContext, query: Mapping[str, Any]) -> Any:
    statement: Any = _items(ctx)
    if "is_active" in query:
        active = ProductVariant.is_active & Product.is_active
        statement = statement.where(active if query["is_active"] else ~active)
    if "category_id" in query:
        statement = statement.where(Product.category_id.in_(with_all_below(ctx, query["category_id"])))
    if "kind" in query:
        statement = statement.where(Product.kind == query["kind"])
    for name in ("product_id", "legacy_source", "legacy_id"):
        if name in query:
            statement = statement.where(getattr(ProductVariant, name) == query[name])
    return statement


def _items(ctx: CompanyContext) -> Any:
    """Columns of an item; its stock is that of the caller's location, else of all."""
    columns: tuple[Any, ...] = (
        ProductVariant.id.label("variant_id"),
        ProductVariant.product_id,
        ProductVariant.sku,
        ProductVariant.name_suffix,
        ProductVariant.legacy_id,
        Product.name,
        Product.kind,
        Product.is_serialized,
        Product.is_divisible,
        Product.category_id,
        (ProductVariant.is_active & Product.is_active).label("is_active"),
        _price(ctx).label("price"),
        case((Product.kind.in_(STOCKED_KINDS), _on_hand(ctx))).label("on_hand"),
    )
    return select(*columns).join(Product, Product.id == ProductVariant.product_id)


def _on_hand(ctx: CompanyContext) -> Any:
    total = select(func.coalesce(func.sum(StockBalance.qty_on_hand), 0)).where(
        StockBalance.variant_id == ProductVariant.id
    )
    if ctx.location is not None:
        total = total.where(StockBalance.location_id == ctx.location.id)
    return total.correlate(ProductVariant).scalar_subquery()


def _price(ctx: CompanyContext) -> Any:
    """The price of the location's list, else the variant's own (POS-06)."""
    if ctx.location is None:
        return ProductVariant.price
    today = ctx.business_date()
    listed: Select[Any] = (
        select(PriceListItem.price)
        .join(PriceList, PriceList.id == PriceListItem.price_list_id)
        .where(
            PriceListItem.variant_id == ProductVariant.id,
            PriceList.is_active,
            PriceList.location_id == ctx.location.id,
            PriceList.account_ids == [],
            or_(PriceList.starts_on.is_(None), PriceList.starts_on <= today),
            or_(PriceList.ends_on.is_(None), PriceList.ends_on >= today),
        )
        .order_by(PriceList.code)
        .limit(1)
    )
    return func.coalesce(listed.correlate(ProductVariant).scalar_subquery(), ProductVariant.price)


def _shape(row: Any) -> dict[str, Any]:
    values = dict(row._mapping)
    return values | {"name": item_name(row.name, row.name_suffix), "pack_qty": 1}
