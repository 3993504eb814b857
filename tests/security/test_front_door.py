"""Where a sign-in leads, by which name we are asked, whose forwarded headers count (SEC-33, threat 20)."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from lunarfront.app import create_app
from lunarfront.kernel.front_door import ListedProxies, own_names
from lunarfront.sdk.testing.database import TestServer
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld
from tests.security.conftest import SAME_ORIGIN
from tests.web.conftest import form_token_of

#: Where nobody may be sent; browsers drop tabs and line ends and read a backslash as a slash.
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "@evil.example",
    "evil.example",
    ".evil.example",
    "/%0d%0aSet-Cookie:x=1",
    "/\r\nSet-Cookie: x=1",
    "//evil.example/%2f..",
    "/\u200b/evil.example",
    "//[::1]",
    "//[evil",
    "",
]


def sign_in(app: Flask, company: CompanyWorld, target: str) -> Any:
    browser = app.test_client()
    form = {
        "email": company.people["staff"].email,
        "password": PASSWORD,
        "form_token": form_token_of(browser.get("/login").text),
        "next": target,
    }
    return browser.post("/login", data=form, headers=SAME_ORIGIN)


def stays_here(location: str) -> bool:
    """Whether a browser that follows this address stays on our site."""
    seen = location.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/").strip()
    return seen.startswith("/") and not seen.startswith("//")


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\r\nSet-Cookie: x=1"]
)
def test_sec_33_threat_20_a_sign_in_never_leads_elsewhere(
    app: Flask, company: CompanyWorld, target: str
) -> None:
    answer = sign_in(app, company, target)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/"), answer.text
    assert [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")] == ["lf_session"]


def test_sec_33_the_sign_in_form_carries_only_paths_of_ours(app: Flask) -> None:
    for target in ELSEWHERE:
        shown = app.test_client().get("/login", query_string={"next": target})
        assert shown.status_code == 200, target
        assert 'name="next" value="/' in shown.text
        assert stays_here(re.findall(r'name="next" value="([^"]*)"', shown.text)[0]), target


def test_sec_33_the_register_never_leads_elsewhere(
    browse: Callable[[str], FlaskClient], company: CompanyWorld
) -> None:
    browser = browse("staff")
    for target in ELSEWHERE:
        form = {"terminal_id": str(company.terminal_id), "next": target}
        answer = browser.post("/register", data=form, headers=SAME_ORIGIN)
        assert answer.status_code == 302, answer.text
        assert stays_here(answer.headers["Location"]), target
        assert "evil.example" not in browser.get("/register", query_string={"next": target}).text, target


@pytest.mark.parametrize("target", ["/orders", "/orders?q=a&status=completed", "/inventory/new#x"])
def test_sec_33_a_sign_in_leads_back_to_our_own_pages(app: Flask, company: CompanyWorld, target: str) -> None:
    assert sign_in(app, company, target).headers["Location"] == target


def test_sec_33_a_page_that_asks_for_a_sign_in_is_found_again_with_its_filters(app: Flask) -> None:
    browser = app.test_client()
    asked = browser.get("/orders?q=a&status=completed").headers["Location"]
    assert 'name="next" value="/orders?q=a&amp;status=completed"' in browser.get(asked).text


@pytest.mark.parametrize(
    "path", ["//evil.example/orders", "/%2f%2fevil.example", "/\\evil.example", "/%5cevil.example"]
)
def test_sec_33_no_path_redirects_elsewhere(app: Flask, path: str) -> None:
    answer = app.test_client().open(path)
    assert stays_here(answer.headers.get("Location", "/").removeprefix("http://localhost"))


# --- host -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1", "192.168.1.20:8000", "[::1]:8000", "LOCALHOST"]
)
def test_sec_33_our_own_names_and_addresses_are_answered(app: Flask, host: str) -> None:
    assert app.test_client().get("/api/v1/health/live", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "localhost.evil.example", "evil.example:80", "127.0.0.1.evil.example", "a@localhost",
        "[evil", "localhost/x",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", ["/login", "/api/v1/health/live", "/api/v1/auth/password-reset", "/no-such-page"]
)
def test_sec_33_threat_20_foreign_hosts_are_refused(app: Flask, host: str, path: str) -> None:
    method = "POST" if path.endswith("reset") else "GET"
    answer = app.test_client().open(
        path, method=method, json={"email": "a@b.example"}, headers={"Host": host}
    )
    assert answer.status_code == 400, answer.text
    assert "evil" not in answer.text
    assert answer.headers["X-Request-Id"]


def test_sec_33_the_public_address_is_ours(server: TestServer) -> None:
    settings = replace(server.settings, public_url="https://shop.example:8443/", host="Till-Server")
    assert {"shop.example", "till-server", "localhost"} <= own_names(settings)


# --- proxies --------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(server: TestServer) -> Callable[..., dict[str, Any]]:
    """``asked("10.0.0.1", X_Forwarded_For=…)``: what the application takes a request for."""
    settings = replace(
        server.settings, trusted_proxies=("10.0.0.0/24", "fd00::1/128"), public_url="https://shop.example"
    )
    app = create_app(settings, server.urls.app_url, testing=True)
    seen: dict[str, Any] = {}

    @app.before_request
    def look() -> None:
        seen.update(address=request.remote_addr, secure=request.is_secure, host=request.host)

    def ask(address: str, **headers: str) -> dict[str, Any]:
        seen.clear()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        app.test_client().get("/api/v1/health/live", headers=sent, environ_base={"REMOTE_ADDR": address})
        return dict(seen)

    return ask


FORWARDED = {
    "X_Forwarded_For": "203.0.113.9",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Host": "shop.example",
}


@pytest.mark.parametrize("address", ["10.0.0.7", "fd00::1"])
def test_sec_33_a_listed_proxy_is_believed(asked: Callable[..., dict[str, Any]], address: str) -> None:
    assert asked(address, **FORWARDED) == {"address": "203.0.113.9", "secure": True, "host": "shop.example"}


@pytest.mark.parametrize("address", ["10.0.1.7", "203.0.113.50", "127.0.0.1", "", "nonsense", "fd00::2"])
def test_sec_33_anybody_else_is_not(asked: Callable[..., dict[str, Any]], address: str) -> None:
    seen = asked(address, **FORWARDED)
    assert (seen["secure"], seen["host"]) == (False, "localhost")
    assert seen["address"] in (address, None)


def test_sec_33_of_several_addresses_the_proxys_own_counts(asked: Callable[..., dict[str, Any]]) -> None:
    """The client wrote the first one himself; the proxy added the last one (SEC-21 counts by it)."""
    seen = asked("10.0.0.7", X_Forwarded_For="1.1.1.1, 203.0.113.9", X_Forwarded_Proto="https")
    assert seen["address"] == "203.0.113.9"


def test_sec_33_a_proxy_cannot_make_a_foreign_host_ours(asked: Callable[..., dict[str, Any]]) -> None:
    assert asked("10.0.0.7", X_Forwarded_Host="evil.example") == {}


def test_sec_33_nobody_is_listed_unless_the_operator_says_so() -> None:
    assert not ListedProxies(lambda _environ, _start: [], ())._is_listed("127.0.0.1")
