"""Balances and movements (INV-07, INV-09, INV-15, INV-16)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import Product, ProductVariant
from lunarfront.domains.catalog.queries.categories import with_all_below
from lunarfront.domains.catalog.queries.products import COST_RIGHT
from lunarfront.domains.catalog.queries.search import ranked_variants
from lunarfront.domains.catalog.rules import item_name
from lunarfront.domains.inventory.models import StockBalance, StockMovement
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import not_found

_BALANCE_COLUMNS = tuple(StockBalance.__table__.columns.keys())
_MOVEMENT_COLUMNS = tuple(StockMovement.__table__.columns.keys())
_BALANCE_COSTS = ("pool_value",)
_MOVEMENT_COSTS = ("value", "value_after")
STOCK_SORTS = {"name": ProductVariant.name_sort, "qty_on_hand": StockBalance.qty_on_hand}
MOVEMENT_SORTS = {"created_at": StockMovement.created_at, "business_date": StockMovement.business_date}


def list_stock(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of balances; ``filter[negative]`` is the list of INV-09, ``filter[low]`` what to reorder."""
    statement: Any = _balances()
    for name in ("variant_id", "location_id"):
        if name in query:
            statement = statement.where(getattr(StockBalance, name) == query[name])
    if "category_id" in query:
        statement = statement.where(Product.category_id.in_(with_all_below(ctx, query["category_id"])))
    if query.get("negative"):
        statement = statement.where(StockBalance.qty_on_hand < 0)
    if query.get("low"):
        available = StockBalance.qty_on_hand - StockBalance.qty_reserved
        statement = statement.where(available <= StockBalance.reorder_point)
    if "q" in query:
        statement = statement.where(StockBalance.variant_id.in_(ranked_variants(ctx, query["q"])))
    return paginate(
        ctx,
        statement,
        query,
        sorts=STOCK_SORTS,
        key=StockBalance.id,
        default_sort="name",
        shape=lambda row: _balance(ctx, row),
    )


def get_stock(ctx: CompanyContext, balance_id: UUID) -> dict[str, Any]:
    """Return one balance.

    Raises:
        Problem: ``not_found``.
    """
    row = ctx.uow.session.execute(_balances().where(StockBalance.id == balance_id)).one_or_none()
    if row is None:
        raise not_found()
    return _balance(ctx, row)


def _balances() -> Any:
    return (
        select(StockBalance, ProductVariant.sku, ProductVariant.name_suffix, Product.name)
        .join(ProductVariant, ProductVariant.id == StockBalance.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
    )


def _balance(ctx: CompanyContext, row: Any) -> dict[str, Any]:
    balance = row.StockBalance
    return _visible(ctx, balance, _BALANCE_COLUMNS, _BALANCE_COSTS) | {
        "sku": row.sku,
        "name": item_name(row.name, row.name_suffix),
        "available": balance.qty_on_hand - balance.qty_reserved,
    }


def _visible(
    ctx: CompanyContext, row: Any, columns: tuple[str, ...], costs: tuple[str, ...]
) -> dict[str, Any]:
    hidden = () if ctx.rights.allows(COST_RIGHT) else costs
    return {name: getattr(row, name) for name in columns if name not in hidden}


def list_movements(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of movements, by default the latest first; dates are business dates (INV-16)."""
    statement: Any = (
        select(StockMovement, ProductVariant.sku, ProductVariant.name_suffix, Product.name)
        .join(ProductVariant, ProductVariant.id == StockMovement.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
    )
    for name in ("variant_id", "location_id", "kind", "source_type", "source_id", "unit_id"):
        if name in query:
            statement = statement.where(getattr(StockMovement, name) == query[name])
    if "from_date" in query:
        statement = statement.where(StockMovement.business_date >= query["from_date"])
    if "to_date" in query:
        statement = statement.where(StockMovement.business_date <= query["to_date"])
    if "q" in query:
        statement = statement.where(StockMovement.variant_id.in_(ranked_variants(ctx, query["q"])))
    return paginate(
        ctx,
        statement,
        query,
        sorts=MOVEMENT_SORTS,
        key=StockMovement.id,
        default_sort="-created_at",
        shape=lambda row: _movement(ctx, row),
    )


def _movement(ctx: CompanyContext, row: Any) -> dict[str, Any]:
    named = {"sku": row.sku, "name": item_name(row.name, row.name_suffix)}
    return _visible(ctx, row.StockMovement, _MOVEMENT_COLUMNS, _MOVEMENT_COSTS) | named
