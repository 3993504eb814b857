"""Routes of ``/users``."""

from typing import Any
from uuid import UUID

from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core
from lunarfront.kernel.identity import user_queries, users
from lunarfront.kernel.identity import user_schemas as s

blp = ApiBlueprint(
    "users", __name__, url_prefix="/users", description="People who work here and their credentials."
)
MANAGE = "user.manage"


@blp.endpoint("GET", "", permission=MANAGE, query=s.UserQuery, out=s.UserPage)
def list_users(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """List users."""
    return user_queries.list_users(ctx, query)


@blp.endpoint("POST", "", permission=MANAGE, body=s.UserIn, out=s.UserOut, status=201)
def create_user(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Create a user with roles and locations."""
    return users.create_user(ctx, body)


@blp.endpoint("GET", "/<uuid:user_id>", permission=MANAGE, out=s.UserOut)
def read_user(ctx: CompanyContext, user_id: UUID) -> dict[str, Any]:
    """Read a user."""
    return user_queries.user_out(ctx, user_id)


@blp.endpoint("PATCH", "/<uuid:user_id>", permission=MANAGE, body=s.UserPatch, out=s.UserOut, locked=True)
def change_user(
    ctx: CompanyContext, body: dict[str, Any], user_id: UUID, expected_version: int
) -> dict[str, Any]:
    """Change a user; lists replace what was there."""
    return users.change_user(ctx, user_id, expected_version, body)


@blp.endpoint("DELETE", "/<uuid:user_id>", permission=MANAGE, status=204, locked=True)
def archive_user(ctx: CompanyContext, user_id: UUID, expected_version: int) -> None:
    """Disable a user; he is out at the next request and his records stay (USR-08, GEN-04)."""
    users.change_user(ctx, user_id, expected_version, {"is_active": False})


@blp.endpoint("POST", "/<uuid:user_id>/reset-password", permission=MANAGE, body=s.PasswordSetIn, status=204)
def reset_user_password(ctx: CompanyContext, body: dict[str, Any], user_id: UUID) -> None:
    """Set a password, or mail a reset link."""
    users.reset_password(ctx, core(), user_id, body.get("password"))


@blp.endpoint("POST", "/<uuid:user_id>/pin", permission=MANAGE, body=s.PinSetIn, status=204)
def set_user_pin(ctx: CompanyContext, body: dict[str, Any], user_id: UUID) -> None:
    """Set or take away a PIN."""
    users.set_pin(ctx, user_id, body["pin"])


@blp.endpoint("POST", "/<uuid:user_id>/badge", permission=MANAGE, out=s.BadgeOut, status=201)
def make_user_badge(ctx: CompanyContext, user_id: UUID) -> dict[str, str]:
    """Make a new badge; its code is shown once (USR-10)."""
    return users.make_badge(ctx, user_id)


@blp.endpoint("DELETE", "/<uuid:user_id>/badge", permission=MANAGE, status=204)
def take_user_badge(ctx: CompanyContext, user_id: UUID) -> None:
    """Take the badge away."""
    users.take_badge(ctx, user_id)


@blp.endpoint("DELETE", "/<uuid:user_id>/mfa", permission=MANAGE, status=204)
def take_user_mfa(ctx: CompanyContext, user_id: UUID) -> None:
    """Take the second factor of a user away, who lost his authenticator and his codes (SEC-29)."""
    users.take_second_factor(ctx, user_id)


@blp.endpoint("POST", "/<uuid:user_id>/sign-out", permission=MANAGE, status=204)
def sign_out_user(ctx: CompanyContext, user_id: UUID) -> None:
    """End all sign-ins of a user."""
    users.sign_out_user(ctx, user_id)
