"""Sell: the register."""

from typing import Any

from flask import redirect, render_template
from werkzeug.wrappers import Response

from lunarfront.kernel.context import CompanyContext
from lunarfront.web.navigation import NavEntry, nav_links
from lunarfront.web.pages import PageBlueprint
from lunarfront.web.reads.drawers import current_session, notes
from lunarfront.web.reads.names import reasons

pages = PageBlueprint("sell_pages", __name__)
NAV = (NavEntry("sell", "Sell", "/pos", "shopping-cart", 10, "pos.sell"),)
CLEAR_CONFIRM_ABOVE = 3


@pages.page("/", signed_in=True)
def start(ctx: CompanyContext) -> Response:
    """Go to the first page that the user may use."""
    links = nav_links(ctx, "/")
    return redirect(links[0].href if links else "/register")


@pages.page("/pos", permission="pos.sell")
def sell(ctx: CompanyContext) -> str | Response:
    """The register; without a terminal, the question which one this is."""
    if ctx.terminal is None:
        return redirect("/register?next=/pos")
    return render_template("pos/sell.html", pos_config=_config(ctx))


def _config(ctx: CompanyContext) -> dict[str, Any]:
    terminal, location = ctx.require_terminal()
    session = current_session(ctx, terminal)
    return {
        "drawer_open": session is not None and session["status"] == "open",
        "can_create_items": ctx.rights.allows("catalog.edit"),
        "customers": ctx.rights.effect("account.view") is not None,
        "notes": notes(ctx.company.currency),
        "cash_increment": f"{location.cash_rounding_increment:.2f}",
        "cash_rounding_mode": location.cash_rounding_mode,
        "reasons": {kind: reasons(ctx, kind) for kind in ("discount", "override", "approval")},
        "clear_confirm_above": CLEAR_CONFIRM_ABOVE,
    }
