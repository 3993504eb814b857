"""What a till finds (INV-02, INV-04, SRC-01 to SRC-03, POS-06)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Make = Callable[..., dict[str, Any]]
AsUser = Callable[..., ApiClient]
UPC = "036000291452"


def found(client: ApiClient, code: str) -> list[dict[str, Any]]:
    answer = client.get(f"/lookup?code={code}")
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def names(client: ApiClient, q: str) -> list[str]:
    answer = client.get(f"/variants?q={q}")
    assert answer.status_code == 200, answer.json
    return [item["name"] for item in answer.json["items"]]


def variant_of(product: dict[str, Any]) -> str:
    return product["variants"][0]["id"]


def test_inv_02_barcode_brings_its_pack(client: ApiClient, make: Make, put: Callable[..., Any]) -> None:
    product = make(sku="E-1", barcodes=[{"code": UPC}, {"code": "BOX", "pack_qty": "12"}])
    put(variant_of(product), "7", "21.00")
    (item,) = found(client, "BOX")
    assert item == {
        "variant_id": variant_of(product),
        "product_id": product["id"],
        "category_id": product["category_id"],
        "sku": "E-1",
        "name": "Violin string E",
        "kind": "stocked",
        "price": "9.50",
        "pack_qty": "12",
        "on_hand": "7",
        "is_serialized": False,
        "is_divisible": False,
        "is_active": True,
        "legacy_id": None,
    }


def test_inv_02_barcode_comes_before_sku_and_serial(
    client: ApiClient, make: Make, unit: Callable[..., Any]
) -> None:
    by_serial = make("By serial", product={"is_serialized": True}, sku="S-1")
    unit(variant_of(by_serial), "X1")
    assert [item["name"] for item in found(client, "X1")] == ["By serial"]
    make("By SKU", sku="x1")
    assert [item["name"] for item in found(client, "X1")] == ["By SKU"]
    make("By barcode", sku="S-3", barcodes=[{"code": "X1"}])
    assert [item["name"] for item in found(client, "X1")] == ["By barcode"]


def test_inv_02_own_label_comes_last(client: ApiClient, make: Make) -> None:
    make("By label", sku="S-1", barcodes=[{"code": "L1", "kind": "internal"}])
    assert [item["name"] for item in found(client, "L1")] == ["By label"]
    make("By SKU", sku="l1")
    assert [item["name"] for item in found(client, "L1")] == ["By SKU"]


def test_inv_02_serial_brings_its_unit(client: ApiClient, make: Make, unit: Callable[..., Any]) -> None:
    product = make("Violin", product={"is_serialized": True})
    unit_id = unit(variant_of(product), "Sn-77")
    (item,) = found(client, "SN-77")
    assert (item["unit_id"], item["serial"], item["unit_status"]) == (str(unit_id), "Sn-77", "available")


def test_inv_02_several_hits_are_listed(client: ApiClient, make: Make, unit: Callable[..., Any]) -> None:
    for name in ("Violin", "Cello"):
        unit(variant_of(make(name, product={"is_serialized": True})), "7")
    assert {item["name"] for item in found(client, "7")} == {"Violin", "Cello"}


@pytest.mark.parametrize("code", ["036000291453", "E", "E-11", "Violin"])
def test_inv_02_unknown_code_finds_nothing_similar(client: ApiClient, make: Make, code: str) -> None:
    make(sku="E-1", barcodes=[{"code": UPC}])
    answer = client.get(f"/lookup?code={code}")
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_barcode")


def test_inv_04_upc_is_found_by_its_ean_form_and_back(client: ApiClient, make: Make) -> None:
    make("UPC", barcodes=[{"code": UPC}])
    make("EAN", barcodes=[{"code": "0012345678905", "kind": "ean_13"}])
    assert found(client, "0" + UPC)[0]["name"] == "UPC"
    assert found(client, "012345678905")[0]["name"] == "EAN"


def test_inv_06_archived_item_is_found_by_scan_and_says_so(client: ApiClient, make: Make) -> None:
    product = make(sku="OLD")
    client.delete(f"/variants/{variant_of(product)}", 1)
    assert found(client, "OLD")[0]["is_active"] is False
    assert client.get("/variants").json["items"] == []
    assert len(client.get("/variants?filter[is_active]=0").json["items"]) == 1


def test_scan_costs_three_statements(client: ApiClient, make: Make, count_queries: Callable[[], Any]) -> None:
    make(sku="E-1")
    found(client, "E-1")
    with count_queries() as statements:
        found(client, "E-1")
    assert len(statements) <= 3


@pytest.mark.parametrize(
    ("code", "problem"), [("", "validation_failed"), ("a%00b", "text_invalid"), ("x" * 81, "text_too_long")]
)
def test_bad_code_is_refused(client: ApiClient, code: str, problem: str) -> None:
    answer = client.get(f"/lookup?code={code}")
    assert (answer.status_code, answer.json["code"]) == (422, problem)


def test_src_01_exact_then_prefix_then_similar(client: ApiClient, make: Make) -> None:
    make("Smith Guitar Strap", sku="A-1")
    make("Guitar strings", sku="A-2")
    make("A capo", sku="GUITAR")
    make("Drum", sku="A-4")
    assert names(client, "guitar") == ["A capo", "Guitar strings", "Smith Guitar Strap"]


def test_src_01_barcode_brand_and_serial_find_it(
    client: ApiClient, make: Make, unit: Callable[..., Any]
) -> None:
    make("Rosin", product={"brand": "Hidersine"}, barcodes=[{"code": UPC}])
    unit(variant_of(make("Violin", product={"is_serialized": True})), "SN-9")
    assert names(client, UPC) == ["Rosin"]
    assert names(client, "hidersin") == ["Rosin"]
    assert names(client, "sn-9") == ["Violin"]


def test_src_02_short_queries_look_at_the_beginning_only(client: ApiClient, make: Make) -> None:
    make("Oboe reed", sku="R-1")
    make("Reed knife", sku="K-1")
    assert names(client, "re") == ["Reed knife"]
    assert names(client, "k-") == ["Reed knife"]


def test_src_02_accents_do_not_count(client: ApiClient, make: Make) -> None:
    make("Étude für Flöte")
    assert names(client, "etude fur") == ["Étude für Flöte"]


def test_src_03_misspelt_words_are_found(client: ApiClient, make: Make) -> None:
    make("Smith Guitar")
    make("Trombone")
    assert names(client, "smth guitar") == ["Smith Guitar"]


def test_src_03_at_most_twenty(client: ApiClient, body: Make) -> None:
    client.post("/products/bulk", {"products": [body(f"String {n:02}") for n in range(30)]})
    hits = names(client, "string")
    assert hits == [f"String {n:02}" for n in range(20)]


def test_categories_take_in_what_lies_below(client: ApiClient, make: Make, category: dict[str, Any]) -> None:
    below = client.post("/categories", {"name": "Violin", "parent_id": category["id"]}).json
    make("Deep", product={"category_id": below["id"]})
    items = client.get(f"/variants?filter[category_id]={category['id']}").json["items"]
    assert [item["name"] for item in items] == ["Deep"]


def test_services_have_no_stock(client: ApiClient, make: Make) -> None:
    make("Setup", product={"kind": "service"}, sku="SETUP")
    assert found(client, "SETUP")[0]["on_hand"] is None


def test_pos_06_price_of_the_locations_list_is_shown(
    client: ApiClient, as_user: AsUser, make: Make, company: CompanyWorld
) -> None:
    product = make(sku="E-1")
    terms = {"code": "here", "name": "Here", "location_id": str(company.location_id)}
    price_list = client.post("/price-lists", terms).json
    prices = {"items": [{"variant_id": variant_of(product), "price": "8.00"}]}
    assert client.post(f"/price-lists/{price_list['id']}/items", prices).json == {"count": 1}
    assert found(client, "E-1")[0]["price"] == "8.00"
    assert found(as_user("admin", terminal=False), "E-1")[0]["price"] == "9.50"
    client.patch(f"/price-lists/{price_list['id']}", {"starts_on": "2999-01-01"}, price_list["version"])
    assert found(client, "E-1")[0]["price"] == "9.50"


def test_usr_02_another_companys_codes_find_nothing(
    make: Make, as_user: AsUser, other_company: CompanyWorld
) -> None:
    make("Violin", sku="E-1", barcodes=[{"code": UPC}])
    stranger = as_user("admin", of=other_company)
    assert stranger.get("/lookup?code=E-1").status_code == 404
    assert stranger.get(f"/lookup?code={UPC}").status_code == 404
    assert stranger.get("/variants").json["items"] == []
    assert names(stranger, "violin") == []


def test_lookup_needs_the_right(as_user: AsUser) -> None:
    assert as_user("instructor").get("/lookup?code=x").status_code == 403
    assert as_user("instructor").get("/variants").status_code == 403
