"""The company of the replay, opened over the API; everything that is there already is found and left as it is."""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from retail.api import Api, Refused
from retail.catalogue import Customer, Item

SOURCE = "online_retail"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://archive.ics.uci.edu/dataset/352/online+retail")
#: RET-11 opened, since a file does not say which sale a return belongs to; stock is not known either (INV-09).
SETTINGS = {
    "no_receipt_price_rule": "entered",
    "no_receipt_tender": "any",
    "no_receipt_account": "optional",
    "no_receipt_count": None,
    "no_receipt_approval": "limit",
    "negative_stock": "allow",
}
TAX_CATEGORY = "standard"
GOODS, CHARGES = "Goods", "Charges"
BULK = 250


@dataclass(frozen=True)
class Shop:
    """A company ready to ring up: an API client per till, ids by code and by customer number."""

    company_id: uuid.UUID
    tills: list[Api]
    variants: dict[str, str]
    accounts: dict[str, str]

    @property
    def office(self) -> Api:
        """Any client of the company."""
        return self.tills[0]


def open_shop(
    url: str,
    token: str,
    content: bytes,
    name: str,
    items: dict[str, Item],
    customers: dict[str, Customer],
    clients: int,
) -> Shop:
    """Open the company of this file, or find it again (ORG-04), and load what it lacks."""
    opened = Api(url, token).post(
        "/companies",
        {
            "client_uuid": str(uuid.uuid5(NAMESPACE, hashlib.sha256(content).hexdigest())),
            "name": name,
            "currency": "GBP",
            "country": "GB",
            "default_timezone": "Europe/London",
        },
    )
    key = opened["api_token"]
    office = Api(url, key, opened["terminal_id"])
    _settings(office)
    _no_tax(office, opened["location_id"])
    tills = [office, *_more_tills(office, url, key, opened["location_id"], clients - 1)]
    for till in tills:
        _open_drawer(till)
    variants = _variants(office, items)
    accounts = _accounts(office, customers, clients)
    return Shop(uuid.UUID(opened["company_id"]), tills, variants, accounts)


def _settings(api: Api) -> None:
    company = api.get("/companies/current")
    changed = {name: value for name, value in SETTINGS.items() if company["settings"][name] != value}
    if changed:
        api.patch("/companies/current", company["version"], {"settings": changed})


def _no_tax(api: Api, location_id: str) -> None:
    """The explicit empty rule: the file does not tell of any tax (TAX-01)."""
    filters = {"filter[location_id]": location_id, "filter[tax_category]": TAX_CATEGORY}
    if not api.get("/tax/rules", **filters)["items"]:
        body = {"location_id": location_id, "tax_category": TAX_CATEGORY, "component_codes": []}
        api.post("/tax/rules", body)


def _more_tills(api: Api, url: str, key: str, location_id: str, count: int) -> list[Api]:
    there = {row["code"]: row["id"] for row in api.pages("/terminals")}
    drawers = {row["name"]: row["id"] for row in api.pages("/drawers")}
    tills = []
    for number in range(2, count + 2):
        code, drawer = f"R{number}", f"Replay {number}"
        if drawer not in drawers:
            drawers[drawer] = api.post("/drawers", {"location_id": location_id, "name": drawer})["id"]
        if code not in there:
            body = {"location_id": location_id, "code": code, "name": drawer, "drawer_id": drawers[drawer]}
            there[code] = api.post("/terminals", body)["id"]
        tills.append(Api(url, key, there[code]))
    return tills


def _open_drawer(till: Api) -> None:
    try:
        till.get("/drawer-sessions/current")
    except Refused as refused:
        if refused.status != 404:
            raise
        till.post("/drawer-sessions", {"opening_float": "0.00"})


def _variants(api: Api, items: dict[str, Item]) -> dict[str, str]:
    """Return variant ids by the code in capitals, after making the products that are not there."""
    found = {row["sku"].upper(): row["variant_id"] for row in api.pages("/variants", sort="name")}
    missing = [(key, item) for key, item in items.items() if key not in found]
    if missing:
        categories = _categories(api)
        for start in range(0, len(missing), BULK):
            part = missing[start : start + BULK]
            made = api.post("/products/bulk", {"products": [_product(item, categories) for _, item in part]})
            for (key, _), product in zip(part, made["items"], strict=True):
                found[key] = product["variants"][0]["id"]
    return found


def _categories(api: Api) -> dict[str, str]:
    there = {row["name"]: row["id"] for row in api.pages("/categories")}
    for name in (GOODS, CHARGES):
        if name not in there:
            there[name] = api.post("/categories", {"name": name, "tax_category": TAX_CATEGORY})["id"]
    return there


def _product(item: Item, categories: dict[str, str]) -> dict[str, Any]:
    return {
        "name": item.name,
        "category_id": categories[CHARGES if item.is_charge else GOODS],
        "kind": "fee" if item.is_charge else "stocked",
        "legacy_id": item.code,
        "legacy_source": SOURCE,
        "variants": [
            {"sku": item.code, "price": f"{item.price:.2f}", "legacy_id": item.code, "legacy_source": SOURCE}
        ],
    }


def _accounts(api: Api, customers: dict[str, Customer], clients: int) -> dict[str, str]:
    filters = {"filter[legacy_source]": SOURCE}
    found = {row["legacy_id"]: row["id"] for row in api.pages("/accounts", **filters)}

    def make(customer: Customer) -> tuple[str, str]:
        return customer.number, api.post("/accounts", _account(customer))["id"]

    return found | dict(_at_once(make, (c for c in customers.values() if c.number not in found), clients))


def _account(customer: Customer) -> dict[str, Any]:
    body: dict[str, Any] = {
        "display_name": f"Customer {customer.number}",
        "no_contact": True,
        "confirm_duplicate": True,
        "legacy_id": customer.number,
        "legacy_source": SOURCE,
    }
    return body | ({"country": customer.country} if customer.country else {})


def _at_once(make: Callable[[Any], Any], wanted: Iterable[Any], clients: int) -> list[Any]:
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(make, wanted))
