"""What happens around every request: id, body limits, headers, log line (SEC-31, SEC-32, runtime.md §8)."""

import re
import time
from uuid import UUID

import structlog
from flask import Flask, Response, g, request

from lunarfront.kernel.auth.credentials import SAFE_METHODS
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem

log = structlog.get_logger(__name__)
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
MAX_BODY = 1024 * 1024


def install_request_hooks(app: Flask) -> None:
    """Give every request an id, bind it to the log, and set the headers that all answers share."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _WELL_FORMED.fullmatch(given) else str(uuid7())
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    limit = getattr(_view(), "lf_max_body", MAX_BODY)
    request.max_content_length = limit + 1
    if (request.content_length or 0) > limit or _body_size() > limit:
        raise Problem("payload_too_large", f"At most {limit // 1024} KiB.")


def _body_size() -> int:
    """Read the body, to one byte past its limit, and return its size in bytes.

    It is read before anything is opened for it: a body that comes slowly keeps no transaction. One that does not
    tell its length would otherwise end at the limit without a word, and half a file would look like a whole one.
    """
    if request.method in SAFE_METHODS:
        return 0
    return len(request.get_data(cache=True))


def _view() -> object:
    from flask import current_app

    return current_app.view_functions.get(request.endpoint or "")


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    _log(response)
    return response


def _log(response: Response) -> None:
    ctx = g.get("ctx")
    company: UUID | None = ctx.company.id if ctx else None
    log.info(
        "request",
        method=request.method,
        route=str(request.url_rule) if request.url_rule else None,
        status=response.status_code,
        ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        company_id=str(company) if company else None,
        user_id=str(ctx.user.id) if ctx and ctx.user else None,
    )
