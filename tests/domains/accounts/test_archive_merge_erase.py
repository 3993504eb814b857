"""The end of an account: archived, merged or erased (ACT-04, ACT-05, ACT-08)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lunarfront.domains.accounts.models import Account
from lunarfront.domains.accounts.parts import parts
from lunarfront.domains.accounts.service.merge import account_references
from lunarfront.domains.catalog.models import PriceList
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient

Maker = Callable[..., dict[str, Any]]


def balance(client: ApiClient, of: dict[str, Any]) -> dict[str, str]:
    answer = client.get(f"/accounts/{of['id']}/balance").json
    return {name: answer[name] for name in ("open_balance", "store_credit")}


def merge(client: ApiClient, kept: dict[str, Any], removed: dict[str, Any]) -> Any:
    return client.post(f"/accounts/{kept['id']}/merge", {"account_id": removed["id"]})


def test_act_05_an_account_in_use_says_why(
    client: ApiClient, account: Maker, invoice: Any, credit: Any
) -> None:
    ada = account()
    invoice(ada, "S-1", "12.00")
    credit(ada, "5.00")
    answer = client.delete(f"/accounts/{ada['id']}", 1)
    assert (answer.status_code, answer.json["code"]) == (409, "account_in_use")
    assert answer.json["reasons"] == [
        {"reason": "open_balance", "detail": "open balance 12.00 USD"},
        {"reason": "store_credit", "detail": "store credit 5.00 USD"},
    ]
    assert client.get(f"/accounts/{ada['id']}").json["is_active"] is True


def test_act_05_archiving_hides_and_can_be_undone(client: ApiClient, account: Maker) -> None:
    ada = account()
    gone = client.delete(f"/accounts/{ada['id']}", 1).json
    assert (gone["is_active"], gone["version"], gone["display_name"]) == (False, 2, "Ada Lovelace")
    back = client.post(f"/accounts/{ada['id']}/restore", {}, If_Match='"2"').json
    assert (back["is_active"], back["archived_at"]) == (True, None)


def test_act_04_every_reference_to_an_account_is_moved_or_kept_on_purpose() -> None:
    moved = {(table.name, column.name) for table, column in account_references()}
    own = {name for part in parts() for name in part.tables}
    for table in Account.metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("tenant_fk") == "account":
                kept = table.info["append_only"] or table.name in own
                assert ((table.name, column.name) in moved) != kept
    assert {"transaction", "invoice", "member", "tax_exemption", "account", "inventory_unit"} <= {
        t for t, _ in moved
    }


def test_act_04_tables_with_one_row_an_account_bring_their_own_merge() -> None:
    references = list(account_references())
    for table, column in references:
        unique = [
            set(index.columns.keys()) for index in table.indexes if index.unique and not index.dialect_kwargs
        ]
        assert {"company_id", column.name} not in unique, table.name


def test_act_04_merge_moves_rows_and_leaves_a_trace(
    client: ApiClient, ctx: CompanyContext, account: Maker, member: Maker, invoice: Any, credit: Any
) -> None:
    kept, removed = account("Ada Lovelace"), account("Ada King")
    member(kept, "Ada")
    member(removed, "Ada")
    invoice(kept, "S-1", "10.10")
    invoice(removed, "S-2", "2.05")
    credit(removed, "7.77")
    client.post(f"/accounts/{removed['id']}/exemptions", {"certificate_number": "T-1"})
    answer = merge(client, kept, removed)
    assert answer.status_code == 200, answer.json
    assert answer.json["moved"] == {"invoice": 1, "member": 1, "store_credit": 1, "tax_exemption": 1}
    assert balance(client, kept) == {"open_balance": "12.15", "store_credit": "7.77"}
    assert balance(client, removed) == {"open_balance": "0.00", "store_credit": "0.00"}
    gone = client.get(f"/accounts/{removed['id']}").json
    assert (gone["merged_into_id"], gone["is_active"]) == (kept["id"], False)
    primaries = [m["is_primary"] for m in client.get(f"/accounts/{kept['id']}/members").json["items"]]
    assert sorted(primaries) == [False, True]
    trail = ctx.uow.query("SELECT entity_id, new FROM audit_log WHERE action = 'account.account.merged'")
    assert [(str(row.entity_id), row.new["rows"]) for row in trail] == [(removed["id"], answer.json["moved"])]


def test_act_04_the_moved_members_keep_their_primary_when_there_was_none(
    client: ApiClient, account: Maker, member: Maker
) -> None:
    kept, removed = account("Ada Lovelace"), account("Ada King")
    ada = member(removed, "Ada")
    merge(client, kept, removed)
    moved = client.get(f"/accounts/{kept['id']}/members/{ada['id']}").json
    assert (moved["is_primary"], moved["relation"]) == (True, "primary")


def test_act_04_a_chain_leads_to_the_last_survivor(client: ApiClient, account: Maker) -> None:
    first, second, third = account("One"), account("Two"), account("Three")
    merge(client, second, first)
    merge(client, third, second)
    ends = [client.get(f"/accounts/{a['id']}").json["merged_into_id"] for a in (first, second)]
    assert ends == [third["id"], third["id"]]


def test_act_04_own_prices_follow(client: ApiClient, ctx: CompanyContext, account: Maker) -> None:
    kept, removed = account("One"), account("Two")
    price_list = ctx.uow.add(PriceList, code="SCHOOL", name="School", account_ids=[removed["id"], kept["id"]])
    ctx.uow.flush()
    merge(client, kept, removed)
    row = ctx.uow.query("SELECT account_ids FROM price_list WHERE id = %(id)s", {"id": price_list})[0]
    assert row.account_ids == [kept["id"]]


def test_act_04_what_cannot_be_merged(client: ApiClient, account: Maker) -> None:
    one, two, three = account("One"), account("Two"), account("Three")
    assert merge(client, one, one).status_code == 422
    assert merge(client, one, {"id": UUID(int=1)}).status_code == 404
    assert merge(client, one, two).status_code == 200
    for kept, removed in ((three, two), (two, three)):
        answer = merge(client, kept, removed)
        assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")
    client.delete(f"/accounts/{three['id']}", 1)
    assert merge(client, three, one).json["code"] == "invalid_transition"
    assert client.patch(f"/accounts/{two['id']}", {"notes": "x"}, 2).json["code"] == "invalid_transition"
    assert client.post(f"/accounts/{two['id']}/restore", {}, If_Match='"2"').status_code == 409


def test_idm_01_a_repeated_merge_answers_the_same(client: ApiClient, account: Maker, credit: Any) -> None:
    kept, removed = account("One"), account("Two")
    credit(removed, "3.00")
    path, body = f"/accounts/{kept['id']}/merge", {"account_id": removed["id"]}
    first = client.post(path, body, Idempotency_Key="merge-one-two")
    again = client.post(path, body, Idempotency_Key="merge-one-two")
    assert (again.status_code, again.json) == (200, first.json)
    assert balance(client, kept)["store_credit"] == "3.00"


cents = st.integers(1, 99_999).map(lambda n: f"{Decimal(n) / 100:.2f}")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 3), cents), max_size=6),
    st.lists(st.tuples(st.integers(0, 3), cents), max_size=4),
)
def test_act_04_balances_add_up_to_the_cent(
    client: ApiClient, ctx: CompanyContext, account: Maker, invoice: Any, credit: Any, owed: Any, held: Any
) -> None:
    four = [account(f"Account {n}") for n in range(4)]
    tag = four[0]["account_number"]
    for number, (index, amount) in enumerate(owed):
        invoice(four[index], f"{tag}/{number}", amount)
    for index, amount in held:
        credit(four[index], amount)
    for removed in four[1:]:
        assert merge(client, four[0], removed).status_code == 200
    total = {
        "open_balance": sum(Decimal(a) for _, a in owed),
        "store_credit": sum(Decimal(a) for _, a in held),
    }
    assert balance(client, four[0]) == {name: f"{amount:.2f}" for name, amount in total.items()}


def test_act_08_erasure_forgets_the_person_and_keeps_the_money(
    client: ApiClient, ctx: CompanyContext, account: Maker, member: Maker, invoice: Any
) -> None:
    ada = account(
        email="ada@example.com",
        phone="312 555 0123",
        city="London",
        notes="tall",
        legacy_id="7",
        legacy_source="aim",
    )
    person = member(ada, "Augusta", last_name="King", email="gus@example.com", birth_date="1980-12-10")
    client.post(f"/members/{person['id']}/identifiers", {"kind": "passport", "number": "XK1234567"})
    client.patch(f"/accounts/{ada['id']}", {"display_name": "Countess Lovelace"}, 1)
    old = account("A. Lovelace")
    merge(client, ada, old)
    invoice(ada, "S-1", "0.00", subtotal="20.00", amount="20.00", status="paid")
    version = client.get(f"/accounts/{ada['id']}").json["version"]
    answer = client.post(f"/accounts/{ada['id']}/erase", {"confirm": True}, If_Match=f'"{version}"')
    assert answer.status_code == 200, answer.json
    assert (answer.json["display_name"], answer.json["is_active"]) == (
        f"erased #{ada['account_number']}",
        False,
    )
    for row in ctx.uow.query(
        "SELECT to_jsonb(a)::text AS row FROM account a UNION ALL SELECT to_jsonb(m)::text FROM member m"
    ):
        for word in ("lovelace", "ada@", "555 0123", "5550123", "london", "augusta", "gus@", "1980-12-10"):
            assert word not in row.row.lower()
    assert ctx.uow.query("SELECT 1 FROM change_log WHERE row_id = %(id)s", ada) == []
    assert ctx.uow.query("SELECT 1 FROM member_identifier") == []
    assert ctx.uow.query("SELECT amount FROM invoice")[0].amount == Decimal("20.00")
    trail = " ".join(str((row.old, row.new)) for row in ctx.uow.query("SELECT old, new FROM audit_log"))
    for word in ("Lovelace", "ada@", "Augusta", "XK1234567"):
        assert word not in trail
    assert client.get("/accounts?q=lovelace&filter[is_active]=false").json["items"] == []
    again = client.patch(f"/accounts/{ada['id']}", {"notes": "x"}, answer.json["version"])
    assert again.json["code"] == "invalid_transition"


def test_act_08_refused_while_in_use_and_without_the_word(
    client: ApiClient, account: Maker, credit: Any
) -> None:
    ada = account()
    credit(ada, "5.00")
    path = f"/accounts/{ada['id']}/erase"
    assert client.post(path, {"confirm": True}, If_Match='"1"').json["code"] == "account_in_use"
    assert client.post(path, {"confirm": False}, If_Match='"1"').status_code == 422
    assert client.post(path, {}, If_Match='"1"').status_code == 422
    assert client.post(path, {"confirm": True}).status_code == 428
    assert client.get(f"/accounts/{ada['id']}").json["display_name"] == "Ada Lovelace"


@pytest.mark.parametrize("role", ["admin", "manager"])
def test_sec_62_the_customers_own_data(
    client: ApiClient, as_user: Callable[..., ApiClient], ctx: CompanyContext, account: Maker, member: Maker,
    invoice: Any, role: str,
) -> None:  # fmt: skip
    ada = account(email="ada@example.com")
    person = member(ada, "Ada", birth_date="1980-12-10")
    client.post(f"/members/{person['id']}/identifiers", {"kind": "passport", "number": "XK1234567"})
    invoice(ada, "S-1", "20.00")
    answer = as_user(role).get(f"/accounts/{ada['id']}/export")
    assert answer.status_code == 200
    assert answer.json["account"]["email"] == "ada@example.com"
    assert answer.json["members"][0]["birth_date"] == "1980-12-10"
    assert answer.json["invoices"][0]["amount"] == "20.00"
    assert (answer.json["purchases"], answer.json["store_credit"]) == ([], "0.00")
    assert "XK1234567" not in answer.text
    assert '"4567"' not in answer.text
    assert ctx.uow.query("SELECT 1 FROM audit_log WHERE action = 'account.account.exported'")
