"""Routes of the drawers themselves."""

from typing import Any
from uuid import UUID

from lunarfront.domains.drawer.models import Drawer
from lunarfront.domains.drawer.queries import drawers as queries
from lunarfront.domains.drawer.schemas.drawers import DrawerChange, DrawerIn, DrawerOut, DrawerQuery
from lunarfront.domains.drawer.service import drawers as service
from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import page_schema
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import load

blp = ApiBlueprint("drawers", __name__, description="The cash drawers of the locations.")


@blp.endpoint("GET", "/drawers", permission="settings.view", query=DrawerQuery, out=page_schema(DrawerOut))
def list_drawers(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List drawers."""
    return queries.list_drawers(ctx, query)


@blp.endpoint("POST", "/drawers", permission="settings.edit", body=DrawerIn, out=DrawerOut, status=201)
def create_drawer(ctx: CompanyContext, body: dict[str, Any]) -> Drawer:
    """Make a drawer."""
    return service.create_drawer(ctx, body)


@blp.endpoint("GET", "/drawers/<uuid:drawer_id>", permission="settings.view", out=DrawerOut)
def get_drawer(ctx: CompanyContext, drawer_id: UUID) -> Drawer:
    """Read a drawer."""
    return load(ctx, Drawer, drawer_id)


@blp.endpoint(
    "PATCH",
    "/drawers/<uuid:drawer_id>",
    permission="settings.edit",
    body=DrawerChange,
    out=DrawerOut,
    locked=True,
)
def change_drawer(
    ctx: CompanyContext, body: dict[str, Any], drawer_id: UUID, expected_version: int
) -> Drawer:
    """Change a drawer or take it out of use."""
    return service.change_drawer(ctx, drawer_id, body, expected_version)
