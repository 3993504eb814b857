"""Discounts over the API (POS-17, POS-19, AUD-01, domain-core.md §10)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

AsUser = Callable[..., ApiClient]
SPRING = {"code": "SPRING", "name": "Spring sale", "scope": "cart", "type": "percent", "value": "10"}


@pytest.fixture
def spring(client: ApiClient) -> dict[str, Any]:
    """10 % off the cart, with a code."""
    made = client.post("/discounts", SPRING)
    assert made.status_code == 201, made.json
    return made.json


def test_pos_19_discount_is_made_changed_and_switched_off(client: ApiClient, spring: dict[str, Any]) -> None:
    assert (spring["value"], spring["requires_code"], spring["used_count"]) == ("10.0000", True, 0)
    path = f"/discounts/{spring['id']}"
    changed = client.patch(path, {"value": "12.5", "max_uses": 3}, 1)
    assert (changed.json["value"], changed.json["max_uses"], changed.json["version"]) == ("12.5000", 3, 2)
    assert client.patch(path, {"value": "1"}, 1).status_code == 412
    assert client.delete(path, 2).status_code == 204
    assert client.get(path).json["is_active"] is False
    assert client.get("/discounts?filter[is_active]=1").json["items"] == []
    assert [row["code"] for row in client.get("/discounts?q=spr").json["items"]] == ["SPRING"]
    assert client.post("/discounts", SPRING).json["code"] == "conflict"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": "-1"}, "discount_invalid"),
        ({"value": "100.01"}, "discount_invalid"),
        ({"type": "amount", "value": "-0.01"}, "discount_invalid"),
        ({"type": "amount", "value": "1.005"}, "money_precision"),
        ({"value": 10}, "money_must_be_string"),
        ({"requires_approval_above": "1.5"}, "discount_invalid"),
        ({"starts_on": "2026-12-01", "ends_on": "2026-11-01"}, "validation_failed"),
        ({"scope": "shop"}, "validation_failed"),
        ({"used_count": 5}, "unknown_field"),
        ({"name": "x" * 121}, "text_too_long"),
        ({"name": "a\u0007"}, "text_invalid"),
        ({"category_ids": ["0190a0a0-0000-7000-8000-000000000000"]}, "not_found"),
    ],
)
def test_bad_discount_is_refused(client: ApiClient, change: dict[str, Any], code: str) -> None:
    assert client.post("/discounts", SPRING | change).json["code"] == code
    assert client.get("/discounts").json["items"] == []


def test_bad_change_is_seen_with_what_stays(client: ApiClient, spring: dict[str, Any]) -> None:
    client.patch(f"/discounts/{spring['id']}", {"type": "amount", "value": "150.00"}, 1)
    assert (
        client.patch(f"/discounts/{spring['id']}", {"type": "percent"}, 2).json["code"] == "discount_invalid"
    )


def test_discount_of_a_category(client: ApiClient) -> None:
    category = client.post("/categories", {"name": "Strings"}).json["id"]
    made = client.post("/discounts", SPRING | {"category_ids": [category]})
    assert made.json["category_ids"] == [category]


def test_aud_01_discounts_are_audited(client: ApiClient, spring: dict[str, Any], ctx: CompanyContext) -> None:
    client.patch(f"/discounts/{spring['id']}", {"value": "20"}, 1)
    rows = ctx.uow.query("SELECT action, old, new FROM audit_log WHERE entity_type = 'discount' ORDER BY id")
    assert [row.action for row in rows] == ["pos.discount.created", "pos.discount.changed"]
    assert (rows[1].old, rows[1].new) == ({"value": "10.0000"}, {"value": "20"})


def test_only_price_editors_change_discounts(as_user: AsUser, spring: dict[str, Any]) -> None:
    staff = as_user("staff")
    assert staff.get(f"/discounts/{spring['id']}").status_code == 200
    assert staff.post("/discounts", SPRING).status_code == 403
    assert staff.patch(f"/discounts/{spring['id']}", {"value": "90"}, 1).status_code == 403
    assert as_user("manager").patch(f"/discounts/{spring['id']}", {"value": "5"}, 1).status_code == 200


def test_usr_02_another_companys_discount_is_not_found(
    as_user: AsUser, spring: dict[str, Any], other_company: CompanyWorld
) -> None:
    stranger = as_user("admin", of=other_company)
    assert stranger.get(f"/discounts/{spring['id']}").status_code == 404
    assert stranger.patch(f"/discounts/{spring['id']}", {"value": "5"}, 1).status_code == 404
    assert stranger.delete(f"/discounts/{spring['id']}", 1).status_code == 404
