"""Journal: every entry of the books, newest first."""

from typing import Any

from flask import render_template

from lunarfront.domains.ledger.queries import list_entries
from lunarfront.kernel.context import CompanyContext
from lunarfront.web.lists import list_query, next_url
from lunarfront.web.navigation import NavEntry
from lunarfront.web.pages import PageBlueprint

pages = PageBlueprint("journal_pages", __name__)
NAV = (NavEntry("journal", "Journal", "/journal", "book-open", 60, "accounting.view"),)
ENTRIES_A_PAGE = 25
ORDER_EVENTS = ("sale", "refund", "exchange", "transaction")


@pages.page("/journal", permission="accounting.view")
def journal(ctx: CompanyContext) -> str:
    """The entries with their lines."""
    found = list_entries(ctx, list_query(ENTRIES_A_PAGE))
    entries = [entry | {"source_url": _source_url(entry)} for entry in found["items"]]
    return render_template("journal/list.html", entries=entries, next_url=next_url(found["next_cursor"]))


def _source_url(entry: dict[str, Any]) -> str | None:
    """Where the event of an entry is shown."""
    return f"/orders/{entry['event_id']}" if entry["event_type"].startswith(ORDER_EVENTS) else None
