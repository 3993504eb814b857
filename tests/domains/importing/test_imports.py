"""Imports of products, suppliers and opening stock over the API (INV-24)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld
from tests.domains.importing.conftest import Send, places

Make = Callable[..., dict[str, Any]]
PRODUCTS = """name,category,price,sku,barcode,brand,is_serialized,warranty_days
Violin string E,Strings > Violin,9.50,E-1,036000291452,Pirastro,no,
Violin 4/4,Instruments,450.00,V-1,,Yamaha,yes,730
"""
SUPPLIERS = "name,email,phone,terms_days\nAcme Music,Sales@Acme.example,312 555 0147,30\nNordic Reeds,,,\n"


def items(client: ApiClient) -> list[str]:
    return [row["sku"] for row in client.get("/variants").json["items"]]


def test_inv_24_products_with_categories_and_barcodes(client: ApiClient, send: Send) -> None:
    answer = send("products", PRODUCTS)
    assert answer.status_code == 200, answer.json
    assert (answer.json["row_count"], answer.json["created"]) == (
        2,
        {"products": 2, "categories": 3, "supplier_items": 0},
    )
    (item,) = client.get("/lookup?code=036000291452").json["items"]
    assert (item["sku"], item["price"]) == ("E-1", "9.50")
    violin = client.get(f"/products/{client.get('/lookup?code=V-1').json['items'][0]['product_id']}").json
    assert (violin["is_serialized"], violin["variants"][0]["warranty_days"]) == (True, 730)
    tree = {row["name"]: row for row in client.get("/categories").json["items"]}
    assert tree["Violin"]["parent_id"] == tree["Strings"]["id"]


def test_inv_24_dry_run_changes_nothing(client: ApiClient, send: Send, ctx: CompanyContext) -> None:
    answer = send("products", PRODUCTS, dry_run=True)
    assert (answer.json["valid"], answer.json["dry_run"], answer.json["batch_id"]) == (True, True, None)
    assert answer.json["created"]["products"] == 2
    assert items(client) == []
    assert client.get("/categories").json["items"] == []
    assert client.get("/imports").json["items"] == []


def test_inv_24_the_same_file_is_imported_once(client: ApiClient, send: Send) -> None:
    first = send("products", PRODUCTS).json
    again = send("products", PRODUCTS)
    assert (again.status_code, again.json["repeated"], again.json["batch_id"]) == (
        200,
        True,
        first["batch_id"],
    )
    assert len(items(client)) == 2
    (batch,) = client.get("/imports").json["items"]
    assert (batch["id"], batch["file_name"], batch["row_count"]) == (first["batch_id"], "list.csv", 2)
    assert client.get(f"/imports/{batch['id']}").json == batch


WRONG = """name,category,price,sku,barcode,pack_qty,kind,is_serialized,warranty_days
Good,Strings,1.00,G-1,,,,,
No price,Strings,,P-1,,,,,
Wrong price,Strings,"1,50",P-2,,,,,
Twice,Strings,1.00,g-1,,,,,
Bad code,Strings,1.00,P-3,036000291453,,,,
Bad pack,Strings,1.00,P-4,ABC,0,,,
Bad kind,Strings,1.00,P-5,,,spaceship,,
Bad flag,Strings,1.00,P-6,,,,perhaps,
Bad days,Strings,1.00,P-7,,,,,soon
Deep,A > B > C > D > E > F,1.00,P-8,,,,,
"""


def test_inv_24_rows_are_checked_with_line_numbers_and_nothing_is_imported(
    client: ApiClient, send: Send
) -> None:
    expected = {
        "line 3: price",
        "line 4: price",
        "line 5: sku",
        "line 6: barcode",
        "line 7: pack_qty",
        "line 8: kind",
        "line 9: is_serialized",
        "line 10: warranty_days",
        "line 11: category",
    }
    dry = send("products", WRONG, dry_run=True)
    assert (dry.status_code, dry.json["valid"], set(places(dry))) == (200, False, expected)
    answer = send("products", WRONG)
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
    assert set(places(answer)) == expected
    assert items(client) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"name,category,price\nJos\xe9,A,1.00\n", "line 2, column 4"),
        (b"name,category,prize\nA,B,1.00\n", "line 1, column 3"),
        (b"name,category\nA,B\n", "line 1, column 3"),
        (b"name,category,price\nA,B\n", "line 2, column 3"),
        (b"", "line 1, column 1"),
    ],
)
def test_inv_24_unreadable_files_name_line_and_column(send: Send, content: bytes, place: str) -> None:
    for dry_run in (True, False):
        answer = send("products", content, dry_run=dry_run)
        assert (answer.status_code, places(answer)) == (422, [place])


def test_inv_24_only_csv_is_taken(send: Send, client: ApiClient) -> None:
    assert send("products", "{}", mimetype="application/json").status_code == 415
    assert send("furniture", PRODUCTS).status_code == 404


def test_sec_32_files_may_be_larger_than_other_bodies(send: Send) -> None:
    note = "x" * 4000
    rows = "".join(f"S{n},{note}\n" for n in range(300))
    assert send("suppliers", f"name,notes\n{rows}", dry_run=True).json["valid"] is True
    assert send("suppliers", b"x" * (10 * 1024 * 1024 + 1)).status_code == 413


def test_sec_52_apostrophe_of_a_spreadsheet_is_taken_off(client: ApiClient, send: Send) -> None:
    send("products", "name,category,price,sku\n'=SUM,Strings,1.00,'-1\n")
    assert client.get("/variants").json["items"][0]["name"] == "=SUM"
    assert items(client) == ["-1"]


def test_inv_24_suppliers(client: ApiClient, send: Send) -> None:
    answer = send("suppliers", SUPPLIERS)
    assert answer.json["created"] == {"suppliers": 2}
    acme, nordic = client.get("/suppliers").json["items"]
    assert (acme["email"], acme["phone"], acme["terms_days"]) == ("sales@acme.example", "+13125550147", 30)
    assert (nordic["name"], nordic["email"], nordic["terms_days"]) == ("Nordic Reeds", None, 0)


def test_inv_24_wrong_suppliers(client: ApiClient, send: Send) -> None:
    client.post("/suppliers", {"name": "ACME music"})
    wrong = SUPPLIERS + "Bad mail,nowhere,,\nBad phone,,12,\nnordic reeds,,,\nBad terms,,,soon\n"
    answer = send("suppliers", wrong)
    assert set(places(answer)) == {
        "line 2: name",
        "line 4: email",
        "line 5: phone",
        "line 6: name",
        "line 7: terms_days",
    }
    assert len(client.get("/suppliers").json["items"]) == 1


def test_inv_24_products_name_their_supplier(client: ApiClient, send: Send) -> None:
    send("suppliers", SUPPLIERS)
    rows = "name,category,price,supplier,supplier_sku,supplier_cost\nRosin,Care,5.00,acme music,AC-9,2.1250\n"
    assert send("products", rows).json["created"]["supplier_items"] == 1
    (item,) = client.get("/supplier-items").json["items"]
    assert (item["supplier_sku"], item["cost"], item["is_preferred"]) == ("AC-9", "2.1250", True)
    unknown = send("products", rows.replace("acme music", "Nobody"))
    assert places(unknown) == ["line 2: supplier"]


def test_inv_24_opening_stock_is_posted_against_opening_equity(
    client: ApiClient, send: Send, ctx: CompanyContext
) -> None:
    send("products", PRODUCTS)
    rows = "sku,qty,unit_cost,location,serials\ne-1,10,2.5000,MAIN,\nV-1,2,300.00,,SN-1|SN-2\n"
    answer = send("opening_stock", rows)
    assert answer.status_code == 200, answer.json
    assert answer.json["created"] == {"rows": 2, "units": 2}
    stock = {
        row["sku"]: (row["qty_on_hand"], row["pool_value"]) for row in client.get("/stock").json["items"]
    }
    assert stock == {"E-1": ("10", "25.00"), "V-1": ("2", "600.00")}
    assert client.get("/lookup?code=sn-2").json["items"][0]["unit_status"] == "available"
    lines = ctx.uow.query(
        "SELECT a.role, sum(l.debit) AS debit, sum(l.credit) AS credit FROM journal_entry_line l "
        "JOIN account_code a ON a.company_id = l.company_id AND a.id = l.account_code_id GROUP BY a.role"
    )
    booked = {row.role: (str(row.debit), str(row.credit)) for row in lines}
    assert booked == {"inventory": ("625.00", "0.00"), "opening_equity": ("0.00", "625.00")}
    assert send("opening_stock", rows).json["repeated"] is True
    assert {row["qty_on_hand"] for row in client.get("/stock").json["items"]} == {"10", "2"}


def test_inv_24_wrong_opening_stock(client: ApiClient, send: Send) -> None:
    send("products", PRODUCTS)
    rows = """sku,qty,unit_cost,location,serials
