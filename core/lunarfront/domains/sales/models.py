"""Tables of the point of sale (domain-core.md §3.6). The sale is named ``transaction`` in the database."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import (
    LegacyMixin,
    Money,
    Pool,
    Quantity,
    Rate,
    TenantModel,
    UnitCost,
    VersionedModel,
    tenant_fk,
)

ZERO = text("0")


class Transaction(LegacyMixin, VersionedModel):
    """A sale, refund or exchange. Completed rows are final; a return is a new row (RET-01).

    While it is pending, ``draft`` holds what the customer wants (lines, discounts) as the client sent it;
    price and tax are computed from it on every change (POS-07). Lines are written once, at completion.
    """

    __tablename__ = "transaction"

    location_id: Mapped[UUID] = tenant_fk("location")
    terminal_id: Mapped[UUID] = tenant_fk("terminal")
    drawer_session_id: Mapped[UUID | None] = tenant_fk("drawer_session", nullable=True, index=True)
    account_id: Mapped[UUID | None] = tenant_fk("account", nullable=True, index=True)
    member_id: Mapped[UUID | None] = tenant_fk("member", nullable=True)
    sold_by_id: Mapped[UUID | None] = tenant_fk("app_user", nullable=True)
    user_id: Mapped[UUID] = tenant_fk("app_user")
    kind: Mapped[str]
    status: Mapped[str]
    number: Mapped[str | None]
    client_uuid: Mapped[UUID] = mapped_column(Uuid)
    original_transaction_id: Mapped[UUID | None] = tenant_fk("transaction", nullable=True, index=True)
    currency: Mapped[str]
    price_mode: Mapped[str]
    tax_rounding: Mapped[str]
    draft: Mapped[dict[str, Any] | None]
    subtotal: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    discount_total: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    net_total: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    tax_total: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    tip_total: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    fee_total: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    cash_rounding: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    total: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    paid_total: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    change_given: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    exemption_id: Mapped[UUID | None] = tenant_fk("tax_exemption", nullable=True)
    business_date: Mapped[date | None]
    completed_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    held_label: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    void_reason_code: Mapped[str | None]
    client_recorded_at: Mapped[datetime | None]
    recorded_offline: Mapped[bool] = mapped_column(server_default=text("false"))
    needs_review: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        UniqueConstraint("company_id", "client_uuid"),
        UniqueConstraint("company_id", "number"),
        Index("transaction_date_idx", "company_id", "business_date", "id"),
        Index("transaction_status_idx", "company_id", "status", "location_id"),
        CheckConstraint("kind IN ('sale', 'refund', 'exchange')", name="kind"),
        CheckConstraint("status IN ('pending', 'held', 'completed', 'voided')", name="status"),
        CheckConstraint(
            "status <> 'completed' OR (number IS NOT NULL AND business_date IS NOT NULL)", name="completed"
        ),
        CheckConstraint("total = net_total + tax_total + tip_total + fee_total", name="total"),
        CheckConstraint("status <> 'completed' OR paid_total = total + cash_rounding", name="paid"),
    )


class TransactionLine(TenantModel):
    """One line as it was sold: all values are copies, never references to today's price or rate."""

    __tablename__ = "transaction_line_item"

    transaction_id: Mapped[UUID] = tenant_fk("transaction")
    line_no: Mapped[int]
    variant_id: Mapped[UUID | None] = tenant_fk("product_variant", nullable=True, index=True)
    unit_id: Mapped[UUID | None] = tenant_fk("inventory_unit", nullable=True)
    sku: Mapped[str | None]
    item_description: Mapped[str]
    kind: Mapped[str]
    qty: Mapped[Decimal] = mapped_column(Quantity)
    list_price: Mapped[Decimal] = mapped_column(Money)
    unit_price: Mapped[Decimal] = mapped_column(Money)
    price_source: Mapped[str] = mapped_column(server_default=text("'variant'"))
    extended: Mapped[Decimal] = mapped_column(Money)
    override_amount: Mapped[Decimal] = mapped_column(Money)
    line_discount: Mapped[Decimal] = mapped_column(Money)
    cart_discount: Mapped[Decimal] = mapped_column(Money)
    net: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    total: Mapped[Decimal] = mapped_column(Money)
    restock_fee: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    cost_value: Mapped[Decimal] = mapped_column(Pool)
    cost_provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    tax_category: Mapped[str]
    tax_rate: Mapped[Decimal] = mapped_column(Rate, server_default=ZERO)
    category_id: Mapped[UUID | None] = tenant_fk("category", nullable=True)
    revenue_account: Mapped[str]
    cogs_account: Mapped[str]
    inventory_account: Mapped[str]
    sold_by_id: Mapped[UUID | None] = tenant_fk("app_user", nullable=True)
    original_line_id: Mapped[UUID | None] = tenant_fk("transaction_line_item", nullable=True, index=True)
    restock: Mapped[str | None]
    return_reason_code: Mapped[str | None]
    source_type: Mapped[str | None]
    source_id: Mapped[UUID | None] = mapped_column(Uuid)

    __table_args__ = (
        UniqueConstraint("company_id", "transaction_id", "line_no"),
        CheckConstraint("qty <> 0", name="qty"),
        CheckConstraint("restock IN ('sellable', 'damaged', 'none')", name="restock"),
        CheckConstraint("total = net + tax", name="total"),
    )


