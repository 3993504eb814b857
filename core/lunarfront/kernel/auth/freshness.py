"""A fresh password for acts of administration (SEC-22, SEC-28)."""

from lunarfront.kernel.auth.sessions import FRESH_PASSWORD
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem


def require_fresh_password(ctx: CompanyContext) -> None:
    """Insist that the password of this sign-in was given in the last half hour.

    API tokens have no password behind them and are exempt; jobs and commands have no session at all.

    Raises:
        Problem: ``forbidden`` with ``reauthenticate``: confirm the password at ``/auth/reauthenticate``.
    """
    session = ctx.session
    if session is None or session.kind == "token":
        return
    if session.kind == "pin" or ctx.now - session.authenticated_at > FRESH_PASSWORD:
        raise Problem("forbidden", "Please confirm your password first.", extra={"reauthenticate": True})
