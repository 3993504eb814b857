"""Balances, movements, units and their look-up rows over the API (INV-05, INV-07, INV-09, INV-16, INV-25)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Make = Callable[..., dict[str, Any]]
AsUser = Callable[..., ApiClient]
LOOKUPS = ["unit-statuses", "item-conditions"]


def variant_of(product: dict[str, Any]) -> str:
    return product["variants"][0]["id"]


def test_inv_07_available_is_on_hand_less_reserved(
    client: ApiClient, make: Make, put: Callable[..., Any]
) -> None:
    balance = put(variant_of(make()), "5", "20.00", qty_reserved="2")
    (row,) = client.get("/stock").json["items"]
    assert (row["id"], row["qty_on_hand"], row["qty_reserved"], row["available"]) == (
        str(balance),
        "5",
        "2",
        "3",
    )
    assert row["pool_value"] == "20.00"
    assert client.get(f"/stock/{balance}").json == row


def test_inv_09_negative_list(client: ApiClient, make: Make, put: Callable[..., Any]) -> None:
    put(variant_of(make("Right")), "5", "20.00")
    put(variant_of(make("Wrong")), "-2", "-8.00")
    assert [row["name"] for row in client.get("/stock?filter[negative]=1").json["items"]] == ["Wrong"]


def test_inv_21_low_stock_and_its_points(client: ApiClient, make: Make, put: Callable[..., Any]) -> None:
    balance = put(variant_of(make()), "5", "20.00")
    assert client.get("/stock?filter[low]=1").json["items"] == []
    points = {"reorder_point": "6", "reorder_to": "12", "bin": "A-3"}
    changed = client.patch(f"/stock/{balance}", points, 1)
    assert (changed.status_code, changed.json["bin"], changed.json["version"]) == (200, "A-3", 2)
    assert [row["id"] for row in client.get("/stock?filter[low]=1").json["items"]] == [str(balance)]
    assert client.patch(f"/stock/{balance}", {"reorder_to": "3"}, 2).status_code == 422
    assert client.patch(f"/stock/{balance}", {"qty_on_hand": "9"}, 2).json["code"] == "unknown_field"
    assert client.patch(f"/stock/{balance}", {"bin": "B"}, 1).status_code == 412


def test_place_can_be_named_before_stock_comes(client: ApiClient, make: Make, company: CompanyWorld) -> None:
    place = {"variant_id": variant_of(make()), "location_id": str(company.location_id), "bin": "A"}
    made = client.post("/stock", place)
    assert (made.status_code, made.json["qty_on_hand"], made.json["bin"]) == (201, "0", "A")
    assert client.post("/stock", place).json["code"] == "conflict"
    service = make("Setup", product={"kind": "service"})
    assert client.post("/stock", place | {"variant_id": variant_of(service)}).status_code == 422


def test_inv_16_movements_carry_the_business_date(
    client: ApiClient, make: Make, put: Callable[..., Any]
) -> None:
    first, second = variant_of(make("A")), variant_of(make("B"))
    put(first, "5", "20.00")
    put(second, "3", "9.00")
    rows = client.get("/stock/movements").json["items"]
    assert {row["name"] for row in rows} == {"A", "B"}
    assert [(row["qty"], row["value"], row["business_date"]) for row in rows if row["name"] == "A"] == [
        ("5", "20.00", "2026-11-24")
    ]
    assert len(client.get(f"/stock/movements?filter[variant_id]={second}").json["items"]) == 1
    assert client.get("/stock/movements?filter[to]=2026-11-23").json["items"] == []
    page = client.get("/stock/movements?limit=1").json
    rest = client.get(f"/stock/movements?limit=1&cursor={page['next_cursor']}").json
    assert {page["items"][0]["name"], rest["items"][0]["name"]} == {"A", "B"}
    assert client.get("/stock/movements?filter[from]=yesterday").status_code == 422


def test_costs_are_shown_with_the_right_only(
    as_user: AsUser, make: Make, put: Callable[..., Any], unit: Callable[..., Any]
) -> None:
    put(variant_of(make()), "5", "20.00")
    unit(variant_of(make("Violin", product={"is_serialized": True})), "S1")
    for role, shown in (("manager", True), ("staff", False)):
        person = as_user(role)
        assert ("pool_value" in person.get("/stock").json["items"][0]) is shown
        assert ("value" in person.get("/stock/movements").json["items"][0]) is shown
        assert ("cost" in person.get("/units").json["items"][0]) is shown


def test_inv_03_units_are_listed_by_status(client: ApiClient, make: Make, unit: Callable[..., Any]) -> None:
    variant = variant_of(make("Violin", product={"is_serialized": True}))
    here, gone = unit(variant, "SN-1"), unit(variant, "SN-2", status="sold")
    assert [u["id"] for u in client.get("/units?filter[status]=available").json["items"]] == [str(here)]
    assert [u["id"] for u in client.get("/units?q=sn-2").json["items"]] == [str(gone)]
    read = client.get(f"/units/{gone}").json
    assert (read["serial"], read["behaves_as"], read["condition"], read["cost"]) == (
        "SN-2",
        "sold",
        "new",
        "50.00",
    )


def test_inv_05_serialized_cannot_change_while_there_is_stock(
    client: ApiClient, make: Make, put: Callable[..., Any]
) -> None:
    product = make()
    put(variant_of(product), "5", "20.00")
    path = f"/products/{product['id']}"
    refused = client.patch(path, {"is_serialized": True}, 1)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert client.patch(path, {"kind": "service"}, 1).status_code == 409
    free = make("Free")
    assert client.patch(f"/products/{free['id']}", {"is_serialized": True}, 1).json["is_serialized"] is True


@pytest.mark.parametrize("path", LOOKUPS)
def test_inv_25_own_rows_name_what_they_behave_as(client: ApiClient, path: str) -> None:
    system = client.get(f"/{path}").json["items"][0]
    row = {"slug": "on_display", "name": "On display", "behaves_as": system["slug"]}
    made = client.post(f"/{path}", row)
    assert (made.status_code, made.json["is_system"]) == (201, False)
    assert client.post(f"/{path}", row).json["code"] == "conflict"
    assert client.post(f"/{path}", row | {"slug": "x", "behaves_as": "on_display"}).status_code == 422
    assert client.post(f"/{path}", row | {"slug": "X y"}).status_code == 422
    renamed = client.patch(f"/{path}/{made.json['id']}", {"name": "In the window"}, 1)
    assert (renamed.status_code, renamed.json["name"]) == (200, "In the window")
    assert client.patch(f"/{path}/{made.json['id']}", {"name": "Late"}, 1).status_code == 412
    assert client.delete(f"/{path}/{made.json['id']}", 2).status_code == 204
    assert client.get(f"/{path}/{made.json['id']}").status_code == 404


@pytest.mark.parametrize("path", LOOKUPS)
def test_inv_25_system_rows_stay(client: ApiClient, path: str) -> None:
    first, second = client.get(f"/{path}").json["items"][:2]
    where = f"/{path}/{first['id']}"
    assert client.patch(where, {"is_active": False}, 1).json["code"] == "conflict"
    assert client.patch(where, {"behaves_as": second["slug"]}, 1).json["code"] == "conflict"
    assert client.delete(where, 1).json["code"] == "conflict"
    assert client.patch(where, {"name": "Our word"}, 1).json["slug"] == first["slug"]


def test_gen_04_row_in_use_is_switched_off_not_removed(
    client: ApiClient, make: Make, unit: Callable[..., Any], ctx: CompanyContext
) -> None:
    row = {"slug": "on_display", "name": "On display", "behaves_as": "available"}
    made = client.post("/unit-statuses", row).json
    unit(variant_of(make("Violin", product={"is_serialized": True})), "S1", status="on_display")
    assert client.delete(f"/unit-statuses/{made['id']}", 1).json["code"] == "conflict"
    assert client.patch(f"/unit-statuses/{made['id']}", {"is_active": False}, 1).json["is_active"] is False
    assert client.get("/units?filter[status]=available").json["items"][0]["status"] == "on_display"


def test_editing_needs_the_right(
    as_user: AsUser, client: ApiClient, make: Make, put: Callable[..., Any]
) -> None:
    balance = put(variant_of(make()), "1", "1.00")
    staff = as_user("staff")
    assert staff.patch(f"/stock/{balance}", {"bin": "A"}, 1).status_code == 403
    assert staff.post("/unit-statuses", {}).status_code == 403
    assert as_user("instructor").get("/stock").status_code == 403
    assert as_user("instructor").get("/units").status_code == 403


def test_usr_02_another_companys_stock_is_not_found(
    as_user: AsUser, client: ApiClient, make: Make, put: Callable[..., Any], unit: Callable[..., Any],
    other_company: CompanyWorld, company: CompanyWorld,
) -> None:  # fmt: skip
    variant = variant_of(make())
    balance, piece = put(variant, "1", "1.00"), unit(variant, "S1")
    status = client.get("/unit-statuses").json["items"][0]
    stranger = as_user("admin", of=other_company)
    assert stranger.get(f"/stock/{balance}").status_code == 404
    assert stranger.patch(f"/stock/{balance}", {"bin": "A"}, 1).status_code == 404
    assert stranger.get(f"/units/{piece}").status_code == 404
    assert stranger.get(f"/unit-statuses/{status['id']}").status_code == 404
    assert stranger.patch(f"/unit-statuses/{status['id']}", {"name": "x"}, 1).status_code == 404
    place = {"variant_id": variant, "location_id": str(company.location_id)}
    assert stranger.post("/stock", place).status_code == 404
    for path in ("/stock", "/stock/movements", "/units"):
        assert stranger.get(path).json["items"] == []
