"""Tables of tax (domain-core.md §3.8). Rates are rows with validity, never constants."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func, literal_column

from lunarfront.kernel.db import Rate, TenantModel, VersionedModel, tenant_fk


class TaxJurisdiction(VersionedModel):
    """Who levies a tax and how often it is filed."""

    __tablename__ = "tax_jurisdiction"

    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]
    filing_frequency: Mapped[str | None]
    registration_number: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        CheckConstraint("level IN ('state', 'county', 'city', 'district', 'national')", name="level"),
    )


class TaxComponent(VersionedModel):
    """One rate of a jurisdiction with its validity; ranges of one ``code`` never overlap (TAX-01, TAX-02)."""

    __tablename__ = "tax_component"

    jurisdiction_id: Mapped[UUID] = tenant_fk("tax_jurisdiction")
    code: Mapped[str]
    name: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(Rate)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    rank: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        CheckConstraint("rate >= 0 AND rate <= 1", name="rate"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        ExcludeConstraint(
            (literal_column("company_id"), "="),
            (literal_column("code"), "="),
            (func.daterange(literal_column("valid_from"), literal_column("valid_to"), type_=DATERANGE), "&&"),
            name="tax_component_validity_excl",
        ),
    )


class TaxRule(VersionedModel):
    """Which components fall due for a tax category at a location; an empty list says "no tax" (TAX-01)."""

    __tablename__ = "tax_rule"

    location_id: Mapped[UUID] = tenant_fk("location")
    tax_category: Mapped[str]
    component_codes: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))

    __table_args__ = (UniqueConstraint("company_id", "location_id", "tax_category"),)


class TaxCategory(TenantModel):
    """A category of goods for tax; the shipped ones are system rows, companies add some."""

    __tablename__ = "tax_category"

    code: Mapped[str]
    name: Mapped[str]
    is_system: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (UniqueConstraint("company_id", "code"),)
