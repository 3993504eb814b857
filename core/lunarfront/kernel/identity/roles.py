"""Use cases of roles and of refinements for one user (USR-03, USR-09, SEC-28)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from lunarfront.kernel import audit, editing
from lunarfront.kernel.api.db_errors import describe_constraint
from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.auth.freshness import require_fresh_password
from lunarfront.kernel.auth.models import PermissionGrant, Role, RolePermission, User, UserRole
from lunarfront.kernel.auth.rights import LIMITS, combine
from lunarfront.kernel.auth.sessions import end_sessions
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.identity import privileges
from lunarfront.kernel.problems import Problem, not_found

describe_constraint("role_company_id_code_key", "conflict", "code", "There is a role with this code.")
describe_constraint(
    "permission_grant_company_id_user_id_permission_key",
    "conflict",
    "permission",
    "This user has a refinement of this right: change that one.",
)
_FIELDS = ("id", "created_at", "updated_at", "version", "code", "name", "is_system", "is_active", *LIMITS)


def list_roles(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of roles with their permissions."""
    statement = select(Role)
    if "is_active" in query:
        statement = statement.where(Role.is_active == query["is_active"])
    if query.get("q"):
        statement = statement.where(Role.name.icontains(query["q"], autoescape=True))
    page = paginate(
        ctx,
        statement,
        query,
        sorts={"name": Role.name, "code": Role.code},
        key=Role.id,
        default_sort="name",
        shape=lambda row: row[0],
    )
    effects = _effects_of(ctx, [role.id for role in page["items"]])
    return page | {"items": [_shape(role, effects.get(role.id, {})) for role in page["items"]]}


