"""Use cases of one's own sign-ins and API tokens (SEC-22, SEC-24)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update

from lunarfront.kernel import audit, editing
from lunarfront.kernel.auth.freshness import require_fresh_password
from lunarfront.kernel.auth.models import ApiToken, AuthSession, User
from lunarfront.kernel.auth.secrets import new_secret
from lunarfront.kernel.auth.sessions import end_session, end_sessions
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.identity.terminals import require_location
from lunarfront.kernel.permissions import CATALOGUE
from lunarfront.kernel.problems import Problem, invalid, not_found
from lunarfront.kernel.tenancy.models import Terminal


def me(ctx: CompanyContext) -> dict[str, Any]:
    """Return who acts, where, and with which rights and limits."""
    company = ctx.company
    return {
        "user": ctx.require_user(),
        "company": company,
        "location": ctx.location,
        "terminal": ctx.terminal,
        "session": ctx.session,
        "rights": dict(sorted(ctx.rights.effects.items())),
        "limits": ctx.rights,
        "location_ids": sorted(ctx.rights.location_ids) if ctx.rights.location_ids is not None else None,
    }


def change_self(ctx: CompanyContext, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change one's own language and theme (THM-01)."""
    user = editing.load(ctx, User, ctx.require_user().id)
    old, new = editing.apply(ctx, user, values)
    if new:
        audit.record(ctx, "user.changed", "app_user", user.id, old=old, new=new)
    return me(ctx) | {"user": user}


def log_out(ctx: CompanyContext, *, everywhere: bool) -> None:
    """End this sign-in, or all of the user's.

    Raises:
        Problem: ``conflict`` for an API token, which is revoked by its id.
    """
    session = ctx.session
    if session is None or session.kind == "token":
        raise Problem("conflict", "An API token is not signed out: revoke it at /auth/api-tokens.")
    end_session(ctx.uow, session.id, ctx.now)
    if everywhere:
        end_sessions(ctx.uow, ctx.require_user().id, ctx.now)
    audit.record(ctx, "auth.signed_out", "auth_session", session.id, new={"everywhere": everywhere})


# --- sessions -------------------------------------------------------------------------------------------------


def own_sessions(ctx: CompanyContext) -> Select[Any]:
    """Return the select of the user's living sign-ins."""
    return select(AuthSession).where(
        AuthSession.user_id == ctx.require_user().id,
        AuthSession.revoked_at.is_(None),
        AuthSession.expires_at > ctx.now,
    )


def session_row(ctx: CompanyContext, session: AuthSession) -> dict[str, Any]:
    """Return a sign-in as it is shown."""
    names = "id kind terminal_id created_at last_seen_at expires_at ip user_agent".split()
    current = ctx.session is not None and ctx.session.id == session.id
    return {name: getattr(session, name) for name in names} | {"is_current": current}


def revoke_session(ctx: CompanyContext, session_id: UUID) -> None:
    """End one of the user's own sign-ins.

    Raises:
        Problem: ``not_found``.
    """
    session = editing.load(ctx, AuthSession, session_id)
    if session.user_id != ctx.require_user().id:
        raise not_found()
    if end_session(ctx.uow, session_id, ctx.now):
        audit.record(ctx, "auth.session.revoked", "auth_session", session_id)


# --- API tokens -----------------------------------------------------------------------------------------------


def own_tokens(ctx: CompanyContext) -> Select[Any]:
    """Return the select of the user's API tokens."""
    return select(ApiToken).where(ApiToken.user_id == ctx.require_user().id)


def create_token(ctx: CompanyContext, body: Mapping[str, Any]) -> dict[str, Any]:
    """Make an API token of the user; its secret is in the answer and nowhere else (SEC-24).

    Raises:
        Problem: ``forbidden`` from a PIN sign-in or beyond the scopes of the token that asks (SEC-28);
            ``validation_failed`` for unknown scopes or a past end.
    """
    if ctx.session is not None and ctx.session.kind == "pin":
        raise Problem("forbidden", "Sign in with your password first.")
    require_fresh_password(ctx)
    scopes = _scopes(ctx, body.get("scopes"))
    if body.get("expires_at") is not None and body["expires_at"] <= ctx.now:
        raise invalid("expires_at", "validation_failed", "This moment has passed.")
    _check_terminal(ctx, body.get("terminal_id"))
    secret = new_secret(ctx.company.id)
    token = ApiToken(
        user_id=ctx.require_user().id,
        name=body["name"],
        hash=secret.hash,
        scopes=scopes,
        terminal_id=body.get("terminal_id"),
        expires_at=body.get("expires_at"),
    )
    ctx.uow.session.add(token)
    ctx.uow.session.flush()
    ctx.uow.session.refresh(token)
    audit.record(
        ctx, "auth.api_token.created", "api_token", token.id, new={"name": token.name, "scopes": scopes}
    )
    return {name: getattr(token, name) for name in _TOKEN_FIELDS} | {"token": secret.text}


_TOKEN_FIELDS = "id name scopes terminal_id created_at expires_at last_used_at revoked_at".split()


def _scopes(ctx: CompanyContext, asked: Sequence[str] | None) -> list[str] | None:
    """A token with scopes makes no token with more: scopes asked for must be among its own."""
    own = ctx.session.scopes if ctx.session else None
    for index, scope in enumerate(asked or ()):
        if not _known(scope):
            raise invalid(f"scopes[{index}]", "validation_failed", f"There is no right {scope}.")
        if own is not None and not _covered(scope, own):
            raise Problem("forbidden", f"This token does not have the scope {scope}.")
    if asked is None:
        return sorted(own) if own is not None else None
    return sorted(set(asked))


def _covered(scope: str, own: frozenset[str]) -> bool:
    return scope in own or any(area.endswith(".*") and scope.startswith(area[:-1]) for area in own)


def _known(scope: str) -> bool:
    if scope.endswith(".*"):
        return any(name.startswith(scope[:-1]) for name in CATALOGUE)
    return scope in CATALOGUE


def _check_terminal(ctx: CompanyContext, terminal_id: UUID | None) -> None:
    if terminal_id is not None:
        terminal = editing.load(ctx, Terminal, terminal_id)
        require_location(ctx.uow, ctx.require_user().id, terminal.location_id)


def revoke_token(ctx: CompanyContext, token_id: UUID) -> None:
    """Revoke one of the user's API tokens; it is refused from the next request on.

    Raises:
        Problem: ``not_found``.
    """
    token = editing.load(ctx, ApiToken, token_id)
    if token.user_id != ctx.require_user().id:
        raise not_found()
    ended = (
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=ctx.now)
    )
    ctx.uow.session.execute(ended.execution_options(synchronize_session=False))
    audit.record(ctx, "auth.api_token.revoked", "api_token", token_id)
