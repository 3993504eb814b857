"""Suppliers, what they deliver, and price lists over the API (AUD-01, GEN-04, POS-06)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Make = Callable[..., dict[str, Any]]
AsUser = Callable[..., ApiClient]


@pytest.fixture
def supplier(client: ApiClient) -> dict[str, Any]:
    """A supplier."""
    made = client.post(
        "/suppliers", {"name": "Acme Music", "email": "Sales@Acme.example", "phone": "(312) 555-0147"}
    )
    assert made.status_code == 201, made.json
    return made.json


@pytest.fixture
def variant(make: Make) -> str:
    """A variant."""
    return make()["variants"][0]["id"]


@pytest.fixture
def price_list(client: ApiClient) -> dict[str, Any]:
    """An empty price list."""
    made = client.post("/price-lists", {"code": "SCHOOL", "name": "Schools"})
    assert made.status_code == 201, made.json
    return made.json


def test_supplier_is_made_changed_and_archived(client: ApiClient, supplier: dict[str, Any]) -> None:
    assert (supplier["email"], supplier["phone"]) == ("sales@acme.example", "+13125550147")
    path = f"/suppliers/{supplier['id']}"
    changed = client.patch(path, {"name": "Acme Ltd", "terms_days": 30}, 1)
    assert (changed.json["name"], changed.json["terms_days"], changed.json["version"]) == ("Acme Ltd", 30, 2)
    assert client.patch(path, {"notes": "x"}, 1).status_code == 412
    assert client.delete(path, 2).status_code == 204
    assert client.get("/suppliers?filter[is_active]=1").json["items"] == []
    assert [row["name"] for row in client.get("/suppliers?q=ltd").json["items"]] == ["Acme Ltd"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "ACME  music"}, "conflict"),
        ({"email": "nowhere"}, "validation_failed"),
        ({"phone": "12"}, "validation_failed"),
        ({"country": "us"}, "validation_failed"),
        ({"terms_days": -1}, "validation_failed"),
        ({"notes": "a\x00"}, "text_invalid"),
        ({"rating": 5}, "unknown_field"),
    ],
)
def test_bad_supplier_is_refused(
    client: ApiClient, supplier: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    assert client.post("/suppliers", {"name": "Other"} | change).json["code"] == code
    assert len(client.get("/suppliers").json["items"]) == 1


def test_aud_01_supplier_cost_changes_are_audited(
    client: ApiClient, supplier: dict[str, Any], variant: str, ctx: CompanyContext
) -> None:
    made = client.post(
        "/supplier-items", {"supplier_id": supplier["id"], "variant_id": variant, "cost": "2.1250"}
    )
    assert (made.status_code, made.json["cost"], made.json["pack_qty"]) == (201, "2.1250", "1")
    path = f"/supplier-items/{made.json['id']}"
    assert client.patch(path, {"cost": "2.5000"}, 1).json["cost"] == "2.5000"
    (row,) = ctx.uow.query("SELECT old, new FROM audit_log WHERE action = 'catalog.cost.changed'")
    assert (row.old, row.new) == ({"cost": "2.1250"}, {"cost": "2.5000"})
    again = client.post("/supplier-items", {"supplier_id": supplier["id"], "variant_id": variant})
    assert again.json["code"] == "conflict"
    assert client.delete(path, 2).status_code == 204
    assert client.get("/supplier-items").json["items"] == []


def test_inv_21_a_variant_has_one_preferred_supplier(
    client: ApiClient, supplier: dict[str, Any], variant: str
) -> None:
    other = client.post("/suppliers", {"name": "Other"}).json["id"]
    for supplier_id in (supplier["id"], other):
        item = {"supplier_id": supplier_id, "variant_id": variant, "is_preferred": True}
        assert client.post("/supplier-items", item).status_code == 201
    items = client.get(f"/supplier-items?filter[variant_id]={variant}").json["items"]
    assert [row["supplier_id"] for row in items if row["is_preferred"]] == [other]


def test_supplier_costs_are_shown_with_the_right_only(
    client: ApiClient, as_user: AsUser, supplier: dict[str, Any], variant: str
) -> None:
    client.post("/supplier-items", {"supplier_id": supplier["id"], "variant_id": variant, "cost": "2.00"})
    assert "cost" in as_user("manager").get("/supplier-items").json["items"][0]
    assert "cost" not in as_user("staff").get("/supplier-items").json["items"][0]


def test_pos_06_price_list_is_made_filled_and_switched_off(
    client: ApiClient, price_list: dict[str, Any], variant: str, ctx: CompanyContext
) -> None:
    path = f"/price-lists/{price_list['id']}"
    prices = {"items": [{"variant_id": variant, "price": "8.00"}]}
    assert client.post(f"{path}/items", prices).json == {"count": 1}
    assert client.post(f"{path}/items", prices).json == {"count": 1}
    (row,) = client.get(f"{path}/items").json["items"]
    assert (row["variant_id"], row["price"], row["name"]) == (variant, "8.00", "Violin string E")
    client.post(f"{path}/items", {"items": [{"variant_id": variant, "price": "7.00"}]})
    audited = ctx.uow.query("SELECT new FROM audit_log WHERE action = 'catalog.price.changed' ORDER BY id")
    assert [row.new["price"] for row in audited] == ["8.00", "7.00"]
    assert client.call("DELETE", f"{path}/items/{variant}").status_code == 204
    assert client.call("DELETE", f"{path}/items/{variant}").status_code == 404
    assert client.delete(path, 1).status_code == 204
    assert client.get(path).json["is_active"] is False


def test_bad_price_lists_are_refused(client: ApiClient, price_list: dict[str, Any], variant: str) -> None:
    assert client.post("/price-lists", {"code": "SCHOOL", "name": "Again"}).json["code"] == "conflict"
    dates = {"starts_on": "2026-12-01", "ends_on": "2026-11-01"}
    assert client.patch(f"/price-lists/{price_list['id']}", dates, 1).status_code == 422
    path = f"/price-lists/{price_list['id']}/items"
    assert (
        client.post(path, {"items": [{"variant_id": variant, "price": 8}]}).json["code"]
        == "money_must_be_string"
    )
    unknown = [{"variant_id": price_list["id"], "price": "1.00"}]
    assert client.post(path, {"items": unknown}).json["code"] == "not_found"
    assert client.post(path, {"items": unknown * 501}).json["code"] == "too_many_lines"


def test_pos_06_price_list_of_an_account(client: ApiClient, price_list: dict[str, Any]) -> None:
    account = client.post(
        "/accounts", {"kind": "school", "display_name": "North High", "no_contact": True}
    ).json["id"]
    path = f"/price-lists/{price_list['id']}"
    assert client.patch(path, {"account_ids": [account]}, 1).json["account_ids"] == [account]
    refused = client.patch(path, {"account_ids": [account, price_list["id"]]}, 2)
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")


def test_editing_needs_the_right(
    as_user: AsUser, supplier: dict[str, Any], price_list: dict[str, Any], variant: str
) -> None:
    staff = as_user("staff")
    assert staff.post("/suppliers", {"name": "x"}).status_code == 403
    assert staff.patch(f"/suppliers/{supplier['id']}", {"name": "x"}, 1).status_code == 403
    assert (
        staff.post("/supplier-items", {"supplier_id": supplier["id"], "variant_id": variant}).status_code
        == 403
    )
    assert staff.post("/price-lists", {"code": "x", "name": "x"}).status_code == 403
    prices = {"items": [{"variant_id": variant, "price": "0.01"}]}
    assert staff.post(f"/price-lists/{price_list['id']}/items", prices).status_code == 403


def test_usr_02_another_companys_rows_are_not_found(
    as_user: AsUser, client: ApiClient, supplier: dict[str, Any], price_list: dict[str, Any], variant: str,
    other_company: CompanyWorld, company: CompanyWorld,
) -> None:  # fmt: skip
    item = client.post("/supplier-items", {"supplier_id": supplier["id"], "variant_id": variant}).json["id"]
    stranger = as_user("admin", of=other_company)
    for path in (
        f"/suppliers/{supplier['id']}",
        f"/supplier-items/{item}",
        f"/price-lists/{price_list['id']}",
    ):
        assert stranger.get(path).status_code == 404
        assert stranger.patch(path, {}, 1).status_code == 404
        assert stranger.delete(path, 1).status_code == 404
    prices = {"items": [{"variant_id": variant, "price": "1.00"}]}
    assert stranger.post(f"/price-lists/{price_list['id']}/items", prices).status_code == 404
    assert stranger.get(f"/price-lists/{price_list['id']}/items").status_code == 404
    foreign = {"code": "x", "name": "x", "location_id": str(company.location_id)}
    assert stranger.post("/price-lists", foreign).status_code == 404
