"""Tables of customers (domain-core.md §3.3)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import LegacyMixin, Money, VersionedModel, tenant_fk


class Account(LegacyMixin, VersionedModel):
    """A customer: a person, family, business or school, with one balance (ACT rules).

    ``search_text`` and ``name_sort`` are made in Python (casefold, accents removed), so that search and
    order never depend on the server's collation.
    """

    __tablename__ = "account"
    searched = True

    account_number: Mapped[str]
    kind: Mapped[str]
    display_name: Mapped[str]
    name_sort: Mapped[str]
    search_text: Mapped[str]
    email: Mapped[str | None]
    phone_e164: Mapped[str | None]
    phone_digits: Mapped[str | None]
    address_line1: Mapped[str | None]
    address_line2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    billing_mode: Mapped[str] = mapped_column(server_default=text("'consolidated'"))
    credit_limit: Mapped[Decimal | None] = mapped_column(Money)
    terms_days: Mapped[int] = mapped_column(server_default=text("0"))
    name_checked: Mapped[bool] = mapped_column(server_default=text("false"))
    notes: Mapped[str | None]
    merged_into_id: Mapped[UUID | None] = tenant_fk("account", nullable=True)
    erased_at: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("company_id", "account_number"),
        Index("account_name_sort_idx", "company_id", "name_sort", "id"),
        Index("account_email_idx", "company_id", "email"),
        Index("account_phone_idx", "company_id", "phone_e164"),
        Index(
            "account_search_idx",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        Index(
            "account_name_alike_idx",
            "name_sort",
            postgresql_using="gin",
            postgresql_ops={"name_sort": "gin_trgm_ops"},
        ),
        CheckConstraint("kind IN ('person', 'family', 'business', 'school')", name="kind"),
        CheckConstraint("billing_mode IN ('consolidated', 'split')", name="billing_mode"),
        CheckConstraint("terms_days >= 0", name="terms_days"),
    )


class Member(LegacyMixin, VersionedModel):
    """A person of an account; exactly one is primary as soon as there is one (ACT-09)."""

    __tablename__ = "member"
    searched = True

    account_id: Mapped[UUID] = tenant_fk("account", index=True)
    member_number: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str | None]
    search_text: Mapped[str]
    relation: Mapped[str] = mapped_column(server_default=text("'other'"))
    email: Mapped[str | None]
    phone_e164: Mapped[str | None]
    birth_date: Mapped[date | None]
    is_minor_override: Mapped[bool | None]
    is_primary: Mapped[bool] = mapped_column(server_default=text("false"))
    notes: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        UniqueConstraint("company_id", "member_number"),
        Index("member_email_idx", "company_id", "email"),
        Index("member_phone_idx", "company_id", "phone_e164"),
        Index(
            "member_primary_key",
            "company_id",
            "account_id",
            unique=True,
            postgresql_where=text("is_primary AND is_active"),
        ),
        Index(
            "member_search_idx",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        CheckConstraint(
            "relation IN ('primary', 'spouse', 'child', 'student', 'employee', 'other')", name="relation"
        ),
    )


class MemberIdentifier(VersionedModel):
    """An identity paper: number encrypted, only the last four shown (ACT-11, SEC-63)."""

    __tablename__ = "member_identifier"

    member_id: Mapped[UUID] = tenant_fk("member", index=True)
    kind: Mapped[str]
    number_encrypted: Mapped[bytes]
    last4: Mapped[str]
    issuer: Mapped[str | None]
    expires_on: Mapped[date | None]
    delete_after: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("kind IN ('drivers_license', 'passport', 'school_id', 'other')", name="kind"),
    )


class TaxExemption(VersionedModel):
    """A certificate that frees an account from some or all jurisdictions (TAX-09, TAX-13)."""

    __tablename__ = "tax_exemption"

    account_id: Mapped[UUID] = tenant_fk("account", index=True)
    status: Mapped[str] = mapped_column(server_default=text("'pending'"))
    certificate_number: Mapped[str | None]
    jurisdictions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    reason_code: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    decided_by: Mapped[UUID | None] = tenant_fk("app_user", nullable=True)
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('pending', 'approved', 'revoked', 'expired')", name="status"),
        CheckConstraint("status <> 'approved' OR certificate_number IS NOT NULL", name="certificate"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )
