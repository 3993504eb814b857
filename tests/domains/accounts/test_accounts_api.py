"""Accounts over the API: ACT-01 to ACT-03, ACT-12, GEN-01, OCC-01 and bad input."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld


def make(client: ApiClient, **fields: Any) -> dict[str, Any]:
    body = {"display_name": "Ada Lovelace", "no_contact": True} | fields
    answer = client.post("/accounts", body)
    assert answer.status_code == 201, answer.json
    return answer.json


def codes(answer: Any) -> dict[str, str]:
    return {error["field"]: error["code"] for error in answer.json["errors"]}


def test_act_01_name_and_a_contact_make_an_account(client: ApiClient) -> None:
    made = make(client, display_name="Ada Lovelace", email=" Ada@Example.com ", phone="(312) 555-0123")
    assert made["account_number"].startswith("A-")
    assert (made["email"], made["phone"], made["phone_digits"]) == (
        "ada@example.com",
        "+13125550123",
        "13125550123",
    )
    assert (made["kind"], made["billing_mode"], made["tax_exempt"], made["version"]) == (
        "person",
        "consolidated",
        False,
        1,
    )
    assert client.get(f"/accounts/{made['id']}").json == made


def test_act_01_without_contact_it_must_be_said(client: ApiClient) -> None:
    answer = client.post("/accounts", {"display_name": "Nobody"})
    assert answer.status_code == 422
    assert set(codes(answer)) == {"email", "phone"}
    make(client, display_name="Nobody", no_contact=True)


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"phone": "12"}, "phone", "validation_failed"),
        ({"email": "ada"}, "email", "validation_failed"),
        ({"country": "ZZ"}, "country", "validation_failed"),
        ({"shoe_size": 9}, "shoe_size", "unknown_field"),
        ({"notes": "a\x00b"}, "notes", "text_invalid"),
        ({"city": "x" * 121}, "city", "text_too_long"),
        ({"display_name": 7}, "display_name", "validation_failed"),
        ({"display_name": "   "}, "display_name", "validation_failed"),
        ({"credit_limit": 5}, "credit_limit", "money_must_be_string"),
        ({"credit_limit": "5.001"}, "credit_limit", "money_precision"),
        ({"credit_limit": "-1"}, "credit_limit", "money_out_of_range"),
        ({"terms_days": "x"}, "terms_days", "validation_failed"),
        ({"kind": "robot"}, "kind", "validation_failed"),
        ({"legacy_id": "7"}, "legacy_id", "validation_failed"),
        ({"account_number": "A-1"}, "account_number", "unknown_field"),
    ],
)
def test_act_02_bad_input_is_refused_and_changes_nothing(
    client: ApiClient, fields: dict[str, Any], field: str, code: str
) -> None:
    answer = client.post("/accounts", {"display_name": "Ada", "no_contact": True} | fields)
    assert (answer.status_code, codes(answer).get(field)) == (422, code)
    assert client.get("/accounts").json["items"] == []


def test_act_03_same_contact_answers_with_candidates(client: ApiClient) -> None:
    first = make(client, display_name="Maria Lopez", phone="312 555 0123")
    answer = client.post("/accounts", {"display_name": "Diego Alvarez", "phone": "+1 312 555 0123"})
    assert (answer.status_code, answer.json["code"]) == (409, "possible_duplicate")
    assert answer.json["proposal"] == "add_member"
    assert answer.json["candidates"] == [
        {
            "account_id": first["id"],
            "account_number": first["account_number"],
            "display_name": "Maria Lopez",
            "score": "1.00",
            "reasons": ["phone"],
            "proposal": "add_member",
        }
    ]


def test_act_03_alike_names_with_the_same_surname(client: ApiClient) -> None:
    make(client, display_name="Jonathan Smith")
    answer = client.post("/accounts", {"display_name": "Jonathon Smith", "no_contact": True})
    assert answer.status_code == 409
    found = answer.json["candidates"][0]
    assert (found["reasons"], found["proposal"]) == (["name"], "use_existing")
    assert "0.60" <= found["score"] < "1.00"
    make(client, display_name="Jonathan Smyth")


def test_act_03_a_member_is_recognised_too(client: ApiClient) -> None:
    account = make(client, display_name="Lopez family", kind="family")
    path = f"/accounts/{account['id']}/members"
    assert client.post(path, {"first_name": "Diego", "email": "diego@example.com"}).status_code == 201
    answer = client.post("/accounts", {"display_name": "D. Lopez", "email": "DIEGO@example.com"})
    assert [c["account_id"] for c in answer.json["candidates"]] == [account["id"]]


def test_act_03_confirmed_is_made_and_audited(client: ApiClient, ctx: Any) -> None:
    first = make(client, email="ada@example.com")
    second = make(client, email="ada@example.com", confirm_duplicate=True)
    rows = ctx.uow.query(
        "SELECT new FROM audit_log WHERE action = 'account.duplicate.confirmed' AND entity_id = %(id)s",
        {"id": second["id"]},
    )
    assert [row.new for row in rows] == [{"candidates": {first["id"]: "1.00"}}]


def test_act_03_a_new_contact_is_compared_too(client: ApiClient) -> None:
    make(client, display_name="Ada Lovelace", email="ada@example.com")
    other = make(client, display_name="Grace Hopper")
    path = f"/accounts/{other['id']}"
    answer = client.patch(path, {"email": "ada@example.com"}, 1)
    assert (answer.status_code, answer.json["code"]) == (409, "possible_duplicate")
    assert client.get(path).json["email"] is None
    changed = client.patch(path, {"email": "ada@example.com", "confirm_duplicate": True}, 1)
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    again = client.patch(path, {"notes": "plays cello", "email": "ada@example.com"}, 2)
    assert again.status_code == 200


def test_act_03_check_stores_nothing(client: ApiClient) -> None:
    made = make(client, email="ada@example.com")
    body = {"display_name": "Somebody", "email": "ada@example.com"}
    found = client.post("/accounts/check-duplicates", body).json["candidates"]
    assert [c["account_id"] for c in found] == [made["id"]]
    assert len(client.get("/accounts").json["items"]) == 1
    assert client.post("/accounts/check-duplicates", {"display_name": "Zoe"}).json == {"candidates": []}


def test_act_12_counter_counts(client: ApiClient) -> None:
    first, second = make(client, display_name="One Person"), make(client, display_name="Another Human")
    assert (first["account_number"], second["account_number"]) == ("A-00001", "A-00002")


def test_act_12_random6_draws_again_until_a_number_is_free(ctx: Any) -> None:
    from lunarfront.domains.accounts.models import Account
    from lunarfront.domains.accounts.service import numbers

    object.__setattr__(ctx.company, "settings", {"account_number_style": "random6"})
    drawn = numbers.new_account_number(ctx)
    assert len(drawn) == 6
    assert drawn.isdigit()
    ctx.uow.add(
        Account, account_number=drawn, kind="person", display_name="x", name_sort="x", search_text="x"
    )
    ctx.uow.flush()
    draws = iter([drawn, drawn, "123456"])
    assert numbers._free(Account.account_number, ctx, lambda: next(draws)) == "123456"


def test_gen_01_legacy_ids_are_given_once_and_unique(client: ApiClient) -> None:
    legacy = {"legacy_source": "aim", "legacy_id": "C-17"}
    made = make(client, display_name="Ada", **legacy)
    assert (made["legacy_source"], made["legacy_id"]) == ("aim", "C-17")
    answer = client.post("/accounts", {"display_name": "Grace Hopper", "no_contact": True} | legacy)
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    answer = client.patch(f"/accounts/{made['id']}", {"legacy_id": "C-18"}, 1)
    assert (answer.status_code, answer.json["code"]) == (422, "unknown_field")
    found = client.get("/accounts?filter[legacy_source]=aim&filter[legacy_id]=C-17").json["items"]
    assert [row["id"] for row in found] == [made["id"]]


def test_occ_01_a_change_needs_the_version(client: ApiClient) -> None:
    made = make(client)
    path = f"/accounts/{made['id']}"
    assert client.call("PATCH", path, {"notes": "x"}).status_code == 428
    assert client.patch(path, {"notes": "x"}, 1).json["version"] == 2
    answer = client.patch(path, {"notes": "y"}, 1)
    assert (answer.status_code, answer.json["code"], answer.json["current_version"]) == (
        412,
        "version_conflict",
        2,
    )


def test_aud_07_a_change_leaves_its_history_and_no_name_in_the_trail(client: ApiClient, ctx: Any) -> None:
    made = make(client)
    client.patch(f"/accounts/{made['id']}", {"display_name": "Ada King", "terms_days": 30}, 1)
    history = ctx.uow.query(
        'SELECT field, old, new FROM change_log WHERE row_id = %(id)s ORDER BY "field"', made
    )
    assert [(row.field, row.old, row.new) for row in history] == [
        ("display_name", "Ada Lovelace", "Ada King"),
        ("terms_days", 0, 30),
    ]
    trail = ctx.uow.query("SELECT new FROM audit_log WHERE action = 'account.account.updated'")
    assert [row.new for row in trail] == [{"display_name": "(changed)", "terms_days": 30}]


def test_ret_11_a_changed_name_is_no_longer_checked(client: ApiClient) -> None:
    made = make(client, name_checked=True)
    changed = client.patch(f"/accounts/{made['id']}", {"display_name": "Ada King"}, 1).json
    assert (made["name_checked"], changed["name_checked"]) == (True, False)


def test_act_07_more_credit_needs_its_right(client: ApiClient, as_user: Callable[..., ApiClient]) -> None:
    made = make(client, credit_limit="100.00")
    path = f"/accounts/{made['id']}"
    staff = as_user("staff")
    assert staff.patch(path, {"credit_limit": "100.01"}, 1).status_code == 403
    assert staff.patch(path, {"credit_limit": None}, 1).status_code == 403
    assert staff.patch(path, {"credit_limit": "50.00"}, 1).status_code == 200
    assert as_user("manager").patch(path, {"credit_limit": "500.00"}, 2).status_code == 200


@pytest.mark.parametrize(
    ("role", "method", "rule", "body"),
    [
        ("viewer", "POST", "/accounts", {"display_name": "x", "no_contact": True}),
        ("viewer", "PATCH", "/accounts/{id}", {"notes": "x"}),
        ("staff", "DELETE", "/accounts/{id}", None),
        ("staff", "POST", "/accounts/{id}/merge", {"account_id": "{id}"}),
        ("manager", "POST", "/accounts/{id}/erase", {"confirm": True}),
        ("instructor", "GET", "/accounts", None),
        ("instructor", "GET", "/accounts/{id}/balance", None),
        ("instructor", "GET", "/accounts/{id}/statement", None),
        ("instructor", "GET", "/accounts/{id}/export", None),
        ("viewer", "POST", "/accounts/{id}/members", {"first_name": "x"}),
        ("viewer", "POST", "/accounts/{id}/exemptions", {}),
        ("instructor", "POST", "/accounts/check-duplicates", {"display_name": "x"}),
    ],
)
def test_usr_02_each_route_needs_its_right(
    client: ApiClient, as_user: Callable[..., ApiClient], role: str, method: str, rule: str, body: Any
) -> None:
    made = make(client)
    answer = as_user(role).call(method, rule.format(**made), body, If_Match='"1"')
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("method", "rule", "body"),
    [
        ("GET", "/accounts/{id}", None),
        ("PATCH", "/accounts/{id}", {"notes": "x"}),
        ("DELETE", "/accounts/{id}", None),
        ("POST", "/accounts/{id}/restore", {}),
        ("POST", "/accounts/{id}/erase", {"confirm": True}),
        ("GET", "/accounts/{id}/export", None),
        ("GET", "/accounts/{id}/balance", None),
        ("GET", "/accounts/{id}/statement", None),
        ("GET", "/accounts/{id}/members", None),
        ("POST", "/accounts/{id}/members", {"first_name": "x"}),
        ("GET", "/accounts/{id}/exemptions", None),
        ("POST", "/accounts/{id}/exemptions", {}),
    ],
)
def test_usr_02_another_companys_account_does_not_exist(
    client: ApiClient,
    as_user: Callable[..., ApiClient],
    other_company: CompanyWorld,
    method: str,
    rule: str,
    body: Any,
) -> None:
    made = make(client)
    stranger = as_user("admin", of=other_company)
    answer = stranger.call(method, rule.format(**made), body, If_Match='"1"')
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_usr_02_another_companys_account_cannot_be_merged(
    client: ApiClient, as_user: Callable[..., ApiClient], other_company: CompanyWorld
) -> None:
    made = make(client)
    stranger = as_user("admin", of=other_company)
    own = make(stranger)
    assert stranger.post(f"/accounts/{own['id']}/merge", {"account_id": made["id"]}).status_code == 404
    assert client.get(f"/accounts/{made['id']}").json["is_active"] is True
