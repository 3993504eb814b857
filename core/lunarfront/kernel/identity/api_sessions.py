"""Use cases of API sessions: access and refresh tokens (SEC-24)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from lunarfront.kernel import audit
from lunarfront.kernel.auth.access_tokens import AccessTokens
from lunarfront.kernel.auth.models import AuthSession, RefreshToken, User
from lunarfront.kernel.auth.secrets import Secret, read_secret
from lunarfront.kernel.auth.sessions import (
    LIFETIMES,
    REFRESH_PREFIX,
    Device,
    add_refresh_token,
    end_session,
    open_session,
)
from lunarfront.kernel.core import Core
from lunarfront.kernel.identity.terminals import bind_terminal
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.tenancy.models import Company
from lunarfront.kernel.uow import UnitOfWork

ENDED = "Your sign-in has ended. Please sign in again."


@dataclass(frozen=True)
class Tokens:
    """What a sign-in over the API answers; the secrets are shown once."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str = field(repr=False)
    session_id: UUID
    user: User
    company: Company


def start_api_session(
    uow: UnitOfWork, tokens: AccessTokens, user_id: UUID, device: Device, now: datetime, kind: str = "api"
) -> Tokens:
    """Open a session with its first pair of tokens; the caller commits."""
    if kind != "pin" and device.terminal_id is not None:
        bind_terminal(uow, user_id, device.terminal_id)
    session_id = open_session(uow, user_id, kind, device, now)
    return _pair(uow, tokens, user_id, session_id, add_refresh_token(uow, session_id, kind, now))


def _pair(uow: UnitOfWork, tokens: AccessTokens, user_id: UUID, session_id: UUID, refresh: Secret) -> Tokens:
    access, ends = tokens.issue(uow.company_id, user_id, session_id)
    user = uow.session.execute(select(User).where(User.id == user_id)).scalar_one()
    company = uow.session.execute(select(Company).where(Company.id == uow.company_id)).scalar_one()
    return Tokens(access, ends, refresh.text, session_id, user, company)


def renew(core: Core, tokens: AccessTokens, text: str) -> Tokens:
    """Exchange a refresh token for the next pair. An old one ends its whole family and the session (SEC-24).

    Raises:
        Problem: ``unauthenticated``, or ``refresh_reused``.
    """
    secret = read_secret(text, REFRESH_PREFIX)
    if secret is None:
        raise Problem("unauthenticated", ENDED)
    with core.unit_of_work(secret.company_id) as uow:
        link = _locked(uow, secret)
        reused = link.used_at is not None
        answer = None if reused else _next(uow, tokens, link, core.clock())
        if reused:
            _end_family(uow, link, core.clock())
        uow.commit()
    if answer is None:
        raise Problem("refresh_reused", "This refresh token was used before, so its sign-in has been ended.")
    return answer


def _locked(uow: UnitOfWork, secret: Secret) -> RefreshToken:
    """The lock makes two exchanges of one token follow each other: the second sees that it was used."""
    link = uow.session.execute(
        select(RefreshToken).where(RefreshToken.hash == secret.hash).with_for_update()
    ).scalar_one_or_none()
    if link is None:
        raise Problem("unauthenticated", ENDED)
    return link


def _next(uow: UnitOfWork, tokens: AccessTokens, link: RefreshToken, now: datetime) -> Tokens:
    session = uow.session.execute(select(AuthSession).where(AuthSession.id == link.session_id)).scalar_one()
    user = uow.session.execute(select(User).where(User.id == session.user_id)).scalar_one()
    if session.revoked_at or min(session.expires_at, link.expires_at) <= now or not user.is_active:
        raise Problem("unauthenticated", ENDED)
    link.used_at, session.last_seen_at = now, now
    if session.kind == "api":
        session.expires_at = now + LIFETIMES["api"]
    fresh = add_refresh_token(uow, session.id, session.kind, now, link.family)
    return _pair(uow, tokens, user.id, session.id, fresh)


def _end_family(uow: UnitOfWork, link: RefreshToken, now: datetime) -> None:
    same = update(RefreshToken).where(RefreshToken.family == link.family, RefreshToken.used_at.is_(None))
    uow.session.execute(same.values(used_at=now).execution_options(synchronize_session=False))
    end_session(uow, link.session_id, now)
    user_id = uow.session.execute(
        select(AuthSession.user_id).where(AuthSession.id == link.session_id)
    ).scalar_one()
    audit.write(
        uow,
        occurred_at=now,
        actor="system",
        user_id=user_id,
        action="auth.refresh.reused",
        entity_type="auth_session",
        entity_id=link.session_id,
    )
