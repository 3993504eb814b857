"""Who may no more is out at the next request, in every process (SEC-22, SEC-24, USR-08, threats 8, 30 and 31)."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from lunarfront.app import create_app
from lunarfront.kernel.api.endpoint import ACCESS
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.database import TestServer
from lunarfront.sdk.testing.plugin import Clock, RealDb
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld
from tests.security.conftest import SAME_ORIGIN, UNSAFE, body_schema, real_path


@pytest.fixture
def sign_in(app: Flask, company: CompanyWorld) -> Callable[..., dict[str, Any]]:
    """``sign_in("staff")``: the pair of tokens of a fresh sign-in over the API."""

    def tokens(role: str) -> dict[str, Any]:
        body = {"email": company.people[role].email, "password": PASSWORD}
        answer = ApiClient(app, None).post("/auth/login", body)
        assert answer.status_code == 200, answer.json
        found: dict[str, Any] = answer.json
        return found

    return tokens


def opens(app: Flask, token: str) -> int:
    return ApiClient(app, token).get("/auth/me").status_code


# --- threat 31: a token that was stolen -----------------------------------------------------------------------


def test_threat_31_a_revoked_session_ends_its_living_access_token(
    app: Flask, sign_in: Callable[..., dict[str, Any]]
) -> None:
    pair, other = sign_in("staff"), sign_in("staff")
    assert opens(app, pair["access_token"]) == 200
    thief = ApiClient(app, other["access_token"])
    sessions = thief.get("/auth/sessions").json["items"]
    assert pair["session_id"] in {row["id"] for row in sessions}
    assert thief.call("DELETE", f"/auth/sessions/{pair['session_id']}").status_code == 204
    assert opens(app, pair["access_token"]) == 401
    renewed = ApiClient(app, None).post("/auth/refresh", {"refresh_token": pair["refresh_token"]})
    assert renewed.status_code == 401
    assert opens(app, other["access_token"]) == 200


def test_threat_31_an_old_refresh_token_kills_the_family(
    app: Flask, sign_in: Callable[..., dict[str, Any]]
) -> None:
    nobody, first = ApiClient(app, None), sign_in("staff")
    second = nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).json
    assert opens(app, second["access_token"]) == 200
    stolen = nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]})
    assert (stolen.status_code, stolen.json["code"]) == (401, "refresh_reused")
    assert opens(app, second["access_token"]) == 401
    late = nobody.post("/auth/refresh", {"refresh_token": second["refresh_token"]})
    assert late.status_code == 401


def test_threat_31_an_access_token_ends_after_a_quarter_of_an_hour(
    app: Flask, sign_in: Callable[..., dict[str, Any]], clock: Clock
) -> None:
    pair = sign_in("staff")
    clock.forward(minutes=14, seconds=59)
    assert opens(app, pair["access_token"]) == 200
    clock.forward(seconds=2)
    assert opens(app, pair["access_token"]) == 401


def test_threat_31_tokens_of_another_company_open_nothing_here(
    app: Flask, company: CompanyWorld, other_company: CompanyWorld
) -> None:
    """The company stands in the secret; writing ours into another one's makes it unknown."""
    import base64

    stolen = other_company.people["admin"].token
    raw = bytearray(base64.urlsafe_b64decode(stolen.removeprefix("lf_") + "=="))
    raw[:16] = company.id.bytes
    forged = "lf_" + base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    assert opens(app, stolen) == 200
    assert opens(app, forged) == 401


@pytest.mark.parametrize("column", ["revoked_at = now()", "expires_at = now() - interval '1 second'"])
def test_threat_31_an_api_token_that_ended_opens_nothing(
    app: Flask, company: CompanyWorld, ctx: CompanyContext, column: str
) -> None:
    token = company.people["staff"].token
    assert opens(app, token) == 200
    ctx.uow.execute(f"UPDATE api_token SET {column}")
    ctx.uow.commit()
    assert opens(app, token) == 401


# --- threat 8: sessions of the browser ------------------------------------------------------------------------


def test_threat_8_a_planted_session_id_is_not_taken_over(app: Flask, company: CompanyWorld) -> None:
    from tests.web.conftest import form_token_of

    browser = app.test_client()
    browser.set_cookie("lf_session", "s_" + "A" * 64)
    form = {
        "email": company.people["staff"].email,
        "password": PASSWORD,
        "form_token": form_token_of(browser.get("/login").text),
    }
    answer = browser.post("/login", data=form, headers=SAME_ORIGIN)
    cookie = next(c for c in browser._cookies.values() if c.key == "lf_session")
    assert answer.status_code == 302
    assert cookie.value != "s_" + "A" * 64


