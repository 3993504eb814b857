"""Tables of the organisation (domain-core.md §3.1)."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import LegacyMixin, TenantModel, VersionedModel, db, tenant_fk
from lunarfront.kernel.ids import uuid7


class Company(db.Model):  # type: ignore[name-defined]
    """The tenant anchor. ``catalog_version`` and ``rights_version`` end the caches of hot-path.md §4."""

    __tablename__ = "company"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    client_uuid: Mapped[UUID | None] = mapped_column(Uuid)
    created_by_ref: Mapped[UUID | None] = mapped_column(Uuid)
    name: Mapped[str]
    legal_name: Mapped[str | None]
    currency: Mapped[str] = mapped_column(Text)
    default_timezone: Mapped[str]
    country: Mapped[str]
    tax_id: Mapped[str | None]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    catalog_version: Mapped[int] = mapped_column(server_default=text("1"))
    rights_version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __table_args__ = (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        Index("company_client_uuid_key", "created_by_ref", "client_uuid", unique=True),
    )
    __mapper_args__ = {"version_id_col": version}


class Location(LegacyMixin, VersionedModel):
    """A place that sells: its zone gives the business date, its modes how prices and tax are read (ORG-02)."""

    __tablename__ = "location"

    code: Mapped[str]
    name: Mapped[str]
    address_line1: Mapped[str | None]
    address_line2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    phone: Mapped[str | None]
    timezone: Mapped[str]
    day_cutoff: Mapped[time] = mapped_column(server_default=text("'00:00'"))
    price_mode: Mapped[str]
    tax_rounding: Mapped[str] = mapped_column(server_default=text("'document'"))
    cash_rounding_increment: Mapped[Decimal] = mapped_column(Numeric(4, 2), server_default=text("0.01"))
    cash_rounding_mode: Mapped[str] = mapped_column(server_default=text("'nearest'"))
    receipt_header: Mapped[str | None]
    receipt_footer: Mapped[str | None]
    is_mobile: Mapped[bool] = mapped_column(server_default=text("false"))
    is_training: Mapped[bool] = mapped_column(server_default=text("false"))
    trade_in_reduces_tax: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        CheckConstraint("char_length(code) BETWEEN 1 AND 8", name="code"),
        CheckConstraint("price_mode IN ('exclusive', 'inclusive')", name="price_mode"),
        CheckConstraint("tax_rounding IN ('document', 'line')", name="tax_rounding"),
        CheckConstraint(
            "cash_rounding_increment IN (0.01, 0.05, 0.10, 0.50, 1.00)", name="cash_rounding_increment"
        ),
        CheckConstraint("cash_rounding_mode IN ('nearest', 'down')", name="cash_rounding_mode"),
        CheckConstraint("NOT trade_in_reduces_tax OR price_mode = 'exclusive'", name="trade_in"),
    )


class Terminal(LegacyMixin, VersionedModel):
    """A till, tablet or phone of one location; ``next_sequence`` is the source of receipt numbers (POS-03)."""

    __tablename__ = "terminal"

    location_id: Mapped[UUID] = tenant_fk("location")
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default=text("'desktop'"))
    device_key_hash: Mapped[bytes | None]
    drawer_id: Mapped[UUID | None] = tenant_fk("drawer", nullable=True)
    next_sequence: Mapped[int] = mapped_column(server_default=text("1"))
    pin_failures: Mapped[int] = mapped_column(server_default=text("0"))
    last_seen_at: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("company_id", "location_id", "code"),
        CheckConstraint("char_length(code) BETWEEN 1 AND 8", name="code"),
        CheckConstraint("kind IN ('desktop', 'tablet', 'mobile', 'kiosk')", name="kind"),
    )


class ReasonCode(VersionedModel):
    """Why something was done: a row per kind, so that companies word their own (GEN-05)."""

    __tablename__ = "reason_code"

    kind: Mapped[str]
    code: Mapped[str]
    label: Mapped[str]
    requires_note: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (UniqueConstraint("company_id", "kind", "code"),)


class DocumentCounter(TenantModel):
    """Gapless numbers people read, other than receipts: taken by upsert inside the transaction (runtime.md §4)."""

    __tablename__ = "document_counter"

    kind: Mapped[str]
    last: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (UniqueConstraint("company_id", "kind"),)
