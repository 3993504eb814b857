"""Items for tests, written straight into the tables, so that a test of one domain needs no other domain's API."""

from decimal import Decimal
from uuid import UUID

from lunarfront.domains.catalog.models import Category, Product, ProductVariant
from lunarfront.domains.inventory.models import StockBalance
from lunarfront.kernel.uow import UnitOfWork


def add_category(uow: UnitOfWork, name: str = "Accessories", **columns: object) -> UUID:
    """Collect a category."""
    return uow.add(Category, name=name, **columns)


def add_item(
    uow: UnitOfWork,
    category_id: UUID,
    sku: str,
    price: str,
    *,
    kind: str = "stocked",
    product: dict[str, object] | None = None,
    **variant: object,
) -> UUID:
    """Collect a product with one variant and return the variant's id."""
    name = f"Item {sku}"
    product_id = uow.add(
        Product, name=name, name_sort=name.casefold(), category_id=category_id, kind=kind, **(product or {})
    )
    return uow.add(
        ProductVariant,
        product_id=product_id,
        sku=sku,
        sku_key=sku.casefold(),
        search_text=f"{name} {sku}".casefold(),
        name_sort=name.casefold(),
        price=Decimal(price),
        **variant,
    )


def add_stock(uow: UnitOfWork, variant_id: UUID, location_id: UUID, qty: str, value: str) -> UUID:
    """Collect a balance as it is after receipts (without their movements)."""
    return uow.add(
        StockBalance,
        variant_id=variant_id,
        location_id=location_id,
        qty_on_hand=Decimal(qty),
        pool_value=Decimal(value),
    )
