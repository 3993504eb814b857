"""Use cases of users: create, change, archive, passwords, PINs and badges of others (USR-03, USR-08, SEC-28).

Users are never deleted (GEN-04). Whoever administers a user must hold himself whatever that user holds.
"""

import base64
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from lunarfront.kernel import audit, editing
from lunarfront.kernel.api.db_errors import describe_constraint
from lunarfront.kernel.auth.freshness import require_fresh_password
from lunarfront.kernel.auth.models import User, UserLocation, UserRole
from lunarfront.kernel.auth.password_rules import check_new_password
from lunarfront.kernel.auth.passwords import hash_password
from lunarfront.kernel.auth.secrets import digest
from lunarfront.kernel.auth.sessions import end_sessions
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import Core
from lunarfront.kernel.identity import privileges
from lunarfront.kernel.identity.own_password import make_reset, set_password
from lunarfront.kernel.identity.own_pin import write_pin
from lunarfront.kernel.identity.second_factor import remove_factor
from lunarfront.kernel.identity.user_queries import user_out
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.tenancy.models import Location

describe_constraint(
    "app_user_company_id_email_key", "conflict", "email", "Another user has this e-mail address."
)
describe_constraint(
    "app_user_company_id_staff_number_key", "conflict", "staff_number", "Another user has this staff number."
)
BADGE_PREFIX = "LB"
_LISTS = ("role_ids", "location_ids")


def create_user(ctx: CompanyContext, body: Mapping[str, Any]) -> dict[str, Any]:
    """Create a user with roles and locations.

    Raises:
        Problem: ``validation_failed``, ``conflict`` for a taken address or staff number, ``forbidden`` for a role
            with a right that the one who acts lacks (SEC-28).
    """
    require_fresh_password(ctx)
    role_ids, location_ids = set(body["role_ids"]), set(body["location_ids"])
    privileges.require_may_give_roles(ctx, role_ids)
    values = {name: value for name, value in body.items() if name not in (*_LISTS, "password", "pin")}
    _check_sign_in(values["can_sign_in"], values["email"], body.get("password"))
    user = User(
        **values, password_hash=_hashed(ctx, body.get("password")), pin_hash=_pin_hash(body.get("pin"))
    )
    ctx.uow.session.add(user)
    ctx.uow.session.flush()
    _set_roles(ctx, user.id, role_ids)
    _set_locations(ctx, user.id, location_ids)
    new = {**values, "role_ids": role_ids, "location_ids": location_ids}
    audit.record(ctx, "user.created", "app_user", user.id, new=new)
    return user_out(ctx, user.id)


def _check_sign_in(can_sign_in: bool, email: str | None, password: str | None) -> None:
    if can_sign_in and not email:
        raise invalid("email", "validation_failed", "Who signs in needs an e-mail address.")
    if can_sign_in and not password:
        raise invalid("password", "validation_failed", "Who signs in needs a password.")


def _hashed(ctx: CompanyContext, password: str | None) -> str | None:
    if password is None:
        return None
    check_new_password(password, ctx.company.name)
    return hash_password(password)


def _pin_hash(pin: str | None) -> str | None:
    return hash_password(pin) if pin is not None else None


