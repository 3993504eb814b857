"""Roles and refinements for one user (USR-03, USR-09, SEC-28)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.kernel.auth.rights import combine
from lunarfront.kernel.context import Rights
from lunarfront.kernel.identity.privileges import exceeding, lacking
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.permissions import CATALOGUE, SYSTEM_ROLES
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock, RealDb
from lunarfront.sdk.testing.world import CompanyWorld

NEW = {
    "code": "floor_lead",
    "name": "Floor lead",
    "permissions": {"pos.sell": "allow", "pos.void": "approval"},
    "discount_percent_limit": "0.150000",
    "refund_limit": "200.00",
}


def make(client: ApiClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/roles", NEW | more)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def test_usr_09_system_roles_are_shipped(client: ApiClient) -> None:
    roles = {role["code"]: role for role in client.get("/roles?sort=code").get_json()["items"]}
    assert roles.keys() == SYSTEM_ROLES.keys()
    assert all(role["is_system"] for role in roles.values())
    assert roles["admin"]["permissions"].keys() == CATALOGUE.keys()
    assert roles["staff"]["permissions"]["pos.void"] == "approval"
    assert roles["staff"]["discount_percent_limit"] == "0.100000"


def test_usr_09_own_role_is_created_changed_and_deleted(
    client: ApiClient, audited: Callable[..., Any]
) -> None:
    role = make(client)
    assert role["permissions"] == NEW["permissions"]
    assert role["trade_in_limit"] is None
    path = f"/roles/{role['id']}"
    assert client.get(path).get_json() == role
    changed = client.patch(
        path, {"name": "Lead", "permissions": {"pos.sell": "allow"}, "refund_limit": None}, 1
    )
    body = changed.get_json()
    assert body["permissions"] == {"pos.sell": "allow"}
    assert (body["name"], body["refund_limit"], body["version"]) == ("Lead", None, 2)
    [row] = audited("role.changed")
    assert row.new["permissions"] == {"pos.void": None}
    assert row.old["permissions"] == {"pos.void": "approval"}
    assert client.delete(path, 1).status_code == 412
    assert client.delete(path, 2).status_code == 204
    assert client.get(path).status_code == 404


def test_usr_09_highest_limit_of_several_roles_counts(
    client: ApiClient, as_user: Callable[..., ApiClient], company: CompanyWorld
) -> None:
    role = make(client, trade_in_limit="50.00")
    user = f"/users/{company.people['staff'].id}"
    client.patch(user, {"role_ids": [role["id"], str(company.role_ids["staff"])]}, 1)
    me = as_user("staff").get("/auth/me").get_json()
    assert me["limits"]["discount_percent_limit"] == "0.150000"
    assert me["limits"]["refund_limit"] == "200.00"
    assert me["limits"]["trade_in_limit"] == "100.00"
    assert me["limits"]["discount_amount_limit"] is None
    assert me["rights"]["pos.sell"] == "allow"


@pytest.mark.realdb
def test_usr_03_edited_system_role_counts_at_once(realdb: RealDb) -> None:
    client, viewer = realdb.client(), realdb.client("viewer")
    path = f"/roles/{realdb.world.company.role_ids['viewer']}"
    permissions = client.get(path).get_json()["permissions"]
    assert viewer.get("/users").status_code == 403
    assert client.patch(path, {"permissions": permissions | {"user.manage": "allow"}}, 1).status_code == 200
    assert viewer.get("/users").status_code == 200
    assert client.patch(path, {"is_active": False}, 2).status_code == 200
    assert viewer.get("/users").status_code == 403


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"code": "Floor Lead"}, 422, "validation_failed"),
        ({"code": "x" * 41}, 422, "text_too_long"),
        ({"name": None}, 422, "validation_failed"),
        ({"permissions": {"pos.fly": "allow"}}, 422, "validation_failed"),
        ({"permissions": {"pos.sell": "deny"}}, 422, "validation_failed"),
        ({"permissions": ["pos.sell"]}, 422, "validation_failed"),
        ({"refund_limit": 5}, 422, "money_must_be_string"),
        ({"refund_limit": "-1.00"}, 422, "money_out_of_range"),
        ({"discount_percent_limit": "1.5"}, 422, "validation_failed"),
        ({"is_system": True}, 422, "unknown_field"),
        ({"code": "staff"}, 409, "conflict"),
    ],
)
def test_bad_input_of_roles(client: ApiClient, change: dict[str, Any], status: int, code: str) -> None:
    answer = client.post("/roles", NEW | change)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_usr_02_roles_need_the_right(
    as_user: Callable[..., ApiClient], other_company: CompanyWorld, company: CompanyWorld
) -> None:
    assert as_user("manager").get("/roles").status_code == 403
    assert as_user("manager").post("/roles", NEW).status_code == 403
    assert as_user("manager").get("/permission-grants").status_code == 403
    admin, stranger = as_user("admin"), other_company.role_ids["staff"]
    assert admin.get(f"/roles/{stranger}").status_code == 404
    assert admin.patch(f"/roles/{stranger}", {"name": "X"}, 1).status_code == 404
    assert admin.delete(f"/roles/{stranger}", 1).status_code == 404
    grant = {"user_id": str(other_company.people["staff"].id), "permission": "pos.sell", "effect": "allow"}
    assert admin.post("/permission-grants", grant).status_code == 404


def test_system_roles_and_roles_in_use_stay(client: ApiClient, company: CompanyWorld) -> None:
    assert client.delete(f"/roles/{company.role_ids['viewer']}", 1).status_code == 409
    role = make(client)
    client.patch(f"/users/{company.people['viewer'].id}", {"role_ids": [role["id"]]}, 1)
    assert client.delete(f"/roles/{role['id']}", 1).status_code == 409


def test_sec_28_rights_of_the_administrator_are_fixed(client: ApiClient, company: CompanyWorld) -> None:
    path = f"/roles/{company.role_ids['admin']}"
    for change in ({"permissions": {}}, {"is_active": False}, {"refund_limit": "1.00"}):
        assert client.patch(path, change, 1).status_code == 409
    assert client.patch(path, {"name": "Owner"}, 1).get_json()["name"] == "Owner"


def test_sec_28_nobody_writes_a_right_he_lacks_into_a_role(
    client: ApiClient,
    helper_role: Callable[..., Any],
    signed_in: Callable[..., ApiClient],
    company: CompanyWorld,
) -> None:
    helper_role("role.manage", "pos.void", discount_percent_limit="0.050000", refund_limit="10.00")
    helper = signed_in("helper")
    base = {"code": "own", "name": "Own", "discount_percent_limit": "0.05", "refund_limit": "10.00"}
    refused = helper.post("/roles", base | {"permissions": {"accounting.period": "allow"}})
    assert refused.status_code == 403
    assert refused.get_json()["permission"] == "accounting.period"
    assert helper.post("/roles", base | {"refund_limit": "10.01"}).status_code == 403
    assert helper.post("/roles", base | {"refund_limit": None}).status_code == 403
    assert helper.post("/roles", base | {"permissions": {"pos.void": "approval"}}).status_code == 201
    viewer = f"/roles/{company.role_ids['viewer']}"
    more = client.get(viewer).get_json()["permissions"] | {"user.manage": "allow"}
    assert helper.patch(viewer, {"permissions": more}, 1).status_code == 403


def test_sec_28_rules_of_giving() -> None:
    assert lacking({"a": "allow", "b": "approval"}, {"a": "approval", "b": "approval"}) == []
    assert lacking({"b": "approval"}, {"b": "allow", "c": "approval"}) == ["b", "c"]
    assert exceeding(Rights(), {"refund_limit": None}) == []


def test_usr_09_rights_without_a_role_have_no_room(
    client: ApiClient, as_user: Callable[..., ApiClient], company: CompanyWorld
) -> None:
    staff = company.people["staff"].id
    assert grant(client, staff, "pos.discount.apply", "allow").status_code == 201
    assert client.patch(f"/users/{staff}", {"role_ids": []}, 1).status_code == 200
    me = as_user("staff").get("/auth/me").get_json()
    assert me["rights"] == {"pos.discount.apply": "allow"}
    assert me["limits"]["discount_percent_limit"] == "0.000000"


def test_usr_03_rules_of_combination() -> None:
    roles = [("a", "pos.void", "approval"), ("b", "pos.void", "allow"), ("b", "account.edit", "allow")]
    held = combine(roles, {"pos.sell": "approval", "account.view": "deny"})
    assert held["pos.void"] == "allow", "the best of all roles"
    assert held["pos.sell"] == "approval"
    assert "account.view" not in held, "deny wins, also over what another right includes"


# --- refinements ----------------------------------------------------------------------------------------------


def grant(client: ApiClient, user_id: object, permission: str, effect: str) -> Any:
    body = {"user_id": str(user_id), "permission": permission, "effect": effect}
    return client.post("/permission-grants", body)


@pytest.mark.realdb
def test_usr_03_refinement_counts_at_the_next_request(realdb: RealDb) -> None:
    client, person = realdb.client(), realdb.client("staff")
    staff = realdb.world.company.people["staff"].id
    made = grant(client, staff, "pos.void", "allow")
    assert made.status_code == 201
    assert grant(client, staff, "pos.sell", "deny").status_code == 201
    rights = person.get("/auth/me").get_json()["rights"]
    assert rights["pos.void"] == "allow"
    assert "pos.sell" not in rights
    path = f"/permission-grants/{made.get_json()['id']}"
    assert client.patch(path, {"effect": "deny"}, 1).get_json()["version"] == 2
    assert "pos.void" not in person.get("/auth/me").get_json()["rights"]
    assert client.delete(path, 2).status_code == 204
    assert person.get("/auth/me").get_json()["rights"]["pos.void"] == "approval"
    listed = client.get(f"/permission-grants?filter[user_id]={staff}").get_json()["items"]
    assert [row["permission"] for row in listed] == ["pos.sell"]


def test_aud_01_refinements_are_audited(
    client: ApiClient, company: CompanyWorld, audited: Callable[..., Any]
) -> None:
    made = grant(client, company.people["staff"].id, "pos.void", "allow").get_json()
    client.delete(f"/permission-grants/{made['id']}", 1)
    assert audited("permission_grant.created")[0].new["permission"] == "pos.void"
    assert audited("permission_grant.deleted")[0].old == {"permission": "pos.void", "effect": "allow"}


def test_bad_refinements(client: ApiClient, company: CompanyWorld) -> None:
    staff = company.people["staff"].id
    assert grant(client, staff, "pos.fly", "allow").status_code == 422
    assert grant(client, staff, "pos.sell", "perhaps").status_code == 422
    assert grant(client, uuid7(), "pos.sell", "allow").status_code == 404
    assert grant(client, staff, "pos.sell", "allow").status_code == 201
    assert grant(client, staff, "pos.sell", "deny").status_code == 409
    assert grant(client, company.people["admin"].id, "user.manage", "deny").status_code == 409


def test_sec_28_nobody_refines_beyond_himself(
    helper_role: Callable[..., Any], signed_in: Callable[..., ApiClient], company: CompanyWorld
) -> None:
    me = helper_role("role.manage")["id"]
    helper = signed_in("helper")
    assert grant(helper, me, "user.manage", "allow").status_code == 403
    assert grant(helper, me, "user.manage", "approval").status_code == 403
    assert grant(helper, company.people["manager"].id, "role.manage", "allow").status_code == 403


def test_sec_28_role_changes_need_a_fresh_password(
    app: Any, login: Callable[..., Any], nobody: ApiClient, clock: Clock, company: CompanyWorld, as_user: Any
) -> None:
    first = login("admin@a.example").get_json()
    clock.forward(minutes=31)
    renewed = nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).get_json()
    admin = ApiClient(app, renewed["access_token"])
    assert admin.post("/roles", NEW).status_code == 403
    assert admin.patch(f"/roles/{company.role_ids['viewer']}", {"name": "V"}, 1).status_code == 403
    assert grant(admin, company.people["staff"].id, "pos.void", "allow").status_code == 403
    assert as_user("admin").post("/roles", NEW).status_code == 201, "an API token has no password behind it"
