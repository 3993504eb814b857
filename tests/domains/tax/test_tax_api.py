"""Jurisdictions, rates, rules and categories of tax over the API (TAX-01, TAX-02, TAX-08, AUD-01)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

AsUser = Callable[..., ApiClient]
PATHS = ("/tax/jurisdictions", "/tax/components", "/tax/rules", "/tax/categories")


@pytest.fixture
def state(client: ApiClient) -> dict[str, Any]:
    """The jurisdiction that the test company has."""
    (found,) = client.get("/tax/jurisdictions").json["items"]
    return found


@pytest.fixture
def county(client: ApiClient) -> dict[str, Any]:
    """A county with a rate of 1 %."""
    made = client.post("/tax/jurisdictions", {"code": "COOK", "name": "Cook County", "level": "county"})
    assert made.status_code == 201, made.json
    return made.json


@pytest.fixture
def rate(client: ApiClient, county: dict[str, Any]) -> dict[str, Any]:
    """That rate, valid from 2026 on."""
    made = client.post("/tax/components", component(county))
    assert made.status_code == 201, made.json
    return made.json


def component(jurisdiction: dict[str, Any], **changes: Any) -> dict[str, Any]:
    new = {
        "jurisdiction_id": jurisdiction["id"],
        "code": "COOK",
        "name": "Cook County tax",
        "rate": "0.010000",
    }
    return new | {"valid_from": "2026-01-01"} | changes


def audits(ctx: CompanyContext, action: str) -> list[Any]:
    return list(ctx.uow.query("SELECT * FROM audit_log WHERE action = %(action)s", {"action": action}))


def test_tax_01_rates_are_rows_with_validity(client: ApiClient, rate: dict[str, Any]) -> None:
    assert (rate["rate"], rate["valid_from"], rate["valid_to"]) == ("0.010000", "2026-01-01", None)
    assert client.get(f"/tax/components/{rate['id']}").json == rate
    assert [row["code"] for row in client.get("/tax/components").json["items"]] == ["COOK", "IL"]
    assert [row["code"] for row in client.get("/tax/components?filter[on]=2025-12-31").json["items"]] == [
        "IL"
    ]


def test_tax_01_no_tax_is_said_by_an_empty_rule(client: ApiClient, company: CompanyWorld) -> None:
    rule = {"location_id": str(company.location_id), "tax_category": "food", "component_codes": []}
    made = client.post("/tax/rules", rule)
    assert (made.status_code, made.json["component_codes"]) == (201, [])
    again = client.post("/tax/rules", rule)
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    assert client.get("/tax/rules?filter[tax_category]=food").json["items"] == [made.json]


def test_tax_01_rule_lists_components_in_order(
    client: ApiClient, company: CompanyWorld, rate: dict[str, Any]
) -> None:
    rule = {
        "location_id": str(company.location_id),
        "tax_category": "food",
        "component_codes": ["IL", "COOK"],
    }
    made = client.post("/tax/rules", rule).json
    changed = client.patch(f"/tax/rules/{made['id']}", {"component_codes": ["COOK", "IL"]}, 1)
    assert (changed.json["component_codes"], changed.json["version"]) == (["COOK", "IL"], 2)
    assert client.patch(f"/tax/rules/{made['id']}", {"component_codes": []}, 1).status_code == 412
    assert client.delete(f"/tax/rules/{made['id']}", 2).status_code == 204
    assert client.get(f"/tax/rules/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"component_codes": ["NOWHERE"]}, "component_codes"),
        ({"component_codes": ["IL", "IL"]}, "component_codes"),
        ({"component_codes": "IL"}, "component_codes"),
        ({"tax_category": "jewels"}, "tax_category"),
        ({"rate": "0.01"}, "rate"),
    ],
)
def test_tax_01_bad_rule_is_refused(
    client: ApiClient, company: CompanyWorld, change: dict[str, Any], field: str
) -> None:
    rule = {"location_id": str(company.location_id), "tax_category": "food", "component_codes": []}
    answer = client.post("/tax/rules", rule | change)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == field


def test_tax_02_rates_of_a_code_never_overlap(
    client: ApiClient, county: dict[str, Any], rate: dict[str, Any]
) -> None:
    answer = client.post("/tax/components", component(county, valid_from="2026-06-01"))
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    before = client.post("/tax/components", component(county, valid_from="2025-01-01", valid_to="2026-01-01"))
    assert before.status_code == 201


def test_tax_02_a_new_rate_follows_the_old_one(client: ApiClient, rate: dict[str, Any]) -> None:
    new = {"rate": "0.012500", "valid_from": "2026-12-01"}
    made = client.call("POST", f"/tax/components/{rate['id']}/successor", new, If_Match='"1"')
    assert (made.status_code, made.json["rate"], made.json["valid_from"]) == (201, "0.012500", "2026-12-01")
    assert client.get(f"/tax/components/{rate['id']}").json["valid_to"] == "2026-12-01"
    on = {
        day: client.get(f"/tax/components?filter[code]=COOK&filter[on]={day}").json
        for day in ("2026-11-30", "2026-12-01")
    }
    assert [page["items"][0]["rate"] for page in on.values()] == ["0.010000", "0.012500"]
    early = client.call("POST", f"/tax/components/{rate['id']}/successor", new, If_Match='"2"')
    assert early.status_code == 422


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rate": 0.01}, "validation_failed"),
        ({"rate": "1.5"}, "validation_failed"),
        ({"rate": "-0.01"}, "validation_failed"),
        ({"rate": "0.0000001"}, "validation_failed"),
        ({"valid_to": "2026-01-01"}, "validation_failed"),
        ({"valid_from": "01/01/2026"}, "validation_failed"),
        ({"code": "a b"}, "validation_failed"),
        ({"name": "x" * 121}, "text_too_long"),
        ({"percent": "1"}, "unknown_field"),
        ({"jurisdiction_id": "0190a0a0-0000-7000-8000-000000000000"}, "not_found"),
    ],
)
def test_bad_component_is_refused(
    client: ApiClient, county: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    answer = client.post("/tax/components", component(county, **change))
    assert answer.json["code"] == code
    assert client.get("/tax/components?filter[code]=COOK").json["items"] == []


def test_aud_01_tax_changes_are_audited(client: ApiClient, rate: dict[str, Any], ctx: CompanyContext) -> None:
    client.patch(f"/tax/components/{rate['id']}", {"rate": "0.020000"}, 1)
    assert audits(ctx, "tax.jurisdiction.created")
    assert audits(ctx, "tax.component.created")[0].new["rate"] == "0.010000"
    (changed,) = audits(ctx, "tax.component.changed")
    assert (changed.old, changed.new) == ({"rate": "0.010000"}, {"rate": "0.020000"})


def test_gen_04_what_is_used_stays(client: ApiClient, state: dict[str, Any], company: CompanyWorld) -> None:
    (il,) = client.get("/tax/components").json["items"]
    assert client.delete(f"/tax/components/{il['id']}", 1).json["code"] == "conflict"
    assert client.delete(f"/tax/jurisdictions/{state['id']}", 1).json["code"] == "conflict"


def test_unused_rates_and_jurisdictions_can_be_removed(
    client: ApiClient, county: dict[str, Any], rate: dict[str, Any]
) -> None:
    assert client.delete(f"/tax/components/{rate['id']}", 1).status_code == 204
    assert client.delete(f"/tax/jurisdictions/{county['id']}", 1).status_code == 204


def test_jurisdiction_is_changed_under_its_lock(client: ApiClient, county: dict[str, Any]) -> None:
    path = f"/tax/jurisdictions/{county['id']}"
    assert client.patch(path, {"name": "Cook"}, 1).json["name"] == "Cook"
    assert client.patch(path, {"name": "Late"}, 1).status_code == 412
    assert client.patch(path, {"code": "X"}, 2).json["code"] == "unknown_field"
    again = client.post("/tax/jurisdictions", {"code": "COOK", "name": "Other", "level": "city"})
    assert again.json["code"] == "conflict"


def test_companies_add_tax_categories(client: ApiClient) -> None:
    made = client.post("/tax/categories", {"code": "instruments", "name": "Instruments"})
    assert (made.status_code, made.json["is_system"]) == (201, False)
    client.post("/categories", {"name": "Violins", "tax_category": "instruments"})
    path = f"/tax/categories/{made.json['id']}"
    assert client.call("DELETE", path).json["code"] == "conflict"
    system = next(row for row in client.get("/tax/categories").json["items"] if row["is_system"])
    assert client.call("DELETE", f"/tax/categories/{system['id']}").json["code"] == "conflict"
    unused = client.post("/tax/categories", {"code": "unused", "name": "Unused"}).json
    assert client.call("DELETE", f"/tax/categories/{unused['id']}").status_code == 204


@pytest.mark.parametrize("path", PATHS)
def test_only_administrators_change_tax(as_user: AsUser, path: str) -> None:
    for role in ("manager", "staff", "viewer"):
        assert as_user(role).get(path).status_code == 200
        assert as_user(role).post(path, {}).status_code == 403


def test_usr_02_another_companys_tax_is_not_found(
    as_user: AsUser, client: ApiClient, rate: dict[str, Any], county: dict[str, Any], other_company: CompanyWorld,
    company: CompanyWorld,
) -> None:  # fmt: skip
    rules = client.get("/tax/rules").json["items"]
    category = client.get("/tax/categories").json["items"][0]
    stranger = as_user("admin", of=other_company)
    rows = {"jurisdictions": county["id"], "components": rate["id"], "rules": rules[0]["id"]}
    for path, row_id in (rows | {"categories": category["id"]}).items():
        assert stranger.get(f"/tax/{path}/{row_id}").status_code == 404
        assert stranger.delete(f"/tax/{path}/{row_id}", 1).status_code == 404
    assert stranger.patch(f"/tax/components/{rate['id']}", {"rate": "0.5"}, 1).status_code == 404
    assert stranger.post("/tax/components", component(county)).status_code == 404
    rule = {"location_id": str(company.location_id), "tax_category": "food", "component_codes": []}
    assert stranger.post("/tax/rules", rule).status_code == 404
