"""Routes of ``/auth``: sign-in, one's own sessions, tokens and password."""

from typing import Any
from uuid import UUID

from flask import g, request

from lunarfront.kernel.api.endpoint import ApiBlueprint
from lunarfront.kernel.api.paging import ListQuery, page_schema, paginate
from lunarfront.kernel.auth.credentials import read_credential
from lunarfront.kernel.auth.models import ApiToken, AuthSession
from lunarfront.kernel.auth.sessions import Device
from lunarfront.kernel.auth.web_sessions import device_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core
from lunarfront.kernel.identity import api_sessions, own_access, own_password, own_second_factor
from lunarfront.kernel.identity import auth_schemas as s
from lunarfront.kernel.identity.own_pin import set_own_pin
from lunarfront.kernel.identity.pin_switch import PinAttempt, pin_switch
from lunarfront.kernel.identity.routes import attempt_of, public_endpoint, tokens
from lunarfront.kernel.identity.sign_in import sign_in
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.uow import UnitOfWork

blp = ApiBlueprint(
    "auth", __name__, url_prefix="/auth", description="Sign-in, own sessions, tokens and password."
)


@public_endpoint(blp, "/login", s.LoginIn, s.TokensOut)
def login(body: dict[str, Any]) -> api_sessions.Tokens:
    """Sign in with e-mail address and password (USR-01, USR-11)."""
    device = device_of(request, body.get("terminal_id"))

    def open_session(uow: UnitOfWork, user_id: UUID) -> api_sessions.Tokens:
        return api_sessions.start_api_session(uow, tokens(), user_id, device, core().clock())

    return sign_in(core(), attempt_of(body), open_session)


@public_endpoint(blp, "/refresh", s.RefreshIn, s.TokensOut)
def refresh(body: dict[str, Any]) -> api_sessions.Tokens:
    """Exchange a refresh token for the next pair (SEC-24)."""
    return api_sessions.renew(core(), tokens(), body["refresh_token"])


@public_endpoint(blp, "/pin-switch", s.PinSwitchIn, s.TokensOut)
def switch_by_pin(body: dict[str, Any]) -> api_sessions.Tokens:
    """Unlock or switch the user of a paired terminal by staff number and PIN, or by badge (USR-10)."""

    def open_session(uow: UnitOfWork, user_id: UUID, terminal_id: UUID) -> api_sessions.Tokens:
        device = Device(request.remote_addr, request.headers.get("User-Agent"), terminal_id)
        return api_sessions.start_api_session(uow, tokens(), user_id, device, core().clock(), "pin")

    if not body.get("badge") and not (body.get("staff_number") and body.get("pin")):
        raise Problem("validation_failed", "Send staff_number and pin, or badge.")
    previous = read_credential(request, core().verify_access_token)
    attempt = PinAttempt(**body, previous=previous, ip=request.remote_addr, request_id=g.request_id)
    return pin_switch(core(), attempt, open_session)


@public_endpoint(blp, "/password-reset", s.ResetRequestIn, status=202)
def ask_password_reset(body: dict[str, Any]) -> None:
    """Ask for a reset link by mail; the answer is the same for every address (SEC-20)."""
    own_password.ask_reset(core(), body["email"], request.remote_addr)


@public_endpoint(blp, "/password-reset/confirm", s.ResetIn, status=204)
def confirm_password_reset(body: dict[str, Any]) -> None:
    """Set a new password with the token of a reset link (SEC-20)."""
    own_password.reset_password(core(), body["token"], body["new_password"])


@blp.endpoint("POST", "/logout", signed_in=True, body=s.LogoutIn, status=204)
def logout(ctx: CompanyContext, body: dict[str, Any]) -> None:
    """End this sign-in (SEC-22)."""
    own_access.log_out(ctx, everywhere=body["everywhere"])


@blp.endpoint("GET", "/me", signed_in=True, out=s.MeOut)
def read_me(ctx: CompanyContext) -> dict[str, Any]:
    """Who acts, where, and with which rights and limits."""
    return own_access.me(ctx)