def change_user(ctx: CompanyContext, user_id: UUID, version: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a user; new roles and locations replace the old ones and end his web sign-ins (SEC-22).

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``forbidden`` (SEC-28), ``conflict`` for the last administrator.
    """
    require_fresh_password(ctx)
    user = editing.load_for_edit(ctx, User, user_id, version)
    privileges.require_above(ctx, user_id)
    privileges.lock_admins(ctx)
    values = {name: value for name, value in body.items() if name not in _LISTS}
    if "is_active" in values:
        values |= editing.active_values(ctx, values["is_active"])
    old, new = editing.apply(ctx, user, values)
    _check_stored(user)
    lists = _change_lists(ctx, user_id, body)
    if lists and not new:
        _raise_version(ctx, user)
    privileges.require_admin_left(ctx)
    _end_what_must_end(ctx, user, new, bool(lists))
    if new or lists:
        before = {name: pair[0] for name, pair in lists.items()}
        after = {name: pair[1] for name, pair in lists.items()}
        audit.record(ctx, "user.changed", "app_user", user_id, old=old | before, new=new | after)
    return user_out(ctx, user_id)


def _check_stored(user: User) -> None:
    if user.can_sign_in and not user.email:
        raise invalid("email", "validation_failed", "Who signs in needs an e-mail address.")
    if user.can_sign_in and not user.password_hash:
        raise invalid("can_sign_in", "validation_failed", "Set a password for this user first.")


def _change_lists(
    ctx: CompanyContext, user_id: UUID, body: Mapping[str, Any]
) -> dict[str, tuple[set[UUID], set[UUID]]]:
    """Replace roles and locations; return before and after of those that differ."""
    changed: dict[str, tuple[set[UUID], set[UUID]]] = {}
    if "role_ids" in body:
        before, after = _held(ctx, UserRole.role_id, UserRole.user_id, user_id), set(body["role_ids"])
        privileges.require_may_give_roles(ctx, after - before)
        if before != after:
            _set_roles(ctx, user_id, after)
            changed["role_ids"] = (before, after)
    if "location_ids" in body:
        before, after = (
            _held(ctx, UserLocation.location_id, UserLocation.user_id, user_id),
            set(body["location_ids"]),
        )
        if before != after:
            _set_locations(ctx, user_id, after)
            changed["location_ids"] = (before, after)
    return changed


def _held(ctx: CompanyContext, column: Any, owner: Any, user_id: UUID) -> set[UUID]:
    return set(ctx.uow.session.execute(select(column).where(owner == user_id)).scalars())


def _set_roles(ctx: CompanyContext, user_id: UUID, role_ids: Iterable[UUID]) -> None:
    ctx.uow.session.execute(delete(UserRole).where(UserRole.user_id == user_id))
    ctx.uow.session.add_all(UserRole(user_id=user_id, role_id=role_id) for role_id in sorted(role_ids))
    ctx.uow.session.flush()


def _set_locations(ctx: CompanyContext, user_id: UUID, location_ids: Iterable[UUID]) -> None:
    ids = set(location_ids)
    known = set(ctx.uow.session.execute(select(Location.id).where(Location.id.in_(ids))).scalars())
    if ids - known:
        raise Problem("not_found", "One of these locations does not exist.")
    _require_own_locations(ctx, ids)
    ctx.uow.session.execute(delete(UserLocation).where(UserLocation.user_id == user_id))
    ctx.uow.session.add_all(
        UserLocation(user_id=user_id, location_id=location_id) for location_id in sorted(ids)
    )
    ctx.uow.session.flush()


def _require_own_locations(ctx: CompanyContext, ids: set[UUID]) -> None:
    """Who is limited to some locations gives no others, and not all (SEC-28)."""
    own = ctx.rights.location_ids
    if own is not None and (not ids or ids - own):
        raise Problem("forbidden", "You can only give locations where you work yourself.")


def _raise_version(ctx: CompanyContext, user: User) -> None:
    """Roles and locations are part of what an editor saw of the user (OCC-01)."""
    user.updated_at = ctx.now
    ctx.uow.session.flush()


def _end_what_must_end(ctx: CompanyContext, user: User, new: Mapping[str, Any], lists_changed: bool) -> None:
    """A disabled user is out at once (USR-08); a changed role means a new session id (SEC-22)."""
    own = ctx.session.id if ctx.session and user.id == ctx.require_user().id else None
    if new.get("is_active") is False:
        end_sessions(ctx.uow, user.id, ctx.now)
    elif new.get("can_sign_in") is False:
        end_sessions(ctx.uow, user.id, ctx.now, kinds=("web", "api"))
    elif lists_changed:
        end_sessions(ctx.uow, user.id, ctx.now, keep=own, kinds=("web", "pin"))


# --- credentials of others ------------------------------------------------------------------------------------


def _of_other(ctx: CompanyContext, user_id: UUID) -> User:
    require_fresh_password(ctx)
    user = editing.load(ctx, User, user_id)
    privileges.require_above(ctx, user_id)
    return user


def reset_password(ctx: CompanyContext, core: Core, user_id: UUID, password: str | None) -> None:
    """Set another user's password, or queue the mail with a reset link, and end his sign-ins.

    Raises:
        Problem: ``not_found``, ``forbidden`` (SEC-28), ``validation_failed``; ``conflict`` without e-mail address.
    """
    user = _of_other(ctx, user_id)
    if password is not None:
        set_password(ctx, user, password)
        own = ctx.session.id if ctx.session and user_id == ctx.require_user().id else None
        end_sessions(ctx.uow, user_id, ctx.now, keep=own)
        return
    if user.email is None or not user.can_sign_in:
        raise Problem("conflict", "This user has no e-mail address to send a link to, or does not sign in.")
    make_reset(ctx.uow, core, user_id)
    audit.record(ctx, "user.password.reset_sent", "app_user", user_id)


def set_pin(ctx: CompanyContext, user_id: UUID, pin: str | None) -> None:
    """Set or take away another user's PIN."""
    write_pin(ctx, _of_other(ctx, user_id), pin)


def make_badge(ctx: CompanyContext, user_id: UUID) -> dict[str, str]:
    """Give a user a new badge; the old one is worthless then (USR-10)."""
    user = _of_other(ctx, user_id)
    code = BADGE_PREFIX + base64.b32encode(secrets.token_bytes(15)).decode("ascii")
    user.badge_hash = digest(code)
    audit.record(ctx, "user.badge.made", "app_user", user_id)
    return {"badge": code}


def take_badge(ctx: CompanyContext, user_id: UUID) -> None:
    """Take a user's badge away."""
    _of_other(ctx, user_id).badge_hash = None
    audit.record(ctx, "user.badge.taken", "app_user", user_id)


def take_second_factor(ctx: CompanyContext, user_id: UUID) -> None:
    """Take a user's second factor away and end his sign-ins (SEC-29)."""
    remove_factor(ctx, _of_other(ctx, user_id))
    end_sessions(ctx.uow, user_id, ctx.now)


def sign_out_user(ctx: CompanyContext, user_id: UUID) -> None:
    """End all sign-ins of a user."""
    user = editing.load(ctx, User, user_id)
    ended = end_sessions(ctx.uow, user.id, ctx.now)
    audit.record(ctx, "user.signed_out", "app_user", user.id, new={"sessions": ended})
