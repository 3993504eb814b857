"""Serialized units and their look-up rows (INV-03, INV-25)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import Product, ProductVariant
from lunarfront.domains.catalog.queries.products import COST_RIGHT
from lunarfront.domains.catalog.rules import item_name
from lunarfront.domains.inventory.models import InventoryUnit, ItemCondition, UnitStatus
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import not_found
from lunarfront.kernel.text import identifier_key, prefix_end

_REPLACED = {"status_id", "condition_id"}
_COLUMNS = tuple(c.key for c in InventoryUnit.__table__.columns if c.key not in _REPLACED)
SORTS = {"serial": InventoryUnit.serial_key, "created_at": InventoryUnit.created_at}


def list_units(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of units; ``filter[status]`` is a system status and takes in the rows that behave as it."""
    statement: Any = _units()
    for name in ("variant_id", "location_id", "is_used"):
        if name in query:
            statement = statement.where(getattr(InventoryUnit, name) == query[name])
    if "status" in query:
        statement = statement.where(UnitStatus.behaves_as == query["status"])
    if "condition" in query:
        statement = statement.where(ItemCondition.behaves_as == query["condition"])
    if "q" in query:
        key = identifier_key(query["q"])
        statement = statement.where(
            InventoryUnit.serial_key >= key, InventoryUnit.serial_key < prefix_end(key)
        )
    return paginate(
        ctx,
        statement,
        query,
        sorts=SORTS,
        key=InventoryUnit.id,
        default_sort="serial",
        shape=lambda row: _unit(ctx, row),
    )


def get_unit(ctx: CompanyContext, unit_id: UUID) -> dict[str, Any]:
    """Return one unit.

    Raises:
        Problem: ``not_found``.
    """
    row = ctx.uow.session.execute(_units().where(InventoryUnit.id == unit_id)).one_or_none()
    if row is None:
        raise not_found()
    return _unit(ctx, row)


def _units() -> Any:
    return (
        select(
            InventoryUnit,
            UnitStatus,
            ItemCondition,
            ProductVariant.sku,
            ProductVariant.name_suffix,
            Product.name,
        )
        .join(UnitStatus, UnitStatus.id == InventoryUnit.status_id)
        .join(ItemCondition, ItemCondition.id == InventoryUnit.condition_id)
        .join(ProductVariant, ProductVariant.id == InventoryUnit.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
    )


def _unit(ctx: CompanyContext, row: Any) -> dict[str, Any]:
    hidden = () if ctx.rights.allows(COST_RIGHT) else ("cost",)
    unit = {name: getattr(row.InventoryUnit, name) for name in _COLUMNS if name not in hidden}
    return unit | {
        "sku": row.sku,
        "name": item_name(row.name, row.name_suffix),
        "status": row.UnitStatus.slug,
        "status_name": row.UnitStatus.name,
        "behaves_as": row.UnitStatus.behaves_as,
        "condition": row.ItemCondition.slug,
        "condition_name": row.ItemCondition.name,
    }


def list_lookup_rows(
    ctx: CompanyContext, model: type[UnitStatus] | type[ItemCondition], query: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a page of statuses or conditions in the order of the company."""
    statement = select(model)
    if "is_active" in query:
        statement = statement.where(model.is_active == query["is_active"])
    if "q" in query:
        statement = statement.where(model.name.istartswith(query["q"], autoescape=True))
    sorts = {"sort": model.sort, "name": model.name, "slug": model.slug}
    return paginate(
        ctx, statement, query, sorts=sorts, key=model.id, default_sort="sort", shape=lambda row: row[0]
    )


def is_used(ctx: CompanyContext, row: UnitStatus | ItemCondition) -> bool:
    """Tell whether a unit has this status or condition."""
    column = InventoryUnit.status_id if isinstance(row, UnitStatus) else InventoryUnit.condition_id
    return (
        ctx.uow.session.execute(select(InventoryUnit.id).where(column == row.id).limit(1)).first() is not None
    )


def system_slugs(ctx: CompanyContext, model: type[UnitStatus] | type[ItemCondition]) -> set[str]:
    """Return the slugs that own rows may behave as (INV-25)."""
    return set(ctx.uow.session.execute(select(model.slug).where(model.is_system)).scalars())
