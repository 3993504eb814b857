"""Drawer: open, movements, count, close, reports. The pages read; what they do goes through the API."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template
from werkzeug.wrappers import Response

from lunarfront.domains.drawer.queries.report import x_report, z_report
from lunarfront.domains.drawer.service.till import find_session
from lunarfront.kernel.context import CompanyContext, TerminalInfo
from lunarfront.web.navigation import NavEntry
from lunarfront.web.pages import PageBlueprint
from lunarfront.web.reads.drawers import current_session, drawers_of, movements, pieces, report_sections
from lunarfront.web.reads.names import reasons

pages = PageBlueprint("drawer_pages", __name__)
NAV = (NavEntry("drawer", "Drawer", "/drawer", "wallet", 70, "drawer.view"),)
MOVEMENT_KINDS = ("paid_in", "paid_out", "drop")


@pages.page("/drawer", permission="drawer.view")
def drawer(ctx: CompanyContext) -> str | Response:
    """The open session of this terminal, or the form that opens one."""
    if ctx.terminal is None:
        return redirect("/register?next=/drawer")
    session = current_session(ctx, ctx.terminal)
    if session is None:
        return _open_form(ctx, ctx.terminal)
    return render_template(
        "drawer/session.html",
        session=session,
        movements=movements(ctx, session),
        movement_reasons={kind: reasons(ctx, kind) for kind in MOVEMENT_KINDS},
        approval_reasons=reasons(ctx, "approval"),
    )


def _open_form(ctx: CompanyContext, terminal: TerminalInfo) -> str:
    counted = pieces(ctx.company.currency)
    return render_template("drawer/open.html", drawers=drawers_of(ctx, terminal), denomination_values=counted)


def _session(ctx: CompanyContext) -> dict[str, Any] | None:
    return current_session(ctx, ctx.terminal) if ctx.terminal else None


@pages.page("/drawer/count", permission="drawer.close")
def count(ctx: CompanyContext) -> str | Response:
    """Count first; the expected amount is not on this page (DRW-08)."""
    session = _session(ctx)
    if session is None:
        return redirect("/drawer")
    return render_template(
        "drawer/count.html", session=session, denomination_values=pieces(ctx.company.currency)
    )


@pages.page("/drawer/close", permission="drawer.close")
def close(ctx: CompanyContext) -> str | Response:
    """Counted against expected, what stays in the drawer, and the reason of a difference (DRW-07, DRW-11)."""
    session = _session(ctx)
    if session is None or session["counted_total"] is None:
        return redirect("/drawer")
    return render_template(
        "drawer/close.html",
        session=session,
        suggested_left=f"{min(session['opening_float'], session['counted_total']):.2f}",
        variance_reasons=reasons(ctx, "variance"),
        approval_reasons=reasons(ctx, "approval"),
        variance_limit=ctx.setting("variance_limit"),
        can_recount=session["recounts_left"] > 0,
    )


@pages.page("/drawer/<uuid:session_id>/x", permission="drawer.x_report")
def x_page(ctx: CompanyContext, session_id: UUID) -> str:
    """The X report on paper: any time, changes nothing (DRW-06)."""
    return _report(x_report(ctx, find_session(ctx, session_id)))


@pages.page("/drawer/<uuid:session_id>/z", permission="drawer.view")
def z_page(ctx: CompanyContext, session_id: UUID) -> str:
    """The Z report on paper, as it was written at the close (DRW-06)."""
    return _report(z_report(find_session(ctx, session_id)))


def _report(report: dict[str, Any]) -> str:
    return render_template("drawer/report.html", report=report, sections=report_sections(report))
