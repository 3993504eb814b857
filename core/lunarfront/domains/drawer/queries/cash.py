"""Cash of a session: its movements, and what should be in the drawer (DRW-05)."""

from decimal import Decimal
from uuid import UUID

from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.domains.drawer.rules.cash import expected_cash
from lunarfront.kernel.context import CompanyContext

_SQL = """
SELECT kind, sum(amount) AS amount FROM drawer_movement
WHERE company_id = %(company)s AND drawer_session_id = %(session)s GROUP BY kind
"""


def moved_of(ctx: CompanyContext, session_id: UUID) -> dict[str, Decimal]:
    """Return kind to the sum of a session's movements."""
    rows = ctx.uow.query(_SQL, {"company": ctx.company.id, "session": session_id})
    return {row.kind: row.amount for row in rows}


def expected_of(ctx: CompanyContext, session: DrawerSession) -> Decimal:
    """Return what should be in the drawer now, by the one formula of DRW-05."""
    return expected_cash(session.opening_float, moved_of(ctx, session.id))
