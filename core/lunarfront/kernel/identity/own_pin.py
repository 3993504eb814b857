"""Use case: one's own PIN."""

from lunarfront.kernel import audit
from lunarfront.kernel.auth.models import User
from lunarfront.kernel.auth.passwords import hash_password
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.identity.own_password import confirm


def set_own_pin(ctx: CompanyContext, password: str, pin: str | None) -> None:
    """Set or take away one's own PIN after the password was given.

    Raises:
        Problem: ``validation_failed`` for a wrong password.
    """
    write_pin(ctx, confirm(ctx, password), pin)


def write_pin(ctx: CompanyContext, user: User, pin: str | None) -> None:
    """Store the hash of a user's PIN."""
    user.pin_hash = hash_password(pin) if pin is not None else None
    audit.record(ctx, "user.pin.set" if pin else "user.pin.removed", "app_user", user.id)
