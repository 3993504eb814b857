"""The one way into a company: credential, unit of work, rights, idempotency, commit (architecture.md §4, §6)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request
from sqlalchemy.exc import DBAPIError

from lunarfront.kernel.api.db_errors import is_retryable, problem_of
from lunarfront.kernel.api.opening import Opened, RequestMeta, open_request
from lunarfront.kernel.auth.credentials import Credential, read_credential, refuse_cross_site
from lunarfront.kernel.auth.rights import may_work_at
from lunarfront.kernel.clock import utc_now
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.records import IdempotencyRecord
from lunarfront.kernel.uow import UnitOfWork

MAX_TRIES = 3
KEY_LIFETIME = timedelta(days=7)
STORED_STATUS = range(200, 300)


@dataclass(frozen=True)
class Access:
    """What a route asks for: exactly one of ``permission``, ``signed_in`` and ``public`` (SEC-27)."""

    permission: str | None = None
    signed_in: bool = False
    public: bool = False
    idempotent: bool = False
    module: str = "core"
    #: An approval may stand in for the permission: the service decides.
    approvable: bool = False


View = Callable[[CompanyContext], Response]


def in_company(access: Access, view: View) -> Response:
    """Run ``view`` in the company of the request's credential and commit what it did, or nothing.

    Deadlocks and serialization failures run the whole use case again, at most three times (OCC-02).

    Raises:
        Problem: ``unauthenticated``, ``forbidden``, ``cross_site_refused``, idempotency problems, or the view's own.
    """
    credential = require_credential()
    meta = request_meta(access)
    for attempt in range(1, MAX_TRIES + 1):
        try:
            return _run(access, view, credential, meta)
        except DBAPIError as error:
            if attempt == MAX_TRIES or not is_retryable(error):
                raise problem_of(error) from error
    raise AssertionError("unreachable")


def require_credential() -> Credential:
    """Return the credential of the current request, safe from other sites."""
    credential = read_credential(request, current_app.extensions["lunarfront"].verify_access_token)
    if credential is None:
        raise Problem("unauthenticated")
    if credential.kind == "cookie":
        refuse_cross_site(request)
    return credential


def request_meta(access: Access) -> RequestMeta:
    """Read the headers that the context needs.

    Raises:
        Problem: ``idempotency_key_required`` or ``bad_request`` for a malformed header.
    """
    return RequestMeta(
        request_id=g.request_id,
        scope=f"{request.method} {request.path}",
        key=_idempotency_key() if access.idempotent else None,
        terminal_id=_terminal_header(),
        ip=request.remote_addr,
    )


def _idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise Problem("idempotency_key_required", "Send an Idempotency-Key header of 8 to 64 characters.")
    if not 8 <= len(key) <= 64 or not all("!" <= char <= "~" for char in key):
        raise Problem("bad_request", "Idempotency-Key: 8 to 64 visible ASCII characters.")
    return key


def _terminal_header() -> UUID | None:
    text = request.headers.get("X-Terminal-Id")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Problem("bad_request", "X-Terminal-Id is not an id.") from None


def _run(access: Access, view: View, credential: Credential, meta: RequestMeta) -> Response:
    core = current_app.extensions["lunarfront"]
    uow = UnitOfWork(core.bind, credential.company_id, **core.session_options)
    try:
        with uow:
            opened = open_request(uow, credential, meta, core.clock())
            if opened is None:
                raise Problem("unauthenticated", "Your sign-in has ended. Please sign in again.")
            return _answer(access, view, opened, meta)
    except Exception:
        _run_failure_actions(uow)
        raise


def _answer(access: Access, view: View, opened: Opened, meta: RequestMeta) -> Response:
    ctx = opened.ctx
    g.ctx = ctx
    authorize(ctx, access)
    stored = _stored_answer(opened)
    if stored is not None:
        return stored
    response = view(ctx)
    if meta.key is not None and response.status_code in STORED_STATUS:
        _store_answer(ctx, meta, response)
    ctx.uow.commit()
    return response


def authorize(ctx: CompanyContext, access: Access) -> None:
    """Insist on the route's permission, and on a terminal where the user may work.

    Raises:
        Problem: ``forbidden``.
    """
    if access.permission is not None:
        effect = ctx.rights.effect(access.permission)
        if effect is None or (effect != "allow" and not access.approvable):
            ctx.require(access.permission)
    if ctx.location is not None and not may_work_at(ctx, ctx.location.id):
        raise Problem("forbidden", "You do not work at this location.")


def _stored_answer(opened: Opened) -> Response | None:
    idem = opened.idem
    if not idem:
        return None
    if idem.get("busy"):
        raise Problem("request_in_progress", "The same request is still running. Ask again in a moment.")
    if idem["request_sha256"] != body_hash():
        raise Problem("idempotency_key_reused", "This Idempotency-Key belongs to another request body.")
    response = Response(idem["response_body"], status=idem["response_status"], mimetype=idem["response_type"])
    response.headers["Idempotent-Replayed"] = "true"
    return response


def body_hash() -> str:
    """Return the hash that tells whether a repeated request is the same (IDM-01)."""
    return hashlib.sha256(request.query_string + b"\n" + request.get_data(cache=True)).hexdigest()


def _store_answer(ctx: CompanyContext, meta: RequestMeta, response: Response) -> None:
    ctx.uow.add(
        IdempotencyRecord,
        scope=f"{ctx.require_user().id} {meta.scope}",
        key=meta.key,
        request_sha256=body_hash(),
        response_status=response.status_code,
        response_body=response.get_data(as_text=True),
        response_type=response.mimetype,
        expires_at=utc_now() + KEY_LIFETIME,
    )


def _run_failure_actions(uow: UnitOfWork) -> None:
    """What a refusal must leave behind (failed tries, events in error) is written after the rollback."""
    actions: list[Any] = uow.take_failure_actions()
    if not actions:
        return
    core = current_app.extensions["lunarfront"]
    with UnitOfWork(core.bind, uow.company_id, **core.session_options) as own:
        for action in actions:
            action(own)
        own.commit()
