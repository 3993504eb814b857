"""Cookies and sessions of the web UI (SEC-22, SEC-23, SEC-25)."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Response, g, request
from flask_login import current_user
from werkzeug.test import Client

from lunarfront.kernel.auth import web_sessions
from lunarfront.kernel.auth.secrets import Secret
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core
from lunarfront.kernel.identity.web_sign_in import set_device_cookie, web_pin_switch, web_sign_in
from lunarfront.kernel.problems import Problem
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock
from lunarfront.sdk.testing.world import PASSWORD, PIN, CompanyWorld

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def browsing(app: Flask) -> Callable[..., Any]:
    """``browsing(headers=…)``: a request of a browser."""
    return lambda **options: app.test_request_context("/login", method="POST", **options)


def sign_in(browsing: Callable[..., Any], **options: Any) -> tuple[Secret, Response]:
    terminal_id = options.pop("terminal_id", None)
    with browsing(**options):
        g.request_id = "test-request"
        secret = web_sign_in(
            core(), request, email=" Staff@A.example", password=PASSWORD, terminal_id=terminal_id
        )
        response = Response()
        web_sessions.set_session_cookie(response, secret, request)
    return secret, response


def browser(app: Flask, secret: Secret) -> Client:
    client = app.test_client()
    client.set_cookie("lf_session", secret.text)
    return client


def test_sec_22_cookie_opens_the_session(
    app: Flask, browsing: Callable[..., Any], company: CompanyWorld
) -> None:
    secret, _ = sign_in(browsing, headers={"User-Agent": "Browser"})
    me = browser(app, secret).get("/api/v1/auth/me").get_json()
    assert me["session"]["kind"] == "web"
    assert me["user"]["id"] == str(company.people["staff"].id)


def test_sec_22_new_id_at_every_sign_in(app: Flask, browsing: Callable[..., Any]) -> None:
    first, _ = sign_in(browsing)
    second, _ = sign_in(browsing, headers={"Cookie": f"lf_session={first.text}"})
    assert first.text != second.text
    assert browser(app, first).get("/api/v1/auth/me").status_code == 401, "the old id is dead: no fixation"
    assert browser(app, second).get("/api/v1/auth/me").status_code == 200


def test_sec_22_stored_id_is_a_hash(browsing: Callable[..., Any], ctx: CompanyContext) -> None:
    secret, _ = sign_in(browsing)
    stored = ctx.uow.query("SELECT id_hash, kind FROM auth_session ORDER BY id DESC LIMIT 1")[0]
    assert bytes(stored.id_hash) == secret.hash
    assert secret.text.encode() not in bytes(stored.id_hash)


def test_sec_22_session_ends_when_idle_or_old(
    app: Flask, browsing: Callable[..., Any], ctx: CompanyContext
) -> None:
    for column, value in (("last_seen_at", "13 hours"), ("expires_at", "1 second")):
        secret, _ = sign_in(browsing)
        assert browser(app, secret).get("/api/v1/auth/me").status_code == 200
        ctx.uow.execute(f"UPDATE auth_session SET {column} = now() - interval '{value}'")
        ctx.uow.commit()
        assert browser(app, secret).get("/api/v1/auth/me").status_code == 401


def test_sec_22_web_session_lasts_seven_days_at_most(
    browsing: Callable[..., Any], ctx: CompanyContext, clock: Clock
) -> None:
    sign_in(browsing)
    row = ctx.uow.query("SELECT expires_at FROM auth_session ORDER BY id DESC LIMIT 1")[0]
    assert (row.expires_at - clock()).days == 7


def test_sec_23_cookie_attributes(browsing: Callable[..., Any]) -> None:
    _, plain = sign_in(browsing)
    cookie = plain.headers["Set-Cookie"]
    assert cookie.startswith("lf_session=s_")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie.split("; ")
    _, secure = sign_in(browsing, base_url="https://store.example")
    cookie = secure.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lf_session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_sec_23_cookie_is_taken_back(browsing: Callable[..., Any]) -> None:
    with browsing():
        response = Response()
        web_sessions.clear_session_cookie(response, request)
    assert "Max-Age=0" in response.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "none"}, 204),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 204),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_sec_25_unsafe_method_with_cookie(
    app: Flask, browsing: Callable[..., Any], headers: dict[str, str], status: int
) -> None:
    secret, _ = sign_in(browsing)
    answer = browser(app, secret).post("/api/v1/auth/logout", json={}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.get_json()["code"] == "cross_site_refused"


def test_sec_22_old_cookie_is_dead_after_sign_out(app: Flask, browsing: Callable[..., Any]) -> None:
    secret, _ = sign_in(browsing)
    assert browser(app, secret).post("/api/v1/auth/logout", json={}, headers=SAME).status_code == 204
    assert browser(app, secret).get("/api/v1/auth/me").status_code == 401


def test_sec_22_changed_roles_end_the_web_session(
    app: Flask, browsing: Callable[..., Any], client: ApiClient, company: CompanyWorld
) -> None:
    secret, _ = sign_in(browsing)
    path = f"/users/{company.people['staff'].id}"
    client.patch(path, {"role_ids": [str(company.role_ids["viewer"])]}, 1)
    assert browser(app, secret).get("/api/v1/auth/me").status_code == 401


def test_sec_25_form_token(browsing: Callable[..., Any]) -> None:
    with browsing():
        token = web_sessions.form_token("login")
        web_sessions.check_form_token("login", token)
        for form, text in (
            ("portal", token),
            ("login", ""),
            ("login", token[:-2] + "xx"),
            ("login", "a.b.c"),
        ):
            with pytest.raises(Problem, match="form_token_invalid"):
                web_sessions.check_form_token(form, text)


@pytest.fixture
def rendering(app: Flask) -> Iterator[None]:
    """Rendering sees Flask-Login's user."""
    with app.test_request_context("/"):
        yield


