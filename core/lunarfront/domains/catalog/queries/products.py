"""Reads of products, variants and barcodes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import BundleItem, Product, ProductBarcode, ProductVariant
from lunarfront.domains.catalog.queries.categories import with_all_below
from lunarfront.domains.catalog.queries.search import search
from lunarfront.domains.catalog.rules import item_name
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

COST_RIGHT = "catalog.cost.view"
_VARIANT_COLUMNS = tuple(ProductVariant.__table__.columns.keys())
_PRODUCT_COLUMNS = tuple(Product.__table__.columns.keys())
PRODUCT_SORTS = {"name": Product.name_sort, "created_at": Product.created_at}
BARCODE_SORTS = {"code": ProductBarcode.code, "created_at": ProductBarcode.created_at}


def list_products(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of products; with ``q`` those that a search finds, best first (SRC-01)."""
    statement = _filtered(ctx, query)
    if "q" not in query:
        return paginate(
            ctx,
            statement,
            query,
            sorts=PRODUCT_SORTS,
            key=Product.id,
            default_sort="name",
            shape=lambda r: r[0],
        )

    def fetch(variant_ids: Sequence[UUID]) -> dict[UUID, Product]:
        found = statement.join(ProductVariant, ProductVariant.product_id == Product.id)
        rows = found.add_columns(ProductVariant.id).where(ProductVariant.id.in_(variant_ids))
        return {variant: product for product, variant in ctx.uow.session.execute(rows)}

    products = dict.fromkeys(search(ctx, query["q"], fetch, query["limit"]))
    return {"items": list(products), "next_cursor": None}


def _filtered(ctx: CompanyContext, query: Mapping[str, Any]) -> Any:
    statement = select(Product)
    for name in ("kind", "is_active", "legacy_source", "legacy_id"):
        if name in query:
            statement = statement.where(getattr(Product, name) == query[name])
    if "brand" in query:
        statement = statement.where(Product.brand == query["brand"])
    if "category_id" in query:
        statement = statement.where(Product.category_id.in_(with_all_below(ctx, query["category_id"])))
    return statement


def get_product(ctx: CompanyContext, product_id: UUID) -> dict[str, Any]:
    """Return a product with its variants.

    Raises:
        Problem: ``not_found``.
    """
    product = load(ctx, Product, product_id)
    found = select(ProductVariant).where(ProductVariant.product_id == product_id)
    variants = ctx.uow.session.execute(found.order_by(ProductVariant.id)).scalars().all()
    return _columns(product, _PRODUCT_COLUMNS) | {"variants": _detailed(ctx, product, variants)}


def get_variant(ctx: CompanyContext, variant_id: UUID) -> dict[str, Any]:
    """Return a variant with its barcodes and, for a bundle, its components.

    Raises:
        Problem: ``not_found``.
    """
    variant = load(ctx, ProductVariant, variant_id)
    return _detailed(ctx, load(ctx, Product, variant.product_id), [variant])[0]


def _detailed(
    ctx: CompanyContext, product: Product, variants: Sequence[ProductVariant]
) -> list[dict[str, Any]]:
    ids = [variant.id for variant in variants]
    barcodes = _barcodes(ctx, ids)
    parts = _bundle_items(ctx, ids) if product.kind == "bundle" else {}
    hidden = () if ctx.rights.allows(COST_RIGHT) else ("default_cost",)
    return [
        {name: value for name, value in _columns(variant, _VARIANT_COLUMNS).items() if name not in hidden}
        | {
            "name": item_name(product.name, variant.name_suffix),
            "barcodes": barcodes.get(variant.id, []),
            "bundle_items": parts.get(variant.id, []),
        }
        for variant in variants
    ]


def _columns(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _barcodes(ctx: CompanyContext, variant_ids: Sequence[UUID]) -> Mapping[UUID, list[ProductBarcode]]:
    found = (
        select(ProductBarcode).where(ProductBarcode.variant_id.in_(variant_ids)).order_by(ProductBarcode.code)
    )
    grouped = defaultdict(list)
    for barcode in ctx.uow.session.execute(found).scalars():
        grouped[barcode.variant_id].append(barcode)
    return grouped


def _bundle_items(ctx: CompanyContext, variant_ids: Sequence[UUID]) -> Mapping[UUID, list[dict[str, Any]]]:
    found = (
        select(BundleItem, ProductVariant.sku, ProductVariant.name_suffix, Product.name)
        .join(ProductVariant, ProductVariant.id == BundleItem.component_id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(BundleItem.bundle_id.in_(variant_ids))
        .order_by(ProductVariant.name_sort, ProductVariant.id)
    )
    grouped = defaultdict(list)
    for item, sku, suffix, name in ctx.uow.session.execute(found):
        part = {
            "component_id": item.component_id,
            "qty": item.qty,
            "sku": sku,
            "name": item_name(name, suffix),
        }
        grouped[item.bundle_id].append(part)
    return grouped


def list_barcodes(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of barcodes; ``q`` finds them by their beginning."""
    statement = select(ProductBarcode)
    if "variant_id" in query:
        statement = statement.where(ProductBarcode.variant_id == query["variant_id"])
    if "q" in query:
        statement = statement.where(ProductBarcode.code.startswith(query["q"], autoescape=True))
    return paginate(
        ctx,
        statement,
        query,
        sorts=BARCODE_SORTS,
        key=ProductBarcode.id,
        default_sort="code",
        shape=lambda r: r[0],
    )
