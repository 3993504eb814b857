"""Opening and ending sign-ins: rows of ``auth_session``, checked on every request (SEC-22, SEC-24)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, true, update

from lunarfront.kernel.auth.models import AuthSession, RefreshToken
from lunarfront.kernel.auth.secrets import Secret, new_secret
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.uow import UnitOfWork

REFRESH_PREFIX = "lr_"
#: How long a sign-in lasts at most; an API session is prolonged by each renewal.
LIFETIMES = {"web": timedelta(days=7), "api": timedelta(days=30), "pin": timedelta(hours=12)}
FRESH_PASSWORD = timedelta(minutes=30)
AGENT_LENGTH = 400


@dataclass(frozen=True)
class Device:
    """Where a sign-in comes from."""

    ip: str | None = None
    user_agent: str | None = None
    terminal_id: UUID | None = None


def open_session(
    uow: UnitOfWork, user_id: UUID, kind: str, device: Device, now: datetime, id_hash: bytes | None = None
) -> UUID:
    """Collect a session of kind web, api or pin and return its id.

    Without ``id_hash`` no cookie can name the session: only access tokens that carry its id do.
    """
    return uow.add(
        AuthSession,
        user_id=user_id,
        kind=kind,
        id_hash=id_hash or secrets.token_bytes(32),
        terminal_id=device.terminal_id,
        last_seen_at=now,
        authenticated_at=now,
        expires_at=now + LIFETIMES[kind],
        ip=device.ip,
        user_agent=device.user_agent[:AGENT_LENGTH] if device.user_agent else None,
    )


def add_refresh_token(
    uow: UnitOfWork, session_id: UUID, kind: str, now: datetime, family: UUID | None = None
) -> Secret:
    """Collect the next refresh token of a session; the first one starts its family."""
    secret = new_secret(uow.company_id, REFRESH_PREFIX)
    uow.add(
        RefreshToken,
        session_id=session_id,
        family=family or uuid7(),
        hash=secret.hash,
        expires_at=now + LIFETIMES[kind],
    )
    return secret


def end_sessions(
    uow: UnitOfWork,
    user_id: UUID,
    now: datetime,
    *,
    keep: UUID | None = None,
    kinds: tuple[str, ...] = ("web", "api", "pin"),
) -> int:
    """End a user's sign-ins of these kinds, but ``keep``; return how many there were."""
    kept: ColumnElement[bool] = AuthSession.id != keep if keep else true()
    return _end(uow, now, AuthSession.user_id == user_id, AuthSession.kind.in_(kinds), kept)


def end_session(uow: UnitOfWork, session_id: UUID, now: datetime) -> int:
    """End one sign-in; its access and refresh tokens die with it."""
    return _end(uow, now, AuthSession.id == session_id)


def end_session_of_hash(uow: UnitOfWork, id_hash: bytes, now: datetime) -> int:
    """End the sign-in that a cookie names."""
    return _end(uow, now, AuthSession.id_hash == id_hash)


def _end(uow: UnitOfWork, now: datetime, *which: ColumnElement[bool]) -> int:
    statement = update(AuthSession).where(AuthSession.revoked_at.is_(None), *which).values(revoked_at=now)
    result = uow.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]
