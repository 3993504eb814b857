"""A sale through the API: the whole sale in one request, and the statements it takes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.goods import add_category, add_item, add_stock
from lunarfront.sdk.testing.plugin import Clock


@pytest.fixture
def shop(ctx: CompanyContext) -> dict[str, UUID]:
    """Three stocked items, a service, and an open drawer at the till."""
    assert ctx.location
    assert ctx.terminal
    assert ctx.terminal.drawer_id
    assert ctx.user
    category = add_category(ctx.uow)
    ids = {}
    for sku, price, qty, value in (
        ("A", "9.99", "10", "40.00"),
        ("B", "5.49", "5", "10.00"),
        ("C", "1.29", "20", "8.00"),
    ):
        ids[sku] = add_item(ctx.uow, category, sku, price)
        add_stock(ctx.uow, ids[sku], ctx.location.id, qty, value)
    ids["S"] = add_item(ctx.uow, category, "S", "30.00", kind="service", product={"tax_category": "service"})
    ids["session"] = ctx.uow.add(
        DrawerSession, drawer_id=ctx.terminal.drawer_id, terminal_id=ctx.terminal.id, location_id=ctx.location.id,
        status="open", opened_by=ctx.user.id, opened_at=ctx.now, business_date=ctx.business_date(),
        opening_float="100.00",
    )  # fmt: skip
    ctx.uow.commit()
    return ids


def sale(shop: dict[str, UUID], *lines: tuple[str, str], **more: Any) -> dict[str, Any]:
    body = {
        "client_uuid": str(uuid4()),
        "lines": [{"variant_id": str(shop[sku]), "qty": qty} for sku, qty in lines],
        "tenders": [{"type": "cash", "tendered": "100.00"}],
        "complete": True,
    }
    return body | more


def test_pos_48_whole_sale_in_one_request(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    response = client.post("/transactions", sale(shop, ("A", "1"), ("B", "1"), ("C", "3")))
    assert response.status_code == 201, response.json
    answer = response.json
    assert answer["number"] == "MAIN-T1-000001"
    assert (answer["net_total"], answer["tax_total"], answer["total"]) == ("19.35", "1.40", "20.75")
    assert (answer["paid_total"], answer["change_given"]) == ("20.75", "79.25")
    again = client.get(f"/transactions/{answer['id']}")
    assert again.status_code == 200, again.json
    assert {
        k: v
        for k, v in again.json.items()
        if k in answer and k not in ("lines", "created_at", "taxes", "tenders")
    } == {k: v for k, v in answer.items() if k not in ("lines", "created_at", "taxes", "tenders")}
    balances = {
        r.variant_id: (r.qty_on_hand, r.pool_value)
        for r in ctx.uow.query("SELECT variant_id, qty_on_hand, pool_value FROM stock_balance")
    }
    assert [str(x) for x in balances[shop["A"]]] == ["9.000", "36.00"]
    lines = ctx.uow.query(
        "SELECT c.role, l.debit, l.credit FROM journal_entry_line l JOIN account_code c ON c.id = l.account_code_id"
    )
    assert {(r.role, str(r.debit), str(r.credit)) for r in lines} == {
        ("cash_drawer", "20.75", "0.00"),
        ("sales", "0.00", "19.35"),
        ("sales_tax", "0.00", "1.40"),
        ("cogs", "7.20", "0.00"),
        ("inventory", "0.00", "7.20"),
    }


def test_hot_path_plain_sale_takes_at_most_ten_statements(
    client: ApiClient, shop: dict[str, UUID], count_queries: Callable[[], Any]
) -> None:
    client.post("/transactions", sale(shop, ("A", "1"), ("B", "1"), ("C", "3")))
    with count_queries() as statements:
        response = client.post("/transactions", sale(shop, ("A", "1"), ("B", "1"), ("C", "3")))
    assert response.status_code == 201
    assert len(statements) <= 5, statements


def test_pos_01_same_uuid_is_the_same_transaction(client: ApiClient, shop: dict[str, UUID]) -> None:
    body = sale(shop, ("A", "9"))
    first, second = client.post("/transactions", body), client.post("/transactions", body)
    assert second.status_code == 201, second.json
    assert first.json["id"] == second.json["id"]
    assert first.json["number"] == second.json["number"]


def test_idm_01_same_key_replays_the_answer(client: ApiClient, shop: dict[str, UUID]) -> None:
    body = sale(shop, ("A", "1"))
    first = client.post("/transactions", body, Idempotency_Key="key-00000001")
    again = client.post("/transactions", body, Idempotency_Key="key-00000001")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.data == first.data
    other = client.post("/transactions", sale(shop, ("A", "2")), Idempotency_Key="key-00000001")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert client.call("POST", "/transactions", body, Idempotency_Key="short").status_code == 400


def test_pos_17_staff_needs_the_managers_pin(
    as_user: Callable[..., ApiClient], shop: dict[str, UUID]
) -> None:
    staff = as_user("staff")
    nine = {"type": "percent", "value": "9", "reason_code": "manager"}
    body = sale(shop, ("A", "1"), discounts=[nine])
    body["lines"][0]["discounts"] = [nine]
    asked = staff.post("/transactions", body)
    assert (asked.status_code, asked.json["code"], asked.json["permission"]) == (
        409,
        "approval_required",
        "pos.discount.approve",
    )
    own = body | {"approval": {"user": "0003", "pin": "2468", "reason_code": "manager_approved"}}
    assert staff.post("/transactions", own).status_code == 403
    wrong = body | {"approval": {"user": "0002", "pin": "1111", "reason_code": "manager_approved"}}
    assert staff.post("/transactions", wrong).json["code"] == "approval_required"
    right = body | {"approval": {"user": "0002", "pin": "2468", "reason_code": "manager_approved"}}
    assert staff.post("/transactions", right).status_code == 201


def test_inv_09_selling_below_zero_needs_approval(
    as_user: Callable[..., ApiClient], shop: dict[str, UUID]
) -> None:
    asked = as_user("staff").post("/transactions", sale(shop, ("B", "6")))
    assert (asked.status_code, asked.json["permission"]) == (409, "inventory.oversell")


def test_pos_27_cash_needs_an_open_drawer(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    ctx.uow.execute("UPDATE drawer_session SET status = 'closed'")
    ctx.uow.commit()
    refused = client.post("/transactions", sale(shop, ("A", "1")))
    assert (refused.status_code, refused.json["code"]) == (409, "drawer_not_open")
    slip = sale(shop, ("S", "1"), tenders=[{"type": "card", "amount": "30.00", "reference": "slip 7"}])
    assert client.post("/transactions", slip).status_code == 201


def test_pos_07_pending_cart_is_priced_by_the_server(client: ApiClient, shop: dict[str, UUID]) -> None:
    cart = client.post("/transactions", sale(shop, ("A", "1"), tenders=[], complete=False)).json
    assert (cart["status"], cart["total"], cart["number"]) == ("pending", "10.71", None)
    path = f"/transactions/{cart['id']}"
    more = client.post(f"{path}/lines", {"variant_id": str(shop["B"])}).json
    assert (len(more["lines"]), more["total"]) == (2, "16.60")
    held = client.post(f"{path}/hold", {"label": "blue jacket"}).json
    assert held["status"] == "held"
    assert client.post(f"{path}/resume").json["status"] == "pending"
    client.post(f"{path}/tenders", {"type": "cash", "tendered": "20.00"})
    wrong = client.post(f"{path}/complete", {"expected_total": "16.59"})
    assert (wrong.json["code"], wrong.json["total"]) == ("total_changed", "16.60")
    done = client.post(f"{path}/complete", {"expected_total": "16.60"}).json
    assert (done["status"], done["change_given"]) == ("completed", "3.40")
    assert client.post(f"{path}/complete", {}).json["number"] == done["number"]


def test_usr_06_three_wrong_pins_lock_approvals_for_five_minutes(
    as_user: Callable[..., ApiClient], shop: dict[str, UUID], clock: Clock
) -> None:
    half = [{"type": "percent", "value": "20", "reason_code": "manager"}]
    body = sale(shop, ("A", "1"), discounts=half)

    def given(pin: str) -> Any:
        approval = {"user": "manager@a.example", "pin": pin, "reason_code": "manager_approved"}
        return as_user("staff").post("/transactions", body | {"approval": approval})

    assert [given("0000").json["tries_left"] for _ in range(3)] == [2, 1, 0]
    locked = given("2468")
    assert (locked.status_code, locked.json["code"]) == (423, "approval_locked")
    clock.forward(minutes=6)
    assert given("2468").status_code == 201


def test_usr_05_approval_row_holds_exactly_the_payload(
    as_user: Callable[..., ApiClient], shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    body = sale(shop, ("A", "2"), discounts=[{"type": "percent", "value": "20", "reason_code": "manager"}])
    body["approval"] = {"user": "0002", "pin": "2468", "reason_code": "manager_approved"}
    done = as_user("staff").post("/transactions", body).json
    (row,) = ctx.uow.query("SELECT payload, entity_id, outcome FROM approval")
    assert (row.payload["total"], str(row.entity_id), row.outcome) == (done["total"], done["id"], "approved")
    audited = ctx.uow.query("SELECT kind, approval_required, amount FROM discount_audit")
    assert [(a.kind, a.approval_required, str(a.amount)) for a in audited] == [("cart", True, "4.00")]
