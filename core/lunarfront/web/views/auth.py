"""Sign in, sign out, and which register this device is."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, g, make_response, redirect, render_template, request
from sqlalchemy import select, update

from lunarfront.kernel.api.endpoint import public
from lunarfront.kernel.auth.models import AuthSession
from lunarfront.kernel.auth.secrets import Secret
from lunarfront.kernel.auth.sessions import end_session
from lunarfront.kernel.auth.web_sessions import (
    check_form_token,
    clear_session_cookie,
    form_token,
    set_session_cookie,
    start_web_session,
)
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.identity.sign_in import Attempt, sign_in
from lunarfront.kernel.identity.terminals import bind_terminal
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.tenancy.models import Location, Terminal
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.web.pages import PageBlueprint

pages = PageBlueprint("auth_pages", __name__)
FORM = "sign-in"
YEAR_SECONDS = 365 * 24 * 60 * 60
TERMINAL_COOKIE = "lf_terminal"


@pages.get("/login")
@public
def login() -> Response:
    """The sign-in form (SEC-25: with a signed token)."""
    return make_response(_form(next=_inside(request.args.get("next", "/"))))


@pages.post("/login")
@public
def enter() -> Response:
    """Sign in with e-mail address and password, at the register that this device was last."""
    sent = {
        name: request.form.get(name, "")
        for name in ("email", "password", "otp", "company", "next", "form_token")
    }
    try:
        check_form_token(FORM, sent["form_token"])
        secret = sign_in(current_app.extensions["lunarfront"], _attempt(sent), _start)
    except Problem as problem:
        return _refused(problem, sent)
    response = make_response(redirect(_inside(sent["next"])))
    set_session_cookie(response, secret, request)
    return response


def _attempt(sent: dict[str, str]) -> Attempt:
    try:
        company = UUID(sent["company"]) if sent["company"] else None
    except ValueError:
        raise Problem("validation_failed", "Choose a company.") from None
    return Attempt(
        email=sent["email"].strip().lower(),
        password=sent["password"],
        company_id=company,
        ip=request.remote_addr,
        request_id=g.request_id,
        otp=sent["otp"].strip() or None,
    )


def _start(uow: UnitOfWork, user_id: UUID) -> Secret:
    return start_web_session(uow, user_id, _usual_terminal(uow, user_id), request)


def _usual_terminal(uow: UnitOfWork, user_id: UUID) -> UUID | None:
    """The register this device was last, else the only one there is."""
    active = uow.session.execute(select(Terminal.id).where(Terminal.is_active).limit(2)).scalars().all()
    remembered = request.cookies.get(TERMINAL_COOKIE, "")
    candidates = [terminal for terminal in active if str(terminal) == remembered] or list(active)
    chosen = candidates[0] if len(candidates) == 1 else _existing(uow, remembered)
    if chosen is None:
        return None
    try:
        bind_terminal(uow, user_id, chosen)
    except Problem:
        return None
    return chosen


def _existing(uow: UnitOfWork, text: str) -> UUID | None:
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    return uow.session.execute(select(Terminal.id).where(Terminal.id == wanted)).scalar_one_or_none()


def _refused(problem: Problem, sent: dict[str, str]) -> Response:
    shown = {"title": problem.title, "detail": problem.detail, "request_id": g.request_id}
    if problem.code == "unauthenticated":
        shown["title"] = ""
    page = _form(
        error=shown,
        email=sent["email"],
        next=sent["next"],
        companies=problem.extra.get("companies", []),
        mfa=problem.extra.get("mfa_required", False),
    )
    return make_response(page, problem.status)


def _form(**values: Any) -> str:
    return render_template("auth/login.html", form_token=form_token(FORM), **values)


def _inside(target: str) -> str:
    """Only paths of this site: a sign-in never sends anybody elsewhere (SEC-33).

    Browsers read a backslash as a slash and leave out what cannot be printed.
    """
    safe = target.startswith("/") and target[1:2] not in ("/", "\\") and target.isprintable()
    return target if safe else "/"


@pages.page("/logout", signed_in=True, methods=("POST",))
def logout(ctx: CompanyContext) -> Response:
    """End this sign-in on the server, then forget its cookie (SEC-22)."""
    if ctx.session is not None:
        end_session(ctx.uow, ctx.session.id, ctx.now)
    response = make_response(redirect("/login"))
    clear_session_cookie(response, request)
    return response


@pages.page("/register", signed_in=True)
def register(ctx: CompanyContext) -> str:
    """Which register is this device? Asked when there are several."""
    rows = ctx.uow.session.execute(
        select(Terminal, Location.name)
        .join(Location, Location.id == Terminal.location_id)
        .where(Terminal.is_active)
        .order_by(Location.name, Terminal.name)
    )
    places = ctx.rights.location_ids
    terminals = [
        {"id": terminal.id, "name": terminal.name, "location": name}
        for terminal, name in rows
        if places is None or terminal.location_id in places
    ]
    return render_template(
        "auth/register.html", terminals=terminals, next=_inside(request.args.get("next", "/"))
    )


@pages.page("/register", signed_in=True, methods=("POST",))
def choose_register(ctx: CompanyContext) -> Response:
    """Bind this sign-in to a register and remember it on this device (USR-07)."""
    try:
        terminal_id = UUID(request.form.get("terminal_id", ""))
    except ValueError:
        raise Problem("validation_failed", "Choose a register.") from None
    bind_terminal(ctx.uow, ctx.require_user().id, terminal_id)
    _move_session(ctx, terminal_id)
    response = make_response(redirect(_inside(request.form.get("next", "/"))))
    response.set_cookie(
        TERMINAL_COOKIE,
        str(terminal_id),
        max_age=YEAR_SECONDS,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _move_session(ctx: CompanyContext, terminal_id: UUID) -> None:
    if ctx.session is not None:
        statement = (
            update(AuthSession).where(AuthSession.id == ctx.session.id).values(terminal_id=terminal_id)
        )
        ctx.uow.session.execute(statement.execution_options(synchronize_session=False))