class TransactionLineTax(TenantModel):
    """Tax of one line by component, with the rate as a value (TAX-08)."""

    __tablename__ = "transaction_line_tax"
    append_only = True

    line_id: Mapped[UUID] = tenant_fk("transaction_line_item", index=True)
    component_id: Mapped[UUID | None] = tenant_fk("tax_component", nullable=True)
    component_name: Mapped[str]
    jurisdiction: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(Rate)
    taxable_amount: Mapped[Decimal] = mapped_column(Money)
    exempt_amount: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    amount: Mapped[Decimal] = mapped_column(Money)
    exemption_id: Mapped[UUID | None] = tenant_fk("tax_exemption", nullable=True)


class Discount(VersionedModel):
    """A promotion or a named discount (POS-14 to POS-19)."""

    __tablename__ = "discount"

    code: Mapped[str]
    name: Mapped[str]
    scope: Mapped[str]
    type: Mapped[str]
    value: Mapped[Decimal] = mapped_column(UnitCost)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    max_uses: Mapped[int | None]
    used_count: Mapped[int] = mapped_column(server_default=text("0"))
    requires_code: Mapped[bool] = mapped_column(server_default=text("true"))
    stackable: Mapped[bool] = mapped_column(server_default=text("false"))
    category_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    requires_approval_above: Mapped[Decimal | None] = mapped_column(UnitCost)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        CheckConstraint("scope IN ('line', 'cart')", name="scope"),
        CheckConstraint("type IN ('percent', 'amount')", name="type"),
        CheckConstraint("value >= 0 AND (type = 'amount' OR value <= 100)", name="value"),
        CheckConstraint("max_uses IS NULL OR used_count <= max_uses", name="uses"),
    )


class TransactionDiscount(TenantModel):
    """A discount as it was applied to a line, or to the cart (``line_id`` null)."""

    __tablename__ = "transaction_discount"

    transaction_id: Mapped[UUID] = tenant_fk("transaction", index=True)
    line_id: Mapped[UUID | None] = tenant_fk("transaction_line_item", nullable=True)
    discount_id: Mapped[UUID | None] = tenant_fk("discount", nullable=True)
    sequence: Mapped[int]
    type: Mapped[str]
    value: Mapped[Decimal] = mapped_column(UnitCost)
    amount: Mapped[Decimal] = mapped_column(Money)
    reason_code: Mapped[str | None]
    approval_id: Mapped[UUID | None] = tenant_fk("approval", nullable=True)

    __table_args__ = (CheckConstraint("type IN ('percent', 'amount')", name="type"),)


class DiscountAudit(TenantModel):
    """The immutable trace of every reduction, also of those that needed no approval (POS-18)."""

    __tablename__ = "discount_audit"
    append_only = True

    transaction_id: Mapped[UUID] = tenant_fk("transaction", index=True)
    line_id: Mapped[UUID | None] = tenant_fk("transaction_line_item", nullable=True)
    user_id: Mapped[UUID] = tenant_fk("app_user")
    kind: Mapped[str]
    original_value: Mapped[Decimal] = mapped_column(Money)
    new_value: Mapped[Decimal] = mapped_column(Money)
    amount: Mapped[Decimal] = mapped_column(Money)
    percent: Mapped[Decimal] = mapped_column(Rate)
    reason_code: Mapped[str | None]
    approval_required: Mapped[bool]
    approval_id: Mapped[UUID | None] = tenant_fk("approval", nullable=True)
    occurred_at: Mapped[datetime]


class Tender(TenantModel):
    """How a bill was paid: ``amount_applied`` is its share of the bill, ``amount`` what moved (POS-28, POS-29)."""

    __tablename__ = "tender"

    transaction_id: Mapped[UUID] = tenant_fk("transaction", index=True)
    location_id: Mapped[UUID] = tenant_fk("location")
    sequence: Mapped[int]
    type: Mapped[str]
    amount_applied: Mapped[Decimal] = mapped_column(Money)
    amount: Mapped[Decimal] = mapped_column(Money)
    tendered: Mapped[Decimal] = mapped_column(Money)
    change: Mapped[Decimal] = mapped_column(Money, server_default=ZERO)
    reference: Mapped[str | None]
    provider_payment_id: Mapped[UUID | None] = mapped_column(Uuid)
    status: Mapped[str]
    refund_of_id: Mapped[UUID | None] = tenant_fk("tender", nullable=True, index=True)

    __table_args__ = (
        UniqueConstraint("company_id", "transaction_id", "sequence"),
        CheckConstraint("status IN ('pending', 'captured', 'failed', 'reversed')", name="status"),
    )


class ReceiptDelivery(TenantModel):
    """That a receipt was printed or sent; further ones are duplicates (POS-21, POS-22)."""

    __tablename__ = "receipt_delivery"

    transaction_id: Mapped[UUID] = tenant_fk("transaction", index=True)
    channel: Mapped[str]
    recipient: Mapped[str | None]
    kind: Mapped[str]
    status: Mapped[str]
    user_id: Mapped[UUID] = tenant_fk("app_user")

    __table_args__ = (
        CheckConstraint("channel IN ('print', 'email', 'sms')", name="channel"),
        CheckConstraint("kind IN ('original', 'duplicate', 'gift')", name="kind"),
    )
