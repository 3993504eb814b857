"""The audit trail: one row per act, written in the transaction of the act (AUD-01 to AUD-06)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.records import AuditLog, SealPending
from lunarfront.kernel.uow import UnitOfWork

#: Never written to the trail, whatever a caller passes (AUD-02).
SECRET_FIELDS = frozenset(
    "password password_hash pin pin_hash badge_hash token hash id_hash mfa_secret number_encrypted card".split()
)


def record(
    ctx: CompanyContext,
    action: str,
    entity_type: str,
    entity_id: UUID | None,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason_code: str | None = None,
    note: str | None = None,
    approval_id: UUID | None = None,
    approval_required: bool = False,
) -> UUID:
    """Collect an audit row for the act ``action`` (dotted, such as ``pos.discount.applied``).

    ``old`` and ``new`` hold changed fields only; secrets are dropped. The sealer numbers and chains the row
    after commit (AUD-04).
    """
    return write(
        ctx.uow,
        occurred_at=ctx.now,
        actor=ctx.actor,
        user_id=ctx.user.id if ctx.user else None,
        terminal_id=ctx.terminal.id if ctx.terminal else None,
        location_id=ctx.location.id if ctx.location else None,
        request_id=ctx.request_id,
        ip=ctx.ip,
        action=action,
        entity_type=entity_type,
        entity_id=entity_id,
        old=_clean(old),
        new=_clean(new),
        reason_code=reason_code,
        note=note,
        approval_required=approval_required or approval_id is not None,
        approval_id=approval_id,
    )


def write(uow: UnitOfWork, **row: Any) -> UUID:
    """Collect an audit row with its seal mark; for acts without a context, such as a failed sign-in."""
    row_id = uow.add(AuditLog, **row)
    uow.add(SealPending, kind="audit", row_id=row_id)
    return row_id


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return ``old`` and ``new`` of the fields that differ."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def _clean(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: plain(value) for name, value in values.items() if name not in SECRET_FIELDS}


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: decimals and ids as text, secrets left out."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _clean(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value
