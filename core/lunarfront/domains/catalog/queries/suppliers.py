"""Reads of suppliers and what they deliver."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lunarfront.domains.catalog.models import Supplier, SupplierItem
from lunarfront.domains.catalog.queries.products import COST_RIGHT
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.text import folded

SORTS = {"name": Supplier.name_key, "created_at": Supplier.created_at}
ITEM_SORTS = {"created_at": SupplierItem.created_at}
_ITEM_COLUMNS = tuple(SupplierItem.__table__.columns.keys())


def list_suppliers(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of suppliers; ``q`` finds them by any part of the name."""
    statement = select(Supplier)
    for name in ("is_active", "legacy_source", "legacy_id"):
        if name in query:
            statement = statement.where(getattr(Supplier, name) == query[name])
    if "q" in query:
        statement = statement.where(Supplier.name_key.contains(folded(query["q"]), autoescape=True))
    return paginate(
        ctx, statement, query, sorts=SORTS, key=Supplier.id, default_sort="name", shape=lambda row: row[0]
    )


def list_supplier_items(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of what suppliers deliver; ``q`` finds their own numbers by the beginning."""
    statement = select(SupplierItem)
    for name in ("supplier_id", "variant_id"):
        if name in query:
            statement = statement.where(getattr(SupplierItem, name) == query[name])
    if "q" in query:
        statement = statement.where(SupplierItem.supplier_sku.istartswith(query["q"], autoescape=True))
    return paginate(
        ctx,
        statement,
        query,
        sorts=ITEM_SORTS,
        key=SupplierItem.id,
        default_sort="created_at",
        shape=lambda row: supplier_item(ctx, row[0]),
    )


def supplier_item(ctx: CompanyContext, row: SupplierItem) -> dict[str, Any]:
    """Return a supplier item without its cost for those who may not see costs."""
    hidden = () if ctx.rights.allows(COST_RIGHT) else ("cost",)
    return {name: getattr(row, name) for name in _ITEM_COLUMNS if name not in hidden}
