"""Use cases: count a drawer before it closes, and give the count up (DRW-04, DRW-07, DRW-08)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.domains.drawer.queries.cash import expected_of
from lunarfront.domains.drawer.rules.cash import MAX_COUNTS
from lunarfront.domains.drawer.rules.denominations import checked_pieces, counted_total
from lunarfront.domains.drawer.service.till import check_amount, lock_session
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem

_COUNT_FIELDS = (
    "first_count",
    "count_tries",
    "counted_total",
    "closing_denominations",
    "expected_total",
    "over_short",
)


def count_drawer(ctx: CompanyContext, session_id: UUID, body: Mapping[str, Any]) -> DrawerSession:
    """Enter a count: the drawer takes no cash until it is closed or taken up again.

    The first count and the last one are both kept; one recount is allowed (DRW-08).

    Raises:
        Problem: ``denominations_mismatch``, ``conflict`` after the recount, ``invalid_transition`` when closed.
    """
    session = lock_session(ctx, session_id, "open", "counting")
    if session.count_tries >= MAX_COUNTS:
        raise Problem("conflict", "The drawer was counted twice; close it with the last count.")
    enter_count(ctx, session, body)
    audit.record(
        ctx,
        "drawer.counted",
        "drawer_session",
        session.id,
        new={
            "try": session.count_tries,
            "counted": session.counted_total,
            "expected": session.expected_total,
        },
    )
    return session


def enter_count(ctx: CompanyContext, session: DrawerSession, body: Mapping[str, Any]) -> None:
    """Set what was counted, what is expected, and the difference."""
    given = body.get("denominations")
    pieces = checked_pieces(ctx.company.currency, given) if given else None
    counted = counted_total("counted_total", body.get("counted_total"), pieces)
    check_amount(ctx, "counted_total", counted)
    session.status = "counting"
    session.first_count = counted if session.count_tries == 0 else session.first_count
    session.count_tries += 1
    session.counted_total, session.closing_denominations = counted, pieces
    session.expected_total = expected_of(ctx, session)
    session.over_short = counted - session.expected_total
    ctx.uow.session.flush()


def resume_drawer(ctx: CompanyContext, session_id: UUID) -> DrawerSession:
    """Give the count up and sell on; what was counted stays in the audit trail.

    Raises:
        Problem: ``invalid_transition`` unless it is being counted.
    """
    session = lock_session(ctx, session_id, "counting")
    given_up = {name: getattr(session, name) for name in _COUNT_FIELDS}
    session.status, session.count_tries, session.closing_denominations = "open", 0, None
    session.first_count = session.counted_total = session.expected_total = session.over_short = None
    audit.record(ctx, "drawer.count_abandoned", "drawer_session", session.id, old=given_up)
    ctx.uow.session.flush()
    return session
