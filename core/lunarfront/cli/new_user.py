"""What the users' commands do, with the use cases of the API."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import marshmallow as ma
from sqlalchemy import select

from lunarfront.kernel.auth.models import Role, User
from lunarfront.kernel.auth.sessions import end_sessions
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.identity.own_password import set_password
from lunarfront.kernel.identity.user_schemas import UserIn
from lunarfront.kernel.identity.users import create_user
from lunarfront.kernel.problems import Problem, invalid


def make_user(
    ctx: CompanyContext,
    email: str,
    full_name: str,
    roles: Sequence[str],
    password: str,
    staff_number: str | None,
) -> dict[str, Any]:
    """Create a user with these roles.

    Raises:
        Problem: ``validation_failed``, ``not_found`` for an unknown role, ``conflict`` for a taken address.
    """
    body: dict[str, Any] = {"email": email, "full_name": full_name, "password": password}
    body["role_ids"] = [str(_role_id(ctx, code)) for code in roles]
    if staff_number is not None:
        body["staff_number"] = staff_number
    try:
        return create_user(ctx, UserIn().load(body))
    except ma.ValidationError as error:
        field, messages = next(iter(error.normalized_messages().items()))
        raise invalid(field, "validation_failed", str(messages[0])) from None


def _role_id(ctx: CompanyContext, code: str) -> UUID:
    roles = {row.code: row.id for row in ctx.uow.session.execute(select(Role.code, Role.id))}
    if code not in roles:
        raise Problem("not_found", f"There is no role {code}; there are {', '.join(sorted(roles))}.")
    return roles[code]


def set_new_password(ctx: CompanyContext, email: str, password: str) -> UUID:
    """Set the password of the user with this address and end his sign-ins.

    Raises:
        Problem: ``not_found``, ``validation_failed``.
    """
    wanted = select(User).where(User.email == email.lower())
    user = ctx.uow.session.execute(wanted).scalar_one_or_none()
    if user is None:
        raise Problem("not_found", f"Nobody has the address {email}.")
    set_password(ctx, user, password)
    end_sessions(ctx.uow, user.id, ctx.now)
    return user.id
