"""Tables of the catalogue (domain-core.md §3.4). The sellable thing is always a variant."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import (
    LegacyMixin,
    Money,
    Quantity,
    TenantModel,
    UnitCost,
    VersionedModel,
    tenant_fk,
)


class Category(LegacyMixin, VersionedModel):
    """A node of the category tree (at most five deep); accounts are roles of the chart (ACC-05)."""

    __tablename__ = "category"

    parent_id: Mapped[UUID | None] = tenant_fk("category", nullable=True)
    name: Mapped[str]
    tax_category: Mapped[str] = mapped_column(server_default=text("'standard'"))
    revenue_account: Mapped[str] = mapped_column(server_default=text("'sales'"))
    cogs_account: Mapped[str] = mapped_column(server_default=text("'cogs'"))
    inventory_account: Mapped[str] = mapped_column(server_default=text("'inventory'"))
    discountable: Mapped[bool] = mapped_column(server_default=text("true"))
    returnable: Mapped[bool] = mapped_column(server_default=text("true"))
    return_days: Mapped[int | None]
    restock_fee_type: Mapped[str] = mapped_column(server_default=text("'none'"))
    restock_fee_value: Mapped[Decimal | None] = mapped_column(UnitCost)
    sku_prefix: Mapped[str | None]
    sort: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("company_id", "parent_id", "name", postgresql_nulls_not_distinct=True),
        CheckConstraint("restock_fee_type IN ('none', 'percent', 'flat')", name="restock_fee_type"),
        CheckConstraint("restock_fee_type = 'none' OR restock_fee_value >= 0", name="restock_fee_value"),
    )


class Product(LegacyMixin, VersionedModel):
    """What is sold, with one or more variants. ``kind`` may be extended by modules (GEN-05)."""

    __tablename__ = "product"

    name: Mapped[str]
    name_sort: Mapped[str]
    description: Mapped[str | None]
    brand: Mapped[str | None]
    model: Mapped[str | None]
    category_id: Mapped[UUID] = tenant_fk("category", index=True)
    kind: Mapped[str] = mapped_column(server_default=text("'stocked'"))
    is_serialized: Mapped[bool] = mapped_column(server_default=text("false"))
    is_divisible: Mapped[bool] = mapped_column(server_default=text("false"))
    tax_category: Mapped[str | None]
    is_rental: Mapped[bool] = mapped_column(server_default=text("false"))
    is_dual_use_repair: Mapped[bool] = mapped_column(server_default=text("false"))
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    archived_at: Mapped[datetime | None]

    __table_args__ = (Index("product_name_sort_idx", "company_id", "name_sort", "id"),)


class ProductVariant(LegacyMixin, VersionedModel):
    """The thing with a SKU and a price. ``sku`` is unique whatever the case of its letters (INV-01)."""

    __tablename__ = "product_variant"
    searched = True

    product_id: Mapped[UUID] = tenant_fk("product", index=True)
    sku: Mapped[str]
    sku_key: Mapped[str]
    name_suffix: Mapped[str | None]
    search_text: Mapped[str]
    name_sort: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    price: Mapped[Decimal] = mapped_column(Money)
    min_price: Mapped[Decimal | None] = mapped_column(Money)
    msrp: Mapped[Decimal | None] = mapped_column(Money)
    default_cost: Mapped[Decimal | None] = mapped_column(UnitCost)
    weight: Mapped[Decimal | None] = mapped_column(Quantity)
    ownership: Mapped[str] = mapped_column(server_default=text("'owned'"))
    warranty_days: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("company_id", "sku_key"),
        Index("product_variant_name_sort_idx", "company_id", "name_sort", "id"),
        Index(
            "product_variant_search_idx",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("ownership IN ('owned', 'consigned')", name="ownership"),
    )


class ProductBarcode(VersionedModel):
    """A code that finds a variant; ``pack_qty`` pieces are meant by one scan (INV-02, INV-04)."""

    __tablename__ = "product_barcode"

    variant_id: Mapped[UUID] = tenant_fk("product_variant", index=True)
    code: Mapped[str]
    kind: Mapped[str]
    pack_qty: Mapped[Decimal] = mapped_column(Quantity, server_default=text("1"))

    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        CheckConstraint("kind IN ('upc_a', 'ean_13', 'ean_8', 'code_128', 'internal')", name="kind"),
        CheckConstraint("pack_qty > 0", name="pack_qty"),
    )


class BundleItem(VersionedModel):
    """A component of a bundle variant: stock moves on components."""

    __tablename__ = "bundle_item"

    bundle_id: Mapped[UUID] = tenant_fk("product_variant", index=True)
    component_id: Mapped[UUID] = tenant_fk("product_variant")
    qty: Mapped[Decimal] = mapped_column(Quantity)

    __table_args__ = (
        UniqueConstraint("company_id", "bundle_id", "component_id"),
        CheckConstraint("qty > 0", name="qty"),
        CheckConstraint("bundle_id <> component_id", name="self"),
    )


class Supplier(LegacyMixin, VersionedModel):
    """Whom goods are bought from."""

    __tablename__ = "supplier"

    name: Mapped[str]
    name_key: Mapped[str]
    contact_name: Mapped[str | None]
    email: Mapped[str | None]
    phone_e164: Mapped[str | None]
    website: Mapped[str | None]
    address_line1: Mapped[str | None]
    address_line2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    terms_days: Mapped[int] = mapped_column(server_default=text("0"))
    currency: Mapped[str | None]
    account_ref: Mapped[str | None]
    notes: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    archived_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("company_id", "name_key"),)


class SupplierItem(VersionedModel):
    """What a supplier calls a variant, and what it costs there."""

    __tablename__ = "supplier_item"

    supplier_id: Mapped[UUID] = tenant_fk("supplier")
    variant_id: Mapped[UUID] = tenant_fk("product_variant", index=True)
    supplier_sku: Mapped[str | None]
    cost: Mapped[Decimal | None] = mapped_column(UnitCost)
    pack_qty: Mapped[Decimal] = mapped_column(Quantity, server_default=text("1"))
    lead_days: Mapped[int | None]
    is_preferred: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (UniqueConstraint("company_id", "supplier_id", "variant_id"),)


class PriceList(VersionedModel):
    """Prices for some locations or accounts, with optional dates (POS-06)."""

    __tablename__ = "price_list"

    code: Mapped[str]
    name: Mapped[str]
    location_id: Mapped[UUID | None] = tenant_fk("location", nullable=True)
    account_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (UniqueConstraint("company_id", "code"),)


class PriceListItem(TenantModel):
    """The price of one variant in one list."""

    __tablename__ = "price_list_item"

    price_list_id: Mapped[UUID] = tenant_fk("price_list")
    variant_id: Mapped[UUID] = tenant_fk("product_variant", index=True)
    price: Mapped[Decimal] = mapped_column(Money)

    __table_args__ = (
        UniqueConstraint("company_id", "price_list_id", "variant_id"),
        CheckConstraint("price >= 0", name="price"),
    )
