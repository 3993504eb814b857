"""Use cases: close a counted drawer, and force a drawer closed that was left behind (DRW-07, DRW-09 to DRW-13)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.domains.drawer import journal
from lunarfront.domains.drawer.models import Drawer, DrawerMovement, DrawerSession
from lunarfront.domains.drawer.queries.carts import lock_open_carts
from lunarfront.domains.drawer.queries.cash import expected_of
from lunarfront.domains.drawer.queries.report import session_report
from lunarfront.domains.drawer.service.counting import enter_count
from lunarfront.domains.drawer.service.till import (
    Place,
    check_amount,
    find_session,
    lock_drawer,
    lock_session,
    place_of,
    post,
)
from lunarfront.domains.drawer.service.variance import settle_variance
from lunarfront.kernel import audit
from lunarfront.kernel.auth.models import User
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import Problem, invalid

_HOLD_SQL = """
UPDATE transaction SET status = 'held', held_at = %(now)s, version = version + 1, updated_at = now()
WHERE company_id = %(company)s AND id = ANY(%(ids)s::uuid[])
"""


def close_drawer(
    ctx: CompanyContext, session_id: UUID, body: Mapping[str, Any], audit_head: str | None = None
) -> DrawerSession:
    """Close a counted drawer: post over or short, drop what does not stay, write the Z report.

    Args:
        ctx: the context.
        session_id: a session in the state ``counting``.
        body: ``left_in_drawer`` (default: the drawer's float, as far as it was counted), reason, note, approval.
        audit_head: head of the sealed audit trail, printed on the Z report.

    Raises:
        Problem: ``conflict`` while money hangs on a cart that is not completed (DRW-09), ``invalid_transition``,
            ``approval_required``, ``reason_required``, ``note_required``, ``validation_failed``.
    """
    session = _begin(ctx, session_id, "counting")
    place = place_of(ctx, session.location_id)
    settle_variance(ctx, place, session, body)
    drawer = lock_drawer(ctx, session.drawer_id)
    _set_aside(ctx, place, session, drawer, body.get("left_in_drawer"))
    _finish(ctx, place, session, drawer, audit_head)
    _record(ctx, session, "drawer.closed")
    return session


def force_close(
    ctx: CompanyContext, session_id: UUID, body: Mapping[str, Any], audit_head: str | None = None
) -> DrawerSession:
    """Close a drawer that was left behind (DRW-13).

    Counted by two people (``counted_with_id`` is the second), or not counted: then over/short stays pending, what
    should be in the drawer counts as left, and the next opening's count posts the difference (DRW-02).

    Raises:
        Problem: as ``close_drawer``; ``validation_failed`` when the second person is missing or the same.
    """
    session = _begin(ctx, session_id, "open", "counting")
    place = place_of(ctx, session.location_id)
    session.forced = True
    if body["counted"]:
        _check_second(ctx, body.get("counted_with_id"))
        enter_count(ctx, session, body)
        settle_variance(ctx, place, session, body)
    else:
        _leave_uncounted(ctx, session, body)
    drawer = lock_drawer(ctx, session.drawer_id)
    if body["counted"]:
        _set_aside(ctx, place, session, drawer, body.get("left_in_drawer"))
    _finish(ctx, place, session, drawer, audit_head)
    _record(
        ctx, session, "drawer.force_closed", note=body["note"], counted_with_id=body.get("counted_with_id")
    )
    return session


def _begin(ctx: CompanyContext, session_id: UUID, *statuses: str) -> DrawerSession:
    """Lock carts, then the session (OCC-02); put carts aside that nothing was paid on (DRW-09)."""
    carts = lock_open_carts(ctx, find_session(ctx, session_id).terminal_id)
    session = lock_session(ctx, session_id, *statuses)
    unfinished = [cart.id for cart in carts if cart.captured]
    if unfinished:
        raise Problem(
            "conflict",
            "A payment was taken for a sale that is not completed. Complete or cancel it first.",
            extra={"transaction_ids": [str(cart_id) for cart_id in unfinished]},
        )
    pending = [cart.id for cart in carts if cart.status == "pending"]
    if pending:
        ctx.uow.execute(_HOLD_SQL, {"company": ctx.company.id, "ids": pending, "now": ctx.now})
    for cart_id in pending:
        audit.record(
            ctx, "pos.cart.held", "transaction", cart_id, old={"status": "pending"}, new={"status": "held"}
        )
    return session


def _check_second(ctx: CompanyContext, user_id: UUID | None) -> None:
    if user_id is None or user_id == ctx.require_user().id:
        raise invalid("counted_with_id", "validation_failed", "Name the second person who counted.")
    second = ctx.uow.session.get(User, {"company_id": ctx.company.id, "id": user_id})
    if second is None or not second.is_active:
        raise invalid("counted_with_id", "not_found", "There is no such active user.")


def _leave_uncounted(ctx: CompanyContext, session: DrawerSession, body: Mapping[str, Any]) -> None:
    for name in ("counted_total", "denominations", "left_in_drawer", "counted_with_id"):
        if body.get(name) is not None:
            raise invalid(name, "validation_failed", "Nothing was counted.")
    session.counted_total = session.over_short = session.closing_denominations = None
    session.expected_total = session.left_in_drawer = expected_of(ctx, session)
    session.deposited = ZERO


def _set_aside(
    ctx: CompanyContext, place: Place, session: DrawerSession, drawer: Drawer, left: Decimal | None
) -> None:
    """What stays and what goes to the safe add up to what was counted (DRW-11)."""
    counted = session.counted_total
    if counted is None:
        raise Problem("invalid_transition", "Count the drawer first.", extra={"state": session.status})
    left = min(drawer.default_float, counted) if left is None else left
    check_amount(ctx, "left_in_drawer", left)
    if left > counted:
        raise invalid("left_in_drawer", "validation_failed", f"Only {counted} was counted.")
    session.left_in_drawer, session.deposited = left, counted - left
    if session.deposited:
        _drop(ctx, place, session, session.deposited)


def _drop(ctx: CompanyContext, place: Place, session: DrawerSession, amount: Decimal) -> None:
    contra = journal.CONTRA_ROLES["close_drop"]
    movement_id = ctx.uow.add(
        DrawerMovement,
        drawer_session_id=session.id,
        location_id=session.location_id,
        kind="close_drop",
        amount=amount,
        contra_account=contra,
        user_id=ctx.require_user().id,
        business_date=place.today,
        occurred_at=ctx.now,
    )
    post(
        ctx,
        place,
        ("drawer_movement", movement_id),
        journal.movement_postings("close_drop", amount, place.cash, contra, place.location.id),
        event_type="drawer_close_drop",
        memo="Drop at close",
    )


def _finish(
    ctx: CompanyContext, place: Place, session: DrawerSession, drawer: Drawer, audit_head: str | None
) -> None:
    """Give the Z number under the drawer's lock, and keep the report as it is now (DRW-06)."""
    ctx.uow.flush()
    drawer.z_counter += 1
    drawer.last_left = session.left_in_drawer or ZERO
    session.status, session.z_number = "closed", drawer.z_counter
    session.closed_by, session.closed_at = ctx.require_user().id, ctx.now
    session.closing_date = place.today
    session.z_report = session_report(ctx, session) | {"audit_head": audit_head}
    ctx.uow.flush()


def _record(
    ctx: CompanyContext, session: DrawerSession, action: str, *, note: str | None = None, **more: Any
) -> None:
    names = "z_number counted_total expected_total over_short left_in_drawer deposited forced".split()
    figures = {name: getattr(session, name) for name in names}
    audit.record(
        ctx, action, "drawer_session", session.id, new=figures | more,
        reason_code=session.variance_reason_code, note=note or session.variance_note,
        approval_id=session.approval_id,
    )  # fmt: skip