def test_flask_login_knows_the_user_of_the_context(rendering: None, ctx: CompanyContext) -> None:
    g.ctx = ctx
    assert current_user.is_authenticated
    assert UUID(current_user.get_id()) == ctx.require_user().id
    assert current_user.full_name == ctx.require_user().full_name


def test_flask_login_knows_nobody_before_sign_in(rendering: None) -> None:
    assert not current_user.is_authenticated


# --- PIN switch in the browser --------------------------------------------------------------------------------


def paired(client: ApiClient, company: CompanyWorld) -> str:
    return str(client.post(f"/terminals/{company.terminal_id}/pair").get_json()["device_key"])


def test_usr_10_pin_switch_in_the_browser_ends_the_session_before(
    app: Flask, browsing: Callable[..., Any], client: ApiClient, company: CompanyWorld
) -> None:
    first, _ = sign_in(browsing, terminal_id=company.terminal_id)
    key = paired(client, company)
    with browsing(headers={"Cookie": f"lf_session={first.text}; lf_device={key}"}):
        g.request_id = "test-request"
        manager = company.people["manager"].staff_number
        second = web_pin_switch(core(), request, staff_number=manager, pin=PIN)
        response = Response()
        set_device_cookie(response, key, request)
    assert "HttpOnly" in response.headers["Set-Cookie"]
    assert browser(app, first).get("/api/v1/auth/me").status_code == 401
    me = browser(app, second).get("/api/v1/auth/me").get_json()
    assert me["session"]["kind"] == "pin"
    assert me["user"]["email"] == "manager@a.example"
    assert me["terminal"]["id"] == str(company.terminal_id)


def test_usr_10_unpaired_browser_has_no_pin_sign_in(browsing: Callable[..., Any]) -> None:
    with browsing():
        g.request_id = "test-request"
        with pytest.raises(Problem, match="unauthenticated"):
            web_pin_switch(core(), request, staff_number="0001", pin=PIN)
