"""Reading requests: JSON only, bounded depth, unknown fields refused (SEC-25, SEC-32)."""

import json
from typing import Any, NoReturn

from flask import Request, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from lunarfront.kernel.api.schemas import problem_from
from lunarfront.kernel.problems import Problem

MAX_DEPTH = 32


class LfParser(FlaskParser):
    """The argument parser of all endpoints; what it refuses is a problem, never a bare 422."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": None, "form": None, "headers": None}

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the JSON body.

        Raises:
            Problem: ``unsupported_media_type`` or ``bad_request``.
        """
        return json_body(req)

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query string, refusing names that the endpoint does not know."""
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, req: Any, schema: Any, **_: Any) -> NoReturn:
        """Raise the problem that says which fields are wrong."""
        messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
        inner: Any = next(iter(messages.values()), {})
        raise problem_from(inner if isinstance(inner, dict) else {"": inner}) from error


def json_body(req: Request | None = None) -> Any:
    """Return the parsed JSON body of a request; an empty body is an empty object.

    Raises:
        Problem: ``unsupported_media_type`` for form and text bodies, ``bad_request`` when it cannot be read.
    """
    source = req or request
    raw = source.get_data(cache=True)
    if not raw:
        return {}
    if source.mimetype != "application/json" and not source.mimetype.endswith("+json"):
        raise Problem("unsupported_media_type", "Send the body as application/json.")
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem("bad_request", "The body is not readable JSON.") from error
    if _depth(body) > MAX_DEPTH:
        raise Problem("bad_request", f"JSON deeper than {MAX_DEPTH} levels.")
    return body


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    """Depth of a JSON value, walked level by level so that no nesting can exhaust the stack."""
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH + 1:
        depth += 1
        children = [
            list(v.values()) if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)
        ]
        level = [child for group in children for child in group]
    return depth
