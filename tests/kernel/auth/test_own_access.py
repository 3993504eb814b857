"""One's own sign-ins, API tokens, password and PIN (SEC-20, SEC-22, SEC-24, SEC-28)."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core
from lunarfront.kernel.identity.own_password import reset_sealer
from lunarfront.kernel.ids import uuid7
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld

GOOD = "seven lutes hum"


def test_me_of_a_token_at_a_till(client: ApiClient, company: CompanyWorld) -> None:
    me = client.get("/auth/me").get_json()
    assert me["terminal"]["id"] == str(company.terminal_id)
    assert me["terminal"]["drawer_id"] == str(company.drawer_id)
    assert me["location"]["price_mode"] == "exclusive"
    assert me["company"]["timezone"] == "America/Chicago"
    assert me["session"]["kind"] == "token"
    assert me["limits"] == dict.fromkeys(
        ("discount_percent_limit", "discount_amount_limit", "refund_limit", "trade_in_limit")
    )
    assert me["location_ids"] is None


def test_thm_01_everybody_chooses_his_theme(as_user: Callable[..., ApiClient]) -> None:
    viewer = as_user("viewer")
    assert viewer.post("/auth/me", {"theme": "dark"}).get_json()["user"]["theme"] == "dark"
    assert viewer.get("/auth/me").get_json()["user"]["theme"] == "dark"
    assert viewer.post("/auth/me", {"theme": "pink"}).status_code == 422
    assert viewer.post("/auth/me", {"email": "x@y.example"}).get_json()["code"] == "unknown_field"


@pytest.mark.parametrize("path", ["/auth/me", "/auth/sessions", "/auth/api-tokens", "/users", "/roles"])
def test_sec_27_nobody_is_nobody(nobody: ApiClient, path: str) -> None:
    answer = nobody.get(path)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


# --- sessions -------------------------------------------------------------------------------------------------


def test_sec_22_sessions_are_listed_and_revoked(signed_in: Callable[..., ApiClient], as_user: Any) -> None:
    first, second = signed_in(), signed_in()
    listed = first.get("/auth/sessions").get_json()["items"]
    assert [row["is_current"] for row in listed].count(True) == 1
    other = next(row["id"] for row in listed if not row["is_current"])
    assert as_user("manager").call("DELETE", f"/auth/sessions/{other}").status_code == 404
    assert first.call("DELETE", f"/auth/sessions/{other}").status_code == 204
    assert second.get("/auth/me").status_code == 401
    assert first.get("/auth/me").status_code == 200
    assert first.call("DELETE", f"/auth/sessions/{uuid7()}").status_code == 404


def test_sec_22_sign_out_everywhere(signed_in: Callable[..., ApiClient]) -> None:
    first, second = signed_in(), signed_in()
    assert first.post("/auth/logout", {"everywhere": True}).status_code == 204
    assert second.get("/auth/me").status_code == 401


def test_api_token_is_not_signed_out(client: ApiClient) -> None:
    assert client.post("/auth/logout").status_code == 409
    assert client.get("/auth/me").status_code == 200


def test_sec_22_password_change_ends_all_other_sign_ins(
    signed_in: Callable[..., ApiClient], login: Callable[..., Any]
) -> None:
    first, second = signed_in(), signed_in()
    wrong = first.post("/auth/password", {"current_password": "wrong", "new_password": GOOD})
    assert wrong.status_code == 422
    assert wrong.get_json()["errors"][0]["field"] == "current_password"
    weak = first.post("/auth/password", {"current_password": PASSWORD, "new_password": "qwertyuiop"})
    assert weak.get_json()["errors"][0]["field"] == "new_password"
    assert (
        first.post("/auth/password", {"current_password": PASSWORD, "new_password": GOOD}).status_code == 204
    )
    assert first.get("/auth/me").status_code == 200
    assert second.get("/auth/me").status_code == 401
    assert login(password=PASSWORD).status_code == 401
    assert login(password=GOOD).status_code == 200


def test_own_pin(signed_in: Callable[..., ApiClient]) -> None:
    staff = signed_in()
    assert staff.post("/auth/pin", {"password": "wrong", "pin": "1357"}).status_code == 422
    assert staff.post("/auth/pin", {"password": PASSWORD, "pin": "1357"}).status_code == 204
    assert staff.post("/auth/pin", {"password": PASSWORD, "pin": 1357}).status_code == 422


# --- API tokens -----------------------------------------------------------------------------------------------


def test_sec_24_api_token_is_shown_once(
    app: Flask, signed_in: Callable[..., ApiClient], ctx: CompanyContext
) -> None:
    staff = signed_in()
    made = staff.post("/auth/api-tokens", {"name": "label printer"})
    assert made.status_code == 201
    body = made.get_json()
    assert body["token"].startswith("lf_")
    assert ApiClient(app, body["token"]).get("/auth/me").get_json()["session"]["kind"] == "token"
    listed = staff.get("/auth/api-tokens").get_json()["items"]
    assert body["id"] in {row["id"] for row in listed}
    assert "token" not in listed[0]
    stored = ctx.uow.query("SELECT hash FROM api_token WHERE id = %(id)s", {"id": body["id"]})[0]
    assert body["token"].encode() not in bytes(stored.hash)
    assert staff.call("DELETE", f"/auth/api-tokens/{body['id']}").status_code == 204
    assert ApiClient(app, body["token"]).get("/auth/me").status_code == 401


def test_sec_24_scopes_narrow_a_token(app: Flask, signed_in: Callable[..., ApiClient]) -> None:
    body = {"name": "reports", "scopes": ["report.sales", "pos.*"]}
    token = signed_in("manager").post("/auth/api-tokens", body).get_json()
    assert token["scopes"] == ["pos.*", "report.sales"]
    narrow = ApiClient(app, token["token"])
    rights = narrow.get("/auth/me").get_json()["rights"]
    assert "pos.sell" in rights
    assert "account.view" not in rights
    assert narrow.get("/users").status_code == 403


def test_sec_28_narrow_token_makes_no_wider_one(app: Flask, signed_in: Callable[..., ApiClient]) -> None:
    made = signed_in("admin").post("/auth/api-tokens", {"name": "n", "scopes": ["pos.*"]}).get_json()
    narrow = ApiClient(app, made["token"])
    assert narrow.post("/auth/api-tokens", {"name": "w", "scopes": ["user.manage"]}).status_code == 403
    assert narrow.post("/auth/api-tokens", {"name": "s", "scopes": ["pos.sell"]}).get_json()["scopes"] == [
        "pos.sell"
    ]
    assert narrow.post("/auth/api-tokens", {"name": "all"}).get_json()["scopes"] == ["pos.*"]


def test_sec_24_token_bound_to_a_terminal_works_there(
    app: Flask, as_user: Callable[..., ApiClient], company: CompanyWorld, other_company: CompanyWorld
) -> None:
    staff = as_user("staff", terminal=False)
    assert (
        staff.post(
            "/auth/api-tokens", {"name": "t", "terminal_id": str(other_company.terminal_id)}
        ).status_code
        == 404
    )
    made = staff.post("/auth/api-tokens", {"name": "t", "terminal_id": str(company.terminal_id)}).get_json()
    assert ApiClient(app, made["token"]).get("/auth/me").get_json()["terminal"]["id"] == str(
        company.terminal_id
    )


def test_sec_24_a_request_may_name_another_till_than_the_tokens_own(
    app: Flask, as_user: Callable[..., ApiClient], company: CompanyWorld, other_company: CompanyWorld
) -> None:
    body = {"name": "t", "terminal_id": str(company.terminal_id)}
    token = as_user("staff", terminal=False).post("/auth/api-tokens", body).get_json()["token"]
    for named in (company.terminal_id, other_company.terminal_id):
        me = ApiClient(app, token, named).get("/auth/me").get_json()
        assert (me["terminal"] or {}).get("id") == (str(named) if named == company.terminal_id else None)


def test_bad_input_of_tokens(signed_in: Callable[..., ApiClient], clock: Clock) -> None:
    staff = signed_in()
    past = (clock() - timedelta(days=1)).isoformat()
    for body in (
        {},
        {"name": ""},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["pos.fly"]},
        {"name": "x", "scopes": ["fly.*"]},
        {"name": "x", "expires_at": past},
        {"name": "x", "expires_at": "tomorrow"},
        {"name": "x", "user_id": str(uuid7())},
    ):
        assert staff.post("/auth/api-tokens", body).status_code == 422, body


def test_token_of_somebody_else_is_not_found(
    as_user: Callable[..., ApiClient], other_company: CompanyWorld
) -> None:
    mine = as_user("staff").get("/auth/api-tokens").get_json()["items"][0]["id"]
    assert as_user("admin").call("DELETE", f"/auth/api-tokens/{mine}").status_code == 404
    assert as_user("admin", of=other_company).call("DELETE", f"/auth/api-tokens/{mine}").status_code == 404


# --- forgotten passwords --------------------------------------------------------------------------------------


def reset_token(ctx: CompanyContext) -> str:
    rows = ctx.uow.query("SELECT payload FROM job_outbox WHERE kind = 'mail.password_reset' ORDER BY id DESC")
    return reset_sealer(core()).open(base64.b64decode(rows[0].payload["sealed_token"])).decode()


def test_sec_20_reset_link_is_single_use(
    nobody: ApiClient, login: Callable[..., Any], signed_in: Callable[..., ApiClient], ctx: CompanyContext
) -> None:
    staff = signed_in()
    assert nobody.post("/auth/password-reset", {"email": "Staff@a.example"}).status_code == 202
    token = reset_token(ctx)
    confirm = {"token": token, "new_password": GOOD}
    assert (
        nobody.post("/auth/password-reset/confirm", confirm | {"new_password": "password"}).status_code == 422
    )
    assert nobody.post("/auth/password-reset/confirm", confirm).status_code == 204
    assert nobody.post("/auth/password-reset/confirm", confirm).status_code == 401
    assert staff.get("/auth/me").status_code == 401
    assert login(password=GOOD).status_code == 200


def test_sec_20_reset_link_ends_after_half_an_hour(
    nobody: ApiClient, ctx: CompanyContext, clock: Clock
) -> None:
    nobody.post("/auth/password-reset", {"email": "staff@a.example"})
    clock.forward(minutes=31)
    confirm = {"token": reset_token(ctx), "new_password": GOOD}
    assert nobody.post("/auth/password-reset/confirm", confirm).status_code == 401


def test_sec_20_unknown_address_gets_the_same_answer(nobody: ApiClient, ctx: CompanyContext) -> None:
    known = nobody.post("/auth/password-reset", {"email": "staff@a.example"})
    unknown = nobody.post("/auth/password-reset", {"email": "nobody@a.example"})
    assert (known.status_code, known.get_data()) == (unknown.status_code, unknown.get_data())
    again = nobody.post("/auth/password-reset", {"email": "staff@a.example"})
    assert again.status_code == 202
    assert len(ctx.uow.query("SELECT 1 FROM password_reset")) == 1, "a second link is not made at once"


def test_sec_44_reset_token_does_not_lie_open_in_the_database(nobody: ApiClient, ctx: CompanyContext) -> None:
    nobody.post("/auth/password-reset", {"email": "staff@a.example"})
    token = reset_token(ctx)
    rows = ctx.uow.query("SELECT payload::text AS text FROM job_outbox")
    assert not any(token in row.text for row in rows)
    stored = ctx.uow.query("SELECT hash FROM password_reset")[0]
    assert token.encode() not in bytes(stored.hash)


def test_sec_21_resets_are_limited_by_address(nobody: ApiClient) -> None:
    codes = [nobody.post("/auth/password-reset", {"email": f"n{i}@a.example"}).status_code for i in range(21)]
    assert codes == [202] * 20 + [429]


@pytest.mark.parametrize("token", ["x", "lp_x", "lp_" + "A" * 64, "lf_" + "A" * 64])
def test_sec_20_nonsense_is_no_reset_link(nobody: ApiClient, token: str) -> None:
    answer = nobody.post("/auth/password-reset/confirm", {"token": token, "new_password": GOOD})
    assert answer.status_code == 401


def test_administrator_sends_a_reset_link(
    client: ApiClient, company: CompanyWorld, ctx: CompanyContext
) -> None:
    assert client.post(f"/users/{company.people['staff'].id}/reset-password").status_code == 204
    assert reset_token(ctx).startswith("lp_")


def test_ntf_05_reset_mail_waits_where_nobody_sends_mail(nobody: ApiClient, client: ApiClient) -> None:
    nobody.post("/auth/password-reset", {"email": "staff@a.example"})
    waiting = [row for row in client.get("/jobs").get_json()["items"] if row["kind"] == "mail.password_reset"]
    assert [row["status"] for row in waiting] == ["parked"]


def test_sec_24_token_tells_its_last_use(as_user: Callable[..., ApiClient]) -> None:
    staff = as_user("staff")
    staff.get("/auth/me")
    [token] = staff.get("/auth/api-tokens").get_json()["items"]
    assert token["last_used_at"] is not None
