"""Tables of the cash drawer (domain-core.md §3.7)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import Money, TenantModel, VersionedModel, tenant_fk


class Drawer(VersionedModel):
    """A cash drawer of a location. ``last_left`` is what the last close left in it (DRW-02)."""

    __tablename__ = "drawer"

    location_id: Mapped[UUID] = tenant_fk("location")
    name: Mapped[str]
    default_float: Mapped[Decimal] = mapped_column(Money, server_default=text("0"))
    last_left: Mapped[Decimal] = mapped_column(Money, server_default=text("0"))
    z_counter: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (UniqueConstraint("company_id", "location_id", "name"),)


class DrawerSession(VersionedModel):
    """One shift of a drawer, from counted float to counted close (DRW rules)."""

    __tablename__ = "drawer_session"

    drawer_id: Mapped[UUID] = tenant_fk("drawer")
    terminal_id: Mapped[UUID] = tenant_fk("terminal")
    location_id: Mapped[UUID] = tenant_fk("location")
    status: Mapped[str]
    opened_by: Mapped[UUID] = tenant_fk("app_user")
    opened_at: Mapped[datetime]
    business_date: Mapped[date]
    opening_float: Mapped[Decimal] = mapped_column(Money)
    opening_denominations: Mapped[dict[str, Any] | None]
    opening_variance: Mapped[Decimal] = mapped_column(Money, server_default=text("0"))
    closed_by: Mapped[UUID | None] = tenant_fk("app_user", nullable=True)
    closed_at: Mapped[datetime | None]
    closing_date: Mapped[date | None]
    first_count: Mapped[Decimal | None] = mapped_column(Money)
    count_tries: Mapped[int] = mapped_column(server_default=text("0"))
    counted_total: Mapped[Decimal | None] = mapped_column(Money)
    closing_denominations: Mapped[dict[str, Any] | None]
    expected_total: Mapped[Decimal | None] = mapped_column(Money)
    over_short: Mapped[Decimal | None] = mapped_column(Money)
    variance_reason_code: Mapped[str | None]
    variance_note: Mapped[str | None]
    approval_id: Mapped[UUID | None] = tenant_fk("approval", nullable=True)
    z_number: Mapped[int | None] = mapped_column(BigInteger)
    z_report: Mapped[dict[str, Any] | None]
    left_in_drawer: Mapped[Decimal | None] = mapped_column(Money)
    deposited: Mapped[Decimal | None] = mapped_column(Money)
    forced: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        Index(
            "drawer_session_open_key",
            "company_id",
            "drawer_id",
            unique=True,
            postgresql_where=text("status <> 'closed'"),
        ),
        Index(
            "drawer_session_terminal_key",
            "company_id",
            "terminal_id",
            unique=True,
            postgresql_where=text("status <> 'closed'"),
        ),
        UniqueConstraint("company_id", "drawer_id", "z_number"),
        CheckConstraint("status IN ('open', 'counting', 'closed')", name="status"),
    )


class DrawerMovement(TenantModel):
    """One cash effect; amounts are positive, the formula of DRW-05 gives the sign."""

    __tablename__ = "drawer_movement"
    append_only = True

    drawer_session_id: Mapped[UUID] = tenant_fk("drawer_session")
    location_id: Mapped[UUID] = tenant_fk("location")
    kind: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Money)
    contra_account: Mapped[str | None]
    reason_code: Mapped[str | None]
    note: Mapped[str | None]
    tender_id: Mapped[UUID | None] = tenant_fk("tender", nullable=True)
    user_id: Mapped[UUID] = tenant_fk("app_user")
    approval_id: Mapped[UUID | None] = tenant_fk("approval", nullable=True)
    business_date: Mapped[date]
    occurred_at: Mapped[datetime]

    __table_args__ = (
        Index("drawer_movement_session_idx", "company_id", "drawer_session_id", "id"),
        CheckConstraint("amount >= 0", name="amount"),
    )
