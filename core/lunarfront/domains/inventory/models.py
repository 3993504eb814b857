"""Tables of stock (domain-core.md §3.5)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import (
    LegacyMixin,
    Money,
    Pool,
    Quantity,
    TenantModel,
    UnitCost,
    VersionedModel,
    tenant_fk,
)


class StockBalance(VersionedModel):
    """Quantity and value pool of a variant at a location; changed only with a movement, under its row lock."""

    __tablename__ = "stock_balance"

    variant_id: Mapped[UUID] = tenant_fk("product_variant")
    location_id: Mapped[UUID] = tenant_fk("location")
    qty_on_hand: Mapped[Decimal] = mapped_column(Quantity, server_default=text("0"))
    qty_reserved: Mapped[Decimal] = mapped_column(Quantity, server_default=text("0"))
    pool_value: Mapped[Decimal] = mapped_column(Pool, server_default=text("0"))
    last_cost: Mapped[Decimal | None] = mapped_column(UnitCost)
    reorder_point: Mapped[Decimal | None] = mapped_column(Quantity)
    reorder_to: Mapped[Decimal | None] = mapped_column(Quantity)
    bin: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("company_id", "variant_id", "location_id"),
        CheckConstraint("qty_reserved >= 0", name="qty_reserved"),
        CheckConstraint("qty_on_hand <> 0 OR pool_value = 0", name="empty_pool"),
    )


class StockMovement(TenantModel):
    """One change of a balance, with the balance after it. The sum of movements is the balance (AUD-03)."""

    __tablename__ = "stock_movement"
    append_only = True

    variant_id: Mapped[UUID] = tenant_fk("product_variant")
    location_id: Mapped[UUID] = tenant_fk("location")
    kind: Mapped[str]
    qty: Mapped[Decimal] = mapped_column(Quantity)
    value: Mapped[Decimal] = mapped_column(Pool)
    qty_after: Mapped[Decimal] = mapped_column(Quantity)
    value_after: Mapped[Decimal] = mapped_column(Pool)
    source_type: Mapped[str]
    source_id: Mapped[UUID] = mapped_column(Uuid)
    unit_id: Mapped[UUID | None] = tenant_fk("inventory_unit", nullable=True)
    reason_code: Mapped[str | None]
    note: Mapped[str | None]
    business_date: Mapped[date]

    __table_args__ = (
        Index("stock_movement_variant_idx", "company_id", "variant_id", "location_id", "id"),
        Index("stock_movement_source_idx", "company_id", "source_type", "source_id"),
    )


class UnitStatus(VersionedModel):
    """Where a serialized unit is; code looks at ``behaves_as`` only (INV-25)."""

    __tablename__ = "unit_status"

    slug: Mapped[str]
    name: Mapped[str]
    is_system: Mapped[bool] = mapped_column(server_default=text("false"))
    behaves_as: Mapped[str]
    sort: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (UniqueConstraint("company_id", "slug"),)


class ItemCondition(VersionedModel):
    """How good a serialized unit is; own rows behave as a system row (INV-25)."""

    __tablename__ = "item_condition"

    slug: Mapped[str]
    name: Mapped[str]
    is_system: Mapped[bool] = mapped_column(server_default=text("false"))
    behaves_as: Mapped[str]
    sort: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (UniqueConstraint("company_id", "slug"),)


class InventoryUnit(LegacyMixin, VersionedModel):
    """One piece with a serial number and its own cost (INV-03, INV-10)."""

    __tablename__ = "inventory_unit"

    variant_id: Mapped[UUID] = tenant_fk("product_variant")
    location_id: Mapped[UUID] = tenant_fk("location")
    serial: Mapped[str]
    serial_key: Mapped[str]
    status_id: Mapped[UUID] = tenant_fk("unit_status")
    condition_id: Mapped[UUID] = tenant_fk("item_condition")
    is_used: Mapped[bool] = mapped_column(server_default=text("false"))
    ownership: Mapped[str] = mapped_column(server_default=text("'owned'"))
    owner_account_id: Mapped[UUID | None] = tenant_fk("account", nullable=True)
    cost: Mapped[Decimal] = mapped_column(Money)
    acquired_on: Mapped[date | None]
    supplier_id: Mapped[UUID | None] = tenant_fk("supplier", nullable=True)
    sold_transaction_id: Mapped[UUID | None] = mapped_column(Uuid)
    notes: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("company_id", "variant_id", "serial_key"),
        Index("inventory_unit_serial_idx", "company_id", "serial_key"),
        CheckConstraint("ownership IN ('owned', 'consigned')", name="ownership"),
        CheckConstraint(
            "ownership = 'owned' OR (owner_account_id IS NOT NULL AND cost = 0)", name="consigned"
        ),
        CheckConstraint("cost >= 0", name="cost"),
    )


class StockAdjustment(TenantModel):
    """A correction by hand with its reason, the source of its movements and journal entry (INV-20)."""

    __tablename__ = "stock_adjustment"
    append_only = True

    number: Mapped[str]
    client_uuid: Mapped[UUID | None] = mapped_column(Uuid)
    kind: Mapped[str]
    location_id: Mapped[UUID] = tenant_fk("location")
    business_date: Mapped[date]
    reason_code: Mapped[str]
    note: Mapped[str | None]
    user_id: Mapped[UUID] = tenant_fk("app_user")
    approval_id: Mapped[UUID | None] = tenant_fk("approval", nullable=True)
    legacy_id: Mapped[str | None]
    legacy_source: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        UniqueConstraint("company_id", "client_uuid"),
    )
