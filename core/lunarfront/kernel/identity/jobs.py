"""Housekeeping of sign-ins: what has ended long ago is cleared away (SEC-62)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from lunarfront.kernel.auth.models import (
    AddressCounter,
    AuthSession,
    PasswordReset,
    RateCounter,
    RefreshToken,
)
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.jobs.registry import scheduled

#: An ended sign-in can be looked up for this long.
KEEP_SESSIONS = timedelta(days=90)
KEEP_COUNTERS = timedelta(days=1)


@scheduled("auth.clean", "10 3 * * *")
def clean_sign_ins(ctx: CompanyContext, _payload: dict[str, Any]) -> None:
    """Remove ended sign-ins with their tokens, old reset links and counters; the audit trail keeps what happened."""
    session = ctx.uow.session
    oldest = ctx.now - KEEP_SESSIONS
    ended = or_(AuthSession.expires_at < oldest, AuthSession.revoked_at < oldest)
    of_ended = RefreshToken.session_id.in_(select(AuthSession.id).where(ended))
    counted = ctx.now - KEEP_COUNTERS
    for statement in (
        delete(RefreshToken).where(or_(RefreshToken.expires_at < ctx.now, of_ended)),
        delete(AuthSession).where(ended),
        delete(PasswordReset).where(PasswordReset.expires_at < oldest),
        delete(RateCounter).where(RateCounter.window_start < counted),
        delete(AddressCounter).where(AddressCounter.window_start < counted),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
