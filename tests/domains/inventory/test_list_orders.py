"""Every order of every list pages through all rows once (domain-core.md §9)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Make = Callable[..., dict[str, Any]]
LISTS = {
    "/categories": ("name", "sort", "created_at"),
    "/products": ("name", "created_at"),
    "/variants": ("name", "sku", "price"),
    "/barcodes": ("code", "created_at"),
    "/suppliers": ("name", "created_at"),
    "/supplier-items": ("created_at",),
    "/price-lists": ("code", "name"),
    "/discounts": ("code", "name", "created_at"),
    "/stock": ("name", "qty_on_hand"),
    "/stock/movements": ("created_at", "business_date"),
    "/units": ("serial", "created_at"),
    "/unit-statuses": ("sort", "name", "slug"),
    "/tax/jurisdictions": ("code", "name"),
    "/tax/components": ("code", "valid_from", "rank"),
    "/tax/rules": ("tax_category", "created_at"),
    "/tax/categories": ("code", "name"),
}
ORDERS = [(path, sign + sort) for path, sorts in LISTS.items() for sort in sorts for sign in ("", "-")]


@pytest.fixture
def shop(
    client: ApiClient, make: Make, put: Callable[..., Any], unit: Callable[..., Any], company: CompanyWorld
) -> ApiClient:
    """Three rows or more in every list."""
    jurisdiction = client.get("/tax/jurisdictions").json["items"][0]["id"]
    rate = {"jurisdiction_id": jurisdiction, "name": "Tax", "rate": "0.01", "valid_from": "2026-01-01"}
    discount = {"scope": "line", "type": "percent", "value": "5"}
    for n in range(3):
        client.post("/categories", {"name": f"C{n}"})
        product = make(f"P{n % 2}", barcodes=[{"code": f"B{n}"}], price=f"{n % 2}.50")
        variant = product["variants"][0]["id"]
        put(variant, str(n % 2))
        unit(variant, f"S{n}")
        supplier = client.post("/suppliers", {"name": f"S{n}"}).json["id"]
        client.post("/supplier-items", {"supplier_id": supplier, "variant_id": variant})
        client.post("/price-lists", {"code": f"L{n}", "name": "List"})
        client.post("/discounts", discount | {"code": f"D{n}", "name": "Discount"})
        client.post("/tax/jurisdictions", {"code": f"J{n}", "name": "J", "level": "city"})
        client.post("/tax/components", rate | {"code": f"T{n}"})
    return client


def test_every_order_pages_through_all_rows_once(shop: ApiClient) -> None:
    for path, order in ORDERS:
        whole = [
            row.get("id") or row["variant_id"]
            for row in shop.get(f"{path}?sort={order}&limit=200").json["items"]
        ]
        assert len(whole) >= 3, path
        paged: list[str] = []
        cursor = ""
        while cursor is not None:
            page = shop.get(f"{path}?sort={order}&limit=2{cursor}").json
            paged += [row.get("id") or row["variant_id"] for row in page["items"]]
            cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
        assert paged == whole, (path, order)


@pytest.mark.parametrize("path", LISTS)
def test_broken_cursors_and_limits_are_refused(client: ApiClient, path: str) -> None:
    for query in ("cursor=nonsense", "cursor=WyJhIiwgMSwgMl0=", "limit=0", "limit=201", "sort=-", "q=%00"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 422, query


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_searched_by_words(client: ApiClient, path: str) -> None:
    for text in ("violin", "a", "50%25", "_", "'", "\\", "日本"):
        assert client.get(f"{path}?q={text}").status_code == 200
