"""Server-side sessions of the web UI: cookies that name a row of ``auth_session`` (SEC-22, SEC-23)."""

from datetime import datetime
from uuid import UUID

from flask import Flask, Request, Response, current_app, g
from flask_login import LoginManager, UserMixin
from itsdangerous import BadData, URLSafeTimedSerializer

from lunarfront.kernel.auth.credentials import COOKIE, COOKIE_PREFIX, SECURE_COOKIE
from lunarfront.kernel.auth.secrets import Secret, new_secret, read_secret
from lunarfront.kernel.auth.sessions import LIFETIMES, Device, end_session_of_hash, open_session
from lunarfront.kernel.config import ensure_secret_key
from lunarfront.kernel.context import UserInfo
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.secretbox import derive
from lunarfront.kernel.uow import UnitOfWork

FORM_SECONDS = 2 * 60 * 60


def start_web_session(
    uow: UnitOfWork,
    user_id: UUID,
    terminal_id: UUID | None,
    request: Request,
    *,
    kind: str = "web",
    now: datetime | None = None,
) -> Secret:
    """Open a session with a new id and end the one that the request's cookie names: no fixation (SEC-22).

    Args:
        uow: a unit of work of the user's company; the caller commits it before the cookie is sent.
        kind: ``web`` after a password, ``pin`` after staff number and PIN or a badge (USR-10).

    Returns:
        The secret for ``set_session_cookie``.
    """
    moment = now or current_app.extensions["lunarfront"].clock()
    before = cookie_secret(request)
    if before and before.company_id == uow.company_id:
        end_session_of_hash(uow, before.hash, moment)
    secret = new_secret(uow.company_id, COOKIE_PREFIX)
    open_session(uow, user_id, kind, device_of(request, terminal_id), moment, secret.hash)
    return secret


def device_of(request: Request, terminal_id: UUID | None = None) -> Device:
    """Return where a request comes from."""
    return Device(request.remote_addr, request.headers.get("User-Agent"), terminal_id)


def cookie_secret(request: Request) -> Secret | None:
    """Return the secret in the session cookie of a request."""
    return read_secret(request.cookies.get(cookie_name(request), ""), COOKIE_PREFIX)


def cookie_name(request: Request) -> str:
    """Return the name of the session cookie; over HTTPS it is bound to this host (SEC-23)."""
    return SECURE_COOKIE if request.is_secure else COOKIE


def set_session_cookie(response: Response, secret: Secret, request: Request) -> None:
    """Send the cookie of a new session; scripts cannot read it and other sites cannot send it (SEC-23)."""
    response.set_cookie(
        cookie_name(request),
        secret.text,
        max_age=LIFETIMES["web"],
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_session_cookie(response: Response, request: Request) -> None:
    """Take the session cookie back."""
    response.delete_cookie(
        cookie_name(request), secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )


# --- forms of people who are not signed in ------------------------------------------------------------------


def form_token(form: str) -> str:
    """Return the signed token of a form shown before sign-in (SEC-25)."""
    return _signer(form).dumps(form)


def check_form_token(form: str, token: str) -> None:
    """Insist that a form was shown by us within two hours.

    Raises:
        Problem: ``form_token_invalid``.
    """
    try:
        _signer(form).loads(token, max_age=FORM_SECONDS)
    except BadData:
        raise Problem("form_token_invalid", "This form is too old. Load the page again.") from None


def _signer(form: str) -> URLSafeTimedSerializer:
    key = ensure_secret_key(current_app.extensions["lunarfront"].settings)
    return URLSafeTimedSerializer(derive(key, "form-token"), salt=form)


# --- Flask-Login --------------------------------------------------------------------------------------------


class SignedIn(UserMixin):
    """``current_user`` of pages: the user of the request's context."""

    def __init__(self, user: UserInfo) -> None:
        self.id = str(user.id)
        self.full_name, self.email, self.theme = user.full_name, user.email, user.theme


login_manager = LoginManager()
login_manager.session_protection = None


@login_manager.request_loader
def _user_of_request(_request: Request) -> SignedIn | None:
    ctx = g.get("ctx")
    return SignedIn(ctx.user) if ctx is not None and ctx.user is not None else None


def install(app: Flask) -> None:
    """Let pages use ``current_user``; the session behind it is ours, not a signed cookie."""
    login_manager.init_app(app)
