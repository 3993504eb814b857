"""Categories over the API (domain-core.md §3.4, GEN-04)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

AsUser = Callable[..., ApiClient]


def chain(client: ApiClient, *names: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for name in names:
        answer = client.post("/categories", {"name": name, "parent_id": made[-1]["id"] if made else None})
        assert answer.status_code == 201, answer.json
        made.append(answer.json)
    return made


def test_categories_are_a_tree_of_five_levels(client: ApiClient) -> None:
    made = chain(client, "A", "B", "C", "D", "E")
    deeper = client.post("/categories", {"name": "F", "parent_id": made[-1]["id"]})
    assert (deeper.status_code, deeper.json["errors"][0]["field"]) == (422, "parent_id")
    assert [row["name"] for row in client.get("/categories?filter[top]=1").json["items"]] == ["A"]
    below = client.get(f"/categories?filter[parent_id]={made[0]['id']}").json["items"]
    assert [row["name"] for row in below] == ["B"]


def test_a_category_cannot_be_moved_below_itself(client: ApiClient) -> None:
    top, _, low = chain(client, "A", "B", "C")
    assert client.patch(f"/categories/{top['id']}", {"parent_id": low["id"]}, 1).status_code == 422
    moved = client.patch(f"/categories/{low['id']}", {"parent_id": None}, 1)
    assert (moved.status_code, moved.json["parent_id"], moved.json["version"]) == (200, None, 2)
    assert client.patch(f"/categories/{top['id']}", {"parent_id": low["id"]}, 1).status_code == 200


def test_names_are_unique_below_one_parent(client: ApiClient) -> None:
    top, _ = chain(client, "A", "B")
    assert client.post("/categories", {"name": "B", "parent_id": top["id"]}).json["code"] == "conflict"
    assert client.post("/categories", {"name": "A"}).json["code"] == "conflict"
    assert client.post("/categories", {"name": "B"}).status_code == 201


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": ""}, "validation_failed", "name"),
        ({"name": "x" * 121}, "text_too_long", "name"),
        ({"name": "a\x1b"}, "text_invalid", "name"),
        ({"color": "red"}, "unknown_field", "color"),
        ({"tax_category": "jewels"}, "validation_failed", "tax_category"),
        ({"revenue_account": "nowhere"}, "validation_failed", "revenue_account"),
        ({"restock_fee_type": "percent"}, "validation_failed", "restock_fee_value"),
        (
            {"restock_fee_type": "percent", "restock_fee_value": "101"},
            "validation_failed",
            "restock_fee_value",
        ),
        ({"return_days": "30"}, "validation_failed", "return_days"),
        ({"parent_id": "0190a0a0-0000-7000-8000-000000000000"}, "not_found", "parent_id"),
    ],
)
def test_bad_category_is_refused(client: ApiClient, change: dict[str, Any], code: str, field: str) -> None:
    answer = client.post("/categories", {"name": "Strings"} | change)
    assert (answer.json["code"], answer.json["errors"][0]["field"]) == (code, field)
    assert client.get("/categories").json["items"] == []


def test_gen_04_category_is_archived(client: ApiClient) -> None:
    (made,) = chain(client, "A")
    assert client.delete(f"/categories/{made['id']}", 1).status_code == 204
    kept = client.get(f"/categories/{made['id']}").json
    assert (kept["is_active"], kept["archived_at"] is not None) == (False, True)
    assert client.get("/categories?filter[is_active]=1").json["items"] == []


def test_categories_are_found_by_words(client: ApiClient) -> None:
    chain(client, "Flûtes")
    assert len(client.get("/categories?q=flutes").json["items"]) == 1
    assert client.get("/categories?q=drums").json["items"] == []


def test_only_editors_change_categories(client: ApiClient, as_user: AsUser) -> None:
    (made,) = chain(client, "A")
    staff = as_user("staff")
    assert staff.get(f"/categories/{made['id']}").status_code == 200
    assert staff.post("/categories", {"name": "B"}).status_code == 403
    assert staff.patch(f"/categories/{made['id']}", {"name": "B"}, 1).status_code == 403
    assert staff.delete(f"/categories/{made['id']}", 1).status_code == 403


def test_usr_02_another_companys_category_is_not_found(
    client: ApiClient, as_user: AsUser, other_company: CompanyWorld
) -> None:
    (made,) = chain(client, "A")
    stranger = as_user("admin", of=other_company)
    assert stranger.get(f"/categories/{made['id']}").status_code == 404
    assert stranger.patch(f"/categories/{made['id']}", {"name": "B"}, 1).status_code == 404
    assert stranger.delete(f"/categories/{made['id']}", 1).status_code == 404
    assert stranger.post("/categories", {"name": "B", "parent_id": made["id"]}).status_code == 404
