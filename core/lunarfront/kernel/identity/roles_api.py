"""Routes of ``/roles``, ``/permission-grants`` and the catalogue of rights."""

from typing import Any
from uuid import UUID

from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.auth.models import PermissionGrant
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.identity import role_schemas as s
from lunarfront.kernel.identity import roles

blp = ApiBlueprint(
    "roles", __name__, description="Roles, their rights and limits, and refinements for one user."
)
MANAGE = "role.manage"


@blp.endpoint("GET", "/roles", permission=MANAGE, query=s.RoleQuery, out=s.RolePage)
def list_roles(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List roles with their rights."""
    return roles.list_roles(ctx, query)


@blp.endpoint("POST", "/roles", permission=MANAGE, body=s.RoleIn, out=s.RoleOut, status=201)
def create_role(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Create a role of the company's own (USR-09)."""
    return roles.create_role(ctx, body)


@blp.endpoint("GET", "/roles/<uuid:role_id>", permission=MANAGE, out=s.RoleOut)
def read_role(ctx: CompanyContext, role_id: UUID) -> dict[str, Any]:
    """Read a role."""
    return roles.role_out(ctx, role_id)


@blp.endpoint(
    "PATCH", "/roles/<uuid:role_id>", permission=MANAGE, body=s.RolePatch, out=s.RoleOut, locked=True
)
def change_role(
    ctx: CompanyContext, body: dict[str, Any], role_id: UUID, expected_version: int
) -> dict[str, Any]:
    """Change a role; ``permissions`` replaces what was there."""
    return roles.change_role(ctx, role_id, expected_version, body)


@blp.endpoint("DELETE", "/roles/<uuid:role_id>", permission=MANAGE, status=204, locked=True)
def delete_role(ctx: CompanyContext, role_id: UUID, expected_version: int) -> None:
    """Delete a role of the company's own that nobody holds."""
    roles.delete_role(ctx, role_id, expected_version)


@blp.endpoint("GET", "/permission-grants", permission=MANAGE, query=s.GrantQuery, out=s.GrantPage)
def list_grants(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List refinements."""
    return roles.list_grants(ctx, query)


@blp.endpoint("POST", "/permission-grants", permission=MANAGE, body=s.GrantIn, out=s.GrantOut, status=201)
def create_grant(ctx: CompanyContext, body: dict[str, Any]) -> PermissionGrant:
    """Refine one right of one user; deny wins (USR-03)."""
    return roles.create_grant(ctx, body)


@blp.endpoint(
    "PATCH",
    "/permission-grants/<uuid:grant_id>",
    permission=MANAGE,
    body=s.GrantPatch,
    out=s.GrantOut,
    locked=True,
)
def change_grant(
    ctx: CompanyContext, body: dict[str, Any], grant_id: UUID, expected_version: int
) -> PermissionGrant:
    """Give a refinement another effect."""
    return roles.change_grant(ctx, grant_id, expected_version, body["effect"])


@blp.endpoint("DELETE", "/permission-grants/<uuid:grant_id>", permission=MANAGE, status=204, locked=True)
def delete_grant(ctx: CompanyContext, grant_id: UUID, expected_version: int) -> None:
    """Take a refinement back."""
    roles.delete_grant(ctx, grant_id, expected_version)
