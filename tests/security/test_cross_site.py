"""Requests that another site made the browser send (SEC-25, threat 6), for each unsafe route with a cookie."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from lunarfront.kernel.api.endpoint import ACCESS
from lunarfront.kernel.ids import uuid7
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld
from tests.api.test_other_company import fingerprint
from tests.security.conftest import SAME_ORIGIN, UNSAFE, body_schema, real_path

Browse = Callable[[str], FlaskClient]
#: What a browser says of a request that another site started; the last ones come from browsers without fetch metadata.
FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost:81"},
    {"Origin": "null"},
    {"Origin": ""},
    {},
)


def unsafe_routes(app: Flask, own: dict[str, list[UUID]]) -> Iterator[tuple[str, str, Any]]:
    """Method, path with ids of rows that exist, and view of each route that can change something."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        access = getattr(view, ACCESS, None)
        if access is None or access.public:
            continue
        for method in sorted(UNSAFE & (rule.methods or set())):
            yield method, real_path(rule.rule, own), view


def test_sec_25_threat_6_no_unsafe_route_takes_a_request_of_another_site(
    app: Flask, browse: Browse, connection: Connection, company: CompanyWorld, own: dict[str, list[UUID]]
) -> None:
    browser = browse("admin")
    before = fingerprint(connection, company.id)
    wrong, tried = [], 0
    for method, path, _ in unsafe_routes(app, own):
        for sent in FOREIGN:
            headers = {"If-Match": '"1"', "Idempotency-Key": uuid7().hex} | sent
            answer = browser.open(path, method=method, json={}, headers=headers)
            code = (answer.get_json(silent=True) or {}).get("code", "cross_site_refused")
            tried += 1
            if (answer.status_code, code) != (403, "cross_site_refused"):
                wrong.append((method, path, sent, answer.status_code))
    assert wrong == []
    assert tried > 900
    assert fingerprint(connection, company.id) == before


def test_sec_25_the_same_routes_take_requests_of_our_own_pages(app: Flask, browse: Browse) -> None:
    browser = browse("admin")
    for sent in (SAME_ORIGIN, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}):
        answer = browser.post("/api/v1/transactions/quote", json={"lines": []}, headers=sent)
        assert answer.status_code != 403, answer.text


def test_sec_25_bearer_requests_are_exempt_and_ignore_the_cookie(
    app: Flask, browse: Browse, company: CompanyWorld
) -> None:
    browser = browse("admin")
    headers = {"Authorization": f"Bearer {company.people['viewer'].token}", "Sec-Fetch-Site": "cross-site"}
    me = browser.post("/api/v1/auth/me", json={}, headers=headers)
    assert (me.status_code, me.get_json()["user"]["id"]) == (200, str(company.people["viewer"].id))
    for wrong in ("Bearer lf_nonsense", "Basic YTpi", "Bearer", "Token x"):
        answer = browser.get("/api/v1/auth/me", headers={"Authorization": wrong})
        assert answer.status_code == 401, f"the cookie stood in for {wrong!r}"


def test_sec_25_reading_needs_no_proof_and_changes_nothing(
    app: Flask, browse: Browse, connection: Connection, company: CompanyWorld, own: dict[str, list[UUID]]
) -> None:
    """A link from another site may open a page, so no GET may change anything but the trail of its reading."""
    browser = browse("admin")
    before = fingerprint(connection, company.id)
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], ACCESS, None)
        if "GET" not in (rule.methods or ()) or access is None or access.public:
            continue
        path = real_path(rule.rule, own)
        assert browser.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code < 500, path
    after = fingerprint(connection, company.id)
    trail = {"audit_log", "audit_seal", "journal_seal", "seal_pending", "auth_session", "api_token"}
    assert {name for name in after if after[name] != before[name]} <= trail


@pytest.mark.parametrize(
    ("mimetype", "body"),
    [
        ("application/x-www-form-urlencoded", "lines=1"),
        ("multipart/form-data; boundary=x", "--x--"),
        ("text/plain", '{"lines": []}'),
        ("text/json", "{}"),
        ("", "{}"),
    ],
)
def test_sec_25_json_routes_take_json_alone(
    app: Flask, company: CompanyWorld, own: dict[str, list[UUID]], mimetype: str, body: str
) -> None:
    browser = app.test_client()
    headers = {
        "Authorization": f"Bearer {company.people['admin'].token}",
        "X-Terminal-Id": str(company.terminal_id),
        "If-Match": '"1"',
    }
    tried = 0
    for method, path, view in unsafe_routes(app, own):
        if body_schema(view) is None:
            continue
        sent = headers | {"Idempotency-Key": uuid7().hex}
        answer = browser.open(path, method=method, data=body, content_type=mimetype or None, headers=sent)
        assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type"), (
            method,
            path,
        )
        tried += 1
    assert tried > 60


@pytest.mark.parametrize("token", ["", "x", "eyJ.eyJ.x"])
def test_sec_25_the_sign_in_form_needs_our_token(app: Flask, company: CompanyWorld, token: str) -> None:
    form = {"email": company.people["staff"].email, "password": PASSWORD, "form_token": token}
    answer = app.test_client().post("/login", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_sec_23_the_session_cookie_is_closed_to_scripts_and_sites(app: Flask, browse: Browse) -> None:
    cookie = next(c for c in browse("staff")._cookies.values() if c.key == "lf_session")
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    assert not cookie.domain or cookie.domain == "localhost"


def test_sec_25_an_api_client_without_cookie_is_nobody(client: ApiClient, app: Flask) -> None:
    assert app.test_client().post("/api/v1/auth/me", json={}, headers=SAME_ORIGIN).status_code == 401
