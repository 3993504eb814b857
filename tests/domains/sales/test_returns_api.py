"""Refunds, exchanges, returns without receipt and voids through the API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock
from tests.domains.sales.test_sale_api import sale, shop

__all__ = ["shop"]


def entry(ctx: CompanyContext, event_type: str) -> set[tuple[str, str, str]]:
    rows = ctx.uow.query(
        "SELECT c.role, l.debit, l.credit FROM journal_entry e JOIN journal_entry_line l ON l.entry_id = e.id "
        "JOIN account_code c ON c.id = l.account_code_id WHERE e.event_type = %(type)s",
        {"type": event_type},
    )
    return {(r.role, str(r.debit), str(r.credit)) for r in rows}


def back(sold: dict[str, Any], index: int, qty: str, **more: Any) -> dict[str, Any]:
    line = {"line_id": sold["lines"][index]["id"], "qty": qty, "reason_code": "changed_mind"}
    return {"client_uuid": str(uuid4()), "lines": [line | more]}


@pytest.fixture
def sold(client: ApiClient, shop: dict[str, UUID]) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/transactions", sale(shop, ("A", "1"), ("C", "3"))).json
    return answer


def test_ret_04_refund_of_one_line(client: ApiClient, sold: dict[str, Any], ctx: CompanyContext) -> None:
    preview = client.post(f"/transactions/{sold['id']}/refunds?dry_run=1", back(sold, 1, "1"))
    assert (preview.status_code, preview.json["total"], preview.json["number"]) == (201, "-1.38", None)
    response = client.post(f"/transactions/{sold['id']}/refunds", back(sold, 1, "1"))
    assert response.status_code == 201, response.json
    refund = response.json
    assert (refund["net_total"], refund["tax_total"], refund["total"]) == ("-1.29", "-0.09", "-1.38")
    assert refund["tenders"][0]["amount"] == "-1.38"
    assert entry(ctx, "refund_completed") == {
        ("returns", "1.29", "0.00"),
        ("sales_tax", "0.09", "0.00"),
        ("cash_drawer", "0.00", "1.38"),
        ("inventory", "0.40", "0.00"),
        ("cogs", "0.00", "0.40"),
    }


def test_ret_03_never_more_than_was_sold(client: ApiClient, sold: dict[str, Any]) -> None:
    path = f"/transactions/{sold['id']}/refunds"
    assert client.post(path, back(sold, 1, "2")).status_code == 201
    refused = client.post(path, back(sold, 1, "2"))
    assert (refused.status_code, refused.json["code"]) == (422, "refund_exceeds_sold")
    assert client.post(path, back(sold, 1, "1")).status_code == 201


def test_ret_09_damaged_goods_go_to_shrinkage(
    client: ApiClient, sold: dict[str, Any], ctx: CompanyContext
) -> None:
    response = client.post(f"/transactions/{sold['id']}/refunds", back(sold, 0, "1", restock="damaged"))
    assert response.status_code == 201, response.json
    assert {("shrinkage", "4.00", "0.00"), ("cogs", "0.00", "4.00")} <= entry(ctx, "refund_completed")


def test_ret_06_reason_and_limit(
    as_user: Callable[..., ApiClient], sold: dict[str, Any], ctx: CompanyContext
) -> None:
    body = back(sold, 0, "1")
    body["lines"][0].pop("reason_code")
    refused = as_user("staff").post(f"/transactions/{sold['id']}/refunds", body)
    assert (refused.status_code, refused.json["code"]) == (422, "reason_required")
    ctx.uow.execute("UPDATE role SET refund_limit = 5 WHERE code = 'staff'")
    ctx.uow.commit()
    asked = as_user("staff").post(f"/transactions/{sold['id']}/refunds", back(sold, 0, "1"))
    assert (asked.status_code, asked.json["permission"], asked.json["limit"]) == (409, "pos.refund", "5.00")


def test_ret_10_exchange(client: ApiClient, shop: dict[str, UUID], sold: dict[str, Any]) -> None:
    body = {
        "client_uuid": str(uuid4()),
        "original_transaction_id": sold["id"],
        "returns": back(sold, 0, "1")["lines"],
        "lines": [{"variant_id": str(shop["B"])}],
    }
    response = client.post("/transactions/exchanges", body)
    assert response.status_code == 201, response.json
    assert (response.json["total"], response.json["tenders"][0]["amount"]) == ("-4.82", "-4.82")
    assert [line["qty"] for line in response.json["lines"]] == ["-1", "1"]


def test_ret_11_without_receipt(client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext) -> None:
    line = {"variant_id": str(shop["A"]), "qty": "1", "reason_code": "changed_mind"}
    body = {"client_uuid": str(uuid4()), "lines": [line]}
    assert client.post("/transactions/refunds", body).json["code"] == "account_required"
    ctx.uow.execute(
        'UPDATE company SET settings = \'{"no_receipt_account": "optional", "no_receipt_tender": "any"}\''
    )
    ctx.uow.commit()
    response = client.post(
        "/transactions/refunds", body | {"tenders": [{"type": "cash", "tendered": "10.71"}]}
    )
    assert response.status_code == 201, response.json
    assert response.json["total"] == "-10.71"


def test_pos_24_void_reverses_everything(
    client: ApiClient, sold: dict[str, Any], ctx: CompanyContext
) -> None:
    assert client.post(f"/transactions/{sold['id']}/void", {}).json["code"] == "reason_required"
    response = client.post(f"/transactions/{sold['id']}/void", {"reason_code": "mistake"})
    assert (response.status_code, response.json["status"]) == (200, "voided")
    net = ctx.uow.query(
        "SELECT account_code_id FROM journal_entry_line GROUP BY account_code_id HAVING sum(debit - credit) <> 0"
    )
    assert net == []
    balances = ctx.uow.query("SELECT sum(qty_on_hand) AS qty, sum(pool_value) AS value FROM stock_balance")
    assert (str(balances[0].qty), str(balances[0].value)) == ("35.000", "58.00")
    again = client.post(f"/transactions/{sold['id']}/void", {"reason_code": "mistake"})
    assert again.json["code"] == "invalid_transition"


def test_ret_07_on_account_sale_gives_credit_never_cash(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    from lunarfront.domains.accounts.models import Account

    account = ctx.uow.add(
        Account, account_number="A-1", kind="person", display_name="Ann", name_sort="ann", search_text="ann"
    )
    ctx.uow.commit()
    body = sale(shop, ("A", "1"), account_id=str(account), tenders=[{"type": "account", "amount": "10.71"}])
    charged = client.post("/transactions", body)
    assert charged.status_code == 201, charged.json
    response = client.post(f"/transactions/{charged.json['id']}/refunds", back(charged.json, 0, "1"))
    assert response.json["tenders"][0]["type"] == "account", response.json
    rows = ctx.uow.query("SELECT kind, amount, balance FROM invoice ORDER BY id")
    assert [(r.kind, str(r.amount), str(r.balance)) for r in rows] == [
        ("sale", "10.71", "0.00"),
        ("credit_note", "-10.71", "0.00"),
    ]


def test_ret_02_outside_the_window_needs_its_own_right(
    as_user: Callable[..., ApiClient], sold: dict[str, Any], ctx: CompanyContext, clock: Clock
) -> None:
    path = f"/transactions/{sold['id']}/refunds"
    clock.forward(days=30)
    ctx.uow.execute("UPDATE company SET settings = '{\"return_days\": 30}'")
    ctx.uow.commit()
    assert as_user("staff").post(f"{path}?dry_run=1", back(sold, 1, "1")).status_code == 201
    assert as_user("staff").post(path, back(sold, 1, "1")).status_code == 201
    clock.forward(days=1)
    late = as_user("staff").post(path, back(sold, 1, "1"))
    assert (late.json["permission"], late.json["detail"]) == (
        "pos.refund.late",
        "Item C was sold more than 30 days ago: this needs approval.",
    )
    ctx.uow.execute("UPDATE category SET returnable = false, return_days = 900")
    ctx.uow.commit()
    never = as_user("staff").post(path, back(sold, 1, "1"))
    assert never.json["detail"] == "Item C is not taken back: this needs approval."


def test_ret_12_restocking_fee_is_kept(client: ApiClient, sold: dict[str, Any], ctx: CompanyContext) -> None:
    ctx.uow.execute("UPDATE category SET restock_fee_type = 'percent', restock_fee_value = 15")
    ctx.uow.commit()
    refund = client.post(f"/transactions/{sold['id']}/refunds", back(sold, 0, "1")).json
    assert (refund["net_total"], refund["fee_total"], refund["total"]) == ("-9.99", "1.50", "-9.21")
    assert ("fees", "0.00", "1.50") in entry(ctx, "refund_completed")
