"""Tables of accounting (domain-core.md §3.9). Posted rows never change (AUD-03, SEC-13)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func, literal_column

from lunarfront.kernel.db import Pool, TenantModel, VersionedModel, tenant_fk
from lunarfront.kernel.records import TransactionId


class AccountCode(VersionedModel):
    """An account of the chart. Rules use ``role``, never ``code`` (ACC-05)."""

    __tablename__ = "account_code"

    code: Mapped[str]
    name: Mapped[str]
    type: Mapped[str]
    role: Mapped[str | None]
    quickbooks_account_name: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    is_system: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        UniqueConstraint("company_id", "role"),
        CheckConstraint("char_length(code) BETWEEN 1 AND 8", name="code"),
        CheckConstraint(
            "type IN ('asset', 'liability', 'equity', 'revenue', 'contra_revenue', 'cogs', 'expense')",
            name="type",
        ),
    )


class JournalEntry(TenantModel):
    """A balanced entry, immutable once posted; reversed when another entry names it (ACC-07)."""

    __tablename__ = "journal_entry"
    append_only = True

    xact_id: Mapped[int] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))
    entry_date: Mapped[date]
    event_type: Mapped[str]
    event_id: Mapped[UUID] = mapped_column(Uuid)
    idempotency_key: Mapped[str]
    memo: Mapped[str | None]
    reverses_id: Mapped[UUID | None] = tenant_fk("journal_entry", nullable=True)
    original_event_date: Mapped[date | None]
    total_debits: Mapped[Decimal] = mapped_column(Pool)
    total_credits: Mapped[Decimal] = mapped_column(Pool)
    created_by: Mapped[UUID | None] = tenant_fk("app_user", nullable=True)
    approval_id: Mapped[UUID | None] = tenant_fk("approval", nullable=True)
    is_manual: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        UniqueConstraint("company_id", "idempotency_key"),
        UniqueConstraint("company_id", "reverses_id"),
        Index("journal_entry_date_idx", "company_id", "entry_date", "id"),
        Index("journal_entry_event_idx", "company_id", "event_type", "event_id"),
        CheckConstraint("total_debits = total_credits AND total_debits > 0", name="balanced"),
    )


class JournalEntryLine(TenantModel):
    """One side of an entry: exactly one of debit and credit is above zero (ACC-04)."""

    __tablename__ = "journal_entry_line"
    append_only = True

    entry_id: Mapped[UUID] = tenant_fk("journal_entry")
    line_no: Mapped[int]
    account_code_id: Mapped[UUID] = tenant_fk("account_code")
    debit: Mapped[Decimal] = mapped_column(Pool)
    credit: Mapped[Decimal] = mapped_column(Pool)
    location_id: Mapped[UUID] = tenant_fk("location")
    account_id: Mapped[UUID | None] = tenant_fk("account", nullable=True)
    supplier_id: Mapped[UUID | None] = tenant_fk("supplier", nullable=True)
    tax_component_id: Mapped[UUID | None] = tenant_fk("tax_component", nullable=True)
    memo: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("company_id", "entry_id", "line_no"),
        Index("journal_entry_line_account_idx", "company_id", "account_code_id", "id"),
        CheckConstraint("debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)", name="one_side"),
    )


class JournalSeal(TenantModel):
    """Gapless number and hash of an entry, written by the sealer after commit (ACC-23)."""

    __tablename__ = "journal_seal"
    append_only = True

    entry_id: Mapped[UUID] = tenant_fk("journal_entry")
    number: Mapped[int] = mapped_column(BigInteger)
    row_hash: Mapped[bytes]
    prev_hash: Mapped[bytes]
    hash: Mapped[bytes]
    sealed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("company_id", "entry_id"),
        UniqueConstraint("company_id", "number"),
        CheckConstraint("octet_length(hash) = 32", name="hash"),
    )


class FinancialEvent(TenantModel):
    """What happened, in the words of the flow; posting turns it into exactly one entry (ACC-01)."""

    __tablename__ = "financial_event"
    append_only = True

    event_type: Mapped[str]
    source_type: Mapped[str]
    source_id: Mapped[UUID] = mapped_column(Uuid)
    payload: Mapped[dict[str, Any]]
    business_date: Mapped[date]
    posted_entry_id: Mapped[UUID | None] = tenant_fk("journal_entry", nullable=True)
    error: Mapped[str | None]

    __table_args__ = (Index("financial_event_source_idx", "company_id", "source_type", "source_id"),)


class AccountingPeriod(VersionedModel):
    """A month of the books; no overlaps (ACC-08)."""

    __tablename__ = "accounting_period"

    starts_on: Mapped[date]
    ends_on: Mapped[date]
    status: Mapped[str] = mapped_column(server_default=text("'open'"))
    closed_by: Mapped[UUID | None] = tenant_fk("app_user", nullable=True)
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('open', 'soft_closed', 'locked')", name="status"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        ExcludeConstraint(
            (literal_column("company_id"), "="),
            (
                func.daterange(
                    literal_column("starts_on"),
                    literal_column("ends_on"),
                    literal_column("'[]'"),
                    type_=DATERANGE,
                ),
                "&&",
            ),
            name="accounting_period_dates_excl",
        ),
    )
