"""Endpoints: one decorator that states access, schemas and behaviour of a route (USR-02, OCC-01, IDM-01)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema

from lunarfront.kernel.api.gateway import Access, in_company
from lunarfront.kernel.api.parser import LfParser
from lunarfront.kernel.problems import Problem

API_PREFIX = "/api/v1"
ACCESS = "lf_access"


def _header(name: str, description: str, required: bool, **schema: Any) -> dict[str, Any]:
    shape = {"type": "string"} | schema
    return {"in": "header", "name": name, "description": description, "required": required, "schema": shape}


#: Headers of endpoints, as the description shows them.
TERMINAL = _header(
    "X-Terminal-Id", "the till, unless the sign-in is bound to one (ORG-01)", False, format="uuid"
)
IDEMPOTENCY = _header(
    "Idempotency-Key", "8 to 64 visible characters, one per intent (IDM-01)", True, pattern="^[!-~]{8,64}$"
)
VERSION = _header(
    "If-Match", 'the version that was edited, such as "3" (OCC-01)', True, pattern='^"[0-9]{1,9}"$'
)


class ApiBlueprint(Blueprint):
    """A blueprint of the API: problems instead of bare errors, every route with its access."""

    ARGUMENTS_PARSER = LfParser()

    def endpoint(
        self,
        method: str,
        rule: str,
        *,
        permission: str | None = None,
        signed_in: bool = False,
        approvable: bool = False,
        body: type[Schema] | Schema | None = None,
        query: type[Schema] | Schema | None = None,
        out: type[Schema] | Schema | None = None,
        status: int = 200,
        idempotent: bool = False,
        locked: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register ``function(ctx, [query], [body], **path)`` as a route.

        Args:
            method: HTTP method.
            rule: path below ``/api/v1``; ids as ``<uuid:…>``, so that a malformed one is 404.
            permission: the right that the route needs; or ``signed_in`` for everybody who is.
            approvable: the right may be held as "needs approval"; the service asks for it.
            body, query, out: schemas; unknown fields are refused.
            status: status of success.
            idempotent: the route moves money or stock: an Idempotency-Key is needed (IDM-01).
            locked: the row's version is needed in ``If-Match``; passed as ``expected_version``.
        """
        access = Access(permission, signed_in=signed_in, approvable=approvable, idempotent=idempotent)
        if (permission is None) != signed_in:
            raise ValueError(f"{method} {rule}: name a permission, or say signed_in")

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            inner = self._described(function, body, query, out, status)
            view = _guarded(inner, access, locked)
            self._document_headers(view, idempotent, locked)
            self.add_url_rule(rule, function.__name__, view, methods=[method])
            return function

        return decorate

    def _described(self, function: Any, body: Any, query: Any, out: Any, status: int) -> Any:
        inner = function
        if body is not None:
            inner = self.arguments(_instance(body), location="json")(inner)
        if query is not None:
            inner = self.arguments(_instance(query), location="query")(inner)
        return self.response(status, out)(inner)

    def _document_headers(self, view: Any, idempotent: bool, locked: bool) -> None:
        wanted = [TERMINAL] + [IDEMPOTENCY] * idempotent + [VERSION] * locked
        view._apidoc.setdefault("manual_doc", {})["parameters"] = [dict(header) for header in wanted]


def _instance(schema: type[Schema] | Schema) -> Schema:
    """One schema for all requests: a class would be instantiated, fields copied, for each."""
    return schema() if isinstance(schema, type) else schema


def _guarded(inner: Callable[..., Any], access: Access, locked: bool) -> Callable[..., Any]:
    @wraps(inner)
    def view(**path: Any) -> Response:
        if locked:
            path["expected_version"] = expected_version()
        return in_company(access, lambda ctx: inner(ctx, **path))

    setattr(view, ACCESS, access)
    return view


def public(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that needs nobody signed in (SEC-27)."""
    setattr(function, ACCESS, Access(public=True))
    return function


def expected_version() -> int:
    """Return the version in ``If-Match`` (OCC-01).

    Raises:
        Problem: ``precondition_required`` without it, ``bad_request`` when it is no version.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise Problem("precondition_required", 'Send If-Match: "<version>" of the row you edited.')
    text = header.strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Problem("bad_request", "If-Match is not a version.")
    return int(text)
