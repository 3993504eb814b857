"""The drawer of a terminal: its session, movements, and what stands in it before opening."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.drawer.models import Drawer, DrawerMovement, DrawerSession
from lunarfront.kernel.context import CompanyContext, TerminalInfo
from lunarfront.web.reads.names import reason_labels, user_names

Row = dict[str, Any]
OUTGOING = frozenset({"refund", "paid_out", "drop", "tip_payout", "close_drop"})
LONGEST_SHIFT = timedelta(hours=24)
SESSION_FIELDS = (
    "id status business_date opened_at opening_float opening_variance counted_total expected_total over_short "
    "count_tries"
).split()


def drawers_of(ctx: CompanyContext, terminal: TerminalInfo) -> list[Row]:
    """Return the terminal's own drawer, or all active ones of its location when it has none."""
    statement = select(Drawer).where(Drawer.is_active)
    if terminal.drawer_id is not None:
        statement = statement.where(Drawer.id == terminal.drawer_id)
    elif ctx.location is not None:
        statement = statement.where(Drawer.location_id == ctx.location.id)
    rows = ctx.uow.session.execute(statement.order_by(Drawer.name)).scalars()
    return [{"id": row.id, "name": row.name, "left_in_drawer": row.last_left} for row in rows]


def current_session(ctx: CompanyContext, terminal: TerminalInfo) -> Row | None:
    """Return the session of a terminal that is not closed yet."""
    statement = (
        select(DrawerSession, Drawer.name)
        .join(Drawer, Drawer.id == DrawerSession.drawer_id)
        .where(DrawerSession.terminal_id == terminal.id, DrawerSession.status != "closed")
    )
    row = ctx.uow.session.execute(statement).one_or_none()
    return _shown(ctx, row[0], row[1]) if row else None


def _shown(ctx: CompanyContext, session: DrawerSession, drawer_name: str) -> Row:
    overdue = ctx.now - session.opened_at > LONGEST_SHIFT or session.business_date != ctx.business_date()
    return {name: getattr(session, name) for name in SESSION_FIELDS} | {
        "drawer_name": drawer_name,
        "opened_by_name": user_names(ctx, [session.opened_by]).get(session.opened_by, ""),
        "overdue": overdue,
    }


def movements(ctx: CompanyContext, session_id: UUID) -> list[Row]:
    """Return the cash movements of a session, newest first, with the sign of DRW-05."""
    statement = select(DrawerMovement).where(DrawerMovement.drawer_session_id == session_id)
    rows = ctx.uow.session.execute(statement.order_by(DrawerMovement.id.desc()).limit(200)).scalars().all()
    return _movements(rows, user_names(ctx, [row.user_id for row in rows]), reason_labels(ctx))


def _movements(rows: Sequence[DrawerMovement], people: dict[UUID, str], labels: dict[str, str]) -> list[Row]:
    return [
        {
            "at": row.occurred_at,
            "kind": row.kind,
            "note": row.note,
            "reason_name": labels.get(row.reason_code or "", row.reason_code),
            "user_name": people.get(row.user_id, ""),
            "signed_amount": _signed(row),
        }
        for row in rows
    ]


def _signed(row: DrawerMovement) -> Decimal:
    return -row.amount if row.kind in OUTGOING else row.amount
