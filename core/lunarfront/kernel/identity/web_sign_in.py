"""Sign-in of the web UI: the same checks as over the API, answered by a session cookie (SEC-22, USR-10)."""

from uuid import UUID

from flask import Request, Response, g

from lunarfront.kernel.auth.credentials import read_credential
from lunarfront.kernel.auth.secrets import Secret
from lunarfront.kernel.auth.web_sessions import start_web_session
from lunarfront.kernel.core import Core
from lunarfront.kernel.identity.pin_switch import PinAttempt, pin_switch
from lunarfront.kernel.identity.sign_in import Attempt, sign_in
from lunarfront.kernel.identity.terminals import bind_terminal
from lunarfront.kernel.uow import UnitOfWork

DEVICE_COOKIE = "lf_device"
SECURE_DEVICE_COOKIE = "__Host-lf_device"
#: A paired till stays paired until somebody takes its key away; browsers keep a cookie this long at most.
DEVICE_SECONDS = 400 * 24 * 60 * 60


def web_sign_in(
    core: Core,
    request: Request,
    *,
    email: str,
    password: str,
    company_id: UUID | None = None,
    terminal_id: UUID | None = None,
) -> Secret:
    """Sign in with e-mail address and password and return the secret of the session cookie.

    Raises:
        Problem: as ``sign_in``; ``conflict`` carries ``companies`` (id, name) to choose from (USR-11).
    """
    attempt = Attempt(email.strip().lower(), password, company_id, request.remote_addr, g.request_id)

    def open_session(uow: UnitOfWork, user_id: UUID) -> Secret:
        if terminal_id is not None:
            bind_terminal(uow, user_id, terminal_id)
        return start_web_session(uow, user_id, terminal_id, request, now=core.clock())

    return sign_in(core, attempt, open_session)


def web_pin_switch(
    core: Core,
    request: Request,
    *,
    staff_number: str | None = None,
    pin: str | None = None,
    badge: str | None = None,
) -> Secret:
    """Unlock or switch on the paired terminal of this browser and return the secret of the new cookie (USR-10).

    Raises:
        Problem: as ``pin_switch``.
    """
    attempt = PinAttempt(
        device_key=request.cookies.get(_device_cookie(request), ""),
        staff_number=staff_number,
        pin=pin,
        badge=badge,
        previous=read_credential(request, core.verify_access_token),
        ip=request.remote_addr,
        request_id=g.request_id,
    )

    def open_session(uow: UnitOfWork, user_id: UUID, terminal_id: UUID) -> Secret:
        return start_web_session(uow, user_id, terminal_id, request, kind="pin", now=core.clock())

    return pin_switch(core, attempt, open_session)


def set_device_cookie(response: Response, device_key: str, request: Request) -> None:
    """Make this browser the paired terminal (USR-07)."""
    response.set_cookie(
        _device_cookie(request),
        device_key,
        max_age=DEVICE_SECONDS,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _device_cookie(request: Request) -> str:
    return SECURE_DEVICE_COOKIE if request.is_secure else DEVICE_COOKIE
