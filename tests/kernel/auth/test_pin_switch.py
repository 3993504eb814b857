"""Unlock and switch on a paired terminal by PIN or badge (USR-07, USR-10, SEC-21)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.permissions import pin_may_hold
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import PIN, CompanyWorld

Switch = Callable[..., TestResponse]


@pytest.fixture
def device_key(client: ApiClient, company: CompanyWorld) -> str:
    """The key of the paired till."""
    return str(client.post(f"/terminals/{company.terminal_id}/pair").get_json()["device_key"])


@pytest.fixture
def switch(nobody: ApiClient, device_key: str, company: CompanyWorld) -> Switch:
    """``switch("staff", pin=…)``: the answer of a switch on the till."""

    def send(role: str = "staff", pin: str = PIN, **more: Any) -> TestResponse:
        body = {"device_key": device_key, "staff_number": company.people[role].staff_number, "pin": pin}
        return nobody.post("/auth/pin-switch", body | more)

    return send


def test_usr_10_pin_opens_a_session_at_the_till(
    app: Flask, client: ApiClient, switch: Switch, company: CompanyWorld
) -> None:
    answer = switch("manager")
    assert answer.status_code == 200
    me = ApiClient(app, answer.get_json()["access_token"]).get("/auth/me").get_json()
    assert me["session"]["kind"] == "pin"
    assert me["terminal"]["id"] == str(company.terminal_id)
    assert me["user"]["id"] == str(company.people["manager"].id)
    till = client.get(f"/terminals/{company.terminal_id}").get_json()
    assert till["last_seen_at"] is not None


def test_usr_10_pin_carries_only_rights_of_a_sale(app: Flask, switch: Switch) -> None:
    admin = ApiClient(app, switch("admin").get_json()["access_token"])
    rights = admin.get("/auth/me").get_json()["rights"]
    assert {"pos.sell", "pos.void", "drawer.open", "account.view"} <= rights.keys()
    assert all(pin_may_hold(name) for name in rights)
    assert admin.get("/users").status_code == 403
    assert admin.post("/auth/api-tokens", {"name": "x"}).status_code == 403
    change = {"current_password": "x", "new_password": "seven lutes hum"}
    assert admin.post("/auth/password", change).status_code == 403


def test_usr_10_five_wrong_tries_ask_for_a_full_sign_in(
    switch: Switch, login: Callable[..., Any], company: CompanyWorld, audited: Callable[..., Any]
) -> None:
    for _ in range(5):
        assert switch(pin="0000").status_code == 401
    locked = switch()
    assert (locked.status_code, locked.get_json()["code"]) == (423, "approval_locked")
    assert switch("manager").status_code == 423, "the terminal is locked, not the person"
    assert login(terminal_id=str(company.terminal_id)).status_code == 200
    assert switch().status_code == 200
    assert len(audited("auth.pin.failed")) == 5
    assert len(audited("auth.pin.done")) == 1


def test_usr_10_right_pin_forgets_wrong_ones(switch: Switch) -> None:
    for _ in range(3):
        for _ in range(4):
            assert switch(pin="0000").status_code == 401
        assert switch().status_code == 200


def test_usr_10_badge_opens_a_session(
    app: Flask, client: ApiClient, nobody: ApiClient, device_key: str, company: CompanyWorld
) -> None:
    code = client.post(f"/users/{company.people['staff'].id}/badge").get_json()["badge"]
    answer = nobody.post("/auth/pin-switch", {"device_key": device_key, "badge": code})
    assert answer.status_code == 200
    assert answer.get_json()["user"]["id"] == str(company.people["staff"].id)
    assert nobody.post("/auth/pin-switch", {"device_key": device_key, "badge": code + "X"}).status_code == 401


def test_usr_10_switch_ends_the_session_before(
    app: Flask, switch: Switch, device_key: str, company: CompanyWorld
) -> None:
    before = switch("staff").get_json()
    first = ApiClient(app, before["access_token"])
    body = {"device_key": device_key, "staff_number": company.people["manager"].staff_number, "pin": PIN}
    assert first.post("/auth/pin-switch", body).status_code == 200
    assert first.get("/auth/me").status_code == 401


def test_usr_07_pin_needs_a_paired_terminal(
    nobody: ApiClient, client: ApiClient, company: CompanyWorld, device_key: str, switch: Switch
) -> None:
    body = {"staff_number": company.people["staff"].staff_number, "pin": PIN}
    assert nobody.post("/auth/pin-switch", body).status_code == 422
    for key in ("x", "ld_x", company.people["staff"].token):
        assert nobody.post("/auth/pin-switch", body | {"device_key": key}).status_code == 401
    again = client.post(f"/terminals/{company.terminal_id}/pair").get_json()["device_key"]
    assert switch().status_code == 401, "pairing anew unpairs the old device"
    assert nobody.post("/auth/pin-switch", body | {"device_key": again}).status_code == 200
    assert client.post(f"/terminals/{company.terminal_id}/unpair").status_code == 204
    assert nobody.post("/auth/pin-switch", body | {"device_key": again}).status_code == 401


def test_usr_07_user_of_another_company_is_unknown_at_the_till(
    nobody: ApiClient, device_key: str, ctx: CompanyContext, other_company: CompanyWorld
) -> None:
    body = {"device_key": device_key, "staff_number": "9999", "pin": PIN}
    assert nobody.post("/auth/pin-switch", body).status_code == 401


def test_usr_10_user_of_another_location_is_refused(
    switch: Switch, ctx: CompanyContext, company: CompanyWorld
) -> None:
    from lunarfront.kernel.auth.models import UserLocation
    from lunarfront.kernel.tenancy.models import Location

    far = ctx.uow.add(Location, code="FAR", name="Far", timezone="UTC", price_mode="exclusive")
    ctx.uow.flush()
    ctx.uow.add(UserLocation, user_id=company.people["staff"].id, location_id=far)
    ctx.uow.commit()
    assert switch("staff").status_code == 403
    assert switch("manager").status_code == 200


def test_usr_08_disabled_user_has_no_pin(switch: Switch, client: ApiClient, company: CompanyWorld) -> None:
    assert client.delete(f"/users/{company.people['staff'].id}", 1).status_code == 204
    assert switch("staff").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"staff_number": "0001"},
        {"pin": "2468"},
        {"staff_number": "1", "pin": "2468"},
        {"badge": ""},
        {"x": 1},
    ],
)
def test_bad_input_of_pin_switch(nobody: ApiClient, device_key: str, body: dict[str, object]) -> None:
    assert nobody.post("/auth/pin-switch", {"device_key": device_key} | body).status_code == 422


def test_sec_24_pin_session_is_not_prolonged(nobody: ApiClient, switch: Switch, ctx: CompanyContext) -> None:
    first = switch().get_json()
    sql = "SELECT expires_at FROM auth_session WHERE id = %(id)s"
    before = ctx.uow.query(sql, {"id": first["session_id"]})[0].expires_at
    assert nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).status_code == 200
    assert ctx.uow.query(sql, {"id": first["session_id"]})[0].expires_at == before
