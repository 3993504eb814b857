"""Use case: get the rights that an act needs, by holding them or by the PIN of somebody who does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.kernel import audit
from lunarfront.kernel.auth.models import Approval
from lunarfront.kernel.auth.passwords import verify_password
from lunarfront.kernel.auth.rights import load_rights
from lunarfront.kernel.context import CompanyContext, Rights
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.reasons import check_reason
from lunarfront.kernel.uow import UnitOfWork

LIFETIME = timedelta(minutes=10)
MAX_TRIES, WINDOW = 3, timedelta(minutes=5)


@dataclass(frozen=True)
class Need:
    """A right that an act needs.

    ``limit_name`` names the limit of ``Rights`` that was passed (``refund_limit`` …) and ``actual`` the value:
    then holding the permission is not enough, and the approver's own limit must cover the value (POS-17).
    ``limit`` is a limit of the company instead, only to be told. ``asked_of_others``: everybody who may do the act
    itself may ask for this right, held or not, so that the act is never blocked (DRW-07).
    """

    permission: str
    why: str
    limit_name: str | None = None
    actual: Decimal | None = None
    limit: Decimal | None = None
    asked_of_others: bool = False

    def met_by(self, rights: Rights) -> bool:
        """Tell whether somebody with these rights may do or approve the act."""
        if not rights.allows(self.permission):
            return False
        limit = getattr(rights, self.limit_name) if self.limit_name else None
        return limit is None or self.actual is None or self.actual <= limit

    def problem(self, rights: Rights) -> Problem:
        """Return the answer that asks for approval."""
        limit = getattr(rights, self.limit_name) if self.limit_name else self.limit
        extra = {
            "permission": self.permission,
            "limit": str(limit) if limit is not None else None,
            "actual": str(self.actual) if self.actual is not None else None,
        }
        return Problem("approval_required", f"{self.why}: this needs approval.", extra=extra)


@dataclass(frozen=True)
class Given:
    """What the approver typed: e-mail or staff number, PIN, reason."""

    user: str
    pin: str
    reason_code: str
    note: str | None = None


def given_of(body: Mapping[str, Any]) -> Given | None:
    """Return the approval that a request brings (``ApprovalIn``), if any."""
    approval = body.get("approval")
    if not approval:
        return None
    return Given(approval["user"], approval["pin"], approval["reason_code"], approval.get("note"))


def approve(
    ctx: CompanyContext,
    needs: Sequence[Need],
    given: Given | None,
    *,
    entity_type: str,
    entity_id: UUID | None,
    payload: Mapping[str, Any],
) -> dict[str, UUID]:
    """Check all needs at once and write an approval row for each that somebody else had to agree to.

    Returns:
        Permission to approval id, for the needs that were approved by PIN.

    Raises:
        Problem: ``forbidden`` when the right cannot be had by approval, ``approval_required`` without one,
            ``approval_locked`` after three wrong PINs on the terminal in five minutes.
    """
    open_needs = [need for need in needs if not need.met_by(ctx.rights)]
    if not open_needs:
        return {}
    for need in open_needs:
        if ctx.rights.effect(need.permission) is None and not need.asked_of_others:
            raise Problem(
                "forbidden", f"{need.why}: you may not do this.", extra={"permission": need.permission}
            )
    if given is None:
        raise open_needs[0].problem(ctx.rights)
    approver_id, rights = _approver(ctx, given)
    for need in open_needs:
        _check_approver(ctx, need, approver_id, rights)
    reason = check_reason(ctx, "approval", given.reason_code, given.note, "approval.reason_code")
    return {
        permission: _write(ctx, permission, approver_id, reason, given.note, entity_type, entity_id, payload)
        for permission in dict.fromkeys(need.permission for need in open_needs)
    }


def _approver(ctx: CompanyContext, given: Given) -> tuple[UUID, Rights]:
    subject = f"approval:{ctx.terminal.id if ctx.terminal else ctx.require_user().id}"
    row = ctx.uow.query(
        _APPROVER_SQL, {"company": ctx.company.id, "who": given.user.strip().lower(), "subject": subject}
    )
    tries = _recent_tries(ctx, row[0].failed, row[0].window_start)
    if tries >= MAX_TRIES:
        raise Problem("approval_locked", "Too many wrong PINs. Wait five minutes.")
    if not verify_password(row[0].pin_hash, given.pin):
        _note_failure(ctx, subject, tries)
        raise Problem(
            "approval_required",
            "The approver or the PIN is not right.",
            extra={"tries_left": MAX_TRIES - tries - 1},
        )
    return row[0].id, load_rights(ctx.uow, row[0].id)


def _recent_tries(ctx: CompanyContext, count: int | None, start: Any) -> int:
    return count if count and start > ctx.now - WINDOW else 0


def _note_failure(ctx: CompanyContext, subject: str, tries: int) -> None:
    values = {
        "company": ctx.company.id,
        "id": uuid7(),
        "subject": subject,
        "count": tries + 1,
        "now": ctx.now,
        "fresh": tries == 0,
    }

    def write(uow: UnitOfWork) -> None:
        uow.execute(_FAILURE_SQL, values)
        audit.write(
            uow,
            occurred_at=ctx.now,
            actor=ctx.actor,
            user_id=ctx.user.id if ctx.user else None,
            terminal_id=ctx.terminal.id if ctx.terminal else None,
            action="approval.pin_failed",
            entity_type="terminal",
            entity_id=ctx.terminal.id if ctx.terminal else None,
            request_id=ctx.request_id,
        )

    ctx.uow.on_failure(write)


def _check_approver(ctx: CompanyContext, need: Need, approver_id: UUID, rights: Rights) -> None:
    if ctx.location and rights.location_ids is not None and ctx.location.id not in rights.location_ids:
        raise Problem("forbidden", "The approver does not work at this location.")
    if approver_id == ctx.require_user().id and not ctx.rights.allows(need.permission):
        raise Problem("forbidden", "Somebody else must approve this.", extra={"permission": need.permission})
    if not need.met_by(rights):
        raise Problem(
            "forbidden",
            f"{need.why}: the approver may not agree to this.",
            extra={"permission": need.permission},
        )


def _write(
    ctx: CompanyContext,
    permission: str,
    approver_id: UUID,
    reason: str,
    note: str | None,
    entity_type: str,
    entity_id: UUID | None,
    payload: Mapping[str, Any],
) -> UUID:
    return ctx.uow.add(
        Approval,
        requested_by=ctx.require_user().id,
        approved_by=approver_id,
        permission=permission,
        entity_type=entity_type,
        entity_id=entity_id,
        reason_code=reason,
        note=note,
        payload=dict(payload),
        decided_at=ctx.now,
        outcome="approved",
        expires_at=ctx.now + LIFETIME,
    )


_APPROVER_SQL = """
SELECT u.id, u.pin_hash, r.count AS failed, r.window_start
FROM (SELECT 1) AS one
LEFT JOIN app_user u ON u.company_id = %(company)s AND u.is_active AND (u.email = %(who)s OR u.staff_number = %(who)s)
LEFT JOIN rate_counter r ON r.company_id = %(company)s AND r.subject = %(subject)s
"""
_FAILURE_SQL = """
INSERT INTO rate_counter (company_id, id, subject, window_start, count)
VALUES (%(company)s, %(id)s, %(subject)s, %(now)s, 1)
ON CONFLICT (company_id, subject) DO UPDATE SET
  count = CASE WHEN %(fresh)s THEN 1 ELSE rate_counter.count + 1 END,
  window_start = CASE WHEN %(fresh)s THEN %(now)s ELSE rate_counter.window_start END
"""
