"""X and Z report: one function for both (DRW-05, DRW-06, DRW-11)."""

from decimal import Decimal
from typing import Any

from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.domains.drawer.queries.figures import parts_of_sessions
from lunarfront.domains.drawer.queries.sessions import may_see_expected, today_at
from lunarfront.domains.drawer.rules.cash import expected_cash, shift_warnings
from lunarfront.domains.drawer.rules.figures import Part, merged, plain, without_cash
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.money import ZERO
from lunarfront.kernel.problems import Problem

_NAMES_SQL = """
SELECT d.name AS drawer_name, l.name AS location_name, t.name AS terminal_name,
  (SELECT full_name FROM app_user WHERE company_id = d.company_id AND id = %(opened)s) AS opened_by_name,
  (SELECT full_name FROM app_user WHERE company_id = d.company_id AND id = %(closed)s) AS closed_by_name,
  (SELECT u.full_name FROM approval a JOIN app_user u ON u.company_id = a.company_id AND u.id = a.approved_by
   WHERE a.company_id = d.company_id AND a.id = %(approval)s) AS approved_by_name
FROM drawer d
JOIN location l ON l.company_id = d.company_id AND l.id = %(location)s
JOIN terminal t ON t.company_id = d.company_id AND t.id = %(terminal)s
WHERE d.company_id = %(company)s AND d.id = %(drawer)s
"""
_HEAD = (
    "drawer_id terminal_id location_id status z_number opened_at business_date closed_at closing_date forced"
).split()
_COUNTED = (
    "opening_float opening_variance opening_denominations first_count count_tries closing_denominations over_short "
    "variance_reason_code variance_note left_in_drawer"
).split()
#: Line of the cash section to the kind of movement that it sums.
_CASH_LINES = {
    "sales": "sale",
    "refunds": "refund",
    "paid_in": "paid_in",
    "paid_out": "paid_out",
    "tip_payouts": "tip_payout",
    "drops": "drop",
    "floats": "float",
    "close_drop": "close_drop",
}


def session_report(ctx: CompanyContext, session: DrawerSession) -> Part:
    """Return everything about a session as it stands now, as JSON: what X shows and what Z keeps.

    Reads by SQL only, so that the session's row may still be unwritten.
    """
    parts = parts_of_sessions(ctx, [session.id])
    dates = [
        {"business_date": day} | part for (_, day), part in sorted(parts.items(), key=lambda item: item[0][1])
    ]
    totals = merged(parts.values())
    report = {
        "kind": "z" if session.status == "closed" else "x",
        "session_id": session.id,
        "currency": ctx.company.currency,
        "as_of": ctx.now,
        **_names(ctx, session),
        **{name: getattr(session, name) for name in _HEAD},
        "not_counted": session.status == "closed" and session.counted_total is None,
        "cash": _cash(session, totals),
        "no_sales": sum(row["count"] for row in totals["movements"] if row["kind"] == "no_sale"),
        "totals": totals,
        "dates": dates,
        "warnings": _warnings(ctx, session),
    }
    answer: Part = plain(report)
    return answer


def _names(ctx: CompanyContext, session: DrawerSession) -> dict[str, Any]:
    params = {
        "company": ctx.company.id,
        "drawer": session.drawer_id,
        "location": session.location_id,
        "terminal": session.terminal_id,
        "opened": session.opened_by,
        "closed": session.closed_by,
        "approval": session.approval_id,
    }
    return dict(ctx.uow.query(_NAMES_SQL, params)[0]._mapping)


def _cash(session: DrawerSession, totals: Part) -> Part:
    moved: dict[str, Decimal] = {row["kind"]: row["amount"] for row in totals["movements"]}
    lines = {line: moved.get(kind, ZERO) for line, kind in _CASH_LINES.items()}
    counted = {name: getattr(session, name) for name in _COUNTED}
    expected = expected_cash(session.opening_float, moved)
    return counted | lines | {"expected": expected, "counted": session.counted_total}


def _warnings(ctx: CompanyContext, session: DrawerSession) -> list[str]:
    until = session.closed_at or ctx.now
    day = session.closing_date or today_at(ctx, session.location_id)
    return shift_warnings(session.opened_at, session.business_date, until, day)


def x_report(ctx: CompanyContext, session: DrawerSession) -> Part:
    """Return the X report; a closed session has its Z report only. Cash is hidden before a blind count (DRW-08).

    Raises:
        Problem: ``invalid_transition`` for a closed session.
    """
    if session.status == "closed":
        raise Problem(
            "invalid_transition", "This drawer is closed: read its Z report.", extra={"state": "closed"}
        )
    report = session_report(ctx, session)
    return report if may_see_expected(ctx, session) else without_cash(report)


def z_report(session: DrawerSession) -> Part:
    """Return the Z report as it was kept at the close, as often as it is asked for (DRW-06).

    Raises:
        Problem: ``invalid_transition`` before the close.
    """
    if session.z_report is None:
        raise Problem("invalid_transition", "This drawer is not closed yet.", extra={"state": session.status})
    return session.z_report
