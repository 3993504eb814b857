"""What every answer carries, over the whole URL map (SEC-23, SEC-31, SEC-34, threat 27)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lunarfront.kernel.api.endpoint import ACCESS
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.web.assets import DIST, load_assets
from tests.security.conftest import real_path

Browse = Callable[[str], FlaskClient]
#: Views whose policy is wider, each with its reason (frontend.md §5): none so far.
WIDENED: dict[str, str] = {}


def pages(app: Flask) -> list[str]:
    """Paths of all pages a browser can open."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/static/"))
    ]


def faults(answer: Any, policy: str) -> list[str]:
    """What is wrong with the headers of a page."""
    wanted = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return [name for name, value in wanted.items() if answer.headers.get(name) != value]


def test_sec_31_threat_27_every_page_has_the_same_headers(
    app: Flask, browse: Browse, own: dict[str, list[UUID]]
) -> None:
    browser, policy = browse("admin"), load_assets().policy()
    wrong, opened = {}, 0
    for path in pages(app):
        answer = browser.get(real_path(path, own))
        assert answer.status_code < 500, (path, answer.status_code)
        opened += answer.status_code == 200
        if path not in WIDENED and faults(answer, policy):
            wrong[path] = faults(answer, policy)
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert wrong == {}
    assert opened > 10


def test_sec_31_refusals_and_unknown_pages_have_them_too(app: Flask, browse: Browse) -> None:
    policy = load_assets().policy()
    viewer = browse("viewer")
    for answer, status in (
        (viewer.get("/pos"), 403),
        (viewer.get("/no-such-page"), 404),
        (viewer.get("/orders/not-an-id"), 404),
        (app.test_client().get("/login"), 200),
        (app.test_client().post("/login", data={}), 400),
    ):
        assert answer.status_code == status
        assert faults(answer, policy) == []


def test_sec_31_the_policy_lets_nothing_in_from_outside() -> None:
    policy = dict(part.strip().split(" ", 1) for part in load_assets().policy().split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["base-uri"], policy["frame-ancestors"], policy["form-action"]) == (
        "'none'",
        "'none'",
        "'self'",
    )
    script = policy["script-src"].split()
    assert script[0] == "'self'"
    assert script[1].startswith("'sha256-")
    assert len(script) == 2
    words = " ".join(policy.values())
    for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*", "nonce-"):
        assert word not in words


def test_sec_31_api_answers_are_not_kept_and_not_guessed(
    app: Flask, client: ApiClient, own: dict[str, list[UUID]]
) -> None:
    opened = 0
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], ACCESS, None)
        if "GET" not in (rule.methods or ()) or not rule.rule.startswith("/api/") or access is None:
            continue
        answer = client.get(real_path(rule.rule, own))
        opened += answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff", rule.rule
        assert answer.headers["Cache-Control"] == "no-store", rule.rule
        assert answer.mimetype != "text/html", rule.rule
        assert "Access-Control-Allow-Origin" not in answer.headers, rule.rule
        assert "Set-Cookie" not in answer.headers, rule.rule
    assert opened > 40


def test_sec_31_built_files_are_kept_and_typed(app: Flask) -> None:
    name = load_assets().url("app.ts")
    answer = app.test_client().get(name)
    assert answer.mimetype == "text/javascript"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "name",
    ["../manifest.json", "..%2f..%2fapp.py", "%2e%2e/%2e%2e/app.py", "manifest.json", "app.py", "etc/passwd"],
)
def test_sec_50_built_files_are_the_only_ones(app: Flask, name: str) -> None:
    assert (DIST / "manifest.json").is_file()
    assert app.test_client().get(f"/static/dist/{name}").status_code == 404
    assert app.test_client().get(f"/static/{name}").status_code == 404


def test_sec_31_transport_security_is_sent_under_https(app: Flask) -> None:
    assert "Strict-Transport-Security" not in app.test_client().get("/login").headers
    secure = app.test_client().get("/login", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize("path", ["/api/v1/accounts", "/orders"])
def test_sec_34_our_faults_tell_the_request_id_and_nothing_else(
    app: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    browser = browse("admin")
    endpoint = app.url_map.bind("localhost").match(path)[0]

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("SELECT secret FROM /srv/lunarfront/app.py")

    monkeypatch.setitem(app.view_functions, endpoint, broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = browser.get(path)
    assert answer.status_code == 500
    for word in ("SELECT", "secret", "srv", "Traceback", "RuntimeError"):
        assert word not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