NOPE,1,1.00,,
E-1,0,1.00,,
E-1,1.5,1.00,,
E-1,1,-1.00,,
E-1,1,1.00,MOON,
E-1,1,1.00,,SN-1
V-1,2,300.00,,SN-1
V-1,2,300.00,,SN-3|sn-3
"""
    answer = send("opening_stock", rows)
    assert places(answer) == [
        "line 2: sku",
        "line 3: qty",
        "line 4: qty",
        "line 5: unit_cost",
        "line 6: location",
        "line 7: serials",
        "line 8: serials",
        "line 9: serials",
    ]
    assert client.get("/stock").json["items"] == []


def test_imports_need_their_rights(send: Send) -> None:
    assert send("products", PRODUCTS, role="staff").status_code == 403
    assert send("suppliers", SUPPLIERS, role="staff").status_code == 403
    assert send("opening_stock", "sku,qty,unit_cost\n", role="staff").status_code == 403


def test_usr_02_another_companys_files_are_not_seen(
    send: Send, as_user: Callable[..., ApiClient], other_company: CompanyWorld
) -> None:
    batch = send("products", PRODUCTS).json["batch_id"]
    stranger = as_user("admin", of=other_company)
    assert stranger.get(f"/imports/{batch}").status_code == 404
    assert stranger.get("/imports").json["items"] == []
    assert send("products", PRODUCTS, of=other_company).json["repeated"] is False
