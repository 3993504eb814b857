"""Tables of charges on account (domain-core.md §3.9)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import LegacyMixin, Money, VersionedModel, tenant_fk


class Invoice(LegacyMixin, VersionedModel):
    """What an account owes for one on-account sale; it carries the receipt number of that sale."""

    __tablename__ = "invoice"

    account_id: Mapped[UUID] = tenant_fk("account", index=True)
    transaction_id: Mapped[UUID | None] = tenant_fk("transaction", nullable=True)
    number: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default=text("'sale'"))
    issue_date: Mapped[date]
    due_date: Mapped[date]
    subtotal: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    amount: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
    status: Mapped[str] = mapped_column(server_default=text("'open'"))

    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        Index(
            "invoice_open_idx", "company_id", "account_id", "due_date", postgresql_where=text("balance <> 0")
        ),
        CheckConstraint("amount = subtotal + tax", name="amount"),
        CheckConstraint("kind IN ('sale', 'regular', 'stub', 'manual', 'credit_note')", name="kind"),
        CheckConstraint(
            "status IN ('draft', 'open', 'partially_paid', 'paid', 'void', 'written_off')", name="status"
        ),
    )
