"""Routes before sign-in: they open no company, read JSON by a schema and answer problems like all others (SEC-27)."""

from collections.abc import Callable
from typing import Any

from flask import current_app, g, request
from marshmallow import Schema

from lunarfront.kernel.api.endpoint import ApiBlueprint, public
from lunarfront.kernel.auth.access_tokens import AccessTokens, access_tokens
from lunarfront.kernel.identity.sign_in import Attempt


def public_endpoint(
    blp: ApiBlueprint, rule: str, body: type[Schema], out: type[Schema] | None = None, status: int = 200
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``function(body)`` as a POST route that needs nobody signed in."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        view = public(blp.response(status, out)(blp.arguments(body, location="json")(function)))
        blp.doc(security=[])(view)
        blp.add_url_rule(rule, function.__name__, view, methods=["POST"])
        return function

    return decorate


def tokens() -> AccessTokens:
    """Return the access tokens of the current application."""
    return access_tokens(current_app)


def attempt_of(body: dict[str, Any]) -> Attempt:
    """Return the try to sign in that a request makes."""
    return Attempt(
        body["email"],
        body["password"],
        body.get("company"),
        request.remote_addr,
        g.request_id,
        body.get("otp"),
    )
