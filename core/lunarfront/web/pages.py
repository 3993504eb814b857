"""Page routes: like API endpoints they state their access; the view gets the context and answers HTML."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from flask_babel import gettext as _

from lunarfront.kernel.api.endpoint import ACCESS
from lunarfront.kernel.api.gateway import Access, in_company
from lunarfront.kernel.problems import Problem
from lunarfront.web.assets import load_assets

PageView = Callable[..., Any]


class PageBlueprint(Blueprint):
    """A blueprint of pages; a route without a stated access cannot be registered."""

    def page(
        self,
        rule: str,
        *,
        permission: str | None = None,
        signed_in: bool = False,
        methods: tuple[str, ...] = ("GET",),
    ) -> Callable[[PageView], PageView]:
        """Register ``view(ctx, **path)`` as a page.

        Args:
            rule: the path; ids as ``<uuid:…>``.
            permission: the right that the page needs; or ``signed_in`` for everybody who is.
            methods: HTTP methods.
        """
        if (permission is None) != signed_in:
            raise ValueError(f"{rule}: name a permission, or say signed_in")
        access = Access(permission, signed_in=signed_in)

        def decorate(function: PageView) -> PageView:
            def view(**path: Any) -> Response:
                return in_company(access, lambda ctx: make_response(function(ctx, **path)))

            setattr(view, ACCESS, access)
            self.add_url_rule(rule, function.__name__, view, methods=list(methods))
            return function

        return decorate


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part of the page; each such URL also answers a full page."""
    return request.headers.get("HX-Request") == "true"


def secure_page(response: Response) -> Response:
    """Give HTML answers the static policy (SEC-31); a view that set its own wider one keeps it."""
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", load_assets().policy())
    return response


def error_page(problem: Problem) -> Response:
    """Answer a problem as a page: with the request id, or the sign-in page when nobody is signed in."""
    if problem.code == "unauthenticated" and request.method == "GET":
        return make_response(redirect(f"/login?next={quote(request.full_path.rstrip('?'))}"))
    detail = _("This page does not exist, or not for you.") if problem.code == "not_found" else problem.detail
    shown = {"title": problem.title, "detail": detail, "request_id": g.get("request_id", "")}
    return make_response(render_template("errors/problem.html", problem=shown), problem.status)
