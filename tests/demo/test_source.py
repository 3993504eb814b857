"""The demo's data hangs together before anything is loaded."""

from collections import Counter
from decimal import Decimal

import pytest

from lunarfront.builtin.demo.source import PASSWORD, accounts, products, sales, store, units
from lunarfront.domains.catalog.rules import PRODUCT_KINDS, barcode_fault, barcode_kind
from lunarfront.domains.ledger.chart import CHART
from lunarfront.domains.setup.rows import TAX_CATEGORIES
from lunarfront.kernel.auth.password_rules import complaint_of
from lunarfront.kernel.permissions import SYSTEM_ROLES


def test_inv_04_every_barcode_has_its_check_digit() -> None:
    codes = [row["barcode"] for row in products() if row["barcode"]]
    assert len(codes) > 150
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if barcode_fault(code, barcode_kind(code))] == []


def test_inv_01_skus_are_unique_whatever_their_case() -> None:
    skus = [row["sku"].casefold() for row in products()]
    assert len(skus) == len(set(skus)) == 176
    assert len({row["product"] for row in products()}) == 124


def test_rows_of_a_product_follow_each_other() -> None:
    names = [row["product"] for row in products()]
    starts = [name for before, name in zip([None, *names], names, strict=False) if name != before]
    assert len(starts) == len(set(starts))


def test_every_name_that_is_used_exists() -> None:
    tree = store()["categories"]
    categories = {row["name"] for row in tree} | {name for row in tree for name in row.get("children", ())}
    suppliers = {row["name"] for row in store()["suppliers"]}
    assert {row["category"] for row in products()} <= categories
    assert {row["supplier"] for row in products()} <= suppliers | {""}
    assert {row["kind"] for row in products()} <= set(PRODUCT_KINDS)
    assert {name for row in store()["discounts"] for name in row.get("categories", ())} <= categories
    roles = {role for _, _, _, role in CHART}
    assert {row["revenue_account"] for row in tree if "revenue_account" in row} <= roles


def test_tax_01_every_tax_category_has_a_rule() -> None:
    tax = store()["tax"]
    assert set(tax["taxed"]) | set(tax["untaxed"]) | {"food"} == set(TAX_CATEGORIES)
    codes = {row["code"] for row in store()["components"]}
    assert all(set(place["tax"]) <= codes for place in store()["locations"])


def test_inv_03_a_serial_number_for_each_serialized_piece() -> None:
    counted = Counter((unit["sku"], unit["location"]) for unit in units())
    wanted = {
        (row["sku"], place): int(row[column])
        for row in products()
        if row["serialized"]
        for place, column in (("MAIN", "main"), ("NORTH", "north"))
        if int(row[column])
    }
    assert counted == wanted
    assert len({unit["serial"] for unit in units()}) == len(units())


def test_goods_earn_something() -> None:
    dear = [row["sku"] for row in products() if row["cost"] and Decimal(row["cost"]) >= Decimal(row["price"])]
    assert dear == []
    below = [
        row["sku"]
        for row in products()
        if row["min_price"] and Decimal(row["min_price"]) >= Decimal(row["price"])
    ]
    assert below == []


@pytest.mark.parametrize("field", ["email", "staff_number", "pin"])
def test_each_person_is_told_apart(field: str) -> None:
    values = [person[field] for person in store()["people"]]
    assert len(values) == len(set(values))


def test_one_person_for_each_system_role() -> None:
    assert [person["role"] for person in store()["people"]] == list(SYSTEM_ROLES)
    assert complaint_of(PASSWORD, store()["company"]["name"]) is None


def test_sales_name_what_exists() -> None:
    skus = {row["sku"]: row for row in products()}
    people = {person["email"] for person in store()["people"]}
    names = {account["name"] for account in accounts()}
    for sale in sales()["sales"]:
        assert sale["person"] in people
        assert sale.get("account", "Alvarez Family") in names
        assert ("cash" in sale) != ("card" in sale)
        for line in sale["lines"]:
            assert bool(skus[line["sku"]]["serialized"]) == line.get("serial", False)
    for refund in sales()["refunds"]:
        original = sales()["sales"][refund["of_sale"] - 1]
        assert refund["sku"] in [line["sku"] for line in original["lines"]]
