"""Journal: every entry of the books, newest first."""

from typing import Any

from flask import render_template

from lunarfront.kernel.context import CompanyContext
from lunarfront.web.lists import list_query, next_url
from lunarfront.web.navigation import NavEntry
from lunarfront.web.pages import PageBlueprint
from lunarfront.domains.ledger.queries import list_entries

pages = PageBlueprint("journal_pages", __name__)
NAV = (NavEntry("journal", "Journal", "/journal", "book-open", 60, "accounting.view"),)
ENTRIES_A_PAGE = 25
ORDER_EVENTS = ("sale", "refund", "exchange", "transaction")


@pages.page("/journal", permission="accounting.view")
def journal(ctx: CompanyContext) -> str:
    """The entries with their lines."""
    found = list_entries(ctx, list_query(ENTRIES_A_PAGE))
    return render_template(
        "journal/list.html", entries=found["items"], next_url=next_url(found["next_cursor"])
    )
