"""Use case: record cash that comes and goes without a sale, and no-sale openings (DRW-03, POS-23, JE-24, JE-19)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.drawer import journal
from lunarfront.domains.drawer.models import DrawerMovement, DrawerSession
from lunarfront.domains.drawer.queries.accounts import account_role
from lunarfront.domains.drawer.service.till import Place, check_amount, lock_session, place_of, post
from lunarfront.domains.ledger.chart import CONTROL_ROLES
from lunarfront.kernel import audit
from lunarfront.kernel.approvals import Need, approve, given_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import invalid
from lunarfront.kernel.reasons import check_reason

PERMISSIONS = {
    "paid_in": "drawer.paid_in_out",
    "paid_out": "drawer.paid_in_out",
    "tip_payout": "drawer.paid_in_out",
    "drop": "drawer.drop",
    "float": "drawer.drop",
    "no_sale": "drawer.no_sale",
}
#: A float from the safe is explained like any other cash paid in.
REASON_KINDS = {"float": "paid_in"}
WORDS = {
    "paid_in": "Paid in",
    "paid_out": "Paid out",
    "tip_payout": "Tips paid out",
    "drop": "Drop to the safe",
    "float": "Float from the safe",
    "no_sale": "Opening the drawer without a sale",
}


def record_movement(ctx: CompanyContext, session_id: UUID, body: Mapping[str, Any]) -> dict[str, Any]:
    """Record a movement, post it, and return its row.

    Raises:
        Problem: ``drawer_not_open`` for a closed drawer (DRW-10), ``invalid_transition`` while it is counted,
            ``reason_required``, ``note_required``, ``approval_required``, ``forbidden``, ``validation_failed``.
    """
    kind = body["kind"]
    amount = _amount(ctx, kind, body.get("amount"))
    session = lock_session(ctx, session_id, "open")
    place = place_of(ctx, session.location_id)
    reason = check_reason(ctx, REASON_KINDS.get(kind, kind), body.get("reason_code"), body.get("note"))
    contra = _contra(ctx, kind, body.get("contra_account"))
    approvals = _agree(ctx, session, kind, amount, contra, body)
    approval_id = next(iter(approvals.values()), None)
    row = {
        "id": uuid7(),
        "drawer_session_id": session.id,
        "location_id": session.location_id,
        "kind": kind,
        "amount": amount,
        "contra_account": contra,
        "reason_code": reason,
        "note": body.get("note"),
        "user_id": ctx.require_user().id,
        "approval_id": approval_id,
        "business_date": place.today,
        "occurred_at": ctx.now,
    }
    ctx.uow.add(DrawerMovement, **row)
    _post(ctx, place, row)
    audit.record(
        ctx, f"drawer.{kind}", "drawer_session", session.id, new={"amount": amount, "contra_account": contra},
        reason_code=reason, note=body.get("note"), approval_id=approval_id,
    )  # fmt: skip
    ctx.uow.flush()
    return row


def _amount(ctx: CompanyContext, kind: str, amount: Decimal | None) -> Decimal:
    if kind == "no_sale":
        if amount:
            raise invalid("amount", "validation_failed", "Opening the drawer without a sale moves no cash.")
        return ZERO
    if not amount:
        raise invalid("amount", "validation_failed", "Say how much cash moves.")
    check_amount(ctx, "amount", amount)
    return amount


def _contra(ctx: CompanyContext, kind: str, chosen: str | None) -> str | None:
    """The other side of the entry: for paid in and paid out an account of the chart, by role or code."""
    if chosen is None or kind not in ("paid_in", "paid_out"):
        if chosen is not None:
            raise invalid(
                "contra_account", "validation_failed", "Only paid in and paid out choose an account."
            )
        return journal.CONTRA_ROLES.get(kind)
    role = account_role(ctx, chosen)
    if role is None:
        raise invalid("contra_account", "not_found", "The chart has no such active account.")
    if role in CONTROL_ROLES and not ctx.rights.allows("accounting.control"):
        raise invalid("contra_account", "forbidden", "This account is kept by the system.")
    return role


def _agree(
    ctx: CompanyContext,
    session: DrawerSession,
    kind: str,
    amount: Decimal,
    contra: str | None,
    body: Mapping[str, Any],
) -> dict[str, UUID]:
    return approve(
        ctx,
        _needs(ctx, kind, amount),
        given_of(body),
        entity_type="drawer_session",
        entity_id=session.id,
        payload={"kind": kind, "amount": str(amount), "contra_account": contra},
    )


def _needs(ctx: CompanyContext, kind: str, amount: Decimal) -> list[Need]:
    """The right of the kind; paid out above the limit also needs somebody who may agree to missing cash (DRW-03)."""
    needs = [Need(PERMISSIONS[kind], WORDS[kind])]
    limit = Decimal(ctx.setting("drawer_paid_out_limit"))
    if kind == "paid_out" and amount > limit:
        why = f"Paid out above {limit}"
        needs.append(Need("drawer.variance.approve", why, actual=amount, limit=limit, asked_of_others=True))
    return needs


def _post(ctx: CompanyContext, place: Place, row: Mapping[str, Any]) -> None:
    kind, contra = row["kind"], row["contra_account"]
    if contra is None:
        return
    post(
        ctx,
        place,
        ("drawer_movement", row["id"]),
        journal.movement_postings(kind, row["amount"], place.cash, contra, place.location.id),
        event_type=f"drawer_{kind}",
        memo=row["note"] or WORDS[kind],
        approval_id=row["approval_id"],
    )
