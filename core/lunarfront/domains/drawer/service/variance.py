"""Agreeing to over and short (DRW-07): reason, note, approval above the limit, and its entry (JE-21)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.drawer import journal
from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.domains.drawer.service.till import Place, post
from lunarfront.kernel.approvals import Need, approve, given_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import invalid
from lunarfront.kernel.reasons import check_reason


def settle_variance(
    ctx: CompanyContext, place: Place, session: DrawerSession, body: Mapping[str, Any]
) -> None:
    """Take reason, note and approval of a counted session's difference, and post it.

    Raises:
        Problem: ``reason_required``, ``note_required``, ``approval_required`` above ``variance_limit``. The amount
            itself never blocks the close.
    """
    difference = session.over_short
    if not difference:
        return
    session.variance_reason_code = _reason(ctx, difference, body)
    session.variance_note = body.get("variance_note")
    session.approval_id = _approval(ctx, session, difference, body)
    post(
        ctx,
        place,
        ("drawer_session", session.id),
        journal.variance_postings(difference, place.cash, place.location.id),
        event_type="drawer_variance",
        memo=session.variance_note or "Cash over or short",
        payload={"reason_code": session.variance_reason_code, "note": session.variance_note},
        approval_id=session.approval_id,
    )


def _limit(ctx: CompanyContext) -> Decimal:
    return Decimal(ctx.setting("variance_limit"))


def _reason(ctx: CompanyContext, difference: Decimal, body: Mapping[str, Any]) -> str | None:
    code, note = body.get("variance_reason_code"), body.get("variance_note")
    above = abs(difference) > _limit(ctx)
    if not code and not above:
        return None
    reason = check_reason(ctx, "variance", code, note, "variance_reason_code")
    if above and not note:
        raise invalid("variance_note", "note_required", f"A difference above {_limit(ctx)} needs a note.")
    return reason


def _approval(
    ctx: CompanyContext, session: DrawerSession, difference: Decimal, body: Mapping[str, Any]
) -> UUID | None:
    limit = _limit(ctx)
    if abs(difference) <= limit:
        return None
    why = f"The drawer is {'over' if difference > 0 else 'short'} by {abs(difference)}"
    approvals = approve(
        ctx,
        [Need("drawer.variance.approve", why, actual=abs(difference), limit=limit, asked_of_others=True)],
        given_of(body),
        entity_type="drawer_session",
        entity_id=session.id,
        payload={"counted": str(session.counted_total), "over_short": str(difference)},
    )
    ctx.uow.flush()  # the session's row refers to the approval
    return approvals.get("drawer.variance.approve")
