"""What an account owes (ACT-07, domain-core.md §9), and what a sale reads of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lunarfront.domains.accounts.queries import account_for_sale
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Maker = Callable[..., dict[str, Any]]


def test_act_07_balance_and_credit_left(
    client: ApiClient, clock: Any, account: Maker, invoice: Any, credit: Any
) -> None:
    clock.now = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    ada = account(credit_limit="100.00", terms_days=30)
    invoice(ada, "S-1", "30.00", date(2026, 10, 1))
    invoice(ada, "S-2", "20.50", date(2026, 11, 24))
    invoice(ada, "S-3", "99.00", status="void")
    credit(ada, "5.00")
    assert client.get(f"/accounts/{ada['id']}/balance").json == {
        "account_id": ada["id"],
        "currency": "USD",
        "open_balance": "50.50",
        "overdue_balance": "30.00",
        "credit_limit": "100.00",
        "available_credit": "49.50",
        "terms_days": 30,
        "store_credit": "5.00",
    }


def test_act_07_without_a_limit_no_credit_is_counted(client: ApiClient, account: Maker) -> None:
    answer = client.get(f"/accounts/{account()['id']}/balance").json
    assert (answer["open_balance"], answer["credit_limit"], answer["available_credit"]) == (
        "0.00",
        None,
        None,
    )


def test_act_07_the_statement_adds_up(client: ApiClient, clock: Any, account: Maker, invoice: Any) -> None:
    clock.now = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    ada = account()
    invoice(ada, "S-1", "30.00", date(2026, 10, 1))
    invoice(ada, "S-2", "20.00", date(2026, 11, 5), status="partially_paid", amount="25.00", subtotal="25.00")
    invoice(ada, "S-3", "0.00", date(2026, 11, 6), status="paid", amount="9.00", subtotal="9.00")
    invoice(ada, "S-4", "-4.00", date(2026, 11, 7), kind="credit_note")
    invoice(ada, "S-5", "7.00", date(2026, 12, 1))
    path = f"/accounts/{ada['id']}/statement"
    answer = client.get(path).json
    assert (answer["from"], answer["to"]) == ("2026-11-01", "2026-11-24")
    assert [(item["number"], item["amount"], item["balance"]) for item in answer["items"]] == [
        ("S-2", "25.00", "20.00"),
        ("S-3", "9.00", "0.00"),
        ("S-4", "-4.00", "-4.00"),
    ]
    assert (answer["opening_balance"], answer["closing_balance"]) == ("30.00", "46.00")
    whole = client.get(f"{path}?from=2026-01-01&to=2026-12-31").json
    assert (
        whole["closing_balance"]
        == client.get(f"/accounts/{ada['id']}/balance").json["open_balance"]
        == "53.00"
    )


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2026-11-02&to=2026-11-01", 422),
        ("from=yesterday", 422),
        ("from=1900-01-01&to=2026-01-01", 422),
        ("since=2026-01-01", 422),
        ("from=2026-11-01&to=2026-11-01", 200),
    ],
)
def test_act_07_a_statement_needs_a_range(client: ApiClient, account: Maker, query: str, status: int) -> None:
    assert client.get(f"/accounts/{account()['id']}/statement?{query}").status_code == status


def test_act_07_a_sale_reads_its_customer_in_one_statement(
    ctx: CompanyContext, count_queries: Any, account: Maker, invoice: Any
) -> None:
    ada = account(credit_limit="100.00", terms_days=14, name_checked=True)
    invoice(ada, "S-1", "30.00")
    invoice(ada, "S-2", "5.00", status="written_off")
    with count_queries() as statements:
        known = account_for_sale(ctx, UUID(ada["id"]))
    assert len(statements) == 1
    assert (known.account_number, known.display_name, known.is_active) == (
        ada["account_number"],
        "Ada Lovelace",
        True,
    )
    assert (known.credit_limit, known.open_balance) == (Decimal("100.00"), Decimal("30.00"))
    assert (known.terms_days, known.name_checked, known.merged_into_id) == (14, True, None)
    assert (known.exemption, known.exemption_notice) == (None, None)


def test_usr_02_a_sale_cannot_have_another_companys_customer(
    ctx: CompanyContext, as_user: Callable[..., ApiClient], other_company: CompanyWorld
) -> None:
    stranger = as_user("admin", of=other_company)
    theirs = stranger.post("/accounts", {"display_name": "Else", "no_contact": True}).json
    with pytest.raises(Problem, match="not_found"):
        account_for_sale(ctx, UUID(theirs["id"]))
