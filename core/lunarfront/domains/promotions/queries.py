"""Reads of discounts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lunarfront.domains.sales.models import Discount
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext

SORTS = {"code": Discount.code, "name": Discount.name, "created_at": Discount.created_at}


def list_discounts(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of discounts; ``q`` finds them by the beginning of code or name."""
    statement = select(Discount)
    for name in ("scope", "is_active"):
        if name in query:
            statement = statement.where(getattr(Discount, name) == query[name])
    if "q" in query:
        by_code, by_name = (
            c.istartswith(query["q"], autoescape=True) for c in (Discount.code, Discount.name)
        )
        statement = statement.where(by_code | by_name)
    return paginate(
        ctx, statement, query, sorts=SORTS, key=Discount.id, default_sort="code", shape=lambda row: row[0]
    )
