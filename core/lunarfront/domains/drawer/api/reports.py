"""Routes of the drawers' reports (domain-core.md §5.10)."""

from typing import Any

from lunarfront.domains.drawer.queries.day import day_report
from lunarfront.domains.drawer.queries.history import over_short_history
from lunarfront.domains.drawer.schemas import reports as schemas
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("drawer-reports", __name__, description="Over and short, and the day of a location.")
Answer = dict[str, Any]


@blp.endpoint(
    "GET", "/reports/drawer-history", permission="report.sales", query=schemas.DrawerHistoryQuery,
    out=schemas.DrawerHistoryOut,
)  # fmt: skip
def get_drawer_history(ctx: CompanyContext, query: Answer) -> Answer:
    """Over/short history: expected, counted, variance, running sum, approvals (DRW-07)."""
    return over_short_history(ctx, query)


@blp.endpoint(
    "GET",
    "/reports/drawer-day",
    permission="report.sales",
    query=schemas.DrawerDayQuery,
    out=schemas.DrawerDayOut,
)
def get_drawer_day(ctx: CompanyContext, query: Answer) -> Answer:
    """Daily location report over all drawers (DRW-14)."""
    return day_report(ctx, query)
