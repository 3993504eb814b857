"""Users over the API (USR-03, USR-08, SEC-22, SEC-28)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld

NEW = {"full_name": "Ann Archer", "email": "Ann@a.example", "password": "seven lutes hum"}


def make(client: ApiClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/users", NEW | more)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def test_user_is_created_read_listed_and_signs_in(
    client: ApiClient, company: CompanyWorld, login: Callable[..., Any]
) -> None:
    role = str(company.role_ids["staff"])
    user = make(client, staff_number="0420", role_ids=[role], location_ids=[str(company.location_id)])
    assert user["email"] == "ann@a.example"
    assert user["role_ids"] == [role]
    assert user["location_ids"] == [str(company.location_id)]
    assert not user["has_pin"]
    assert not {"password", "password_hash", "pin_hash", "badge_hash", "mfa_secret"} & user.keys()
    assert client.get(f"/users/{user['id']}").get_json() == user
    listed = client.get("/users?q=archer&total=1").get_json()
    assert [row["id"] for row in listed["items"]] == [user["id"]]
    assert listed["total"] == 1
    assert login("ann@a.example", NEW["password"]).status_code == 200


def test_list_filters(client: ApiClient) -> None:
    make(client, can_sign_in=False, email=None)
    assert {row["full_name"] for row in client.get("/users?filter[role]=manager").get_json()["items"]} == {
        "Manager A"
    }
    assert client.get("/users?filter[is_active]=0").get_json()["items"] == []
    pages = client.get("/users?limit=3&sort=-full_name").get_json()
    assert len(pages["items"]) == 3
    rest = client.get(f"/users?limit=50&sort=-full_name&cursor={pages['next_cursor']}").get_json()
    assert len(rest["items"]) == 4


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"email": None}, 422, "validation_failed"),
        ({"email": "no address"}, 422, "validation_failed"),
        ({"password": "short"}, 422, "validation_failed"),
        ({"password": "Password1!"}, 422, "validation_failed"),
        ({"password": "riverside music 7"}, 422, "validation_failed"),
        ({"password": "x" * 129}, 422, "text_too_long"),
        ({"full_name": "A\x07"}, 422, "text_invalid"),
        ({"full_name": ""}, 422, "validation_failed"),
        ({"full_name": "x" * 121}, 422, "text_too_long"),
        ({"full_name": 5}, 422, "validation_failed"),
        ({"staff_number": "12"}, 422, "validation_failed"),
        ({"staff_number": 1234}, 422, "validation_failed"),
        ({"pin": "123"}, 422, "validation_failed"),
        ({"pin": "12345678９"}, 422, "validation_failed"),
        ({"theme": "pink"}, 422, "validation_failed"),
        ({"is_admin": True}, 422, "unknown_field"),
        ({"company_id": str(uuid7())}, 422, "unknown_field"),
        ({"password_hash": "x"}, 422, "unknown_field"),
        ({"role_ids": [str(uuid7())]}, 404, "not_found"),
        ({"location_ids": [str(uuid7())]}, 404, "not_found"),
        ({"role_ids": "all"}, 422, "validation_failed"),
        ({"email": "staff@a.example"}, 409, "conflict"),
        ({"staff_number": "0001"}, 409, "conflict"),
    ],
)
def test_bad_input_of_users(client: ApiClient, change: dict[str, Any], status: int, code: str) -> None:
    answer = client.post("/users", NEW | change)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_sec_20_password_is_never_in_the_audit_trail(client: ApiClient, audited: Callable[..., Any]) -> None:
    make(client, pin="4711")
    [row] = audited("user.created")
    assert row.new["full_name"] == "Ann Archer"
    assert "seven lutes" not in str(row)
    assert "4711" not in str(row.new)


def test_occ_01_user_needs_its_version(client: ApiClient) -> None:
    user = make(client)
    path = f"/users/{user['id']}"
    assert client.call("PATCH", path, {"full_name": "B"}).status_code == 428
    changed = client.patch(path, {"full_name": "Bea"}, 1)
    assert changed.get_json()["version"] == 2
    stale = client.patch(path, {"full_name": "C"}, 1)
    assert stale.status_code == 412
    assert stale.get_json()["current_version"] == 2


def test_occ_01_new_roles_raise_the_version(client: ApiClient, company: CompanyWorld) -> None:
    user = make(client)
    changed = client.patch(
        f"/users/{user['id']}", {"role_ids": [str(company.role_ids["viewer"])]}, 1
    ).get_json()
    assert changed["version"] == 2
    assert changed["role_ids"] == [str(company.role_ids["viewer"])]


def test_usr_02_users_need_the_right(as_user: Callable[..., ApiClient], other_company: CompanyWorld) -> None:
    for role in ("manager", "staff", "technician", "instructor", "viewer"):
        assert as_user(role).get("/users").status_code == 403
        assert as_user(role).post("/users", NEW).status_code == 403
    stranger = other_company.people["staff"].id
    admin = as_user("admin")
    assert admin.get(f"/users/{stranger}").status_code == 404
    assert admin.patch(f"/users/{stranger}", {"full_name": "X"}, 1).status_code == 404
    assert admin.delete(f"/users/{stranger}", 1).status_code == 404
    for act in ("badge", "sign-out"):
        assert admin.post(f"/users/{stranger}/{act}").status_code == 404
    assert admin.post(f"/users/{stranger}/pin", {"pin": "1234"}).status_code == 404
    assert admin.post(f"/users/{stranger}/reset-password", {"password": "seven lutes hum"}).status_code == 404
    assert admin.post("/users", NEW | {"role_ids": [str(other_company.role_ids["staff"])]}).status_code == 404


def test_usr_08_archived_user_is_out_at_the_next_request(
    client: ApiClient,
    signed_in: Callable[..., ApiClient],
    as_user: Callable[..., ApiClient],
    company: CompanyWorld,
) -> None:
    staff, token = signed_in("staff"), as_user("staff")
    assert staff.get("/auth/me").status_code == 200
    path = f"/users/{company.people['staff'].id}"
    assert client.delete(path, 1).status_code == 204
    assert client.get(path).get_json()["archived_at"] is not None
    assert staff.get("/auth/me").status_code == 401
    assert token.get("/auth/me").status_code == 401
    assert client.patch(path, {"is_active": True}, 2).get_json()["archived_at"] is None
    assert token.get("/auth/me").status_code == 200
    assert staff.get("/auth/me").status_code == 401, "the old sign-in stays dead"


def test_usr_08_who_may_no_longer_sign_in_is_out(
    client: ApiClient, signed_in: Callable[..., ApiClient], company: CompanyWorld
) -> None:
    staff = signed_in("staff")
    path = f"/users/{company.people['staff'].id}"
    assert client.patch(path, {"can_sign_in": False}, 1).status_code == 200
    assert staff.get("/auth/me").status_code == 401


def test_usr_03_new_role_counts_at_the_next_request(
    client: ApiClient, as_user: Callable[..., ApiClient], company: CompanyWorld
) -> None:
    viewer = as_user("viewer")
    assert viewer.get("/users").status_code == 403
    path = f"/users/{company.people['viewer'].id}"
    client.patch(path, {"role_ids": [str(company.role_ids["admin"])]}, 1)
    assert viewer.get("/users").status_code == 200


def test_usr_09_user_of_other_locations_is_refused_at_the_till(
    client: ApiClient, as_user: Callable[..., ApiClient], company: CompanyWorld, ctx: CompanyContext
) -> None:
    from lunarfront.kernel.tenancy.models import Location

    far = ctx.uow.add(Location, code="FAR", name="Far", timezone="America/Chicago", price_mode="exclusive")
    ctx.uow.commit()
    client.patch(f"/users/{company.people['staff'].id}", {"location_ids": [str(far)]}, 1)
    assert as_user("staff").get("/auth/me").status_code == 403
    assert as_user("staff", terminal=False).get("/auth/me").get_json()["location_ids"] == [str(far)]


# --- privilege ------------------------------------------------------------------------------------------------


def test_sec_28_nobody_gives_a_role_with_a_right_he_lacks(
    helper_role: Callable[..., Any], signed_in: Callable[..., ApiClient], company: CompanyWorld
) -> None:
    helper_role("user.manage", "role.manage", "account.view")
    helper = signed_in("helper")
    answer = helper.post("/users", NEW | {"role_ids": [str(company.role_ids["manager"])]})
    assert answer.status_code == 403
    assert answer.get_json()["permission"]
    assert helper.post("/users", NEW).status_code == 201


def test_sec_28_nobody_takes_over_a_stronger_user(
    helper_role: Callable[..., Any], signed_in: Callable[..., ApiClient], company: CompanyWorld
) -> None:
    helper_role("user.manage")
    helper = signed_in("helper")
    admin = company.people["admin"].id
    assert helper.post(f"/users/{admin}/reset-password", {"password": "seven lutes hum"}).status_code == 403
    assert helper.post(f"/users/{admin}/pin", {"pin": "1234"}).status_code == 403
    assert helper.post(f"/users/{admin}/badge").status_code == 403
    assert helper.patch(f"/users/{admin}", {"email": "mine@a.example"}, 1).status_code == 403
    assert helper.delete(f"/users/{admin}", 1).status_code == 403


def test_sec_28_last_admin_stays(
    client: ApiClient, company: CompanyWorld, as_user: Callable[..., ApiClient]
) -> None:
    path = f"/users/{company.people['admin'].id}"
    for change in ({"is_active": False}, {"role_ids": []}, {"role_ids": [str(company.role_ids["manager"])]}):
        answer = client.patch(path, change, 1)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "conflict")
    assert client.delete(path, 1).status_code == 409
    assert client.get(path).get_json()["version"] == 1
    second = make(client, role_ids=[str(company.role_ids["admin"])])
    assert client.patch(path, {"role_ids": []}, 1).status_code == 200
    assert second["id"]


def test_sec_28_administration_needs_a_fresh_password(
    signed_in: Callable[..., ApiClient], clock: Clock
) -> None:
    admin = signed_in("admin")
    clock.forward(minutes=10)
    make(admin)
    clock.forward(minutes=4)
    assert admin.get("/users").status_code == 200


def test_sec_28_password_is_confirmed_again(
    app: Flask, login: Callable[..., Any], nobody: ApiClient, clock: Clock, audited: Callable[..., Any]
) -> None:
    body = login("admin@a.example").get_json()
    clock.forward(minutes=31)
    renewed = nobody.post("/auth/refresh", {"refresh_token": body["refresh_token"]}).get_json()
    admin = ApiClient(app, renewed["access_token"])
    refused = admin.post("/users", NEW)
    assert refused.status_code == 403
    assert refused.get_json()["reauthenticate"] is True
    assert admin.post("/auth/reauthenticate", {"password": "wrong"}).status_code == 422
    assert admin.post("/auth/reauthenticate", {"password": PASSWORD}).status_code == 204
    assert admin.post("/users", NEW).status_code == 201
    assert len(audited("auth.password.wrong")) == 1


def test_usr_01_wrong_confirmations_lock_too(
    signed_in: Callable[..., ApiClient], login: Callable[..., Any]
) -> None:
    admin = signed_in("admin")
    for _ in range(5):
        assert admin.post("/auth/reauthenticate", {"password": "wrong"}).status_code == 422
    assert admin.post("/auth/reauthenticate", {"password": PASSWORD}).status_code == 429
    assert login("admin@a.example").status_code == 401


# --- credentials ----------------------------------------------------------------------------------------------


def test_password_set_by_the_administrator(
    client: ApiClient, company: CompanyWorld, signed_in: Callable[..., ApiClient], login: Callable[..., Any]
) -> None:
    staff = signed_in("staff")
    path = f"/users/{company.people['staff'].id}/reset-password"
    assert client.post(path, {"password": "short"}).status_code == 422
    assert client.post(path, {"password": "seven lutes hum"}).status_code == 204
    assert staff.get("/auth/me").status_code == 401, "his sign-ins ended"
    assert login(password=PASSWORD).status_code == 401
    assert login(password="seven lutes hum").status_code == 200


def test_pin_is_set_and_taken(client: ApiClient, company: CompanyWorld) -> None:
    path = f"/users/{company.people['staff'].id}"
    assert client.get(path).get_json()["has_pin"]
    assert client.post(f"{path}/pin", {"pin": None}).status_code == 204
    assert not client.get(path).get_json()["has_pin"]
    assert client.post(f"{path}/pin", {"pin": "86420"}).status_code == 204
    assert client.get(path).get_json()["has_pin"]
    assert client.post(f"{path}/pin", {}).status_code == 422
    assert client.post(f"{path}/pin", {"pin": "abcd"}).status_code == 422


def test_badge_is_shown_once(client: ApiClient, company: CompanyWorld, ctx: CompanyContext) -> None:
    path = f"/users/{company.people['staff'].id}"
    code = client.post(f"{path}/badge").get_json()["badge"]
    assert code.isalnum()
    assert code.isupper()
    assert client.get(path).get_json()["has_badge"]
    stored = ctx.uow.query("SELECT badge_hash FROM app_user WHERE badge_hash IS NOT NULL")
    assert len(stored) == 1
    assert code.encode() not in bytes(stored[0].badge_hash)
    assert client.call("DELETE", f"{path}/badge").status_code == 204
    assert not client.get(path).get_json()["has_badge"]


def test_sign_out_of_a_user(
    client: ApiClient, company: CompanyWorld, signed_in: Callable[..., ApiClient]
) -> None:
    staff = signed_in("staff")
    assert client.post(f"/users/{company.people['staff'].id}/sign-out").status_code == 204
    assert staff.get("/auth/me").status_code == 401


def test_gen_01_legacy_id_of_a_user_is_unique(client: ApiClient) -> None:
    make(client, legacy_id="17", legacy_source="old")
    again = client.post(
        "/users",
        NEW | {"email": "b@a.example", "legacy_id": "17", "legacy_source": "old"},
    )
    assert again.status_code == 409
