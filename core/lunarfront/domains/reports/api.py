"""REST of reports (domain-core.md §9, ``/reports/{name}``)."""

from typing import Any

from lunarfront.domains.reports import schemas
from lunarfront.domains.reports.sales_tax import sales_tax
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext

blp = ApiBlueprint("reports", __name__, description="Reports that tie to the books")


@blp.endpoint(
    "GET",
    "/reports/sales-tax",
    permission="report.financial",
    query=schemas.RangeQuery,
    out=schemas.SalesTaxOut,
)
def read_sales_tax(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """Sales tax by component, tied to the tax account (TAX-12)."""
    return sales_tax(ctx, query["date_from"], query["date_to"], query.get("location_id"))