def _effects_of(ctx: CompanyContext, role_ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    rows = ctx.uow.session.execute(
        select(RolePermission).where(RolePermission.role_id.in_(role_ids))
    ).scalars()
    for row in rows:
        found.setdefault(row.role_id, {})[row.permission] = row.effect
    return found


def _shape(role: Role, effects: Mapping[str, str]) -> dict[str, Any]:
    """The administrator's role holds everything, also rights of modules that came later."""
    held = combine([(role.code, None, None)], {}) if role.code == privileges.ADMIN else effects
    return {name: getattr(role, name) for name in _FIELDS} | {"permissions": dict(sorted(held.items()))}


def role_out(ctx: CompanyContext, role_id: UUID) -> dict[str, Any]:
    """Return one role as it is shown."""
    return _shape(editing.load(ctx, Role, role_id), privileges.role_effects(ctx, role_id))


def create_role(ctx: CompanyContext, body: Mapping[str, Any]) -> dict[str, Any]:
    """Create a role of the company's own.

    Raises:
        Problem: ``forbidden`` for a right or limit beyond one's own (SEC-28), ``conflict`` for a taken code.
    """
    require_fresh_password(ctx)
    limits = {name: body.get(name) for name in LIMITS}
    privileges.require_may_give(ctx, body["permissions"], limits)
    role = Role(code=body["code"], name=body["name"], **limits)
    ctx.uow.session.add(role)
    ctx.uow.session.flush()
    _write_permissions(ctx, role.id, body["permissions"])
    audit.record(ctx, "role.created", "role", role.id, new=dict(body))
    ctx.uow.session.refresh(role)
    return _shape(role, body["permissions"])


def change_role(ctx: CompanyContext, role_id: UUID, version: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a role; whoever holds it has the new rights from his next request on.

    Raises:
        Problem: ``conflict`` for the administrator's role, whose rights are fixed; ``forbidden`` (SEC-28).
    """
    require_fresh_password(ctx)
    role = editing.load_for_edit(ctx, Role, role_id, version)
    _refuse_fixed(role, body)
    before = privileges.role_effects(ctx, role_id)
    after = body.get("permissions", before)
    added = {name: effect for name, effect in after.items() if before.get(name) != effect}
    raised = {n: body[n] for n in LIMITS if n in body and body[n] != getattr(role, n)}
    privileges.require_may_give(ctx, added, raised)
    if body.get("is_active") and not role.is_active:
        privileges.require_may_give_roles(ctx, [role_id])
    old, new = editing.apply(ctx, role, {k: v for k, v in body.items() if k != "permissions"})
    if after != before:
        _write_permissions(ctx, role_id, after)
        changed = audit.changes(before, {name: after.get(name) for name in {*before, *after}})
        old, new = old | {"permissions": changed[0]}, new | {"permissions": changed[1]}
        if set(new) == {"permissions"}:
            role.updated_at = ctx.now
            ctx.uow.session.flush()
    if new:
        audit.record(ctx, "role.changed", "role", role_id, old=old, new=new)
    ctx.uow.session.refresh(role)
    return _shape(role, after)


def _refuse_fixed(role: Role, body: Mapping[str, Any]) -> None:
    if role.code == privileges.ADMIN and body.keys() - {"name"}:
        raise Problem("conflict", "The administrator's role may do everything; only its name can be changed.")


def _write_permissions(ctx: CompanyContext, role_id: UUID, effects: Mapping[str, str]) -> None:
    ctx.uow.session.execute(delete(RolePermission).where(RolePermission.role_id == role_id))
    rows = (RolePermission(role_id=role_id, permission=n, effect=e) for n, e in sorted(effects.items()))
    ctx.uow.session.add_all(rows)
    ctx.uow.session.flush()


def delete_role(ctx: CompanyContext, role_id: UUID, version: int) -> None:
    """Delete a role of the company's own that nobody holds.

    Raises:
        Problem: ``conflict`` for a system role or one in use (GEN-04).
    """
    require_fresh_password(ctx)
    role = editing.load_for_edit(ctx, Role, role_id, version)
    if role.is_system:
        raise Problem("conflict", "System roles cannot be deleted. Switch it off instead.")
    if ctx.uow.session.execute(select(UserRole.id).where(UserRole.role_id == role_id).limit(1)).first():
        raise Problem("conflict", "Somebody holds this role. Take it away first, or switch it off.")
    effects = privileges.role_effects(ctx, role_id)
    ctx.uow.session.execute(delete(RolePermission).where(RolePermission.role_id == role_id))
    audit.record(ctx, "role.deleted", "role", role_id, old={"code": role.code, "permissions": effects})
    ctx.uow.session.delete(role)


# --- refinements for one user ---------------------------------------------------------------------------------


def list_grants(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of refinements."""
    statement = select(PermissionGrant)
    if "user_id" in query:
        statement = statement.where(PermissionGrant.user_id == query["user_id"])
    if query.get("q"):
        statement = statement.where(PermissionGrant.permission.contains(query["q"], autoescape=True))
    return paginate(
        ctx,
        statement,
        query,
        sorts={"permission": PermissionGrant.permission, "created_at": PermissionGrant.created_at},
        key=PermissionGrant.id,
        default_sort="permission",
        shape=lambda row: row[0],
    )


def create_grant(ctx: CompanyContext, body: Mapping[str, Any]) -> PermissionGrant:
    """Refine one right of one user (USR-03).

    Raises:
        Problem: ``not_found``, ``forbidden`` (SEC-28), ``conflict`` for a second refinement of the same right.
    """
    require_fresh_password(ctx)
    _check_grant(ctx, body["user_id"], body["permission"], body["effect"])
    grant = PermissionGrant(**body)
    ctx.uow.session.add(grant)
    ctx.uow.session.flush()
    ctx.uow.session.refresh(grant)
    _after_grant(ctx, grant, "permission_grant.created", new=dict(body))
    return grant


def change_grant(ctx: CompanyContext, grant_id: UUID, version: int, effect: str) -> PermissionGrant:
    """Give a refinement another effect."""
    require_fresh_password(ctx)
    grant = editing.load_for_edit(ctx, PermissionGrant, grant_id, version)
    _check_grant(ctx, grant.user_id, grant.permission, effect)
    old, new = editing.apply(ctx, grant, {"effect": effect})
    ctx.uow.session.refresh(grant)
    if new:
        _after_grant(ctx, grant, "permission_grant.changed", old=old, new=new)
    return grant


def delete_grant(ctx: CompanyContext, grant_id: UUID, version: int) -> None:
    """Take a refinement back: the user's roles decide again. Taking a denial back gives, so it is checked like that."""
    require_fresh_password(ctx)
    grant = editing.load_for_edit(ctx, PermissionGrant, grant_id, version)
    privileges.require_above(ctx, grant.user_id)
    if grant.effect == "deny":
        privileges.require_may_give(ctx, {grant.permission: "allow"}, {})
    old = {"permission": grant.permission, "effect": grant.effect}
    ctx.uow.session.delete(grant)
    _after_grant(ctx, grant, "permission_grant.deleted", old=old)


def _check_grant(ctx: CompanyContext, user_id: UUID, permission: str, effect: str) -> None:
    if ctx.uow.session.get(User, {"company_id": ctx.company.id, "id": user_id}) is None:
        raise not_found()
    privileges.require_above(ctx, user_id)
    if effect != "deny":
        privileges.require_may_give(ctx, {permission: effect}, {})
    if effect != "allow" and privileges.is_admin(ctx, user_id):
        raise Problem("conflict", "An administrator may do everything. Give him another role instead.")


def _after_grant(ctx: CompanyContext, grant: PermissionGrant, action: str, **values: Any) -> None:
    """A changed right means a new session id (SEC-22)."""
    own = ctx.session.id if ctx.session and grant.user_id == ctx.require_user().id else None
    end_sessions(ctx.uow, grant.user_id, ctx.now, keep=own, kinds=("web", "pin"))
    audit.record(ctx, action, "permission_grant", grant.id, **values)
