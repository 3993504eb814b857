"""Daily location report: every drawer's part of a business date (DRW-14)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from lunarfront.domains.drawer.models import DrawerMovement, DrawerSession
from lunarfront.domains.drawer.queries.cash import expected_of
from lunarfront.domains.drawer.queries.figures import Parts, part_without_drawer, parts_of_sessions
from lunarfront.domains.drawer.queries.sessions import may_see_expected, sessions_answer
from lunarfront.domains.drawer.rules.figures import Part, empty_part, merged, part_without_cash, plain
from lunarfront.kernel.auth.rights import may_work_at
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.tenancy.contexts import location_info

_SOLD_SQL = """
SELECT DISTINCT drawer_session_id AS id FROM transaction
WHERE company_id = %(company)s AND location_id = %(location)s AND business_date = %(day)s
  AND drawer_session_id IS NOT NULL
"""
_SHOWN = (
    "id drawer_id drawer_name terminal_name status z_number opened_by_name closed_by_name forced not_counted "
    "counted_total over_short opening_variance left_in_drawer deposited"
).split()


def day_report(ctx: CompanyContext, query: Mapping[str, Any]) -> Part:
    """Return what a location's drawers did on a business date.

    ``closed`` sums the Z reports' parts of the date; ``open`` the X figures of drawers not closed yet;
    ``without_drawer`` is what was sold while no drawer was open; ``total`` is all three, the sales of the date.

    Raises:
        Problem: ``not_found``, ``forbidden`` at a location where the user does not work.
    """
    location_id, day = query["location_id"], query["date"]
    location = location_info(ctx.uow, location_id)
    if not may_work_at(ctx, location_id):
        raise Problem("forbidden", "You do not work at this location.")
    sessions = _sessions(ctx, location_id, day)
    parts = parts_of_sessions(ctx, [session.id for session in sessions])
    closed = [session for session in sessions if session.status == "closed"]
    still_open = [session for session in sessions if session.status != "closed"]
    report = {
        "date": day,
        "location_id": location_id,
        "location_name": location.name,
        "currency": ctx.company.currency,
        "closed": _group(ctx, closed, parts, day),
        "open": _group(ctx, still_open, parts, day),
        "without_drawer": part_without_drawer(ctx, location_id, day),
    }
    groups = (report["closed"]["totals"], report["open"]["totals"], report["without_drawer"])
    answer = report | {"total": merged(groups)}
    hidden = any(not may_see_expected(ctx, session) for session in still_open)
    shown: Part = plain(_blind(answer) if hidden else answer)
    return shown


def _sessions(ctx: CompanyContext, location_id: UUID, day: date) -> list[DrawerSession]:
    params = {"company": ctx.company.id, "location": location_id, "day": day}
    sold = [row.id for row in ctx.uow.query(_SOLD_SQL, params)]
    moved = select(DrawerMovement.drawer_session_id).where(
        DrawerMovement.location_id == location_id, DrawerMovement.business_date == day
    )
    of_day = or_(
        DrawerSession.business_date == day,
        DrawerSession.closing_date == day,
        DrawerSession.id.in_(sold),
        DrawerSession.id.in_(moved),
    )
    wanted = select(DrawerSession).where(DrawerSession.location_id == location_id, of_day)
    return list(ctx.uow.session.execute(wanted.order_by(DrawerSession.opened_at)).scalars())


def _group(ctx: CompanyContext, sessions: list[DrawerSession], parts: Parts, day: date) -> Part:
    answers = sessions_answer(ctx, sessions)
    drawers = [
        _drawer(ctx, session, answer, parts.get((session.id, day), empty_part()))
        for session, answer in zip(sessions, answers, strict=True)
    ]
    over_short = _sum(s.over_short for s in sessions if s.closing_date == day)
    opening = _sum(s.opening_variance for s in sessions if s.business_date == day)
    counted = _sum(s.counted_total for s in sessions if s.closing_date == day)
    return {
        "drawers": drawers,
        "totals": merged(drawer["figures"] for drawer in drawers),
        "over_short": over_short,
        "opening_variance": opening,
        "counted": counted,
        "not_counted": sum(1 for s in sessions if s.closing_date == day and s.counted_total is None),
    }


def _drawer(ctx: CompanyContext, session: DrawerSession, answer: Part, figures: Part) -> Part:
    shown = {name: answer[name] for name in _SHOWN}
    expected = session.expected_total if session.status == "closed" else expected_of(ctx, session)
    return shown | {"expected_total": expected, "figures": figures}


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), ZERO)


def _blind(report: Part) -> Part:
    """Somebody still counts blind: nothing here may tell what is in his drawer (DRW-08)."""
    drawers = [
        drawer | {"expected_total": None, "figures": part_without_cash(drawer["figures"])}
        for drawer in report["open"]["drawers"]
    ]
    still_open = report["open"] | {"drawers": drawers, "totals": part_without_cash(report["open"]["totals"])}
    return report | {"open": still_open, "total": part_without_cash(report["total"])}