def test_threat_8_the_old_cookie_is_dead_after_sign_out_in_the_browser(
    app: Flask, browse: Callable[[str], FlaskClient]
) -> None:
    browser = browse("manager")
    cookie = next(c for c in browser._cookies.values() if c.key == "lf_session")
    assert browser.post("/logout", headers=SAME_ORIGIN).status_code == 302
    thief = app.test_client()
    thief.set_cookie("lf_session", cookie.value)
    assert thief.get("/orders").headers["Location"] == "/login?next=/orders"
    assert thief.get("/api/v1/auth/me").status_code == 401


# --- threat 30: rights that ended in the middle of the work ---------------------------------------------------


@pytest.fixture
def two_processes(realdb: RealDb, server: TestServer) -> Iterator[tuple[ApiClient, ApiClient]]:
    """The administrator at one web process and staff at another one of the same database, its caches warm."""
    company = realdb.world.company
    engine = create_engine(realdb.urls.app_url)
    second = create_app(server.settings, realdb.urls.app_url, bind=engine, testing=True)
    staff = ApiClient(second, company.people["staff"].token, company.terminal_id)
    assert staff.get("/transactions").status_code == 200
    yield realdb.client("admin"), staff
    engine.dispose()


@pytest.mark.realdb
def test_threat_30_a_disabled_user_is_out_in_every_process(
    two_processes: tuple[ApiClient, ApiClient], realdb: RealDb
) -> None:
    admin, staff = two_processes
    path = f"/users/{realdb.world.company.people['staff'].id}"
    assert admin.patch(path, {"is_active": False}, 1).status_code == 200
    assert staff.get("/transactions").status_code == 401
    assert staff.post("/transactions/quote", {"lines": []}).status_code == 401


@pytest.mark.realdb
def test_threat_30_scenario_24_a_deny_takes_a_right_away_at_once(
    two_processes: tuple[ApiClient, ApiClient], realdb: RealDb
) -> None:
    admin, staff = two_processes
    user = str(realdb.world.company.people["staff"].id)
    grant = {"user_id": user, "permission": "pos.view", "effect": "deny"}
    assert admin.post("/permission-grants", grant).status_code == 201
    refused = staff.get("/transactions")
    assert (refused.status_code, refused.json["permission"]) == (403, "pos.view")


@pytest.mark.realdb
def test_threat_30_an_edited_role_counts_at_once(
    two_processes: tuple[ApiClient, ApiClient], realdb: RealDb
) -> None:
    admin, staff = two_processes
    role = f"/roles/{realdb.world.company.role_ids['staff']}"
    assert admin.patch(role, {"permissions": {"pos.sell": "allow"}}, 1).status_code == 200
    assert staff.get("/transactions").status_code == 403
    assert admin.patch(role, {"permissions": {"pos.view": "allow"}}, 2).status_code == 200
    assert staff.get("/transactions").status_code == 200


# --- scenario 24 ----------------------------------------------------------------------------------------------


def test_scenario_24_two_roles_add_up(
    client: ApiClient, as_user: Callable[..., ApiClient], company: CompanyWorld
) -> None:
    roles = [str(company.role_ids[role]) for role in ("staff", "technician")]
    path = f"/users/{company.people['viewer'].id}"
    assert client.patch(path, {"role_ids": roles}, 1).status_code == 200
    both = set(as_user("viewer").get("/auth/me").json["rights"])
    for role in ("staff", "technician"):
        assert set(as_user(role).get("/auth/me").json["rights"]) <= both


#: Routes that a viewer reaches: one only reads, the other asks for the right of the movement's kind.
REACHED = {"/api/v1/accounts/check-duplicates", "/api/v1/drawer-sessions/<uuid:session_id>/movements"}


def test_scenario_24_a_viewer_changes_nothing(
    app: Flask, as_user: Callable[..., ApiClient], own: dict[str, list[UUID]]
) -> None:
    viewer, wrong = as_user("viewer"), []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        access = getattr(view, ACCESS, None)
        if access is None or access.public or access.signed_in or not rule.rule.startswith("/api/"):
            continue
        for method in UNSAFE & (rule.methods or set()):
            answer = viewer.call(
                method, real_path(rule.rule, own), {} if body_schema(view) else None, If_Match='"1"'
            )
            if answer.status_code != 403 and rule.rule not in REACHED:
                wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []
    for kind in ("paid_in", "paid_out", "drop", "no_sale", "float", "tip_payout"):
        body = {"kind": kind, "amount": "1.00", "reason_code": "other", "note": "x"}
        answer = viewer.post(f"/drawer-sessions/{own['drawer_session'][-1]}/movements", body)
        assert answer.status_code in (403, 422), kind


def test_scenario_24_a_viewer_opens_every_report(app: Flask, as_user: Callable[..., ApiClient]) -> None:
    viewer = as_user("viewer")
    reports = [r.rule for r in app.url_map.iter_rules() if r.rule.startswith("/api/v1/reports/")]
    assert len(reports) > 2
    for report in reports:
        assert viewer.get(report).status_code in (200, 422), report
