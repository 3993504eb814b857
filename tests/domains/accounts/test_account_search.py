"""Search of accounts (SRC-01 to SRC-03, SEC-07)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lunarfront.domains.accounts.queries.search import ranked_accounts
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Maker = Callable[..., dict[str, Any]]


def found(client: ApiClient, text: str, more: str = "") -> list[str]:
    answer = client.get(f"/accounts?q={quote(text)}{more}")
    assert answer.status_code == 200, answer.json
    return [item["display_name"] for item in answer.json["items"]]


@pytest.fixture
def people(account: Maker, member: Maker) -> dict[str, dict[str, Any]]:
    smith = account("Smith Guitar", kind="business", email="shop@smithguitar.example", phone="312 555 0123")
    lopez = account("Lopez Family", kind="family")
    member(lopez, "Diego", last_name="Álvarez", email="diego@example.com", phone="773 555 0199")
    return {
        "smith": smith,
        "lopez": lopez,
        "ada": account("Ada Lovelace"),
        "dvorak": account("Antonín Dvořák"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A-00001", "Smith Guitar"),
        ("a-00003", "Ada Lovelace"),
        ("SHOP@smithguitar.example", "Smith Guitar"),
        ("(312) 555-0123", "Smith Guitar"),
        ("+13125550123", "Smith Guitar"),
        ("5550123", "Smith Guitar"),
        ("0123", "Smith Guitar"),
        ("M-00001", "Lopez Family"),
        ("diego@example.com", "Lopez Family"),
        ("773-555-0199", "Lopez Family"),
        ("alvarez", "Lopez Family"),
        ("Diego Alvarez", "Lopez Family"),
        ("dvorak", "Antonín Dvořák"),
        ("ANTONÍN", "Antonín Dvořák"),
        ("lovelace", "Ada Lovelace"),
        ("lo", "Lopez Family"),
        ("Lovelase", "Ada Lovelace"),
    ],
)
def test_src_01_by_number_phone_email_name_and_member(
    client: ApiClient, people: dict[str, Any], text: str, expected: str
) -> None:
    assert found(client, text)[0] == expected


def test_src_03_a_misspelt_name_is_found(client: ApiClient, people: dict[str, Any]) -> None:
    assert found(client, "smth guitar")[0] == "Smith Guitar"


def test_src_01_exact_then_beginning_then_similar(client: ApiClient, account: Maker) -> None:
    account("Anna Zander")
    account("Hanna Zimmer")
    account("Zander Anna")
    account("Somebody Else", email="anna@example.com")
    assert found(client, "anna") == ["Anna Zander", "Somebody Else", "Zander Anna", "Hanna Zimmer"]
    assert found(client, "anna@example.com")[0] == "Somebody Else"


def test_src_02_under_three_characters_only_the_beginning(client: ApiClient, account: Maker) -> None:
    account("Bob Smith")
    account("Smilla Bo")
    account("Jacobo")
    assert found(client, "bo") == ["Bob Smith", "Smilla Bo"]
    assert found(client, "ith") == ["Bob Smith"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "%%%%", "x%z", "'", "...", "()", "+1", "9999"])
def test_sec_07_wildcards_are_letters(client: ApiClient, people: dict[str, Any], text: str) -> None:
    assert found(client, text) == []


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=40).filter(lambda text: "\x00" not in text and text.isprintable()))
def test_src_01_any_text_may_be_typed(ctx: CompanyContext, text: str) -> None:
    assert ranked_accounts(ctx, text) == []


def test_src_03_other_companies_are_never_found(
    as_user: Callable[..., ApiClient], other_company: CompanyWorld, people: dict[str, Any]
) -> None:
    stranger = as_user("admin", of=other_company)
    for text in ("smith", "smth guitar", "5550123", "A-00001", "shop@smithguitar.example", "M-00001", "sm"):
        assert found(stranger, text) == []


def test_sec_07_alike_names_are_those_of_the_company(
    client: ApiClient, as_user: Callable[..., ApiClient], other_company: CompanyWorld, people: dict[str, Any]
) -> None:
    same = {"display_name": "Ada Lovelace"}
    assert len(client.post("/accounts/check-duplicates", same).json["candidates"]) == 1
    stranger = as_user("admin", of=other_company)
    assert stranger.post("/accounts/check-duplicates", same).json["candidates"] == []


def test_src_03_at_most_twenty_in_a_stable_order(client: ApiClient, account: Maker) -> None:
    for number in range(25):
        account(f"Quartet {number:02}")
    first = found(client, "quartet")
    assert first == [f"Quartet {number:02}" for number in range(20)]
    assert found(client, "quartet", "&limit=3") == first[:3]
    assert client.get("/accounts?q=quartet&total=1").json["total"] == 25


def test_act_05_archived_accounts_are_hidden(client: ApiClient, people: dict[str, Any]) -> None:
    client.delete(f"/accounts/{people['smith']['id']}", 1)
    assert found(client, "smith") == []
    assert found(client, "smith", "&filter[is_active]=false") == ["Smith Guitar"]
    assert "Smith Guitar" not in [row["display_name"] for row in client.get("/accounts").json["items"]]


def test_gen_04_the_list_pages_and_sorts(client: ApiClient, account: Maker) -> None:
    for name in ("Cello", "alto", "Älter", "Bass"):
        account(name)
    first = client.get("/accounts?limit=3&total=1").json
    assert [row["display_name"] for row in first["items"]] == ["Älter", "alto", "Bass"]
    assert first["total"] == 4
    rest = client.get(f"/accounts?limit=3&cursor={first['next_cursor']}").json
    assert ([row["display_name"] for row in rest["items"]], rest["next_cursor"]) == (["Cello"], None)
    assert client.get("/accounts?sort=shoe").status_code == 422
    assert client.get("/accounts?shoe=1").json["code"] == "unknown_field"
    by_kind = client.get("/accounts?filter[kind]=school").json["items"]
    assert by_kind == []
