"""Kernel tables that every flow writes: audit, seals, idempotency, outbox (domain-core.md §3.10, runtime.md §5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from lunarfront.kernel.db import TenantModel, VersionedModel, tenant_fk


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's ``xid8``: orders rows by the transaction that wrote them (AUD-04)."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in DDL."""
        return "xid8"


class AuditLog(TenantModel):
    """Who did what, when, with old and new values (AUD-01). Never changed (AUD-03)."""

    __tablename__ = "audit_log"
    append_only = True

    xact_id: Mapped[int] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))
    occurred_at: Mapped[datetime]
    actor: Mapped[str]
    user_id: Mapped[UUID | None] = tenant_fk("app_user", nullable=True)
    terminal_id: Mapped[UUID | None] = tenant_fk("terminal", nullable=True)
    location_id: Mapped[UUID | None] = tenant_fk("location", nullable=True)
    request_id: Mapped[str | None]
    ip: Mapped[str | None] = mapped_column(INET)
    action: Mapped[str]
    entity_type: Mapped[str]
    entity_id: Mapped[UUID | None] = mapped_column(Uuid)
    old: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    new: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reason_code: Mapped[str | None]
    note: Mapped[str | None]
    approval_required: Mapped[bool] = mapped_column(server_default=text("false"))
    approval_id: Mapped[UUID | None] = tenant_fk("approval", nullable=True)

    __table_args__ = (
        Index("audit_log_entity_idx", "company_id", "entity_type", "entity_id"),
        Index("audit_log_action_idx", "company_id", "action", "occurred_at"),
    )


class AuditSeal(TenantModel):
    """Gapless number and hash of an audit row, written by the sealer after commit (AUD-04)."""

    __tablename__ = "audit_seal"
    append_only = True

    row_id: Mapped[UUID] = tenant_fk("audit_log")
    seq: Mapped[int] = mapped_column(BigInteger)
    row_hash: Mapped[bytes]
    prev_hash: Mapped[bytes]
    hash: Mapped[bytes]
    sealed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("company_id", "row_id"),
        UniqueConstraint("company_id", "seq"),
        CheckConstraint("octet_length(hash) = 32", name="hash"),
    )


class SealPending(TenantModel):
    """A committed row that waits for its seal; emptied by the sealer (AUD-04)."""

    __tablename__ = "seal_pending"

    kind: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(Uuid)
    xact_id: Mapped[int] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))

    __table_args__ = (
        CheckConstraint("kind IN ('audit', 'journal')", name="kind"),
        Index("seal_pending_order_idx", "company_id", "kind", "xact_id", "row_id"),
    )


class ChangeLog(TenantModel):
    """Field history of listed tables, for people; never the proof for money (AUD-07)."""

    __tablename__ = "change_log"

    table_name: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(Uuid)
    field: Mapped[str]
    old: Mapped[Any | None] = mapped_column(JSONB)
    new: Mapped[Any | None] = mapped_column(JSONB)
    user_id: Mapped[UUID | None] = tenant_fk("app_user", nullable=True)
    request_id: Mapped[str | None]

    __table_args__ = (Index("change_log_row_idx", "company_id", "table_name", "row_id"),)


class IdempotencyRecord(TenantModel):
    """The finished answer of a request, stored in the transaction of its effect (IDM-03)."""

    __tablename__ = "idempotency_record"

    scope: Mapped[str]
    key: Mapped[str]
    request_sha256: Mapped[str]
    response_status: Mapped[int]
    response_body: Mapped[str | None] = mapped_column(Text)
    response_type: Mapped[str]
    expires_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("company_id", "scope", "key"),
        Index("idempotency_record_expires_idx", "company_id", "expires_at"),
    )


class JobOutbox(TenantModel):
    """Work that must follow a commit: the row is the truth, the queue only wakes somebody up (runtime.md §5)."""

    __tablename__ = "job_outbox"

    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    module: Mapped[str] = mapped_column(server_default=text("'core'"))
    queue: Mapped[str] = mapped_column(server_default=text("'default'"))
    request_id: Mapped[str | None]
    run_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    lease_until: Mapped[datetime | None]
    #: Which memory of the queue the lease belongs to; none: a worker that talks to the outside holds it.
    lease_epoch: Mapped[str | None]
    parked_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None]
    dedupe_key: Mapped[str | None]

    __table_args__ = (
        Index(
            "job_outbox_due_idx",
            "run_at",
            "company_id",
            postgresql_where=text("done_at IS NULL AND failed_at IS NULL AND parked_at IS NULL"),
        ),
        Index(
            "job_outbox_dedupe_key",
            "company_id",
            "kind",
            "dedupe_key",
            unique=True,
            postgresql_where=text("dedupe_key IS NOT NULL AND done_at IS NULL"),
        ),
    )


class Schedule(VersionedModel):
    """Repeating work; the dispatcher's tick turns each due time into one outbox row (runtime.md §5)."""

    __tablename__ = "schedule"

    kind: Mapped[str]
    cron: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    next_run_at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (UniqueConstraint("company_id", "kind"),)


class UserPreference(VersionedModel):
    """What one user likes: density, start page, default location, columns of lists."""

    __tablename__ = "user_preference"

    user_id: Mapped[UUID] = tenant_fk("app_user")
    key: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)

    __table_args__ = (UniqueConstraint("company_id", "user_id", "key"),)
