"""Stock adjustments and opening stock: movements, pools and books agree."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from lunarfront.domains.inventory.service.opening import OpeningRow, receive_opening_stock
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.goods import add_category, add_item


@pytest.fixture
def stock(ctx: CompanyContext) -> dict[str, UUID]:
    """Ten strings worth 72.50 and two cellos with serial numbers, taken in as opening stock."""
    assert ctx.location
    category = add_category(ctx.uow)
    strings = add_item(ctx.uow, category, "STR", "9.99")
    cello = add_item(ctx.uow, category, "CEL", "900.00", product={"is_serialized": True})
    service = add_item(ctx.uow, category, "SRV", "5.00", kind="service")
    ctx.uow.flush()
    rows = [
        OpeningRow(strings, ctx.location.id, Decimal(10), Decimal("7.25")),
        OpeningRow(cello, ctx.location.id, Decimal(2), Decimal("450.00"), ("S-1", "S-2")),
    ]
    receive_opening_stock(ctx, rows, uuid7())
    ctx.uow.commit()
    return {"strings": strings, "cello": cello, "service": service}


def balances(ctx: CompanyContext) -> tuple[str, str]:
    pools = ctx.uow.query("SELECT sum(pool_value) AS v FROM stock_balance")[0].v
    ledger = ctx.uow.query(
        "SELECT sum(l.debit - l.credit) AS v FROM journal_entry_line l JOIN account_code c ON c.id = l.account_code_id "
        "WHERE c.role = 'inventory'"
    )[0].v
    moved = ctx.uow.query("SELECT sum(value) AS v FROM stock_movement")[0].v
    assert pools == ledger == moved
    return str(pools), str(ctx.uow.query("SELECT sum(qty) AS q FROM stock_movement")[0].q)


def adjust(client: ApiClient, reason: str, *lines: dict[str, Any], **more: Any) -> Any:
    return client.post("/stock/adjustments", {"reason_code": reason, "lines": list(lines)} | more)


def test_inv_24_opening_stock_is_posted_against_equity(stock: dict[str, UUID], ctx: CompanyContext) -> None:
    assert balances(ctx) == ("972.50", "12.000")


def test_je_16_two_missing(client: ApiClient, stock: dict[str, UUID], ctx: CompanyContext) -> None:
    response = adjust(client, "lost", {"variant_id": str(stock["strings"]), "qty": "-2"})
    assert response.status_code == 201, response.json
    assert response.json["lines"][0] == {
        "variant_id": str(stock["strings"]), "sku": "STR", "qty": "-2", "value": "-14.50", "qty_after": "8",
    }  # fmt: skip
    assert balances(ctx) == ("958.00", "10.000")


def test_inv_20_found_own_use_and_value_only(
    client: ApiClient, stock: dict[str, UUID], ctx: CompanyContext
) -> None:
    strings = str(stock["strings"])
    assert adjust(client, "found", {"variant_id": strings, "qty": "1"}).json["lines"][0]["value"] == "7.25"
    assert adjust(client, "own_use", {"variant_id": strings, "qty": "-1"}).status_code == 201
    assert adjust(client, "correction", {"variant_id": strings, "value": "-2.50"}).status_code == 201
    assert balances(ctx) == ("970.00", "12.000")


def test_inv_20_needs_a_reason_and_whole_pieces(client: ApiClient, stock: dict[str, UUID]) -> None:
    strings = str(stock["strings"])
    for reason, line, code in (
        ("", {"variant_id": strings, "qty": "-1"}, "validation_failed"),
        ("nonsense", {"variant_id": strings, "qty": "-1"}, "reason_required"),
        ("other", {"variant_id": strings, "qty": "-1"}, "note_required"),
        ("lost", {"variant_id": strings, "qty": "-0.5"}, "quantity_invalid"),
        ("lost", {"variant_id": strings, "qty": "0"}, "quantity_invalid"),
        ("lost", {"variant_id": str(stock["service"]), "qty": "-1"}, "conflict"),
        ("lost", {"variant_id": str(uuid4()), "qty": "-1"}, "not_found"),
    ):
        assert adjust(client, reason, line).json["code"] == code, (reason, line)


def test_inv_03_serial_number_is_lost_at_its_own_cost(
    client: ApiClient, stock: dict[str, UUID], ctx: CompanyContext
) -> None:
    unit = ctx.uow.query("SELECT id FROM inventory_unit WHERE serial = 'S-1'")[0].id
    cello = str(stock["cello"])
    assert adjust(client, "lost", {"variant_id": cello, "qty": "-1"}).json["code"] == "validation_failed"
    assert adjust(client, "lost", {"variant_id": cello, "qty": "-1", "unit_id": str(unit)}).status_code == 201
    assert adjust(client, "lost", {"variant_id": cello, "qty": "-1", "unit_id": str(unit)}).json["code"] == (
        "unit_not_available"
    )
    assert balances(ctx) == ("522.50", "11.000")


def test_pos_01_adjustment_with_the_same_uuid_changes_nothing(
    client: ApiClient, stock: dict[str, UUID], ctx: CompanyContext
) -> None:
    line, uuid = {"variant_id": str(stock["strings"]), "qty": "-1"}, str(uuid4())
    first = adjust(client, "lost", line, client_uuid=uuid).json
    assert adjust(client, "lost", line, client_uuid=uuid).json["number"] == first["number"]
    assert balances(ctx) == ("965.25", "11.000")


def test_acc_03_trial_balance_adds_up(client: ApiClient, stock: dict[str, UUID]) -> None:
    report = client.get("/accounting/trial-balance").json
    assert (report["total_debits"], report["difference"]) == ("972.50", "0.00")
    entries = client.get("/accounting/entries").json["items"]
    detail = client.get(f"/accounting/entries/{entries[0]['id']}").json
    assert {(line["role"], line["debit"], line["credit"]) for line in detail["lines"]} == {
        ("inventory", "972.50", "0.00"),
        ("opening_equity", "0.00", "972.50"),
    }
