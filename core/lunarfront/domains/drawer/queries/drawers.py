"""Reads of the drawers of a company."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lunarfront.domains.drawer.models import Drawer
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.context import CompanyContext

SORTS = {"name": Drawer.name, "created_at": Drawer.created_at}


def list_drawers(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of drawers by name."""
    statement = select(Drawer)
    for name in ("location_id", "is_active"):
        if name in query:
            statement = statement.where(getattr(Drawer, name) == query[name])
    if "q" in query:
        statement = statement.where(Drawer.name.icontains(query["q"], autoescape=True))
    return paginate(
        ctx, statement, query, sorts=SORTS, key=Drawer.id, default_sort="name", shape=lambda row: row[0]
    )
