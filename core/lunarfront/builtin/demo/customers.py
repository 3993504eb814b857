"""Loads the customers of the demo store with their members and certificates through the API."""

from collections.abc import Mapping
from typing import Any

from lunarfront.builtin.demo.api import Api
from lunarfront.builtin.demo.source import accounts, store

COPIED = (
    "kind",
    "email",
    "phone",
    "address_line1",
    "city",
    "postal_code",
    "credit_limit",
    "terms_days",
)


def load_customers(api: Api) -> dict[str, str]:
    """Make all customers; return name to account id."""
    return {row["name"]: _load(api, row) for row in accounts()}


def _load(api: Api, row: Mapping[str, Any]) -> str:
    home = store()["locations"][0]["region"], store()["company"]["country"]
    body = {name: row[name] for name in COPIED if name in row}
    body |= {"display_name": row["name"], "region": home[0], "country": home[1]}
    account_id: str = api("POST", "/accounts", body)["id"]
    for member in row.get("members", ()):
        api("POST", f"/accounts/{account_id}/members", _member(member))
    if "exemption" in row:
        _load_exemption(api, account_id, row["exemption"])
    return account_id


def _member(member: Mapping[str, Any]) -> dict[str, Any]:
    body = {"first_name": member["first"], "last_name": member["last"], "relation": member["relation"]}
    return body | ({"birth_date": member["birth_date"]} if "birth_date" in member else {})


def _load_exemption(api: Api, account_id: str, row: Mapping[str, Any]) -> None:
    certificate = {
        "certificate_number": row["certificate"],
        "reason_code": row["reason"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
    }
    made = api("POST", f"/accounts/{account_id}/exemptions", certificate)
    api("POST", f"/exemptions/{made['id']}/approve", {})
