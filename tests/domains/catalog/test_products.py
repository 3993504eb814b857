"""Products, variants and bundles over the API (INV-01 to INV-06, AUD-01, GEN-01, GEN-04)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.kernel.auth.models import PermissionGrant
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Make = Callable[..., dict[str, Any]]
AsUser = Callable[..., ApiClient]
UPC = "036000291452"


def audits(ctx: CompanyContext, action: str) -> list[Any]:
    return list(ctx.uow.query("SELECT * FROM audit_log WHERE action = %(action)s", {"action": action}))


def test_inv_01_product_with_variants_and_barcodes_in_one_body(make: Make) -> None:
    barcodes = [{"code": UPC}, {"code": "BOX-10", "pack_qty": "10"}]
    product = make(
        sku="E-1", barcodes=barcodes, product={"brand": "Pirastro", "attributes": {"gauge": "medium"}}
    )
    variant = product["variants"][0]
    assert (variant["sku"], variant["price"], variant["name"]) == ("E-1", "9.50", "Violin string E")
    assert [(b["code"], b["kind"], b["pack_qty"]) for b in variant["barcodes"]] == [
        (UPC, "upc_a", "1"),
        ("BOX-10", "code_128", "10"),
    ]
    assert product["attributes"] == {"gauge": "medium"}


def test_inv_01_blank_sku_is_generated_from_the_category(make: Make) -> None:
    first = make()["variants"][0]["sku"]
    second = make(sku="")["variants"][0]["sku"]
    assert (first, second) == ("STR-000001", "STR-000002")


def test_inv_01_generated_sku_goes_round_a_taken_one(make: Make) -> None:
    make(sku="str-000001")
    assert make()["variants"][0]["sku"] == "STR-000002"


def test_inv_01_sku_is_unique_whatever_its_case(client: ApiClient, make: Make, body: Make) -> None:
    make(sku="abc")
    answer = client.post("/products", body(sku="ABC"))
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    assert answer.json["errors"][0]["field"] == "variants[0].sku"


def test_inv_01_sku_is_unique_within_one_request(client: ApiClient, body: Make) -> None:
    two = body(sku="x1") | {"variants": [{"sku": "x1", "price": "1.00"}, {"sku": "X1", "price": "1.00"}]}
    answer = client.post("/products", two)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (409, "variants[1].sku")


def test_product_needs_a_variant(client: ApiClient, body: Make) -> None:
    answer = client.post("/products", body() | {"variants": []})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "variants")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"colour": "red"}, "unknown_field", "colour"),
        ({"name": "A\x00B"}, "text_invalid", "name"),
        ({"name": "x" * 201}, "text_too_long", "name"),
        ({"name": 7}, "validation_failed", "name"),
        ({"kind": "spaceship"}, "validation_failed", "kind"),
        ({"kind": "service", "is_serialized": True}, "validation_failed", "is_serialized"),
        ({"tax_category": "nowhere"}, "validation_failed", "tax_category"),
        ({"category_id": "0190a0a0-0000-7000-8000-000000000000"}, "not_found", "category_id"),
    ],
)
def test_bad_product_is_refused(
    client: ApiClient, body: Make, change: dict[str, Any], code: str, field: str
) -> None:
    answer = client.post("/products", body() | change)
    assert answer.json["code"] == code
    assert answer.json["errors"][0]["field"] == field
    assert client.get("/products").json["items"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"price": 9.5}, "money_must_be_string"),
        ({"price": "9.505"}, "money_precision"),
        ({"price": "NaN"}, "money_invalid"),
        ({"price": "-1.00"}, "money_out_of_range"),
        ({"barcodes": [{"code": "036000291453"}]}, "barcode_check_digit"),
        ({"barcodes": [{"code": "A", "pack_qty": "0"}]}, "quantity_invalid"),
        ({"bundle_items": [{"component_id": str(uuid7()), "qty": "1"}]}, "validation_failed"),
    ],
)
def test_bad_variant_is_refused(client: ApiClient, body: Make, change: dict[str, Any], code: str) -> None:
    answer = client.post("/products", body(**change))
    assert answer.status_code == 422
    assert answer.json["code"] == code


def test_inv_04_a_code_finds_one_variant_in_any_spelling(client: ApiClient, make: Make, body: Make) -> None:
    make(barcodes=[{"code": UPC}])
    answer = client.post("/products", body(barcodes=[{"code": "0" + UPC, "kind": "ean_13"}]))
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")


def test_gen_01_legacy_id_is_unique_and_never_changes(client: ApiClient, make: Make, body: Make) -> None:
    legacy = {"legacy_source": "aim", "legacy_id": "7"}
    product = make(product=legacy)
    again = client.post("/products", body(product=legacy))
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    change = client.patch(f"/products/{product['id']}", {"legacy_id": "8"}, product["version"])
    assert change.json["code"] == "unknown_field"
    found = client.get("/products?filter[legacy_source]=aim&filter[legacy_id]=7").json["items"]
    assert [item["id"] for item in found] == [product["id"]]


def test_bulk_makes_all_in_order(client: ApiClient, body: Make) -> None:
    answer = client.post("/products/bulk", {"products": [body(f"P{i}", sku=f"B-{i}") for i in range(50)]})
    assert answer.status_code == 201
    assert [item["variants"][0]["sku"] for item in answer.json["items"]] == [f"B-{i}" for i in range(50)]
    assert client.get(f"/products/{answer.json['items'][7]['id']}").json["name"] == "P7"


def test_bulk_makes_none_when_one_is_wrong(client: ApiClient, body: Make) -> None:
    products = [body("A", sku="A"), body("B", sku="a"), body("C", barcodes=[{"code": "036000291453"}])]
    answer = client.post("/products/bulk", {"products": products})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [
        "products[1].variants[0].sku",
        "products[2].variants[0].barcodes[0].code",
    ]
    assert client.get("/products").json["items"] == []


def test_bulk_takes_at_most_500(client: ApiClient, body: Make) -> None:
    answer = client.post("/products/bulk", {"products": [body()] * 501})
    assert (answer.status_code, answer.json["code"]) == (422, "too_many_lines")


def test_bulk_costs_few_statements(client: ApiClient, body: Make, count_queries: Callable[[], Any]) -> None:
    products = [body(f"P{i}", barcodes=[{"code": f"C{i}"}]) for i in range(100)]
    with count_queries() as statements:
        assert client.post("/products/bulk", {"products": products}).status_code == 201
    assert len(statements) <= 15


def test_product_change_is_locked_and_found_by_its_new_name(client: ApiClient, make: Make) -> None:
    product = make("Old name")
    path = f"/products/{product['id']}"
    changed = client.patch(path, {"name": "Möbius strings"}, product["version"])
    assert (changed.status_code, changed.json["name"], changed.json["version"]) == (200, "Möbius strings", 2)
    assert [p["id"] for p in client.get("/products?q=mobius").json["items"]] == [product["id"]]
    late = client.patch(path, {"name": "Late"}, product["version"])
    assert (late.status_code, late.json["code"], late.json["current_version"]) == (412, "version_conflict", 2)
    assert client.call("PATCH", path, {"name": "x"}).status_code == 428


def test_variant_can_be_added_and_changed(client: ApiClient, make: Make) -> None:
    product = make()
    added = client.post(f"/products/{product['id']}/variants", {"name_suffix": "4/4", "price": "12.00"})
    assert (added.status_code, added.json["name"]) == (201, "Violin string E 4/4")
    bad = client.post(f"/products/{product['id']}/variants", {"sku": added.json["sku"], "price": "1.00"})
    assert bad.json["errors"][0]["field"] == "sku"
    changed = client.patch(f"/variants/{added.json['id']}", {"sku": "NEW", "price": "13.00"}, 1)
    assert (changed.status_code, changed.json["sku"], changed.json["price"]) == (200, "NEW", "13.00")
    assert (
        client.patch(f"/variants/{added.json['id']}", {"sku": product["variants"][0]["sku"]}, 2).status_code
        == 409
    )


def test_aud_01_price_and_cost_changes_are_audited(
    client: ApiClient, make: Make, ctx: CompanyContext
) -> None:
    variant = make(default_cost="3.1250")["variants"][0]
    client.patch(f"/variants/{variant['id']}", {"price": "10.00", "default_cost": "3.5000"}, 1)
    price, cost = audits(ctx, "catalog.price.changed")[0], audits(ctx, "catalog.cost.changed")[0]
    assert (price.old, price.new) == ({"price": "9.50"}, {"price": "10.00"})
    assert (cost.old, cost.new) == ({"default_cost": "3.1250"}, {"default_cost": "3.5000"})


def test_aud_07_changes_leave_their_history(client: ApiClient, make: Make, ctx: CompanyContext) -> None:
    product = make("Old name")
    client.patch(f"/products/{product['id']}", {"name": "New name"}, 1)
    rows = ctx.uow.query("SELECT field, old, new FROM change_log WHERE table_name = 'product' ORDER BY field")
    assert ("name", "Old name", "New name") in [tuple(row) for row in rows]


def test_gen_04_archive_hides_and_keeps(client: ApiClient, make: Make, ctx: CompanyContext) -> None:
    product = make()
    assert client.delete(f"/products/{product['id']}", 1).status_code == 204
    kept = client.get(f"/products/{product['id']}").json
    assert (kept["is_active"], kept["archived_at"] is not None) == (False, True)
    assert client.get("/products?filter[is_active]=1").json["items"] == []
    assert audits(ctx, "catalog.product.archived")
    back = client.patch(f"/products/{product['id']}", {"is_active": True}, 2).json
    assert (back["is_active"], back["archived_at"]) == (True, None)


def test_bundle_has_components(client: ApiClient, make: Make) -> None:
    string, rosin = make("String")["variants"][0]["id"], make("Rosin")["variants"][0]["id"]
    bundle = make("Set", product={"kind": "bundle"}, bundle_items=[{"component_id": string, "qty": "4"}])
    variant = bundle["variants"][0]
    assert [(part["name"], part["qty"]) for part in variant["bundle_items"]] == [("String", "4")]
    path = f"/variants/{variant['id']}/bundle"
    items = [{"component_id": string, "qty": "4"}, {"component_id": rosin, "qty": "1"}]
    changed = client.call("PUT", path, {"items": items}, If_Match='"1"')
    assert [part["name"] for part in changed.json["bundle_items"]] == ["Rosin", "String"]
    assert changed.json["version"] == 2
    nested = client.call(
        "PUT", path, {"items": [{"component_id": variant["id"], "qty": "1"}]}, If_Match='"2"'
    )
    assert nested.status_code == 422


def test_costs_are_shown_with_the_right_only(make: Make, as_user: AsUser) -> None:
    path = f"/variants/{make(default_cost='3.00')['variants'][0]['id']}"
    assert as_user("manager").get(path).json["default_cost"] == "3.0000"
    assert "default_cost" not in as_user("staff").get(path).json


@pytest.mark.parametrize("role", ["staff", "technician", "viewer"])
def test_only_editors_change_the_catalogue(make: Make, body: Make, as_user: AsUser, role: str) -> None:
    product = make()
    person = as_user(role)
    assert person.get(f"/products/{product['id']}").status_code == 200
    assert person.post("/products", body()).status_code == 403
    assert person.post("/products/bulk", {"products": [body()]}).status_code == 403
    assert person.patch(f"/products/{product['id']}", {"name": "x"}, 1).status_code == 403
    assert person.patch(f"/variants/{product['variants'][0]['id']}", {"price": "1.00"}, 1).status_code == 403
    assert person.delete(f"/products/{product['id']}", 1).status_code == 403


def test_instructors_do_not_see_the_catalogue(as_user: AsUser) -> None:
    assert as_user("instructor").get("/products").status_code == 403


def test_usr_02_another_companys_product_is_not_found(
    make: Make, as_user: AsUser, other_company: CompanyWorld, body: Make
) -> None:
    product = make(barcodes=[{"code": UPC}])
    stranger = as_user("admin", of=other_company)
    variant = product["variants"][0]["id"]
    assert stranger.get(f"/products/{product['id']}").status_code == 404
    assert stranger.patch(f"/products/{product['id']}", {"name": "x"}, 1).status_code == 404
    assert stranger.delete(f"/products/{product['id']}", 1).status_code == 404
    assert stranger.get(f"/variants/{variant}").status_code == 404
    assert stranger.patch(f"/variants/{variant}", {"price": "1.00"}, 1).status_code == 404
    assert stranger.post(f"/products/{product['id']}/variants", {"price": "1.00"}).status_code == 404
    assert stranger.post("/products", body()).json["code"] == "not_found"
    assert stranger.get("/products").json["items"] == []


def test_malformed_id_is_not_found(client: ApiClient) -> None:
    assert client.get("/products/not-an-id").status_code == 404


def test_lists_are_paged_sorted_and_filtered(client: ApiClient, body: Make, category: dict[str, Any]) -> None:
    client.post("/products/bulk", {"products": [body(name) for name in ("b", "C", "a", "Ä")]})
    first = client.get("/products?limit=3&total=1").json
    assert ([p["name"] for p in first["items"]], first["total"]) == (["a", "Ä", "b"], 4)
    rest = client.get(f"/products?limit=3&cursor={first['next_cursor']}").json
    assert ([p["name"] for p in rest["items"]], rest["next_cursor"]) == (["C"], None)
    assert client.get("/products?sort=-name&limit=1").json["items"][0]["name"] == "C"
    assert len(client.get(f"/products?filter[category_id]={category['id']}").json["items"]) == 4
    assert client.get("/products?filter[kind]=service").json["items"] == []
    assert client.get("/products?sort=colour").status_code == 422
    assert client.get("/products?nonsense=1").json["code"] == "unknown_field"


def test_prices_need_their_own_right(
    make: Make, body: Make, as_user: AsUser, ctx: CompanyContext, company: CompanyWorld
) -> None:
    product = make()
    deny = {"user_id": company.people["manager"].id, "permission": "catalog.price.edit", "effect": "deny"}
    ctx.uow.add(PermissionGrant, **deny)
    ctx.uow.flush()
    person = as_user("manager")
    variant = f"/variants/{product['variants'][0]['id']}"
    assert person.patch(variant, {"price": "1.00"}, 1).json["permission"] == "catalog.price.edit"
    assert person.patch(variant, {"default_cost": "1.00"}, 1).status_code == 403
    assert person.post("/products", body()).status_code == 403
    assert person.post(f"/products/{product['id']}/variants", {"price": "1.00"}).status_code == 403
    assert person.patch(variant, {"name_suffix": "4/4"}, 1).status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"category_id": "0190a0a0-0000-7000-8000-000000000000"}, "not_found"),
        ({"tax_category": "jewels"}, "validation_failed"),
        ({"kind": "service", "is_serialized": True}, "validation_failed"),
        ({"is_serialized": True, "is_divisible": True}, "validation_failed"),
        ({"name": None}, "validation_failed"),
        ({"kind": "bundle"}, "conflict"),
    ],
)
def test_bad_change_of_a_product_is_refused(
    client: ApiClient, make: Make, change: dict[str, Any], code: str
) -> None:
    path = f"/products/{make()['id']}"
    assert client.patch(path, change, 1).json["code"] == code
    assert client.get(path).json["version"] == 1


def test_part_of_a_bundle_does_not_get_serial_numbers(client: ApiClient, make: Make) -> None:
    part = make("String")
    make(
        "Set",
        product={"kind": "bundle"},
        bundle_items=[{"component_id": part["variants"][0]["id"], "qty": "4"}],
    )
    refused = client.patch(f"/products/{part['id']}", {"is_serialized": True}, 1)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert client.patch(f"/products/{part['id']}", {"kind": "non_stocked"}, 1).status_code == 200


def test_tax_category_of_a_product_overrides_that_of_its_category(client: ApiClient, make: Make) -> None:
    product = make(product={"tax_category": "food"})
    assert product["tax_category"] == "food"
    assert client.patch(f"/products/{product['id']}", {"tax_category": None}, 1).json["tax_category"] is None
