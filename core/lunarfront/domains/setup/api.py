"""Route that opens a company (ORG-04)."""

from typing import Any

from lunarfront.domains.setup.over_api import open_over_api
from lunarfront.domains.setup.schemas import CompanyIn, OpenedCompanyOut
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core

blp = ApiBlueprint("companies", __name__, description="Opening another company of this installation.")


@blp.endpoint(
    "POST", "/companies", permission="company.create", body=CompanyIn, out=OpenedCompanyOut, status=201
)
def open_company(ctx: CompanyContext, body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Open a company with its first location, till, drawer, roles, chart and reasons; a repeat makes nothing."""
    running = core()
    allowed = running.settings.open_companies or running.demo
    opened = open_over_api(ctx, body, running.unit_of_work, allowed=allowed, is_demo=running.demo)
    return opened.as_dict(), 201 if opened.is_new else 200
