"""Tables of people, rights and sign-in (domain-core.md §3.2)."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlalchemy.orm import Mapped, mapped_column

from lunarfront.kernel.db import LegacyMixin, Money, Rate, TenantModel, VersionedModel, db, tenant_fk


class User(LegacyMixin, VersionedModel):
    """A person who works here. Credentials are hashes; the table is named ``app_user``, as ``user`` is reserved."""

    __tablename__ = "app_user"

    email: Mapped[str | None]
    full_name: Mapped[str]
    can_sign_in: Mapped[bool] = mapped_column(server_default=text("true"))
    password_hash: Mapped[str | None]
    staff_number: Mapped[str | None]
    pin_hash: Mapped[str | None]
    badge_hash: Mapped[bytes | None]
    locale: Mapped[str | None]
    theme: Mapped[str] = mapped_column(server_default=text("'system'"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    archived_at: Mapped[datetime | None]
    failed_logins: Mapped[int] = mapped_column(server_default=text("0"))
    locked_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    mfa_secret: Mapped[bytes | None]
    mfa_last_step: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("company_id", "email"),
        UniqueConstraint("company_id", "staff_number"),
        Index("app_user_email_idx", "email"),
        CheckConstraint("email = lower(email)", name="email"),
        CheckConstraint(
            "NOT can_sign_in OR (email IS NOT NULL AND password_hash IS NOT NULL)", name="sign_in"
        ),
        CheckConstraint("staff_number ~ '^[0-9]{4}$'", name="staff_number"),
        CheckConstraint("theme IN ('system', 'light', 'dark', 'contrast')", name="theme"),
    )


class UserLocation(TenantModel):
    """Limits a user to some locations; no rows mean all."""

    __tablename__ = "user_location"

    user_id: Mapped[UUID] = tenant_fk("app_user")
    location_id: Mapped[UUID] = tenant_fk("location")

    __table_args__ = (UniqueConstraint("company_id", "user_id", "location_id"),)


class Role(VersionedModel):
    """A named set of permissions with limits; null means no limit (USR-09)."""

    __tablename__ = "role"

    code: Mapped[str]
    name: Mapped[str]
    is_system: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    discount_percent_limit: Mapped[Decimal | None] = mapped_column(Rate)
    discount_amount_limit: Mapped[Decimal | None] = mapped_column(Money)
    refund_limit: Mapped[Decimal | None] = mapped_column(Money)
    trade_in_limit: Mapped[Decimal | None] = mapped_column(Money)

    __table_args__ = (UniqueConstraint("company_id", "code"),)


class RolePermission(TenantModel):
    """A permission of a role: ``allow``, or ``approval`` (somebody who may must agree)."""

    __tablename__ = "role_permission"

    role_id: Mapped[UUID] = tenant_fk("role")
    permission: Mapped[str]
    effect: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("company_id", "role_id", "permission"),
        CheckConstraint("effect IN ('allow', 'approval')", name="effect"),
    )


class UserRole(TenantModel):
    """A role that a user holds; many per user."""

    __tablename__ = "user_role"

    user_id: Mapped[UUID] = tenant_fk("app_user")
    role_id: Mapped[UUID] = tenant_fk("role", index=True)

    __table_args__ = (UniqueConstraint("company_id", "user_id", "role_id"),)


class PermissionGrant(VersionedModel):
    """A refinement for one user; deny wins (USR-03)."""

    __tablename__ = "permission_grant"

    user_id: Mapped[UUID] = tenant_fk("app_user")
    permission: Mapped[str]
    effect: Mapped[str]

    __table_args__ = (
        UniqueConstraint("company_id", "user_id", "permission"),
        CheckConstraint("effect IN ('allow', 'deny', 'approval')", name="effect"),
    )


class AuthSession(TenantModel):
    """A sign-in, checked on every request, so that it can be ended at once (SEC-22, SEC-24)."""

    __tablename__ = "auth_session"

    user_id: Mapped[UUID] = tenant_fk("app_user", index=True)
    kind: Mapped[str]
    id_hash: Mapped[bytes]
    terminal_id: Mapped[UUID | None] = tenant_fk("terminal", nullable=True)
    last_seen_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    authenticated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    ip: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("company_id", "id_hash"),
        CheckConstraint("kind IN ('web', 'api', 'pin')", name="kind"),
    )


class RefreshToken(TenantModel):
    """One link of a rotating family; using an old one ends the family and its session (SEC-24)."""

    __tablename__ = "refresh_token"

    session_id: Mapped[UUID] = tenant_fk("auth_session", index=True)
    family: Mapped[UUID] = mapped_column(Uuid)
    hash: Mapped[bytes]
    used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("company_id", "hash"),)


class ApiToken(TenantModel):
    """A personal or integration token: opaque, stored hashed, shown once (SEC-24)."""

    __tablename__ = "api_token"

    user_id: Mapped[UUID] = tenant_fk("app_user", index=True)
    name: Mapped[str]
    hash: Mapped[bytes]
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    terminal_id: Mapped[UUID | None] = tenant_fk("terminal", nullable=True)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("company_id", "hash"),)


class PasswordReset(TenantModel):
    """A reset link: single use, stored hashed (SEC-20)."""

    __tablename__ = "password_reset"

    user_id: Mapped[UUID] = tenant_fk("app_user")
    hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("company_id", "hash"),)


class MfaRecoveryCode(TenantModel):
    """A code that replaces the authenticator once; stored hashed (SEC-29)."""

    __tablename__ = "mfa_recovery_code"

    user_id: Mapped[UUID] = tenant_fk("app_user")
    hash: Mapped[bytes]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("company_id", "user_id", "hash"),)


class RateCounter(TenantModel):
    """Failures in a window, kept in PostgreSQL so that limits never open when the cache is away (SEC-21)."""

    __tablename__ = "rate_counter"

    subject: Mapped[str]
    window_start: Mapped[datetime]
    count: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (UniqueConstraint("company_id", "subject"),)


class Approval(TenantModel):
    """That somebody who may agreed to exactly this payload; immutable, used once (USR-04, USR-05)."""

    __tablename__ = "approval"
    append_only = True

    requested_by: Mapped[UUID] = tenant_fk("app_user")
    approved_by: Mapped[UUID] = tenant_fk("app_user")
    permission: Mapped[str]
    entity_type: Mapped[str]
    entity_id: Mapped[UUID | None] = mapped_column(Uuid)
    reason_code: Mapped[str]
    note: Mapped[str | None]
    payload: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]
    outcome: Mapped[str]
    expires_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("outcome IN ('approved', 'denied')", name="outcome"),)


class AddressCounter(db.Model):  # type: ignore[name-defined]
    """Tries from one network address in a window, before any company is known (SEC-21)."""

    __tablename__ = "address_counter"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    address: Mapped[str] = mapped_column(Text, primary_key=True)
    window_start: Mapped[datetime]
    count: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (Index("address_counter_window_idx", "window_start"),)
