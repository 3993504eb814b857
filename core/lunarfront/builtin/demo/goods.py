"""Loads categories, suppliers and products through the API; returns the ids that later steps need."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from lunarfront.builtin.demo.api import Api
from lunarfront.builtin.demo.source import products, store
from lunarfront.domains.catalog.service.suppliers import create_supplier_item
from lunarfront.kernel.context import CompanyContext

OPTIONAL = ("brand", "model", "tax_category")


def load_categories(api: Api) -> dict[str, str]:
    """Make the category tree; return name to id."""
    ids: dict[str, str] = {}
    for sort, row in enumerate(store()["categories"]):
        own = {name: value for name, value in row.items() if name != "children"}
        ids[row["name"]] = _category(api, own, sort * 100)
        for place, child in enumerate(row.get("children", ()), start=1):
            inherited = {name: value for name, value in own.items() if name != "sku_prefix"}
            below = inherited | {"name": child, "parent_id": ids[row["name"]]}
            ids[child] = _category(api, below, sort * 100 + place)
    return ids


def _category(api: Api, row: Mapping[str, Any], sort: int) -> str:
    made: str = api("POST", "/categories", {**row, "sort": sort})["id"]
    return made


def load_suppliers(api: Api) -> dict[str, str]:
    """Make the suppliers; return name to id."""
    country = store()["company"]["country"]
    return {
        row["name"]: api("POST", "/suppliers", {**row, "country": country})["id"]
        for row in store()["suppliers"]
    }


def load_products(api: Api, categories: Mapping[str, str]) -> dict[str, str]:
    """Make all products with their variants and barcodes; return SKU to variant id."""
    bodies = list(_bodies(categories))
    made = api("POST", "/products/bulk", {"products": bodies})["items"]
    return {variant["sku"]: variant["id"] for product in made for variant in product["variants"]}


def load_supplier_items(
    ctx: CompanyContext, suppliers: Mapping[str, str], variants: Mapping[str, str]
) -> None:
    """Say who delivers what, and at which cost; one transaction for all of them."""
    for row in products():
        if row["supplier"]:
            create_supplier_item(ctx, _supplier_item(row, suppliers, variants))


def _bodies(categories: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for name, group in groupby(products(), key=lambda row: row["product"]):
        rows = list(group)
        first = rows[0]
        yield {
            "name": name,
            "category_id": categories[first["category"]],
            "kind": first["kind"],
            "is_serialized": first["serialized"] == "1",
            **{field: first[field] for field in OPTIONAL if first[field]},
            "variants": [_variant(row) for row in rows],
        }


def _variant(row: Mapping[str, str]) -> dict[str, Any]:
    given = {
        "name_suffix": row["variant"],
        "min_price": row["min_price"],
        "default_cost": row["cost"],
        "warranty_days": int(row["warranty_days"]) if row["warranty_days"] else "",
    }
    return {
        "sku": row["sku"],
        "price": row["price"],
        **{field: value for field, value in given.items() if value != ""},
        "barcodes": [{"code": row["barcode"]}] if row["barcode"] else [],
    }


def _supplier_item(
    row: Mapping[str, str], suppliers: Mapping[str, str], variants: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "supplier_id": UUID(suppliers[row["supplier"]]),
        "variant_id": UUID(variants[row["sku"]]),
        "cost": Decimal(row["cost"]),
        "pack_qty": Decimal(1),
        "is_preferred": True,
    }