@blp.endpoint("POST", "/me", signed_in=True, body=s.SettingsOfUserIn, out=s.MeOut)
def change_me(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Change one's own language and theme."""
    return own_access.change_self(ctx, body)


@blp.endpoint("POST", "/reauthenticate", signed_in=True, body=s.PasswordIn, status=204)
def reauthenticate(ctx: CompanyContext, body: dict[str, Any]) -> None:
    """Confirm the password, which acts of administration ask for after half an hour (SEC-22, SEC-28)."""
    own_password.reauthenticate(ctx, body["password"])


@blp.endpoint("POST", "/password", signed_in=True, body=s.PasswordChangeIn, status=204)
def change_password(ctx: CompanyContext, body: dict[str, Any]) -> None:
    """Change one's own password; all other sign-ins end."""
    own_password.change_password(ctx, body["current_password"], body["new_password"])


@blp.endpoint("POST", "/pin", signed_in=True, body=s.OwnPinIn, status=204)
def change_pin(ctx: CompanyContext, body: dict[str, Any]) -> None:
    """Set or take away one's own PIN."""
    set_own_pin(ctx, body["password"], body["pin"])


@blp.endpoint("POST", "/mfa", signed_in=True, body=s.PasswordIn, out=s.MfaEnrolmentOut)
def begin_mfa(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, str]:
    """Begin with an authenticator app; nothing changes before its first code (SEC-29)."""
    return own_second_factor.begin(ctx, core(), body["password"])


@blp.endpoint("POST", "/mfa/confirm", signed_in=True, body=s.MfaConfirmIn, out=s.RecoveryCodesOut)
def confirm_mfa(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, list[str]]:
    """Switch the second factor on by its first code; the recovery codes are shown once (SEC-29)."""
    return own_second_factor.confirm_first_code(ctx, core(), body["enrolment"], body["otp"])


@blp.endpoint("POST", "/mfa/disable", signed_in=True, body=s.MfaDisableIn, status=204)
def disable_mfa(ctx: CompanyContext, body: dict[str, Any]) -> None:
    """Switch the second factor off."""
    own_second_factor.disable(ctx, core(), body["password"], body["otp"])


@blp.endpoint("GET", "/sessions", signed_in=True, query=ListQuery, out=page_schema(s.SessionOut))
def list_sessions(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """The user's living sign-ins, the last seen first."""
    return paginate(
        ctx,
        own_access.own_sessions(ctx),
        query,
        sorts={"last_seen_at": AuthSession.last_seen_at, "created_at": AuthSession.created_at},
        key=AuthSession.id,
        default_sort="-last_seen_at",
        shape=lambda row: own_access.session_row(ctx, row[0]),
    )


@blp.endpoint("DELETE", "/sessions/<uuid:session_id>", signed_in=True, status=204)
def revoke_session(ctx: CompanyContext, session_id: UUID) -> None:
    """End one of one's own sign-ins."""
    own_access.revoke_session(ctx, session_id)


@blp.endpoint("GET", "/api-tokens", signed_in=True, query=ListQuery, out=page_schema(s.ApiTokenOut))
def list_api_tokens(ctx: CompanyContext, query: dict[str, Any]) -> dict[str, Any]:
    """The user's API tokens, without their secrets."""
    return paginate(
        ctx,
        own_access.own_tokens(ctx),
        query,
        sorts={"created_at": ApiToken.created_at, "name": ApiToken.name},
        key=ApiToken.id,
        default_sort="-created_at",
        shape=lambda row: row[0],
    )


@blp.endpoint("POST", "/api-tokens", signed_in=True, body=s.ApiTokenIn, out=s.NewApiTokenOut, status=201)
def create_api_token(ctx: CompanyContext, body: dict[str, Any]) -> dict[str, Any]:
    """Make an API token; its secret is shown once (SEC-24)."""
    return own_access.create_token(ctx, body)


@blp.endpoint("DELETE", "/api-tokens/<uuid:token_id>", signed_in=True, status=204)
def revoke_api_token(ctx: CompanyContext, token_id: UUID) -> None:
    """Revoke one of one's own API tokens."""
    own_access.revoke_token(ctx, token_id)
