"""What a sale refuses, remembers and leaves alone."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.goods import add_category, add_item
from lunarfront.sdk.testing.plugin import Clock
from tests.domains.sales.test_returns_api import back
from tests.domains.sales.test_sale_api import sale, shop

__all__ = ["shop"]


def settings(ctx: CompanyContext, text: str) -> None:
    ctx.uow.execute("UPDATE company SET settings = %(text)s::jsonb", {"text": text})
    ctx.uow.commit()


def test_pos_02_a_sale_needs_a_line(client: ApiClient, shop: dict[str, UUID]) -> None:
    assert client.post("/transactions", sale(shop)).json["code"] == "no_lines"


@pytest.mark.parametrize("qty", ["0", "-1", "1.5", "0.0001", "NaN", "1e3"])
def test_pos_04_quantities(client: ApiClient, shop: dict[str, UUID], qty: str) -> None:
    assert client.post("/transactions", sale(shop, ("A", qty))).json["code"] == "quantity_invalid"


@pytest.mark.parametrize(
    ("price", "code"),
    [
        (5, "money_must_be_string"),
        ("5.001", "money_precision"),
        ("1e2", "money_invalid"),
        ("99999999999.00", "money_out_of_range"),
    ],
)
def test_mon_04_money_is_a_plain_string(
    client: ApiClient, shop: dict[str, UUID], price: Any, code: str
) -> None:
    body = sale(shop, ("A", "1"))
    body["lines"][0]["unit_price"] = price
    assert client.post("/transactions", body).json["code"] == code


def test_gen_06_a_client_never_sets_the_date(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    assert (
        client.post("/transactions", sale(shop, ("A", "1"), business_date="2020-01-01")).json["code"]
        == "unknown_field"
    )
    done = client.post(
        "/transactions", sale(shop, ("A", "1"), client_recorded_at="2020-01-01T00:00:00Z")
    ).json
    assert done["business_date"] == ctx.business_date().isoformat()


def test_pos_10_a_large_sale_needs_a_customer(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    settings(ctx, '{"require_account_above": "20.00"}')
    assert client.post("/transactions", sale(shop, ("A", "1"))).status_code == 201
    assert client.post("/transactions", sale(shop, ("A", "2"))).json["code"] == "account_required"


def test_pos_11_and_12_free_items_and_lowest_prices_need_their_rights(
    as_user: Callable[..., ApiClient], shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    category = add_category(ctx.uow, "Other")
    shop["free"] = add_item(ctx.uow, category, "FREE", "0.00", kind="non_stocked")
    ctx.uow.execute("UPDATE product_variant SET min_price = 9.50 WHERE sku = 'A'")
    ctx.uow.commit()
    free = sale(shop, ("free", "1"))
    free["lines"][0] |= {"unit_price": "3.00", "description": "Odd string"}
    assert as_user("staff").post("/transactions", free).json["permission"] == "pos.misc_item"
    cheap = sale(shop, ("A", "1"))
    cheap["lines"][0]["discounts"] = [{"type": "amount", "value": "0.50", "reason_code": "manager"}]
    assert as_user("staff").post("/transactions", cheap).json["permission"] == "pos.min_price.override"
    assert as_user("manager").post("/transactions", cheap).status_code == 201


def test_pos_18_every_reduction_is_audited_also_without_approval(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext
) -> None:
    body = sale(shop, ("A", "1"), discounts=[{"type": "percent", "value": "5", "reason_code": "manager"}])
    body["lines"][0] |= {"unit_price": "9.00", "reason_code": "price_match"}
    client.post("/transactions", body)
    rows = ctx.uow.query("SELECT kind, amount, approval_required FROM discount_audit ORDER BY kind")
    assert [(r.kind, r.amount, r.approval_required) for r in rows] == [
        ("cart", Decimal("0.45"), False),
        ("override", Decimal("0.99"), False),
    ]


def test_pos_20_seller_and_member_are_kept(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext, company: Any
) -> None:
    seller = str(company.people["technician"].id)
    body = sale(shop, ("A", "1"), ("B", "1"), sold_by_id=str(company.people["staff"].id))
    body["lines"][1]["sold_by_id"] = seller
    client.post("/transactions", body)
    rows = ctx.uow.query("SELECT sold_by_id FROM transaction_line_item ORDER BY line_no")
    assert [str(r.sold_by_id) for r in rows] == [body["sold_by_id"], seller]


def test_ret_01_and_05_the_original_stays_and_its_rate_is_returned(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext, clock: Clock
) -> None:
    sold = client.post("/transactions", sale(shop, ("A", "2"))).json
    ctx.uow.execute("UPDATE tax_component SET rate = 0.08")
    ctx.uow.commit()
    refund = client.post(f"/transactions/{sold['id']}/refunds", back(sold, 0, "2")).json
    assert (refund["tax_total"], refund["taxes"][0]["rate"]) == ("-1.45", "0.072500")
    again = client.get(f"/transactions/{sold['id']}").json
    assert (again["total"], again["version"], again["lines"][0]["returned_qty"]) == (sold["total"], 1, "2")


def test_mon_06_a_refund_is_negative_throughout(client: ApiClient, shop: dict[str, UUID]) -> None:
    sold = client.post("/transactions", sale(shop, ("A", "1"))).json
    refund = client.post(f"/transactions/{sold['id']}/refunds", back(sold, 0, "1")).json
    (line,) = refund["lines"]
    (tender,) = refund["tenders"]
    figures = [line[name] for name in ("qty", "extended", "net", "tax", "total")] + [
        tender["amount"],
        refund["total"],
    ]
    assert all(figure.startswith("-") for figure in figures)


def test_aud_06_without_its_audit_row_nothing_happens(ctx: CompanyContext, shop: dict[str, UUID]) -> None:
    ctx.actor = None  # type: ignore[assignment]
    add_category(ctx.uow, "Lost")
    audit.record(ctx, "catalog.category.created", "category", None)
    with pytest.raises(DBAPIError, match="actor"):
        ctx.uow.commit()
    ctx.uow.rollback()
    assert ctx.uow.query("SELECT 1 FROM category WHERE name = 'Lost'") == []


def test_gen_03_money_and_stock_tables_name_their_location(ctx: CompanyContext) -> None:
    wanted = {
        "stock_balance", "stock_movement", "transaction", "tender", "drawer", "drawer_session", "drawer_movement",
        "journal_entry_line",
    }  # fmt: skip
    rows = ctx.uow.query(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'location_id' AND is_nullable = 'NO'"
    )
    assert wanted <= {row.table_name for row in rows}
