"""Reading users with their roles and locations."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.dialects.postgresql import array_agg

from lunarfront.kernel.api.paging import paginate
from lunarfront.kernel.auth.models import Role, User, UserLocation, UserRole
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import not_found

_FIELDS = (
    "id created_at updated_at version full_name email can_sign_in staff_number locale theme is_active archived_at "
    "last_login_at locked_until legacy_id legacy_source"
).split()


def _ids_of(model: Any, column: Any) -> Any:
    own = (model.company_id == User.company_id) & (model.user_id == User.id)
    return select(array_agg(column)).where(own).correlate(User).scalar_subquery()


def _users() -> Select[Any]:
    roles, locations = _ids_of(UserRole, UserRole.role_id), _ids_of(UserLocation, UserLocation.location_id)
    return select(User, roles.label("role_ids"), locations.label("location_ids"))


def list_users(ctx: CompanyContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of users."""
    return paginate(
        ctx,
        _users().where(*_filters(query)),
        query,
        sorts={"full_name": User.full_name, "created_at": User.created_at},
        key=User.id,
        default_sort="full_name",
        shape=_shape,
    )


def _filters(query: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if "is_active" in query:
        wanted.append(User.is_active == query["is_active"])
    if query.get("role"):
        wanted.append(_has_role(query["role"]))
    if query.get("q"):
        text = query["q"].lower()
        in_name = func.lower(User.full_name).contains(text, autoescape=True)
        wanted.append(or_(in_name, User.email.contains(text, autoescape=True), User.staff_number == text))
    return wanted


def _has_role(code: str) -> ColumnElement[bool]:
    held = (UserRole.company_id == User.company_id) & (UserRole.user_id == User.id)
    named = (Role.company_id == UserRole.company_id) & (Role.id == UserRole.role_id) & (Role.code == code)
    return select(UserRole.id).join(Role, named).where(held).correlate(User).exists()


def user_out(ctx: CompanyContext, user_id: UUID) -> dict[str, Any]:
    """Return one user as it is shown.

    Raises:
        Problem: ``not_found``.
    """
    ctx.uow.flush()
    fresh = _users().where(User.id == user_id).execution_options(populate_existing=True)
    row = ctx.uow.session.execute(fresh).one_or_none()
    if row is None:
        raise not_found()
    return _shape(row)


def _shape(row: Any) -> dict[str, Any]:
    user: User = row[0]
    shown = {name: getattr(user, name) for name in _FIELDS}
    shown |= {"has_pin": user.pin_hash is not None, "has_badge": user.badge_hash is not None}
    shown |= {"has_mfa": user.mfa_secret is not None}
    return shown | {"role_ids": sorted(row[1] or []), "location_ids": sorted(row[2] or [])}
