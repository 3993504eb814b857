"""Table of store credit (domain-core.md §3.6, POS-35): entries only, the balance is the last one's."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import Money, Pool, TenantModel, VersionedModel, tenant_fk


class StoreCredit(VersionedModel):
    """The store credit of one account; the row that is locked when its balance changes (OCC-02)."""

    __tablename__ = "store_credit"

    account_id: Mapped[UUID] = tenant_fk("account")
    balance: Mapped[Decimal] = mapped_column(Pool, server_default=text("0"))

    __table_args__ = (
        Index("store_credit_account_key", "company_id", "account_id", unique=True),
        CheckConstraint("balance >= 0", name="balance"),
    )


class StoredValueEntry(TenantModel):
    """One change of a stored value, with the balance after it."""

    __tablename__ = "stored_value_entry"
    append_only = True

    store_credit_id: Mapped[UUID] = tenant_fk("store_credit", index=True)
    kind: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Money)
    balance_after: Mapped[Decimal] = mapped_column(Pool)
    transaction_id: Mapped[UUID | None] = tenant_fk("transaction", nullable=True)
    user_id: Mapped[UUID] = tenant_fk("app_user")

    __table_args__ = (
        CheckConstraint("balance_after >= 0", name="balance_after"),
        CheckConstraint(
            "kind IN ('issue', 'reload', 'redeem', 'refund', 'adjust', 'expire', 'cash_out')", name="kind"
        ),
    )
