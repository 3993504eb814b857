"""Receipts say whether they are duplicates; forgotten carts are voided."""

from uuid import UUID

from lunarfront.domains.sales.service.held import expire_held_carts
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock
from tests.domains.sales.test_sale_api import sale, shop

__all__ = ["shop"]


def test_pos_21_first_receipt_is_the_original(client: ApiClient, shop: dict[str, UUID]) -> None:
    path = f"/transactions/{client.post('/transactions', sale(shop, ('A', '1'))).json['id']}/receipts"
    kinds = [client.post(path, body).json["kind"] for body in ({"gift": True}, {}, {}, {})]
    assert kinds == ["gift", "original", "duplicate", "duplicate"]


def test_pos_21_a_cart_has_no_receipt(client: ApiClient, shop: dict[str, UUID]) -> None:
    cart = client.post("/transactions", sale(shop, ("A", "1"), complete=False, tenders=[])).json
    response = client.post(f"/transactions/{cart['id']}/receipts", {})
    assert (response.status_code, response.json["code"]) == (409, "invalid_transition")


def test_pos_08_held_cart_expires(
    client: ApiClient, shop: dict[str, UUID], ctx: CompanyContext, clock: Clock
) -> None:
    cart = client.post("/transactions", sale(shop, ("A", "1"), complete=False, tenders=[])).json
    client.post(f"/transactions/{cart['id']}/hold", {"label": "tall man"})
    assert expire_held_carts(ctx) == 0
    clock.forward(days=8)
    ctx.now = clock()
    assert expire_held_carts(ctx) == 1
    ctx.uow.commit()
    voided = client.get(f"/transactions/{cart['id']}").json
    assert (voided["status"], voided["void_reason_code"]) == ("voided", "held_expired")


def test_pos_09_cancelling_a_cart_with_lines_needs_a_reason(client: ApiClient, shop: dict[str, UUID]) -> None:
    cart = client.post("/transactions", sale(shop, ("A", "1"), complete=False, tenders=[])).json
    path = f"/transactions/{cart['id']}/void"
    assert client.post(path, {}).json["code"] == "reason_required"
    assert client.post(path, {"reason_code": "customer_left"}).json["status"] == "voided"
    assert client.post(path, {"reason_code": "customer_left"}).json["code"] == "invalid_transition"
