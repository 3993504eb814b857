"""Every error of the API is a problem document with a request id, never a trace (RFC 9457, SEC-34)."""

import json

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from lunarfront.kernel.api.db_errors import problem_of
from lunarfront.kernel.problems import Problem

log = structlog.get_logger(__name__)

_CODE_BY_STATUS = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "not_found",
    408: "bad_request",
    409: "conflict",
    413: "payload_too_large",
    415: "unsupported_media_type",
    422: "validation_failed",
    429: "rate_limited",
    503: "dependency_unavailable",
}


def problem_response(problem: Problem) -> Response:
    """Return the problem document as an answer."""
    body = json.dumps(problem.as_dict(g.get("request_id", "")), default=str)
    response = Response(body, status=problem.status, mimetype="application/problem+json")
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem.status in (429, 503):
        response.headers["Retry-After"] = str(problem.extra.get("retry_after", 1))
    return response


def as_problem(error: Exception) -> Problem:
    """Return the problem that an exception means; unknown ones are logged and become ``internal_error``."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, StaleDataError):
        return Problem("version_conflict", "Somebody changed this in the meantime.")
    if isinstance(error, PoolTimeout):
        return Problem("dependency_unavailable", "Everything is busy. Try again.")
    if isinstance(error, DBAPIError):
        translated = problem_of(error)
        if isinstance(translated, Problem):
            return translated
    if isinstance(error, HTTPException) and error.code is not None:
        return Problem(_CODE_BY_STATUS.get(error.code, "bad_request"), error.description or "")
    log.error("request.failed", exc_info=error)
    return Problem("internal_error", "Please tell support the request id.")


def wants_page() -> bool:
    """Tell whether the request came from a person's browser for a page, not from a program."""
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "text/html")


def install_error_handlers(app: Flask) -> None:
    """Answer API errors as problems; pages bring their own handler (``lunarfront.web.errors``)."""

    def handle(error: Exception) -> Response:
        problem = as_problem(error)
        page = app.extensions.get("lunarfront_error_page")
        if page is not None and wants_page():
            shown: Response = page(problem)
            return shown
        return problem_response(problem)

    app.register_error_handler(Exception, handle)
