"""Nobody gives what he lacks, and somebody always remains who may do everything (SEC-28, USR-09)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lunarfront.kernel.auth.models import Role, RolePermission, User, UserRole
from lunarfront.kernel.auth.rights import LIMITS, combine, load_rights
from lunarfront.kernel.context import CompanyContext, Rights
from lunarfront.kernel.permissions import ALLOW
from lunarfront.kernel.problems import Problem

ADMIN = "admin"


def lacking(own: Mapping[str, str], given: Mapping[str, str]) -> list[str]:
    """Return which rights of ``given`` go beyond ``own``: ``approval`` is less than ``allow``."""
    return sorted(
        name for name, effect in given.items() if own.get(name) != ALLOW and own.get(name) != effect
    )


def exceeding(own: Rights, limits: Mapping[str, Decimal | None]) -> list[str]:
    """Return which limits are above one's own; null is no limit and above all."""
    return [name for name, limit in limits.items() if _above(limit, getattr(own, name))]


def _above(limit: Decimal | None, own: Decimal | None) -> bool:
    return own is not None and (limit is None or limit > own)


def require_may_give(
    ctx: CompanyContext, given: Mapping[str, str], limits: Mapping[str, Decimal | None]
) -> None:
    """Insist that the user holds himself what he is about to give.

    Raises:
        Problem: ``forbidden`` with ``permission``.
    """
    missing = lacking(ctx.rights.effects, given) or exceeding(ctx.rights, limits)
    if missing:
        raise Problem(
            "forbidden",
            f"You cannot give what you do not have yourself: {', '.join(missing[:5])}.",
            extra={"permission": missing[0]},
        )


def require_above(ctx: CompanyContext, user_id: UUID) -> None:
    """Insist that a user to be administered holds no right that the one who acts lacks.

    Otherwise a new password or PIN would be a way to somebody else's rights.

    Raises:
        Problem: ``forbidden``.
    """
    if user_id != ctx.require_user().id:
        rights = load_rights(ctx.uow, user_id)
        require_may_give(ctx, rights.effects, {name: getattr(rights, name) for name in LIMITS})


def require_may_give_roles(ctx: CompanyContext, role_ids: Iterable[UUID]) -> None:
    """Insist that the user holds every right and limit of these roles.

    Raises:
        Problem: ``forbidden``, or ``not_found`` for a role that does not exist.
    """
    for role_id in role_ids:
        role = ctx.uow.session.execute(select(Role).where(Role.id == role_id)).scalar_one_or_none()
        if role is None:
            raise Problem("not_found", "One of these roles does not exist.")
        effects = combine(
            [(role.code, *pair) for pair in role_effects(ctx, role_id).items()] or [(role.code, None, None)],
            {},
        )
        require_may_give(ctx, effects, {name: getattr(role, name) for name in LIMITS})


def role_effects(ctx: CompanyContext, role_id: UUID) -> dict[str, str]:
    """Return the permissions written for a role."""
    rows = ctx.uow.session.execute(
        select(RolePermission.permission, RolePermission.effect).where(RolePermission.role_id == role_id)
    )
    return {row.permission: row.effect for row in rows}


def lock_admins(ctx: CompanyContext) -> None:
    """Make changes that could take the last administrator wait for each other."""
    ctx.uow.session.execute(select(Role.id).where(Role.code == ADMIN).with_for_update())


def require_admin_left(ctx: CompanyContext) -> None:
    """Insist that an active administrator remains; call it after the change, inside the lock.

    Raises:
        Problem: ``conflict``.
    """
    ctx.uow.session.flush()
    admins = (
        select(func.count())
        .select_from(User)
        .join(UserRole, (UserRole.company_id == User.company_id) & (UserRole.user_id == User.id))
        .join(Role, (Role.company_id == UserRole.company_id) & (Role.id == UserRole.role_id))
        .where(Role.code == ADMIN, Role.is_active, User.is_active)
    )
    if ctx.uow.session.execute(admins).scalar_one() == 0:
        raise Problem("conflict", "The last administrator cannot be disabled or demoted.")


def is_admin(ctx: CompanyContext, user_id: UUID) -> bool:
    """Tell whether a user holds the administrator's role."""
    found: Any = ctx.uow.session.execute(
        select(UserRole.id)
        .join(Role, (Role.company_id == UserRole.company_id) & (Role.id == UserRole.role_id))
        .where(UserRole.user_id == user_id, Role.code == ADMIN)
    ).first()
    return found is not None
